/// A topic to be made.
public struct TopicSpecification: Hashable, Sendable {
    /// What becomes of old records.
    public enum Cleanup: String, Sendable {
        /// Every record is kept for `retentionMilliseconds`.
        case delete
        /// At least the last record of each key is kept.
        case compact
    }

    public var name: String
    public var partitions: Int32
    public var cleanup: Cleanup
    /// nil: without limit.
    public var retentionMilliseconds: Int64?
    /// Largest batch of a client, compressed, in bytes.
    public var maxMessageBytes: Int

    public init(
        name: String, partitions: Int32, cleanup: Cleanup, retentionMilliseconds: Int64?,
        maxMessageBytes: Int
    ) {
        self.name = name
        self.partitions = partitions
        self.cleanup = cleanup
        self.retentionMilliseconds = retentionMilliseconds
        self.maxMessageBytes = maxMessageBytes
    }
}

/// A topic as it is.
public struct TopicDescription: Hashable, Sendable {
    /// Who gives a record its time.
    public enum TimestampType: String, Sendable { case logAppendTime, createTime }

    public var specification: TopicSpecification
    public var timestampType: TimestampType
    /// How the log packs what it is sent, in its own words; nil where it keeps it as it came.
    public var repacking: String?

    public init(
        specification: TopicSpecification, timestampType: TimestampType, repacking: String? = nil
    ) {
        self.specification = specification
        self.timestampType = timestampType
        self.repacking = repacking
    }
}
