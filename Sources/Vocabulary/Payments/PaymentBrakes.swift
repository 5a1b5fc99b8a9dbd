/// What payments an operator holds, or holds no longer: first sends and repeats wait, lookups go on
/// and recalls are granted.
public struct PaymentPause: Hashable, Sendable {
    public var partition: Partition
    /// Those over this channel; nil: over any.
    public var channel: Identifier?
    /// Those for this purpose; nil: for any.
    public var kind: PaymentCommand.Kind?
    public var actor: Identifier
    /// Why, at most 1,000 bytes.
    public var reason: String
    public var at: Timestamp

    public init(
        partition: Partition, channel: Identifier? = nil, kind: PaymentCommand.Kind? = nil,
        actor: Identifier, reason: String, at: Timestamp
    ) {
        self.partition = partition
        self.channel = channel
        self.kind = kind
        self.actor = actor
        self.reason = reason
        self.at = at
    }
}

/// How much a partition's payer may pay out of a currency in a day. Days are those of UTC, and what
/// counts are first sends, also those that came to nothing.
public struct OutflowLimit: Hashable, Sendable {
    /// A limit and the partition's share of it.
    public struct Amounts: Hashable, Sendable {
        public var share: MinorUnits
        /// What all partitions have together.
        public var whole: MinorUnits

        public init(share: MinorUnits, whole: MinorUnits) {
            self.share = share
            self.whole = whole
        }
    }

    public var partition: Partition
    public var currency: CurrencyCode
    /// Nil: no limit any more.
    public var amounts: Amounts?
    public var actor: Identifier
    public var at: Timestamp

    public init(
        partition: Partition, currency: CurrencyCode, amounts: Amounts?, actor: Identifier,
        at: Timestamp
    ) {
        self.partition = partition
        self.currency = currency
        self.amounts = amounts
        self.actor = actor
        self.at = at
    }
}

/// What the provider refused by its form is taken up again: the reason for the refusals is mended.
public struct RefusedResumption: Hashable, Sendable {
    public var partition: Partition
    /// Those over this channel; nil: over any.
    public var channel: Identifier?
    public var actor: Identifier
    public var at: Timestamp

    public init(
        partition: Partition, channel: Identifier? = nil, actor: Identifier, at: Timestamp
    ) {
        self.partition = partition
        self.channel = channel
        self.actor = actor
        self.at = at
    }
}

/// A person has looked at a record of `attention`.
public struct AttentionAcknowledgement: Hashable, Sendable {
    public var partition: Partition
    /// The record's offset there.
    public var offset: Offset
    public var actor: Identifier
    public var at: Timestamp

    public init(partition: Partition, offset: Offset, actor: Identifier, at: Timestamp) {
        self.partition = partition
        self.offset = offset
        self.actor = actor
        self.at = at
    }
}
