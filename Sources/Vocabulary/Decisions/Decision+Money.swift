// What decisions say about money that is given back or paid out.

/// Money of one collection that is given back.
public struct Refund: Hashable, Sendable {
    public var bid: Identifier
    public var account: Identifier
    /// The shares whose price it is.
    public var shares: Shares
    /// The k of the collection `<offering>/<bid>/<k>`.
    public var number: Int32
    /// The n of the refund `<offering>/<bid>/refund/<n>`.
    public var refund: Int32
    public var amount: MinorUnits
    /// The number of the payment result that brought money for which there were no shares; nil
    /// where paid shares are given up.
    public var result: Int64?

    public init(
        bid: Identifier, account: Identifier, shares: Shares, number: Int32, refund: Int32,
        amount: MinorUnits, result: Int64? = nil
    ) {
        self.bid = bid
        self.account = account
        self.shares = shares
        self.number = number
        self.refund = refund
        self.amount = amount
        self.result = result
    }
}

/// One payment, and the number of the result that speaks of it.
public struct PayoutResult: Hashable, Sendable {
    public var payment: PaymentID
    public var account: Identifier
    public var amount: MinorUnits
    /// 0 where no result does.
    public var result: Int64

    public init(payment: PaymentID, account: Identifier, amount: MinorUnits, result: Int64) {
        self.payment = payment
        self.account = account
        self.amount = amount
        self.result = result
    }
}

/// What one holder gets of a distribution.
public struct Distributed: Hashable, Sendable {
    public var command: Identifier
    public var distribution: Identifier
    public var kind: DistributionKind
    /// Of all holders together.
    public var total: MinorUnits
    public var account: Identifier
    public var amount: MinorUnits

    public init(
        command: Identifier, distribution: Identifier, kind: DistributionKind, total: MinorUnits,
        account: Identifier, amount: MinorUnits
    ) {
        self.command = command
        self.distribution = distribution
        self.kind = kind
        self.total = total
        self.account = account
        self.amount = amount
    }
}
