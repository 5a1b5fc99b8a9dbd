import Vocabulary

// The second `offering.open` of an id, and commands that are not acted on yet.

extension OfferingBook {
    /// Any command about an offering that is open. An `open` is told by the offering's id: the same
    /// terms again are a repeat under whatever command id they come.
    mutating func decide(_ command: OfferingCommand, into group: inout DecisionGroup) {
        let subject = Rejection.Subject.command(command.command)
        let again: OfferingTerms
        switch command.action {
        case .open(let terms): again = terms
        case .pause: return decidePause(command, .pause, into: &group)
        case .resume: return decidePause(command, .resume, into: &group)
        default:
            let rejection = Rejection(subject, .unsupported, member: .type)
            return record(.rejected(rejection), into: &group)
        }
        guard again.filledIn == terms else {
            return record(.rejected(Rejection(subject, .conflictingDuplicate)), into: &group)
        }
        record(.repeated(.command(command.command, of: openedSequence)), into: &group)
    }
}
