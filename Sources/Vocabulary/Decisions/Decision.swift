/// What the allocator says about one input record: a record of `decisions`, but for the epoch and
/// the hash, which belong to the chain and not to the rules (TheLog.md, A decision).
public struct Decision: Hashable, Sendable {
    public var sequence: DecisionNumber
    /// nil where the input named none that could be read, and where it is about the whole
    /// partition.
    public var offering: Identifier?
    public var event: DecisionEvent
    /// The offering's counters after it; nil where the partition knows no such offering.
    public var counters: Counters?
    public var source: Source
    /// 0, 1, ... within the group of decisions that one input causes.
    public var n: Int64

    public init(
        sequence: DecisionNumber, offering: Identifier?, event: DecisionEvent, counters: Counters?,
        source: Source, n: Int64
    ) {
        self.sequence = sequence
        self.offering = offering
        self.event = event
        self.counters = counters
        self.source = source
        self.n = n
    }
}

/// Where an offering's shares are: free + reserved + settled == shares, always.
public struct Counters: Hashable, Sendable {
    public var free: Shares
    public var reserved: Shares
    public var settled: Shares

    public init(free: Shares, reserved: Shares, settled: Shares) {
        self.free = free
        self.reserved = reserved
        self.settled = settled
    }
}
