import Vocabulary

// Deadlines of an offering, and what is dropped long after its end (Rules.md, Archive).

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
            // Later than what ended it: two groups of one deadline could not be told apart.
            return overSince + max(1, archiveAfter)
        }
    }

    /// Takes note since when it is final with no money open. `time` is the later one of book time
    /// and of the input's own: a payment that was settled weeks after the last bid must not be
    /// forgotten at once.
    mutating func noteWhetherOver(at time: Milliseconds) {
        guard state.isFinal, !isArchived else { return }
        // Where an offering is cancelled, what was to be paid out of it is proven unpaid.
        let isOver =
            counters.reserved == 0 && payouts.openRefunds == 0
            && (payouts.openPayouts == 0 || state == .cancelled)
        if !isOver { overSince = nil } else if overSince == nil { overSince = time }
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
