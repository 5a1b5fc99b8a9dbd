import EventLog
import Messages
import Vocabulary

/// The last record of a book: a decision, or the beginning of an epoch after it.
struct BookHead: Equatable, Sendable {
    var epoch: Epoch
    var hash: HashText
}

/// A lane without anything to write gives its writer back (TheLog.md, An idle lane).
extension AllocatorLane {
    /// Gives the writer back; all that was decided is committed.
    mutating func giveWriterBack() -> LaneAction {
        lease.giveBack(after: BookHead(epoch: chain.epoch, hash: chain.head))
        return .giveWriterBack
    }

    /// Commits the batch at hand; before that, gets a writer where the lane has none.
    mutating func commit() -> LaneAction {
        switch lease.stepBeforeCommit() {
        case .askBookEnd(let known, let isFenced):
            .askBookEnd(known: known, isFenced: isFenced)
        case .openWriter: .openWriter
        case nil: .commit
        }
    }

    /// Whether the book still ends with what this lane wrote.
    mutating func isOwnBook(endingAt end: LogOffset) -> Bool {
        defer { bookBuffer.removeAll() }
        guard !bookBuffer.isEmpty else { return lease.bookEnds(at: end, with: nil) }
        let last = bookBuffer.count - 1
        guard bookBuffer.unreadable(last) == nil,
            let record = try? decoder.decodeDecision(bookBuffer.value(last))
        else { return false }
        return lease.bookEnds(
            at: end, with: BookHead(epoch: record.epoch, hash: record.hash))
    }

    /// The book is not as this lane left it: it is read again, and says who has the partition.
    mutating func beginAgainFromBook(now: Timestamp) -> LaneAction {
        notices.append(
            .recoveringAfter(WriterLease<BookHead>.taken(configuration.decisions)))
        noteTrouble(since: now)
        lostEpoch = chain.epoch
        drop()
        return .askBounds(isFenced: false)
    }
}
