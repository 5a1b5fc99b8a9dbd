/// The rules of an offering that decide what a bid gets, as they are called for people and
/// programs (Rules.md, Bids and Serving).
package enum AppliedRule: String, Hashable, Sendable, CaseIterable {
    /// maxSharesPerAccount.
    case cap
    case lot
    /// minShares.
    case minimumBid = "minimum bid"
    case allOrNone = "all-or-none"
    case split, skip, hold
    /// waitlistShares.
    case waitlist
    /// maxBidsPerAccount.
    case bids
    /// bidsPerMinutePerAccount.
    case rate
    /// maxAccounts.
    case accounts
    /// shares.
    case size
    /// minimumShares.
    case minimum
    /// An offering that is over gives no shares.
    case offeringOver = "offering is over"
}

extension [AppliedRule] {
    /// ` (rule: cap)`, ` (rules: all-or-none, cap)`.
    var words: String {
        if isEmpty { return "" }
        return " (\(count == 1 ? "rule" : "rules"): "
            + map(\.rawValue).joined(separator: ", ") + ")"
    }
}
