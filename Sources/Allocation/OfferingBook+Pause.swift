import Vocabulary

// Bids are not taken for a while (allocation.md, offering.pause and resume): serving and payments
// go on.

extension OfferingBook {
    /// A command acts once. What is so already is a repeat of the decision that made it so, under
    /// whatever id it is asked for.
    mutating func decidePause(
        _ command: OfferingCommand, _ action: CommandTable.Action,
        into group: inout DecisionGroup
    ) {
        let subject = Rejection.Subject.command(command.command)
        if let known = commands.find(command.command) {
            guard known.action == action else {
                return record(.rejected(Rejection(subject, .conflictingDuplicate)), into: &group)
            }
            return record(.repeated(.command(command.command, of: known.sequence)), into: &group)
        }
        if state == .filled {
            return record(.rejected(Rejection(subject, .wrongState)), into: &group)
        }
        if isPaused == (action == .pause) {
            // What was never paused can't be resumed.
            guard let last = commands.last else {
                return record(.rejected(Rejection(subject, .wrongState)), into: &group)
            }
            return record(.repeated(.command(command.command, of: last.sequence)), into: &group)
        }
        pause(action == .pause, by: command.command, sequence: group.nextSequence)
        record(
            action == .pause
                ? .paused(command: command.command) : .resumed(command: command.command),
            into: &group)
    }
}
