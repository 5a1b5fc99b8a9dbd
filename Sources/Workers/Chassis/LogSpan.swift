import EventLog
import Foundation

/// Reading a span of a partition from its beginning to its end.
enum LogSpan {
    /// How long an impatient reading may take.
    private static let patienceNanoseconds: UInt64 = 10_000_000_000

    /// Calls `body` with each record; answers false where it was asked to stop before the end.
    static func read(
        _ partition: TopicPartition, of log: any EventLog, from start: LogOffset,
        upTo end: LogOffset, isStopping: () -> Bool,
        _ body: (borrowing RecordBatch, Int) throws(LogError) -> Void
    ) throws(LogError) -> Bool {
        guard start < end else { return true }
        let reader = try log.openReader([ReadStart(partition, from: start)])
        defer { reader.close() }
        var batch = RecordBatch()
        return try readBatches(
            partition, of: reader, upTo: end, into: &batch, isStopping: isStopping
        ) { batch throws(LogError) in
            for index in 0..<batch.count where batch.offset(index) < end {
                try body(batch, index)
            }
        }
    }

    /// Calls `body` with each batch that is read, until the reader stands at `end`; answers false
    /// where it was asked to stop before. An impatient reading, of a few records, throws where it
    /// got nothing and has taken 10 s.
    static func readBatches(
        _ partition: TopicPartition, of reader: any LogReader, upTo end: LogOffset,
        limit: Int = 2_000, isPatient: Bool = true, into batch: inout RecordBatch,
        isStopping: () -> Bool, _ body: (inout RecordBatch) throws(LogError) -> Void
    ) throws(LogError) -> Bool {
        let deadline = DispatchTime.now().uptimeNanoseconds + patienceNanoseconds
        while reader.position(0) < end {
            if isStopping() { return false }
            batch.removeAll()
            guard try reader.read(0, into: &batch, limit: limit) == 0 else {
                try body(&batch)
                continue
            }
            if !isPatient, DispatchTime.now().uptimeNanoseconds >= deadline {
                throw LogError(
                    .timedOut, "\(partition) could not be read up to offset \(end) in 10 s",
                    isRetriable: true)
            }
            try reader.wait(timeoutMilliseconds: 100)
        }
        return true
    }
}

/// How a lane's book ends.
enum BookEnd {
    /// Asks for the end of a book. Where it is another than the one that was known, the last
    /// record before it is read, and is the last of `batch`; else `batch` is left empty.
    ///
    /// Once the writer before is fenced, the end is that of what is written: what was committed at
    /// last may be visible only a moment later.
    static func look(
        at partition: TopicPartition, of log: any EventLog, known: LogOffset?, isFenced: Bool,
        into batch: inout RecordBatch
    ) throws(LogError) -> LogOffset {
        batch.removeAll()
        let kind: EndKind = isFenced ? .written : .committed
        if let known, try log.ends(of: [partition], kind)[0] == known { return known }
        let bounds = try log.bounds(of: [partition], kind)[0]
        // The last record lies before what readers never see: markers, and what was aborted.
        var start = bounds.end.rawValue
        var width: Int64 = 64
        while batch.isEmpty, start > bounds.start.rawValue {
            let end = LogOffset(start)
            start = max(bounds.start.rawValue, start - width)
            width *= 16
            try readLast(partition, of: log, from: LogOffset(start), upTo: end, into: &batch)
        }
        return bounds.end
    }

    /// Leaves in `batch` the last records that it reads.
    private static func readLast(
        _ partition: TopicPartition, of log: any EventLog, from start: LogOffset,
        upTo end: LogOffset, into batch: inout RecordBatch
    ) throws(LogError) {
        let reader = try log.openSharedReader([ReadStart(partition, from: start)])
        defer { reader.close() }
        var room = RecordBatch()
        var last = RecordBatch()
        _ = try LogSpan.readBatches(
            partition, of: reader, upTo: end, isPatient: false, into: &room, isStopping: { false }
        ) { swap(&$0, &last) }
        if !last.isEmpty { swap(&last, &batch) }
    }
}
