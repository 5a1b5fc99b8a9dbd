import Vocabulary

// Money comes when the offering no longer sells, or for shares that were released (Rules.md,
// Late money).

extension OfferingBook {
    /// Money for a part that is reserved: it is settled while the offering sells. Later, where the
    /// offering is being cancelled, the money goes back.
    mutating func recordMoney(
        for index: PartIndex, by result: PaymentResult, into group: inout DecisionGroup
    ) throws(InvariantViolation) {
        guard state.sells else {
            return try recordRefund(of: index, bids[index].shares, by: result, into: &group)
        }
        try recordSettlement(of: index, by: result, into: &group)
    }

    /// The bid takes of what is free as much as it had, as if it stood at its old place, and keeps
    /// it: it is paid. Nobody is displaced: the money of what is gone goes back.
    mutating func recordLateMoney(
        for index: PartIndex, by result: PaymentResult, into group: inout DecisionGroup
    ) throws(InvariantViolation) {
        let released = bids.commanded(index)
        let shares = state.sells ? sharesLeft(for: index.bid, of: released) : 0
        if shares > 0 {
            let part = PaidPart(
                bid: result.payment!.subject, account: result.account, shares: shares,
                number: result.payment!.number, result: result.result)
            settleLate(index, shares, result: result.result)
            record(.bid(.settledLate(part)), into: &group)
        }
        if shares < released {
            try recordRefund(of: index, released - shares, by: result, into: &group)
        }
        try check(index.bid)
    }

    /// The free shares never serve a bid that waits ahead, or it would have them by now; but under
    /// `hold` such a bid is in the way. What may not be split is settled as a whole or
    /// not at all: cut to the cap it need not be whole lots.
    private func sharesLeft(for bid: BidIndex, of released: Shares) -> Shares {
        if !bids.identifier(of: bid).isDerived, isOneAccountTooMany(bids.account(of: bid)) {
            return 0
        }
        // The backstop's account may hold more than the cap.
        let allowed = max(
            0, bidTerms.maxSharesPerAccount - accounts.committed(bids.account(of: bid)))
        let most = min(released, allowed, counters.free)
        if bidTerms.maySplit(allOrNone: bids.content(of: bid).allOrNone) {
            return wholeLots(of: most)
        }
        if most < released { return 0 }
        if bidTerms.remainder == .hold, let front = waitlist.front,
            waitlist.bid(at: front).value < bid.value
        {
            return 0
        }
        return released
    }
}
