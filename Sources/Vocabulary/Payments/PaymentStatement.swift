/// Which way money moves, as providers see it.
public enum MoneyDirection: String, Sendable, CaseIterable {
    /// From an account to the seller.
    case collect = "collect"
    /// From the seller to an account.
    case payout = "payout"
}

/// A line of a provider's statement that is about a command: proof that money moved.
public struct StatementLine: Hashable, Sendable {
    /// What the line says, as the value of `line` on the wire.
    public enum Kind: String, Sendable, CaseIterable {
        /// The money moved.
        case booked = "booked"
        /// It came back.
        case returned = "returned"
    }

    public var partition: Partition
    public var command: PaymentID
    /// The channel whose statement it is.
    public var channel: Identifier
    /// The provider's idempotency key, as the line names it.
    public var key: Identifier
    public var kind: Kind
    public var amount: MinorUnits
    public var currency: CurrencyCode
    public var direction: MoneyDirection
    /// The statement's name or hash.
    public var statement: Identifier
    /// The provider's id of the payment, at most 255 bytes.
    public var reference: String?
    /// Whether the statement says that no line of its time is missing.
    public var isClosed: Bool
    public var actor: Identifier
    public var at: Timestamp

    public init(
        partition: Partition, command: PaymentID, channel: Identifier, key: Identifier,
        kind: Kind, amount: MinorUnits, currency: CurrencyCode, direction: MoneyDirection,
        statement: Identifier, reference: String? = nil, isClosed: Bool, actor: Identifier,
        at: Timestamp
    ) {
        self.partition = partition
        self.command = command
        self.channel = channel
        self.key = key
        self.kind = kind
        self.amount = amount
        self.currency = currency
        self.direction = direction
        self.statement = statement
        self.reference = reference
        self.isClosed = isClosed
        self.actor = actor
        self.at = at
    }
}

/// A closed statement that continues the one before it, covers all of a command's time, and has no
/// line of it. It proves a decline that the provider itself told, and nothing else.
public struct StatementAbsence: Hashable, Sendable {
    public var partition: Partition
    public var command: PaymentID
    /// The channel whose statement it is.
    public var channel: Identifier
    /// The statement's name or hash.
    public var statement: Identifier
    /// The time that the statement covers, without a gap.
    public var from: Timestamp
    public var to: Timestamp
    public var actor: Identifier
    public var at: Timestamp

    public init(
        partition: Partition, command: PaymentID, channel: Identifier, statement: Identifier,
        from: Timestamp, to: Timestamp, actor: Identifier, at: Timestamp
    ) {
        self.partition = partition
        self.command = command
        self.channel = channel
        self.statement = statement
        self.from = from
        self.to = to
        self.actor = actor
        self.at = at
    }
}
