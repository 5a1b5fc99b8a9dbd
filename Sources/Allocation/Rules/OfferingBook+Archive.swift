import Vocabulary

// What is dropped long after an offering's end (Rules.md, Archive).

/// What is kept of the bids of an archived offering.
struct ArchivedBids: Equatable, Sendable {
    var bids: Int64
    /// Who holds what, in order of first appearance.
    var holders: [Holder]
}

extension OfferingBook {
    /// Takes note since when it is final with no money open. `time` is the later one of book time
    /// and of the input's own: a payment that was settled weeks after the last bid must not be
    /// forgotten at once.
    mutating func noteIfOver(at time: Timestamp) {
        guard state.isFinal, !isArchived else { return }
        // Where an offering is cancelled, what was to be paid out of it is proven unpaid.
        let isOver =
            counters.reserved == 0 && payouts.openRefunds == 0
            && (payouts.openPayouts == 0 || state == .cancelled)
        if !isOver { overSince = nil } else if overSince == nil { overSince = time }
    }
}
