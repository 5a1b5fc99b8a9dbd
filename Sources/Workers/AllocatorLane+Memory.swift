import Allocation
import EventLog
import Vocabulary

/// Why a lane stands still: its state is larger than its share.
public struct OverMemory: Hashable, Sendable {
    public var partition: Partition
    /// What its state takes, in bytes, and its share.
    public var bytes: Int
    public var share: Int
    /// The offering that takes the most.
    public var largest: Identifier?
    public var largestBytes: Int

    /// In words, with the way on.
    public var sentence: String {
        "partition \(partition) STANDS STILL: its books take \(Self.mebibytes(bytes)), more than "
            + "its share of --memory, \(Self.mebibytes(share))"
            + (largest.map { "; the largest is \($0), \(Self.mebibytes(largestBytes))" } ?? "")
            + ". Whoever may write bids made them grow. Start it again with more (--memory), or "
            + "where fewer partitions share a process (--partitions)"
    }

    private static func mebibytes(_ bytes: Int) -> String { "\(bytes >> 20) MiB" }
}

/// A lane whose state outgrew its share of the process's memory decides nothing more and gives the
/// memory back: its book is in the log, and whoever has more memory goes on with it.
extension AllocatorLane {
    /// What to do where the state is larger than its share; nil where it is not.
    mutating func standStillIfTooLarge() throws(LaneEnd) -> LaneAction? {
        guard let memory = configuration.memory else { return nil }
        let share = memory.bytesALane
        let bytes = book.storageBytes
        guard bytes > share else { return nil }
        let largest = book.largestOffering
        let reason = OverMemory(
            partition: configuration.partition, bytes: bytes, share: share,
            largest: largest?.offering, largestBytes: largest?.bytes ?? 0)
        // Somebody waits for its end.
        if configuration.stopsAtEnd { throw .log(LogError(.misconfigured, reason.sentence)) }
        notices.append(.overMemory(reason))
        drop()
        phase = .standing
        return try goOnStanding()
    }

    func goOnStanding() throws(LaneEnd) -> LaneAction {
        if isStopping { throw .finished }
        return .pause(leastMilliseconds: 1_000, mostMilliseconds: 1_000)
    }
}
