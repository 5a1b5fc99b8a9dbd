import EventLog

/// One partition of a copy: what of it is there on both sides, and what is to be carried.
package struct CopySpan: Sendable {
    package let partition: TopicPartition
    /// Both logs may drop records that a later one of the same key makes needless, each when it
    /// likes; so one that only one of them holds is no difference.
    package let isCompacted: Bool
    /// Up to the end that was asked for at the start.
    package let source: Bounds
    /// As it was before anything was written.
    package let target: Bounds

    package init(
        _ partition: TopicPartition, isCompacted: Bool, source: Bounds, target: Bounds
    ) {
        self.partition = partition
        self.isCompacted = isCompacted
        self.source = source
        self.target = target
    }

    /// Whether the target never held a record of it.
    var isUntouched: Bool { target.start == 0 && target.end == 0 }

    /// Where the copy goes on.
    package var next: LogOffset { isUntouched ? source.start : target.end }

    /// How many offsets are to be carried; not all need hold a record.
    package var missing: Int64 { max(0, source.end.rawValue - next.rawValue) }

    /// Whether there is anything to do, be it that an empty partition begins later than at 0.
    package var isComplete: Bool { missing == 0 && (!isUntouched || source.start == 0) }

    /// How many offsets both sides hold once it is carried.
    package var held: Int64 { max(0, source.end.rawValue - first.rawValue) }

    /// From where on both sides hold it.
    var first: LogOffset { isUntouched ? source.start : max(source.start, target.start) }
}
