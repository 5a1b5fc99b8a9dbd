import Allocation
import EventLog
import Vocabulary

/// What the state of a lane takes.
extension AllocatorLane {
    package var memoryUse: MemoryUse {
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

    package var stateBytes: Int { book.storageBytes }
    package var recordCount: Int64 { book.sequence.rawValue }
}
