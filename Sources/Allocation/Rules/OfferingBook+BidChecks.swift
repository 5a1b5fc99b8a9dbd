import Vocabulary

// Whether a bid is accepted (Rules.md, Bids). malformed, wrongEnvironment, misrouted and
// unknownOffering were looked at before.

extension OfferingBook {
    mutating func decide(
        _ bid: Bid, at bookTime: Milliseconds, into group: inout DecisionGroup
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
            return recordRefusal(of: bid, hash: hash, reason, into: &group)
        }
        let account = accounts.find(bid.account, from: accountStart)
        let arrival = Arrival(bidHash: hash, accountHash: accountStart.hash, account: account)
        if let account, accounts.bids(of: account) >= bidTerms.maxBidsPerAccount {
            return recordRefusal(of: bid, hash: hash, .tooManyBids, into: &group)
        }
        if let rate = bidTerms.bidsPerMinutePerAccount {
            if rates.count(of: bid.account, at: bookTime) >= rate {
                return recordRefusal(of: bid, hash: hash, .rateLimited, into: &group)
            }
            passRate(bid.account, at: bookTime)
        }
        switch fit(bid, committed: account.map(accounts.committed) ?? 0) {
        case .refused(let reason):
            recordRefusal(of: bid, hash: hash, reason, into: &group)
        case .placed(let shares, let waiting, let cut):
            try recordPlacement(
                of: bid, at: arrival, shares: shares, waiting: waiting, cut: cut, into: &group)
        }
    }

    /// The first reason, in the order of the checks, for which a bid is refused whatever its
    /// account has.
    @inline(__always)
    private func refusal(of bid: Bid) -> SpendingReason? {
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

    /// The same id again: a repeat where all of it is equal, which moves nothing.
    private mutating func answerRepeat(
        of bid: Bid, first: BidContent, into group: inout DecisionGroup
    ) {
        let account: Identifier
        let was: DecisionType
        var reason: Reason?
        var now = Standing(reserved: 0, settled: 0, waiting: 0)
        switch first.fate {
        case .accepted(let index, let type):
            account = accounts.identifier(of: bids.account(of: index))
            was = type
            now = standing(of: index)
        case .refused(let refusal, let refused):
            account = refused
            was = .rejected
            reason = refusal.reason
        }
        let isEqual =
            bid.account == account && bid.shares == first.asked && bid.allOrNone == first.allOrNone
        guard isEqual else {
            return reject(Rejection(Self.subject(bid), .conflictingDuplicate), into: &group)
        }
        record(
            .repeated(
                .bid(
                    bid: bid.bid, account: account, of: first.sequence, was: was, reason: reason,
                    now: now)),
            into: &group)
    }

    @inline(__always)
    static func subject(_ bid: Bid) -> Rejection.Subject {
        .bid(bid: bid.bid, account: bid.account, asked: bid.shares, allOrNone: bid.allOrNone)
    }
}
