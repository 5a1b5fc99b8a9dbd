import Vocabulary

// Whether a bid is accepted (Rules.md, Bids). malformed, wrongEnvironment, misrouted and
// unknownOffering were looked at before.

extension OfferingBook {
    mutating func decideBid(
        _ bid: Bid, at bookTime: Timestamp, into group: inout DecisionGroup
    ) throws(InvariantViolation) {
        if isArchived {
            return reject(Rejection(Self.subject(bid), .archived), into: &group)
        }
        let (start, accountStart) = (bids.searchStart(bid.bid), accounts.searchStart(bid.account))
        let hash = start.hash
        if let record = bids.find(bid.bid, from: start) {
            return answerRepeat(of: bid, first: bids.content(at: record), into: &group)
        }
        if let reason = refusal(of: bid) {
            return reject(spending: bid, hash: hash, reason, into: &group)
        }
        let account = accounts.find(bid.account, from: accountStart)
        let position = TablePosition(
            bidHash: hash, accountHash: accountStart.hash, account: account)
        if let account, accounts.bids(of: account) >= bidTerms.maxBidsPerAccount {
            return reject(spending: bid, hash: hash, .tooManyBids, into: &group)
        }
        guard passRateLimit(bid.account, at: bookTime) else {
            return reject(spending: bid, hash: hash, .rateLimited, into: &group)
        }
        switch fit(bid, committed: account.map(accounts.committed) ?? 0) {
        case .rejected(let reason):
            reject(spending: bid, hash: hash, reason, into: &group)
        case .placed(let shares, let waiting, let cut):
            try recordPlacement(
                of: bid, at: position, shares: shares, waiting: waiting, cut: cut, into: &group)
        }
    }

    /// The first reason, in the order of the checks, for which a bid is refused, and which
    /// does not depend on what its account has.
    @inline(__always)
    private func refusal(of bid: Bid) -> ConsumedIDReason? {
        if state != .open && state != .fullyReserved {
            if state == .scheduled { return .notOpenYet }
            return state == .filled ? .filled : .closed
        }
        if isPaused { return .paused }
        if bid.shares < bidTerms.minShares || bid.shares == 0 { return .belowMinimum }
        if !isInLots(bid.shares) { return .notALot }
        if bid.shares > bidTerms.shares, !bidTerms.maySplit(allOrNone: bid.allOrNone) {
            return .tooLarge
        }
        return nil
    }

    @inline(__always)
    private func isInLots(_ shares: Shares) -> Bool {
        bidTerms.lot == 1 || shares.rawValue % bidTerms.lot.rawValue == 0
    }

    @inline(__always)
    static func subject(_ bid: Bid) -> Rejection.Subject {
        .bid(bid: bid.bid, account: bid.account, asked: bid.shares, allOrNone: bid.allOrNone)
    }
}
