/// Something that a person must look at: a record of `attention`.
public struct Attention: Hashable, Sendable {
    /// What happened; its name stands on the wire.
    public enum Kind: String, Sendable, CaseIterable {
        /// A record of another environment.
        case wrongEnvironment = "wrongEnvironment"
        /// A record on the wrong partition; at most one a minute for each source.
        case misrouted = "misrouted"
        /// A record that can't be read; at most one a minute for each source.
        case malformed = "malformed"
        /// A payment result that answers no command of ours.
        case unknownCommand = "unknownCommand"
        /// A payment of another amount than was asked for.
        case amountMismatch = "amountMismatch"
        /// A payment result that contradicts what is decided.
        case contradiction = "contradiction"
        /// A bid that became readable more than the grace after its stamp, and was refused.
        case late = "late"
        /// A refund or a payout was declined: `offering repay` commands it again.
        case payoutDeclined = "payoutDeclined"
        /// The bank took back what was paid.
        case paymentReturned = "paymentReturned"
    }

    public var kind: Kind
    public var offering: Identifier?
    /// The decision about it.
    public var sequence: DecisionNumber
    public var source: Source
    public var expectedPartition: Partition?
    /// The payment command that it is about, where it is about one of ours.
    public var command: PaymentID?
    /// With refunds and payouts the account that is paid, and how much.
    public var account: Identifier?
    public var amount: MinorUnits?
    /// The currency of `amount`: the offering's.
    public var currency: CurrencyCode?
    /// With malformed: what is wrong with the record.
    public var error: Malformation?

    public init(
        kind: Kind, offering: Identifier?, sequence: DecisionNumber, source: Source,
        expectedPartition: Partition? = nil, command: PaymentID? = nil,
        account: Identifier? = nil, amount: MinorUnits? = nil, currency: CurrencyCode? = nil,
        error: Malformation? = nil
    ) {
        self.kind = kind
        self.offering = offering
        self.sequence = sequence
        self.source = source
        self.expectedPartition = expectedPartition
        self.command = command
        self.account = account
        self.amount = amount
        self.currency = currency
        self.error = error
    }
}
