import Vocabulary

// What the clock brings about: `opensAt`, `closesAt`, and the time to archive (Rules.md, States;
// Rules.md, Closing; Rules.md, Archive).

extension OfferingBook {
    /// When the clock moves the offering next, if it does.
    func deadline(archiveAfter: Milliseconds?) -> Timestamp? {
        switch state {
        case .scheduled: return terms.opensAt
        case .open, .fullyReserved: return closesAt
        case .closing, .cancelling: return nil
        case .filled, .closedShort, .cancelled:
            guard let archiveAfter, let overSince, !isArchived else { return nil }
            // Later than what ended it: two groups of one deadline could not be told apart.
            return overSince + max(1, archiveAfter)
        }
    }

    /// The clock has reached the deadline: what follows from it is recorded.
    mutating func decideDeadline(into group: inout DecisionGroup) {
        switch state {
        case .scheduled:
            enter(.open)
            record(.offering(.opened(command: openingCommand, terms)), into: &group)
        case .open, .fullyReserved:
            close(by: nil, sequence: group.nextSequence)
            record(.offering(.closing(command: nil)), into: &group)
        case .filled, .closedShort, .cancelled:
            archive()
            record(.offering(.archived), into: &group)
        case .closing, .cancelling:
            preconditionFailure("\(state) has no deadline")
        }
    }
}
