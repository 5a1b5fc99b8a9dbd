import Vocabulary

// How many bids an account may place in a minute (Rules.md, The rate of an account).

extension OfferingBook {
    /// Counts a bid of `account` and answers true, unless those of the last minute are as many as
    /// `bidsPerMinutePerAccount` allows.
    @inline(__always)
    mutating func passRateLimit(_ account: Identifier, at bookTime: Timestamp) -> Bool {
        guard let limit = bidTerms.bidsPerMinutePerAccount else { return true }
        if rates.count(of: account, at: bookTime) >= limit { return false }
        passRate(account, at: bookTime)
        return true
    }
}
