/// A request for shares of one offering, by one account: `{"type":"bid",...}` of `bids`.
public struct Bid: Hashable, Sendable {
    public var bid: Identifier
    public var offering: Identifier
    public var account: Identifier
    /// Shares asked for, 0 to `largestInteger`; the offering's terms say what is too few.
    public var shares: Shares
    /// Takes all that it asks for or nothing.
    public var allOrNone: Bool

    public init(
        bid: Identifier, offering: Identifier, account: Identifier, shares: Shares,
        allOrNone: Bool = false
    ) {
        self.bid = bid
        self.offering = offering
        self.account = account
        self.shares = shares
        self.allOrNone = allOrNone
    }
}

/// Asks for a bid to be taken back: `{"type":"cancel",...}` of `bids`.
public struct BidCancellation: Hashable, Sendable {
    public var bid: Identifier
    public var offering: Identifier
    public var account: Identifier

    public init(bid: Identifier, offering: Identifier, account: Identifier) {
        self.bid = bid
        self.offering = offering
        self.account = account
    }
}
