import Vocabulary

// How many accounts may hold shares or wait for some at one time (Rules.md, The number of
// accounts). An account counts for its own bids; what it took as the backstop does not count.

extension OfferingBook {
    /// Whether a bid would bring in one account more than `maxAccounts`. Bids come before the
    /// backstop has acted, so all that an account has `committed` counts.
    @inline(__always)
    func isOneAccountTooMany(committed: Shares) -> Bool {
        committed == 0 && accounts.holders >= bidTerms.maxAccounts
    }

    /// The same of an account whose money came late, when the backstop may have acted.
    func isOneAccountTooMany(_ account: AccountIndex) -> Bool {
        guard let backstop = bids.accepted(.backstop) else {
            return isOneAccountTooMany(committed: accounts.committed(account))
        }
        let holder = bids.account(of: backstop)
        let taken = standing(of: backstop)
        let ownBids = accounts.committed(holder) - taken.reserved - taken.settled
        let others = ownBids == 0 && accounts.committed(holder) > 0 ? 1 : 0
        return (account == holder ? ownBids : accounts.committed(account)) == 0
            && accounts.holders - others >= bidTerms.maxAccounts
    }
}
