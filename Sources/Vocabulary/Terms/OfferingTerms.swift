/// What becomes of a bid that is larger than what is free (Rules.md, Serving).
public enum RemainderRule: UInt8, Sendable, CaseIterable {
    case split, skip, hold
    public var name: StaticString {
        switch self {
        case .split: "split"
        case .skip: "skip"
        case .hold: "hold"
        }
    }
}

/// Takes what is left at close.
public struct Backstop: Hashable, Sendable {
    public var account: Identifier
    public var maxShares: Shares
    public init(account: Identifier, maxShares: Shares) {
        self.account = account
        self.maxShares = maxShares
    }
}

/// The distribution ids that an offering allows, by kind, in the order given.
public struct AllowedDistributions: Hashable, Sendable {
    public var interest: [Identifier]
    public var principal: [Identifier]
    public init(interest: [Identifier] = [], principal: [Identifier] = []) {
        self.interest = interest
        self.principal = principal
    }
}

/// The terms of an offering as `offering.open` gives them: nil is a term left out, whose
/// default Terms.md names. Whether they make sense is decided by the rules, not here.
public struct OfferingTerms: Hashable, Sendable {
    public var shares: Shares
    public var price: MinorUnits
    public var currency: CurrencyCode
    public var lot: Shares?
    public var minShares: Shares?
    public var maxSharesPerAccount: Shares?
    public var maxBidsPerAccount: Int64?
    public var maxAccounts: Int64?
    public var bidsPerMinutePerAccount: Int64?
    public var opensAt: Timestamp?
    public var closesAt: Timestamp?
    public var remainder: RemainderRule?
    public var waitlistShares: Shares?
    public var minimumShares: Shares?
    public var backstop: Backstop?
    public var payee: Identifier?
    public var distributions: AllowedDistributions?
    /// The version of the rules, pinned for the offering's life.
    public var rules: Int64?

    public init(shares: Shares, price: MinorUnits, currency: CurrencyCode) {
        self.shares = shares
        self.price = price
        self.currency = currency
    }
}
