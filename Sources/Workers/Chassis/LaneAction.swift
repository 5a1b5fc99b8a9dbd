import EventLog
import Vocabulary

/// What a lane wants done next. Its driver does so and comes back with a `LaneEvent`.
///
/// Here stands what all lanes have: a writer, a book (`decisions`, or a payer's journal) and time
/// to wait. `Work` is what is one worker's own.
package enum LaneAction<Work: Sendable>: Sendable {
    /// Fill the lane's book buffer from this offset. -> `.bookRead`
    case readBook(from: LogOffset)
    /// Open the writer: fences the one before. -> `.writerOpened`
    case openWriter
    /// Close the writer; then look at the end of the book as `.askBookEnd` does, without an end
    /// that is known. -> `.bookEnd`
    case giveWriterBack
    /// Ask for the end of the book. Where it is another than the one that is known, fill the
    /// book buffer with the last records before it, else empty it. -> `.bookEnd`
    case askBookEnd(known: LogOffset?, isFenced: Bool)
    /// Nothing to do: come back when something may be there for the lane, or after this long.
    /// -> `.woken`
    case wait(milliseconds: Int)
    /// Do nothing for a time drawn between these; no record ends it. -> `.woken`
    case pause(leastMilliseconds: Int, mostMilliseconds: Int)
    /// The worker's own. -> `.outcome`, or what the case says.
    case work(Work)
    /// The lane is done, or can't go on.
    case stop(LaneEnd)
}

/// What happened, in answer to a `LaneAction`.
package enum LaneEvent<Outcome: Sendable>: Sendable {
    case started
    /// The reader of the book stands at this offset now.
    case bookRead(position: LogOffset)
    case writerOpened
    /// Where the book ends; its last record is in the buffer, where it was read.
    case bookEnd(LogOffset)
    /// The append time of the transaction's last record.
    case committed(lastAppendTime: Int64)
    case commitFailed(CommitFailure)
    case woken
    /// The answer to the worker's own.
    case outcome(Outcome)
    /// The action could not be done.
    case failed(LogError)
}

/// Why a batch is not known to be committed.
package enum CommitFailure: Error, Hashable, Sendable {
    /// Another writer may have taken over.
    case fenced(LogError)
    /// Nothing of it is visible.
    case aborted(LogError)
    /// It may or may not be visible: the book tells.
    case unknown(LogError)
}

/// Why a lane ended.
package enum LaneEnd: Error, Hashable, Sendable {
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
