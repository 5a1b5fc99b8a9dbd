import EventLog
import Vocabulary

/// What an allocator's lane tells people while it works.
package enum AllocatorNotice: LaneRemarks, Sendable {
    /// Reading the book: how far, of how much.
    case recovering(offset: Int64, of: Int64)
    /// Alive: decides from here on.
    case live(epoch: Epoch, sequence: DecisionNumber)
    /// The input's record behind the last decision is no longer kept; the lane went on after it.
    case sourceGone(InputTopic, LogOffset)
    /// What stands in an input between these offsets can't be unpacked, and was refused.
    case unreadable(InputTopic, from: LogOffset, through: LogOffset)
    /// Its state comes near its share of the memory: past that it stands still.
    case memoryIsHigh(MemoryUse, share: Int)
    /// An action failed and is tried again.
    case retrying(LogError)
    /// A commit failed; the lane reads the book again.
    case recoveringAfter(CommitFailure)
    /// An input does not hold what was read of it, or is gone: the lane reads the book again and
    /// looks whether the inputs still fit to it.
    case doubting(LogError)
    /// A commit has not been answered for this long.
    case commitPending(milliseconds: Int)
    /// What kept the lane from its work is over; it took this long.
    case atWorkAgain(milliseconds: Int64)
    /// A bid is stamped further ahead of the worker's clock than may be: it waits, and all bids
    /// behind it.
    case clockBehind(record: Timestamp, offset: Offset, worker: Timestamp)
    /// The clocks of processes at work on the log differ by more than the grace: no deadline is
    /// decided by any of them.
    case clocksDiffer(milliseconds: Int64)
    /// The worker's clock is further ahead of the log's than may be: no deadline is decided by it.
    case clockAhead(milliseconds: Int64)
    /// Bids decided up to now, and when.
    case decided(DecisionNumber, Timestamp)
}
