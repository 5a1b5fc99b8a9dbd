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
    mutating func giveWriterBack() -> Action {
        lease.giveBack(after: BookHead(epoch: chain.epoch, hash: chain.head))
        return .giveWriterBack
    }

    /// Commits the batch at hand; before that, gets a writer where the lane has none.
    mutating func commit() -> Action {
        lease.actionBeforeCommit() ?? .work(.commit)
    }

    /// Whether the book still ends with what this lane wrote.
    mutating func isOwnBook(endingAt end: LogOffset) -> Bool {
        defer { bookBuffer.removeAll() }
        var decoder = RecordDecoder()
        return lease.bookEnds(at: end, with: bookBuffer) { value in
            (try? decoder.decodeDecision(value)).map { BookHead(epoch: $0.epoch, hash: $0.hash) }
        }
    }

    /// The book is not as this lane left it: it is read again, and says who has the partition.
    mutating func beginAgainFromBook(now: Timestamp) -> Action {
        lostBook(configuration.decisions, now: now)
        return .work(.askBounds(isFenced: false))
    }
}
