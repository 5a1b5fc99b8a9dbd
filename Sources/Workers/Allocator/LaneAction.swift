import EventLog
import Vocabulary

/// What a lane wants done next. The driver does so and comes back with a `LaneEvent`.
public enum LaneAction: Sendable {
    /// Ask for the bounds of `decisions` and of the inputs. -> `.bounds`
    ///
    /// Once the writer before is fenced, `decisions` is read to the end of what is written: what
    /// it committed at last may be visible only a moment later. Before that, to the end of what
    /// is committed: an open transaction of a writer that hangs would never end.
    case askBounds(isFenced: Bool)
    /// Ask for the ends of what allocators write: whether there is a history that `decisions` has
    /// lost. -> `.outputs`
    case askOutputs
    /// Fill the book buffer from `decisions` at this offset. -> `.bookRead`
    case readBook(from: LogOffset)
    /// Fill the source buffer with the one record of this input at this offset. -> `.sourceRead`
    case readSource(InputTopic, LogOffset)
    /// Open the writer: fences the one before. -> `.writerOpened`
    case openWriter
    /// Close the writer; then look at the end of the book as `.askBookEnd` does, without an end
    /// that is known. -> `.bookEnd`
    case giveWriterBack
    /// Ask for the end of the book. Where it is another than the one that is known, fill the
    /// book buffer with the last records before it, else empty it. -> `.bookEnd`
    case askBookEnd(known: LogOffset?, isFenced: Bool)
    /// Fill these inputs' queues; then, if the lane says so (`asksForEnds`), ask for the ends of
    /// all inputs. -> `.polled`
    case poll(inputs: [Int])
    /// Take the batch and commit it, after the one before was answered. -> `.handedOver`, and
    /// later `.committed`, or `.commitFailed` instead
    case commit
    /// Wait for the answer to the batch handed over. -> `.committed` or `.commitFailed`
    case awaitCommit
    /// Nothing to do: come back when an input may have something, or after this long. -> `.woken`
    case wait(milliseconds: Int)
    /// Do nothing for a time drawn between these, even if something comes. -> `.woken`
    case pause(leastMilliseconds: Int, mostMilliseconds: Int)
    /// The lane is done, or can't go on.
    case stop(LaneEnd)
}

/// What happened, in answer to a `LaneAction`.
public enum LaneEvent: Sendable {
    case started
    case bounds(decisions: Bounds, inputs: [Bounds])
    /// Up to where the outputs are written: every partition of `decisions` and
    /// `payment-commands`, and the lane's own of `progress`.
    case outputs(decisions: [LogOffset], paymentCommands: [LogOffset], progress: LogOffset)
    /// The reader of `decisions` stands at this offset now.
    case bookRead(position: LogOffset)
    /// Whether the record was found.
    case sourceRead(found: Bool)
    case writerOpened
    /// Where the book ends; its last record is in the buffer, where it was read.
    case bookEnd(LogOffset)
    /// The ends of all inputs, if they were asked for.
    case polled(ends: [LogOffset]?)
    case handedOver
    /// The append time of the batch's last record.
    case committed(lastAppendTime: Int64)
    case commitFailed(CommitFailure)
    case woken
    /// The action could not be done.
    case failed(LogError)
}

/// Why a batch is not known to be committed.
public enum CommitFailure: Error, Hashable, Sendable {
    /// Another writer may have taken over.
    case fenced(LogError)
    /// Nothing of it is visible.
    case aborted(LogError)
    /// It may or may not be visible: the book tells.
    case unknown(LogError)
}

/// Why a lane ended.
public enum LaneEnd: Error, Hashable, Sendable {
    /// It was asked to stop, or everything is decided.
    case finished
    /// Another writer has taken over.
    case fenced(String)
    /// The book, the inputs or the rules contradict each other: stop, keep everything, call a
    /// person.
    case invariant(String)
    /// The log can't be used.
    case log(LogError)
    /// Its state is larger than its share of the memory.
    case overMemory(OverMemory)
}

/// What a lane tells people while it works.
public enum LaneNotice: Sendable {
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
