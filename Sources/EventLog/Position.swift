/// A partition of a topic, by the topic's full name (`dev.bids`).
package struct TopicPartition: Hashable, Sendable, CustomStringConvertible {
    package var topic: String
    package var partition: Int32
    package init(_ topic: String, _ partition: Int32) {
        self.topic = topic
        self.partition = partition
    }
    package var description: String { "\(topic)[\(partition)]" }
}

/// The position of a record in its partition, from 0.
package struct LogOffset: RawRepresentable, Hashable, Comparable, Sendable,
    ExpressibleByIntegerLiteral, CustomStringConvertible
{
    package var rawValue: Int64
    @inlinable package init(rawValue: Int64) { self.rawValue = rawValue }
    @inlinable package init(_ value: Int64) { rawValue = value }
    @inlinable package init(integerLiteral value: Int64) { rawValue = value }
    @inlinable package static func < (left: LogOffset, right: LogOffset) -> Bool {
        left.rawValue < right.rawValue
    }
    /// The offset after this one.
    @inlinable package var next: LogOffset { LogOffset(rawValue + 1) }
    package var description: String { String(rawValue) }
}
