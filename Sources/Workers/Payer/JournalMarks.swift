import EventLog
import Messages
import Vocabulary

/// The marks of a journal: how far it goes, even if its end is lost (Payments.md).
package enum JournalMarks {
    /// The number that the last mark of a partition says; 0 where there is none, nil where it was
    /// asked to stop. `place` is a partition of `payment-marks`.
    package static func last(
        in place: TopicPartition, of log: any EventLog, _ end: EndKind,
        isStopping: () -> Bool = { false }
    ) throws(LogError) -> Int64? {
        let bounds = try log.bounds(of: [place], end)[0]
        var decoder = RecordDecoder()
        // There is one at the very end, but for what readers never see.
        var start = bounds.end.rawValue
        var width: Int64 = 64
        while start > bounds.start.rawValue {
            let before = start
            start = max(bounds.start.rawValue, start - width)
            width *= 16
            var number: Int64?
            let isWhole = try LogSpan.read(
                place, of: log, from: LogOffset(start), upTo: LogOffset(before),
                isStopping: isStopping
            ) { (batch, index) throws(LogError) in
                do throws(Malformation) {
                    number = try decoder.decodeMark(batch.value(index)).number
                } catch {
                    throw LogError(
                        .invariant,
                        "the record at \(place)/\(batch.offset(index)) can't be read: "
                            + "\(error.code.rawValue) at byte \(error.position)")
                }
            }
            guard isWhole else { return nil }
            if let number { return number }
        }
        return 0
    }
}
