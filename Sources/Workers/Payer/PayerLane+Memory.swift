import EventLog
import Payments
import Vocabulary

/// A payer whose state outgrew its share of the process's memory ends, as an allocator does. One
/// that is live takes up nothing more, and waits for the answers to what it sent: what nobody hears
/// must be looked up.
extension PayerLane {
    package var memoryUse: MemoryUse {
        let bytes = book.storageBytes
        return MemoryUse(
            bytes: bytes,
            parts: [MemoryUse.Part("payment commands", count: book.payments.count, bytes: bytes)])
    }

    /// Takes note of what the state takes, once more was written.
    mutating func lookAtMemory() {
        if overMemory == nil { overMemory = reasonIfTooLarge() }
    }

    package var stateBytes: Int { book.storageBytes }
    package var recordCount: Int64 { lastNumber }
}
