import Allocation
import EventLog
import Vocabulary

/// A lane whose state outgrew its share of the process's memory ends and gives the memory back: its
/// book is in the log, and a process with more memory goes on with it. The driver lets it
/// begin again, at most a minute later.
extension AllocatorLane {
    /// What its state takes, and what of it the most.
    var memoryUse: MemoryUse {
        let largest = book.largestOffering
        return MemoryUse(
            bytes: book.storageBytes, largest: largest?.offering,
            largestBytes: largest?.bytes ?? 0, parts: largest.map { Self.parts(of: $0) } ?? [])
    }

    private static func parts(of storage: OfferingStorage) -> [MemoryUse.Part] {
        [
            MemoryUse.Part("bids", count: storage.bids, bytes: storage.bidBytes),
            MemoryUse.Part("accounts", count: storage.accounts, bytes: storage.accountBytes),
            MemoryUse.Part("waiting bids", count: storage.waiting, bytes: storage.waitingBytes),
            MemoryUse.Part(
                "bids of the last minute", count: storage.recent, bytes: storage.recentBytes),
        ].sorted { $0.bytes > $1.bytes }
    }

    /// Ends the lane where its state is larger than its share.
    mutating func endIfTooLarge() throws(LaneEnd) {
        let count = book.sequence.rawValue
        guard memoryWatch.isDue(at: count) else { return }
        switch memoryWatch.look(book.storageBytes, at: count) {
        case .fits: return
        case .isHigh: notices.append(.memoryIsHigh(memoryUse, share: memoryWatch.share))
        case .isTooLarge:
            let reason = OverMemory(memoryWatch.post, memoryUse, share: memoryWatch.share)
            memoryWatch.noteTooLarge(
                reason, bookEndsAt: phase == .recovering ? recovery.end : nil)
            throw .overMemory(reason)
        }
    }
}
