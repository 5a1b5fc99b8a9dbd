import Vocabulary

/// The book contradicts itself: a bug, or memory that went bad. Nothing that was decided since the
/// last commit may be published, and the book must not be used again.
package struct InvariantViolation: Error, Hashable, Sendable, CustomStringConvertible {
    /// The offering whose book it is.
    package let offering: Identifier
    /// What does not agree, with the numbers.
    package let sentence: String

    /// The sentence, with the offering.
    package var description: String { "offering \(offering): \(sentence)" }
}

// The invariants of Rules.md, checked in release builds too. Those of one bid are checked
// whenever it was touched and those of the totals after every input; each costs a few comparisons.

extension OfferingBook {
    /// After every group: the totals, and that serving left nobody who could be served.
    @inline(__always)
    func checkTotals() throws(InvariantViolation) {
        let (free, reserved, settled) = (counters.free, counters.reserved, counters.settled)
        guard free >= 0, reserved >= 0, settled >= 0,
            free + reserved + settled == bidTerms.shares
        else {
            throw violation(
                "\(free) free, \(reserved) reserved and \(settled) settled are not the "
                    + "\(bidTerms.shares) shares")
        }
        guard waiting >= 0, waiting <= bidTerms.waitlistShares,
            (waiting == 0) == (waitlist.count == 0)
        else {
            throw violation(
                "\(waiting) shares wait in \(waitlist.count) bids, where "
                    + "\(bidTerms.waitlistShares) may")
        }
        guard leastNeed > free || !state.sells else {
            throw violation("\(free) shares are free and would serve a bid that waits")
        }
        guard (state == .filled) == (settled == bidTerms.shares),
            (state == .open || state == .scheduled) == (free > 0 && state.isBeforeClose),
            state != .cancelled && state != .closedShort || reserved == 0,
            state.sells || waiting == 0
        else {
            throw violation(
                "it is \(state) with \(free) free, \(reserved) reserved, \(settled) settled and "
                    + "\(waiting) waiting")
        }
    }

    /// The least that would have to be free for a bid that waits to be served.
    @inline(__always)
    private var leastNeed: Shares {
        guard bidTerms.remainder == .hold else { return waitlist.leastNeed }
        guard let front = waitlist.front else { return Shares(rawValue: .max) }
        return waitlist.amount(at: front)
    }

    /// After a decision about `bid`: its parts, and what its account has.
    @inline(__always)
    func check(_ bid: BidIndex) throws(InvariantViolation) {
        let now = standing(of: bid)
        let account = bids.account(of: bid)
        let committed = accounts.committed(account)
        guard now.reserved >= 0, now.settled >= 0, now.waiting >= 0,
            now.reserved + now.settled + now.waiting <= committed
        else {
            throw violation(
                "bid \(bids.identifier(of: bid)) has \(now.reserved) reserved, \(now.settled) "
                    + "settled and \(now.waiting) waiting, its account \(committed)")
        }
        guard committed <= bidTerms.maxSharesPerAccount || isBackstop(account) else {
            throw violation(
                "account \(accounts.identifier(of: account)) has \(committed), more than its "
                    + "cap of \(bidTerms.maxSharesPerAccount)")
        }
        guard accounts.holders <= bidTerms.maxAccounts || isBackstopUsed else {
            throw violation(
                "\(accounts.holders) accounts have shares or wait, more than the "
                    + "\(bidTerms.maxAccounts) that may")
        }
    }

    /// Everything, recomputed from the single bids: what tests and audits of a running book ask.
    func checkAll() throws(InvariantViolation) {
        try checkTotals()
        // Of what is archived the single bids are gone.
        if isArchived { return }
        var sums = Standing(reserved: 0, settled: 0, waiting: 0)
        var committed = [Shares](repeating: 0, count: accounts.count)
        for index in 0..<bids.count {
            let bid = BidIndex(value: UInt32(index))
            try check(bid)
            try checkParts(of: bid)
            let now = standing(of: bid)
            sums.reserved += now.reserved
            sums.settled += now.settled
            sums.waiting += now.waiting
            committed[Int(bids.account(of: bid).value)] += now.reserved + now.settled + now.waiting
        }
        guard sums.reserved == counters.reserved, sums.settled == counters.settled,
            sums.waiting == waiting
        else {
            throw violation(
                "its bids have \(sums.reserved) reserved, \(sums.settled) settled and "
                    + "\(sums.waiting) waiting, its counters \(counters.reserved), "
                    + "\(counters.settled) and \(waiting)")
        }
        for (index, sum) in committed.enumerated() {
            let account = AccountIndex(value: UInt32(index))
            guard sum == accounts.committed(account) else {
                throw violation(
                    "account \(accounts.identifier(of: account)) counts "
                        + "\(accounts.committed(account)), its bids \(sum)")
            }
        }
        let holders = committed.count { $0 > 0 }
        guard holders == accounts.holders else {
            throw violation(
                "\(accounts.holders) accounts are counted, and \(holders) have shares or wait")
        }
        try waitlist.forEach { (bid, shares) throws(InvariantViolation) in
            guard standing(of: bid).waiting == shares, shares > 0 else {
                throw violation("bid \(bids.identifier(of: bid)) is not where it waits")
            }
        }
    }

    /// No cap binds the backstop.
    private func isBackstop(_ account: AccountIndex) -> Bool {
        isBackstopUsed && accounts.identifier(of: account) == terms.backstop?.account
    }

    private func checkParts(of bid: BidIndex) throws(InvariantViolation) {
        var (reserved, settled): (Shares, Shares) = (0, 0)
        for number in stride(from: Int32(1), through: bids.partCount(of: bid), by: 1) {
            guard let part = bids.part(number, of: bid) else {
                throw violation("bid \(bids.identifier(of: bid)) has no part \(number)")
            }
            switch bids[part].state {
            case .reserved, .recalling: reserved += bids[part].shares
            case .settled, .returned: settled += bids[part].shares
            case .released, .refunded: break
            }
        }
        guard reserved == bids.reserved(of: bid), settled == bids.settled(of: bid) else {
            throw violation(
                "the parts of bid \(bids.identifier(of: bid)) have \(reserved) reserved and "
                    + "\(settled) settled, the bid \(bids.reserved(of: bid)) and "
                    + "\(bids.settled(of: bid))")
        }
    }

    func violation(_ sentence: String) -> InvariantViolation {
        InvariantViolation(offering: identifier, sentence: sentence)
    }
}
