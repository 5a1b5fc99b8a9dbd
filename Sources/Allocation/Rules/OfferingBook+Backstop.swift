import Vocabulary

// The backstop takes what is left at close (Rules.md, Closing).

extension OfferingBook {
    /// What the backstop takes now: it acts once, and only where enough is sold with it. Lot,
    /// minimum, caps and rate do not bind it.
    var backstopShares: Shares? {
        guard let backstop = terms.backstop, !isBackstopUsed else { return nil }
        let shares = min(counters.free, backstop.maxShares)
        guard shares > 0, counters.settled + shares >= bidTerms.minimumShares else { return nil }
        return shares
    }

    mutating func recordBackstop(
        of shares: Shares, into group: inout DecisionGroup
    ) throws(InvariantViolation) {
        let account = terms.backstop!.account
        let start = accounts.searchStart(account)
        let position = TablePosition(
            bidHash: bids.searchStart(.backstop).hash, accountHash: start.hash,
            account: accounts.find(account, from: start))
        let bid = Bid(bid: .backstop, offering: identifier, account: account, shares: shares)
        try recordPlacement(
            of: bid, at: position, shares: shares, waiting: 0, cut: nil, into: &group)
    }
}
