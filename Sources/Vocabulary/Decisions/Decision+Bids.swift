// What decisions say about the shares of a bid.

/// The first decision about a bid that got shares or a place: all of the bid's content, and what
/// became of it.
public struct Placement: Hashable, Sendable {
    public var bid: Identifier
    public var account: Identifier
    public var asked: Shares
    public var allOrNone: Bool
    /// Reserved at once; 0 where all of it waits.
    public var shares: Shares
    public var waiting: Shares
    /// Shares ever queued in the offering up to and including this bid; on the wire where a
    /// part waits. `queued` less the `served` of progress is how far away the bid is at most.
    public var queued: Shares
    /// What was taken off the bid.
    public var cut: Cut?

    public init(
        bid: Identifier, account: Identifier, asked: Shares, allOrNone: Bool, shares: Shares,
        waiting: Shares, queued: Shares, cut: Cut? = nil
    ) {
        self.bid = bid
        self.account = account
        self.asked = asked
        self.allOrNone = allOrNone
        self.shares = shares
        self.waiting = waiting
        self.queued = queued
        self.cut = cut
    }
}

/// Shares taken off a bid on arrival: by the account's cap, by the waitlist's room, or by both;
/// then `shares` is the sum and `reason` the last one.
public struct Cut: Hashable, Sendable {
    public var shares: Shares
    public var reason: Reason

    public init(shares: Shares, reason: Reason) {
        self.shares = shares
        self.reason = reason
    }
}

/// Shares that went to a bid that waited.
public struct Promotion: Hashable, Sendable {
    public var bid: Identifier
    public var account: Identifier
    public var shares: Shares
    /// What of the bid still waits.
    public var waiting: Shares

    public init(bid: Identifier, account: Identifier, shares: Shares, waiting: Shares) {
        self.bid = bid
        self.account = account
        self.shares = shares
        self.waiting = waiting
    }
}

/// One reservation of a bid, and the payment result that moved it.
public struct PaidPart: Hashable, Sendable {
    public var bid: Identifier
    public var account: Identifier
    public var shares: Shares
    /// The k of the collection `<offering>/<bid>/<k>`.
    public var number: Int32
    /// The number of the payment result.
    public var result: Int64

    public init(
        bid: Identifier, account: Identifier, shares: Shares, number: Int32, result: Int64
    ) {
        self.bid = bid
        self.account = account
        self.shares = shares
        self.number = number
        self.result = result
    }
}

/// Why shares were given back.
public enum ReleaseReason: String, Sendable, CaseIterable {
    case declined = "declined", recalled = "recalled", failedByPerson = "failedByPerson"
    /// Of paid shares of an offering that is cancelled: the bank took their money back.
    case returned = "returned"
}

/// The part of a bid that waited, and waits no longer.
public struct WaitingPart: Hashable, Sendable {
    public var bid: Identifier
    public var account: Identifier
    public var shares: Shares

    public init(bid: Identifier, account: Identifier, shares: Shares) {
        self.bid = bid
        self.account = account
        self.shares = shares
    }
}

/// A reserved part of a bid whose payment is recalled.
public struct RecallRequest: Hashable, Sendable {
    public var bid: Identifier
    public var account: Identifier
    public var shares: Shares
    /// The k of the collection `<offering>/<bid>/<k>`.
    public var number: Int32

    public init(bid: Identifier, account: Identifier, shares: Shares, number: Int32) {
        self.bid = bid
        self.account = account
        self.shares = shares
        self.number = number
    }
}
