import EventLog
import Foundation

/// Reading a span of a partition from its beginning to its end.
enum LogSpan {
    /// Calls `body` with each record; answers false where it was asked to stop before the end.
    static func read(
        _ place: TopicPartition, of log: any EventLog, from start: LogOffset,
        upTo end: LogOffset, isStopping: () -> Bool,
        _ body: (borrowing RecordBatch, Int) throws(LogError) -> Void
    ) throws(LogError) -> Bool {
        guard start < end else { return true }
        let reader = try log.openReader([ReadStart(place, from: start)])
        defer { reader.close() }
        var batch = RecordBatch()
        while reader.position(0) < end {
            if isStopping() { return false }
            batch.removeAll()
            if try reader.read(0, into: &batch, limit: 2_000) == 0 {
                try reader.wait(timeoutMilliseconds: 100)
            }
            for index in 0..<batch.count where batch.offset(index) < end {
                try body(batch, index)
            }
        }
        return true
    }
}

/// How a lane's book ends.
enum BookEnd {
    private static let patienceNanoseconds: UInt64 = 10_000_000_000

    /// Asks for the end of a book. Where it is another than the one that was known, the last
    /// record before it is read, and is the last of `batch`; else `batch` is left empty.
    ///
    /// Once the writer before is fenced, the end is that of what is written: what was committed at
    /// last may be visible only a moment later.
    static func look(
        at place: TopicPartition, of log: any EventLog, known: LogOffset?, isFenced: Bool,
        into batch: inout RecordBatch
    ) throws(LogError) -> LogOffset {
        batch.removeAll()
        let kind: EndKind = isFenced ? .written : .committed
        if let known, try log.ends(of: [place], kind)[0] == known { return known }
        let bounds = try log.bounds(of: [place], kind)[0]
        // The last record lies before what readers never see: markers, and what was aborted.
        var start = bounds.end.rawValue
        var width: Int64 = 64
        while batch.isEmpty, start > bounds.start.rawValue {
            let end = LogOffset(start)
            start = max(bounds.start.rawValue, start - width)
            width *= 16
            try readLast(place, of: log, from: LogOffset(start), upTo: end, into: &batch)
        }
        return bounds.end
    }

    /// Leaves in `batch` the last records that it reads.
    private static func readLast(
        _ place: TopicPartition, of log: any EventLog, from start: LogOffset,
        upTo end: LogOffset, into batch: inout RecordBatch
    ) throws(LogError) {
        let reader = try log.openSharedReader([ReadStart(place, from: start)])
        defer { reader.close() }
        let deadline = DispatchTime.now().uptimeNanoseconds + patienceNanoseconds
        var room = RecordBatch()
        while reader.position(0) < end {
            room.removeAll()
            if try reader.read(0, into: &room, limit: 2_000) > 0 {
                swap(&room, &batch)
                continue
            }
            guard DispatchTime.now().uptimeNanoseconds < deadline else {
                throw LogError(
                    .timedOut, "\(place) could not be read up to offset \(end) in 10 s",
                    isRetriable: true)
            }
            try reader.wait(timeoutMilliseconds: 100)
        }
    }
}
