import EventLog
import Vocabulary

/// A partition whose records can't be read though they are there: a transaction on it is
/// open, and every reader waits (TheLog.md, A batch).
package struct HeldUpPartition: Hashable, Sendable {
    package var partition: TopicPartition
    /// The first offset that can't be read.
    package var offset: LogOffset
    /// One past the last record written.
    package var end: LogOffset
    /// For how long it has been seen to stand still, in milliseconds.
    package var milliseconds: Int64

    package init(
        partition: TopicPartition, offset: LogOffset, end: LogOffset, milliseconds: Int64
    ) {
        self.partition = partition
        self.offset = offset
        self.end = end
        self.milliseconds = milliseconds
    }
}

/// Finds out which partitions stand still, from what their ends are asked to be now and then.
package struct OpenTransactions {
    /// After this long an open transaction is reported. Under traffic one is open at any moment.
    package static let patienceMilliseconds: Int64 = 3_000

    private struct Standing {
        var offset: LogOffset
        var end: LogOffset
        var since: Timestamp
        /// Told once it stands for so long.
        var next = OpenTransactions.patienceMilliseconds
        var isTold = false
    }

    private var standing: [TopicPartition: Standing] = [:]
    private static let longestMilliseconds: Int64 = 3_600_000

    package init() {}

    /// Takes in the end of what is committed and of what is written; answers what people should
    /// hear. The first of both must have been asked for before the second.
    package mutating func look(
        at partition: TopicPartition, committed: LogOffset, written: LogOffset, now: Timestamp
    ) -> TopicNotice? {
        guard committed < written else { return forget(partition, now) }
        guard var found = standing[partition], found.offset == committed else {
            // Another one may be open now, but the readers have come on.
            let notice = forget(partition, now)
            standing[partition] = Standing(offset: committed, end: written, since: now)
            return notice
        }
        let lasted = now.rawValue - found.since.rawValue
        found.end = written
        defer { standing[partition] = found }
        guard lasted >= found.next else { return nil }
        found.next = lasted + min(9 * max(lasted, 1), Self.longestMilliseconds)
        found.isTold = true
        return heldUp(partition, found, now).map { .heldUp($0) }
    }

    /// The state of a partition that was reported; nil where it can be read.
    package func heldUp(_ partition: TopicPartition, at now: Timestamp) -> HeldUpPartition? {
        standing[partition].flatMap { heldUp(partition, $0, now) }
    }

    private func heldUp(
        _ partition: TopicPartition, _ found: Standing, _ now: Timestamp
    ) -> HeldUpPartition? {
        guard found.isTold else { return nil }
        return HeldUpPartition(
            partition: partition, offset: found.offset, end: found.end,
            milliseconds: now.rawValue - found.since.rawValue)
    }

    private mutating func forget(
        _ partition: TopicPartition, _ now: Timestamp
    ) -> TopicNotice? {
        guard let found = standing.removeValue(forKey: partition), found.isTold else { return nil }
        return .movesOn(partition, milliseconds: now.rawValue - found.since.rawValue)
    }
}
