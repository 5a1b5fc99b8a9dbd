import EventLog
import Messages
import Vocabulary

/// A payer without anything to write gives its writer back (TheLog.md, An idle lane). Nothing is
/// sent that was not written before, so a payer that lost its partition meanwhile sends nothing.
extension PayerLane {
    /// Whether nothing is under way that brings something to write.
    var isAtRest: Bool { sendsUnderWay == 0 && lookups.isIdle }

    mutating func giveWriterBack() -> Action {
        lease.giveBack(after: lastNumber)
        return .giveWriterBack
    }

    /// Whether the journal still ends with what this lane wrote.
    mutating func isOwnJournal(endingAt end: LogOffset) -> Bool {
        defer { bookBuffer.removeAll() }
        var decoder = RecordDecoder()
        return lease.bookEnds(at: end, with: bookBuffer) { value in
            (try? decoder.decodeJournal(value, refusesUnlisted: true))?.number
        }
    }

    /// The journal is not as this lane left it: it is read again, and says who has the partition.
    mutating func beginAgainFromJournal(now: Timestamp) -> Action {
        lostBook(configuration.journal, now: now)
        return .work(.askBounds(isFenced: false))
    }
}
