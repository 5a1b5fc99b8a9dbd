import EventLog
import Payments
import Vocabulary

/// A payer whose state outgrew its share of the process's memory ends, as an allocator does. One
/// that is live takes up nothing more, and waits for the answers to what it sent: what nobody hears
/// must be looked up.
extension PayerLane {
    private var post: LanePost { LanePost(.payer, configuration.partition) }

    /// What its state takes.
    var memoryUse: MemoryUse {
        let bytes = book.storageBytes
        return MemoryUse(
            bytes: bytes,
            parts: [MemoryUse.Part("payment commands", count: book.payments.count, bytes: bytes)])
    }

    /// Takes note of what the state takes, once more was written.
    mutating func lookAtMemory() {
        if overMemory == nil { overMemory = reasonIfTooLarge() }
    }

    /// Ends the lane where the journal that it reads is larger than its share.
    mutating func endIfTooLarge() throws(LaneEnd) {
        guard let reason = reasonIfTooLarge() else { return }
        configuration.memory?.stoodStill(reason, bookEndsAt: journalEnd)
        throw .overMemory(reason)
    }

    private mutating func reasonIfTooLarge() -> OverMemory? {
        guard let share = configuration.memory?.bytesALane else { return nil }
        switch memoryWatch.look(book.storageBytes, at: lastNumber, share: share) {
        case .fits: return nil
        case .isHigh:
            notices.append(.memoryIsHigh(memoryUse, share: share))
            return nil
        case .isTooLarge: return OverMemory(post, memoryUse, share: share)
        }
    }

    /// Ends the lane where it is known that its journal, which ends at `end`, is too large.
    func endIfKnownTooLarge(journalEndsAt end: LogOffset) throws(LaneEnd) {
        if let reason = configuration.memory?.isTooSmall(for: post, bookEndsAt: end) {
            throw .overMemory(reason)
        }
    }

    /// The journal was read to its end, and has room.
    func noteThatItFits() { configuration.memory?.fits(post) }
}
