/// A partition of a topic, by the topic's full name (`dev.bids`).
public struct TopicPartition: Hashable, Sendable, CustomStringConvertible {
    public var topic: String
    public var partition: Int32
    public init(_ topic: String, _ partition: Int32) {
        self.topic = topic
        self.partition = partition
    }
    public var description: String { "\(topic)[\(partition)]" }
}

/// The place of a record in its partition, from 0.
public struct LogOffset: RawRepresentable, Hashable, Comparable, Sendable,
    ExpressibleByIntegerLiteral, CustomStringConvertible
{
    public var rawValue: Int64
    @inlinable public init(rawValue: Int64) { self.rawValue = rawValue }
    @inlinable public init(_ value: Int64) { rawValue = value }
    @inlinable public init(integerLiteral value: Int64) { rawValue = value }
    @inlinable public static func < (left: LogOffset, right: LogOffset) -> Bool {
        left.rawValue < right.rawValue
    }
    /// The offset after this one.
    @inlinable public var next: LogOffset { LogOffset(rawValue + 1) }
    public var description: String { String(rawValue) }
}
