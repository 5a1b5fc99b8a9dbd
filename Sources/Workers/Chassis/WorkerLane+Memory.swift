import EventLog
import Vocabulary

// A lane whose state outgrew its share of the process's memory ends and gives the memory back: its
// book is in the log, and a worker with more memory goes on with it. The daemon of the lane lets it
// begin again, at most a minute later.
extension WorkerLane where Self: ~Copyable {
    /// Why its state is too large for its share; nil where it is not. Tells people where little is
    /// left.
    mutating func reasonIfTooLarge() -> OverMemory? {
        switch memoryWatch.look(stateBytes, at: recordCount) {
        case .fits: return nil
        case .isHigh:
            notices.append(.memoryIsHigh(memoryUse, share: memoryWatch.share))
            return nil
        case .isTooLarge:
            return OverMemory(memoryWatch.post, memoryUse, share: memoryWatch.share)
        }
    }

    /// Ends the lane where its state is larger than its share. `end` is where the book ends that
    /// it reads, if it does.
    mutating func endIfTooLarge(bookEndsAt end: LogOffset?) throws(LaneEnd) {
        guard memoryWatch.isDue(at: recordCount), let reason = reasonIfTooLarge() else { return }
        memoryWatch.noteTooLarge(reason, bookEndsAt: end)
        throw .overMemory(reason)
    }
}
