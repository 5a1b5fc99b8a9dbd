/// A topic to be made.
package struct TopicSpecification: Hashable, Sendable {
    /// What becomes of old records.
    package enum Cleanup: String, Sendable {
        /// Every record is kept for `retentionMilliseconds`.
        case delete
        /// At least the last record of each key is kept.
        case compact
    }

    package var name: String
    package var partitions: Int32
    package var cleanup: Cleanup
    /// nil: without limit.
    package var retentionMilliseconds: Int64?
    /// Largest batch of a client, compressed, in bytes.
    package var maxMessageBytes: Int

    package init(
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
package struct TopicDescription: Hashable, Sendable {
    /// Who gives a record its time.
    package enum TimestampType: String, Sendable { case logAppendTime, createTime }

    package var specification: TopicSpecification
    package var timestampType: TimestampType
    /// How the log packs what it is sent, in its own words; nil where it keeps it as it came.
    package var repacking: String?

    package init(
        specification: TopicSpecification, timestampType: TimestampType, repacking: String? = nil
    ) {
        self.specification = specification
        self.timestampType = timestampType
        self.repacking = repacking
    }
}
