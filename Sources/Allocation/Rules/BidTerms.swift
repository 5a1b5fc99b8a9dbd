import Vocabulary

/// The numbers among the terms that bids meet, without a default left open.
package struct BidTerms: Equatable, Sendable {
    package var shares: Shares
    package var price: MinorUnits
    package var currency: CurrencyCode
    package var lot: Shares
    package var minShares: Shares
    /// More than there can ever be where there is no cap.
    package var maxSharesPerAccount: Shares
    /// More than there can ever be where there is no limit.
    package var maxBidsPerAccount: Int64
    /// More than there can ever be where there is no limit.
    package var maxAccounts: Int64
    /// nil where there is no limit.
    package var bidsPerMinutePerAccount: Int64?
    package var waitlistShares: Shares
    package var minimumShares: Shares
    package var remainder: RemainderRule

    /// `terms` are filled in.
    package init(_ terms: OfferingTerms) {
        shares = terms.shares
        price = terms.price
        currency = terms.currency
        lot = terms.lot!
        minShares = terms.minShares!
        maxSharesPerAccount = terms.maxSharesPerAccount ?? Shares(rawValue: .max)
        maxBidsPerAccount = terms.maxBidsPerAccount ?? .max
        maxAccounts = terms.maxAccounts ?? .max
        bidsPerMinutePerAccount = terms.bidsPerMinutePerAccount
        waitlistShares = terms.waitlistShares!
        minimumShares = terms.minimumShares!
        remainder = terms.remainder!
    }

    /// What `shares` cost. The terms were refused if any amount could overflow.
    package func cost(of shares: Shares) -> MinorUnits {
        MinorUnits(rawValue: shares.rawValue * price.rawValue)
    }

    /// The shares that cost `amount`.
    package func shares(for amount: MinorUnits) -> Shares {
        Shares(rawValue: amount.rawValue / price.rawValue)
    }
}
