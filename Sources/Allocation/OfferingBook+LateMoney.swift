import Vocabulary

// Money comes for shares that were released (allocation.md, `conflict`, and `paid` for what was
// released).

extension OfferingBook {
    /// The bid takes of what is free as much as it had, as if it stood at its old place, and keeps
    /// it: it is paid. Nobody is displaced: the money of what is gone goes back.
    mutating func recordLateMoney(
        for place: PartPlace, by result: PaymentResult, into group: inout DecisionGroup
    ) throws(InvariantViolation) {
        let released = bids.commanded(place)
        let shares = state.sells ? sharesLeft(for: place.bid, of: released) : 0
        if shares > 0 {
            let part = PaidPart(
                bid: result.payment!.subject, account: result.account, shares: shares,
                number: result.payment!.number, result: result.result)
            settleLate(place, shares, result: result.result)
            record(.settledLate(part), into: &group)
        }
        if shares < released {
            try recordRefund(of: place, released - shares, by: result, into: &group)
        }
        try check(place.bid)
    }

    /// What is free never does for somebody who waits before the bid, or it would be theirs by
    /// now; but under `hold` they are in its way.
    private func sharesLeft(for bid: BidIndex, of released: Shares) -> Shares {
        let allOrNone = bids.content(of: bid).allOrNone
        let allowed = bidTerms.maxSharesPerAccount - accounts.committed(bids.account(of: bid))
        // The backstop's account may hold more than the cap.
        let eligible = max(0, min(released, allowed))
        if allOrNone && eligible < released { return 0 }
        if bidTerms.maySplit(allOrNone: allOrNone) {
            return wholeLots(of: min(eligible, counters.free))
        }
        if bidTerms.remainder == .hold, let front = waitlist.front,
            waitlist.bid(at: front).value < bid.value
        {
            return 0
        }
        return eligible <= counters.free ? eligible : 0
    }
}
