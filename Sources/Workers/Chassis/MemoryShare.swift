import EventLog
import Synchronization

/// The memory that the lanes of a process may fill with their state, in equal shares: a lane that
/// grows past its own stands still with a word, where otherwise the kernel would end them all.
///
/// The daemon that runs the lanes says how many there are (`divide`). One that stands still keeps
/// its share: else the others would grow into it, and it could not come back.
package final class MemoryShare: Sendable {
    /// In bytes, for all lanes together.
    package let total: Int
    private let lanes = Atomic<Int>(1)
    private let stood = Mutex<[LanePost: (reason: OverMemory, end: LogOffset?)]>([:])

    package init(total: Int) { self.total = total }

    /// So many lanes have a part in it from here on.
    func divide(among count: Int) { lanes.store(max(1, count), ordering: .relaxed) }

    /// What one lane may take just now.
    package var bytesALane: Int { total / lanes.load(ordering: .relaxed) }

    /// A lane's state was too large. `end` is where the book ended that it read, if it did so to
    /// stand still; nil: nobody looked.
    func stoodStill(_ reason: OverMemory, bookEndsAt end: LogOffset?) {
        stood.withLock { $0[reason.post] = (reason, end) }
    }

    /// Why a lane need not read its book, which ends at `end`: it was too large when it was last
    /// read, nothing has come to it, and the share is no larger. Reading all of it again each
    /// minute would cost the brokers and the other lanes more than it can bring.
    func isTooSmall(for post: LanePost, bookEndsAt end: LogOffset) -> OverMemory? {
        guard let (reason, last) = stood.withLock({ $0[post] }), last == end,
            reason.bytes > bytesALane
        else { return nil }
        return reason
    }

    /// The lane's state has room.
    func fits(_ post: LanePost) { stood.withLock { $0[post] = nil } }
}
