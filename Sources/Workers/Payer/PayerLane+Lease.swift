import EventLog
import Messages
import Vocabulary

/// A payer without anything to write gives its writer back (TheLog.md, An idle lane). Nothing is
/// sent that was not written before, so a payer that lost its partition meanwhile sends nothing.
extension PayerLane {
    /// Whether nothing is under way that brings something to write.
    var isAtRest: Bool { sendsUnderWay == 0 && lookups.isIdle }

    mutating func giveWriterBack() -> PayerLaneAction {
        lease.giveBack(after: lastNumber)
        return .giveWriterBack
    }

    /// Whether the journal still ends with what this lane wrote.
    mutating func isOwnJournal(endingAt end: LogOffset) -> Bool {
        defer { journalBuffer.removeAll() }
        guard !journalBuffer.isEmpty else { return lease.bookEnds(at: end, with: nil) }
        let last = journalBuffer.count - 1
        guard journalBuffer.unreadable(last) == nil,
            let record = try? decoder.decodeJournal(
                journalBuffer.value(last), refusesUnlisted: true)
        else { return false }
        return lease.bookEnds(at: end, with: record.number)
    }

    /// The journal is not as this lane left it: it is read again, and says who has the partition.
    mutating func beginAgainFromJournal() -> PayerLaneAction {
        notices.append(.recoveringAfter(WriterLease<Int64>.taken(configuration.journal)))
        lostEpoch = book.epoch
        drop()
        return .askBounds(isFenced: false)
    }
}
