import Vocabulary

// Deadlines of an offering, and what is dropped long after its end (allocation.md, Archive).

/// What is kept of the bids of an archived offering.
struct ArchivedBids: Equatable, Sendable {
    var bids: Int64
    /// Who holds what, in order of first appearance.
    var holders: [Holder]
}

extension OfferingBook {
    /// When the clock moves the offering next, if it does.
    func deadline(archiveAfter: Milliseconds?) -> Milliseconds? {
        switch state {
        case .scheduled: return terms.opensAt
        case .open, .fullyReserved: return closesAt
        case .closing, .cancelling: return nil
        case .filled, .closedShort, .cancelled:
            guard let archiveAfter, let overSince, !isArchived else { return nil }
            return overSince + archiveAfter
        }
    }

    /// Takes note since when it is final with no money open, by book time.
    mutating func noteWhetherOver(at bookTime: Milliseconds) {
        guard state.isFinal, !isArchived else { return }
        let isOver =
            counters.reserved == 0 && payouts.openRefunds == 0 && payouts.openPayouts == 0
        if !isOver { overSince = nil } else if overSince == nil { overSince = bookTime }
    }

    /// The clock has reached the deadline: what follows from it is recorded.
    mutating func decideDeadline(into group: inout DecisionGroup) {
        switch state {
        case .scheduled:
            enter(.open)
            record(.opened(command: openingCommand, terms), into: &group)
        case .open, .fullyReserved:
            close(by: nil, sequence: group.nextSequence)
            record(.closing(command: nil), into: &group)
        case .filled, .closedShort, .cancelled:
            archive()
            record(.archived, into: &group)
        case .closing, .cancelling:
            preconditionFailure("\(state) has no deadline")
        }
    }
}
