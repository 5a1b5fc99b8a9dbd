import Vocabulary

// An offering is taken back as a whole (Rules.md, Cancelling): who waits is cancelled,
// collections are recalled, what is paid is given back.

extension OfferingBook {
    /// `offering.cancel`. From filled and closedShort only while nothing was paid out on the
    /// strength of it, or what was commanded is proven unpaid; and not once the bids to give back
    /// to are forgotten.
    mutating func decideCancellation(
        _ command: OfferingCommand, reason: String?, into group: inout DecisionGroup
    ) {
        let isRevocable =
            (state == .filled || state == .closedShort) && payouts.irrevocable == 0
            && !isArchived
        guard state.sells || isRevocable else {
            return reject(spending: command, .wrongState, into: &group)
        }
        let cancelling = Cancelling.command(command.command, reason: reason)
        cancel(cancelling, sequence: group.nextSequence)
        record(.offering(.cancelling(cancelling)), into: &group)
    }

    /// The next thing to give back, if there is one; then whether all is.
    mutating func nextOfCancelling() -> Consequence? {
        if let front = waitlist.front { return .withdrawal(front) }
        while sweep.bid < bids.count {
            let bid = BidIndex(value: UInt32(sweep.bid))
            while let index = bids.part(sweep.part, of: bid) {
                switch bids[index].state {
                case .reserved: return .recall(index, number: sweep.part)
                case .settled: return .refund(index, number: sweep.part)
                case .returned: return .release(index, number: sweep.part)
                case .recalling, .released, .refunded: sweep.part += 1
                }
            }
            sweep.bid += 1
            sweep.part = 1
        }
        return counters.reserved == 0 && payouts.openRefunds == 0 ? .offeringCancelled : nil
    }
}

extension OfferingBook {
    /// A paid part whose money the bank took back: there is nothing to refund.
    mutating func recordReleaseOfReturned(
        _ index: PartIndex, number: Int32, into group: inout DecisionGroup
    ) throws(InvariantViolation) {
        let part = PaidPart(
            bid: bids.identifier(of: index.bid), account: account(of: index.bid),
            shares: bids[index].shares, number: number, result: bids[index].lastResult)
        releaseReturned(index)
        record(.bid(.released(part, .returned)), into: &group)
        try check(index.bid)
    }
}

/// How far the giving back has come. It only saves looking twice, and is no part of the state.
struct Sweep: Equatable, Sendable {
    var bid = 0
    var part: Int32 = 1

    static func == (left: Sweep, right: Sweep) -> Bool { true }
}
