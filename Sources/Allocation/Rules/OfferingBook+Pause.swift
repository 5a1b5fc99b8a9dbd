import Vocabulary

// Bids are not taken for a while (Rules.md, Commands of an offering): serving and payments
// go on.

extension OfferingBook {
    /// If the offering is in the requested state already, the command repeats the decision that
    /// made it so, under any id.
    mutating func decidePause(_ command: OfferingCommand, into group: inout DecisionGroup) {
        guard state.isBeforeClose else {
            return reject(spending: command, .wrongState, into: &group)
        }
        let pauses = command.action == .pause
        if isPaused == pauses {
            // What was never paused can't be resumed.
            guard let last = pauseSequence else {
                return reject(spending: command, .wrongState, into: &group)
            }
            return answerRepeat(of: command, last, into: &group)
        }
        pause(pauses, by: command.command, sequence: group.nextSequence)
        record(
            .offering(
                pauses
                    ? .paused(command: command.command) : .resumed(command: command.command)),
            into: &group)
    }
}
