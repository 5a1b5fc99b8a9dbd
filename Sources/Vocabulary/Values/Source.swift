/// The inputs of an allocator, in the order that decides between equal append times
/// (TheLog.md, Merging), and the clock, which stands as the source of all that a deadline caused.
public enum InputTopic: UInt8, Sendable, CaseIterable {
    case offeringCommands = 0
    case paymentResults = 1
    case bids = 2
    case clock = 3

    /// The topic's name without its environment, as `topic` in a decision has it.
    public var name: StaticString {
        switch self {
        case .offeringCommands: "offering-commands"
        case .paymentResults: "payment-results"
        case .bids: "bids"
        case .clock: "clock"
        }
    }
}

/// Where an input record stands: the source that each decision names.
public struct Source: Hashable, Sendable {
    public var topic: InputTopic
    public var partition: Partition
    public var offset: Offset
    /// The record's own append time.
    public var at: Timestamp

    public init(topic: InputTopic, partition: Partition, offset: Offset, at: Timestamp) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.at = at
    }
}
