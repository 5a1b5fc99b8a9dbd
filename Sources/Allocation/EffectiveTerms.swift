import Vocabulary

extension OfferingTerms {
    /// The terms that hold: what was left out is filled in with its default (Terms.md); a term
    /// whose default is "none" stays away.
    var filledIn: OfferingTerms {
        var terms = self
        terms.lot = lot ?? 1
        terms.minShares = minShares ?? terms.lot
        terms.remainder = remainder ?? .split
        terms.waitlistShares = waitlistShares ?? shares
        terms.minimumShares = minimumShares ?? shares
        terms.rules = rules ?? currentRulesVersion
        if let distributions, distributions.interest.isEmpty, distributions.principal.isEmpty {
            terms.distributions = nil
        }
        return terms
    }
}

/// The numbers among the terms that bids meet, without a default left open.
struct BidTerms: Equatable, Sendable {
    let shares: Shares
    let price: MinorUnits
    let currency: CurrencyCode
    let lot: Shares
    let minShares: Shares
    /// More than there can ever be where there is no cap.
    let maxSharesPerAccount: Shares
    /// More than there can ever be where there is no limit.
    let maxBidsPerAccount: Int64
    /// nil where there is no limit.
    let bidsPerMinutePerAccount: Int64?
    let waitlistShares: Shares
    let minimumShares: Shares
    let remainder: RemainderRule

    /// `terms` are filled in.
    init(_ terms: OfferingTerms) {
        shares = terms.shares
        price = terms.price
        currency = terms.currency
        lot = terms.lot!
        minShares = terms.minShares!
        maxSharesPerAccount = terms.maxSharesPerAccount ?? Shares(rawValue: .max)
        maxBidsPerAccount = terms.maxBidsPerAccount ?? .max
        bidsPerMinutePerAccount = terms.bidsPerMinutePerAccount
        waitlistShares = terms.waitlistShares!
        minimumShares = terms.minimumShares!
        remainder = terms.remainder!
    }

    /// Whether a bid is given part of what it asks for: not one that wants all or none, and none
    /// at all under `skip` and `hold`.
    @inline(__always)
    func maySplit(allOrNone: Bool) -> Bool { remainder == .split && !allOrNone }

    /// What `shares` cost. The terms were refused if any amount could overflow.
    func cost(of shares: Shares) -> MinorUnits {
        MinorUnits(rawValue: shares.rawValue * price.rawValue)
    }

    /// The shares that cost `amount`.
    func shares(for amount: MinorUnits) -> Shares {
        Shares(rawValue: amount.rawValue / price.rawValue)
    }
}
