import EventLog
import Vocabulary

/// A partition whose records can't be read though they are there: somebody's transaction on it is
/// open, and whoever reads it waits (log.md, A batch).
public struct HeldUpPartition: Hashable, Sendable {
    public var place: TopicPartition
    /// The first offset that can't be read.
    public var offset: LogOffset
    /// One past the last record written.
    public var end: LogOffset
    /// For how long it has been seen to stand still, in milliseconds.
    public var milliseconds: Int64

    package init(place: TopicPartition, offset: LogOffset, end: LogOffset, milliseconds: Int64) {
        self.place = place
        self.offset = offset
        self.end = end
        self.milliseconds = milliseconds
    }
}

/// What a watch over transactions tells people.
public enum TransactionNotice: Hashable, Sendable {
    /// Said again now and then while it lasts, each time after ten times as long, at most an hour.
    case heldUp(HeldUpPartition)
    /// It can be read on; it stood still for so many milliseconds.
    case movesOn(TopicPartition, milliseconds: Int64)
}

/// Finds out which partitions stand still, from what their ends are asked to be now and then.
package struct OpenTransactions {
    private struct Standing {
        var offset: LogOffset
        var since: Milliseconds
        /// Told once it stands for so long.
        var next = Standstill.patienceMilliseconds
        var isTold = false
    }

    private var standing: [TopicPartition: Standing] = [:]
    private static let longestMilliseconds: Int64 = 3_600_000

    package init() {}

    /// Takes in the end of what is committed and of what is written; answers what people should
    /// hear. The first of both must have been asked for before the second.
    package mutating func look(
        at place: TopicPartition, committed: LogOffset, written: LogOffset, now: Milliseconds
    ) -> TransactionNotice? {
        guard committed < written else { return forget(place, now) }
        guard var found = standing[place], found.offset == committed else {
            // Another one may be open now, but whoever waited has come on.
            let notice = forget(place, now)
            standing[place] = Standing(offset: committed, since: now)
            return notice
        }
        let lasted = now.rawValue - found.since.rawValue
        guard lasted >= found.next else { return nil }
        found.next = lasted + min(9 * max(lasted, 1), Self.longestMilliseconds)
        found.isTold = true
        standing[place] = found
        return .heldUp(
            HeldUpPartition(
                place: place, offset: committed, end: written, milliseconds: lasted))
    }

    private mutating func forget(
        _ place: TopicPartition, _ now: Milliseconds
    ) -> TransactionNotice? {
        guard let found = standing.removeValue(forKey: place), found.isTold else { return nil }
        return .movesOn(place, milliseconds: now.rawValue - found.since.rawValue)
    }
}
