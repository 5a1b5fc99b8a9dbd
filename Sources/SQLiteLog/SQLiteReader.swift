import EventLog
import Foundation
import SQLite

/// A reader of the log file, on its own connection.
final class SQLiteReader: LogReader, @unchecked Sendable {
    struct Input {
        var partition: TopicPartition
        var id: Int64
        var position: LogOffset
    }

    private let file: LogFile
    private var inputs: [Input]
    private let range: Statement
    private let bounds: Statement
    private let connection: Connection
    private let watch: WakeWatch

    init(_ file: LogFile, _ wakeFile: WakeFile, _ inputs: [Input]) throws(LogError) {
        self.file = file
        self.inputs = inputs
        watch = WakeWatch(wakeFile)
        let connection = try file.connect(.readOnly)
        do throws(SQLiteError) {
            range = try connection.prepare(
                """
                SELECT position, time, key, headers, value FROM records
                WHERE position >= ?1 AND position < ?2 ORDER BY position LIMIT ?3
                """)
            bounds = try connection.prepare(
                "SELECT start_offset, end_offset FROM partitions WHERE id = ?1")
        } catch {
            throw file.logError(error)
        }
        self.connection = connection
    }

    func read(
        _ input: Int, into batch: inout RecordBatch, limit: Int
    ) throws(LogError) -> Int {
        let position = inputs[input].position
        do throws(SQLiteError) {
            // What lies below an end that was read before is there for good, so the two reads need
            // no common transaction.
            let (start, end) = try bounds(of: input)
            if position >= start, position <= end {
                guard position < end else { return 0 }
                return try read(input, upTo: end, into: &batch, limit: limit)
            }
        } catch {
            throw file.logError(error)
        }
        throw LogError(
            .offsetOutOfRange,
            "\(inputs[input].partition) of \(file.path) does not hold offset \(position)")
    }

    private func read(
        _ input: Int, upTo end: LogOffset, into batch: inout RecordBatch, limit: Int
    ) throws(SQLiteError) -> Int {
        let id = inputs[input].id
        range.bind(
            1, Schema.position(partition: id, offset: inputs[input].position.rawValue))
        range.bind(2, Schema.position(partition: id, offset: end.rawValue))
        range.bind(3, Int64(limit))
        defer { range.reset() }
        var count = 0
        var last = inputs[input].position
        while !batch.isFull, try range.step() {
            last = LogOffset(Schema.offset(position: range.integer(0)))
            batch.append(
                offset: last, appendTime: range.integer(1), key: range.bytes(2),
                headers: range.bytes(3), value: range.bytes(4))
            count += 1
        }
        // Fewer than asked for: nothing else is there up to the end.
        let isAll = count < limit && !batch.isFull
        if isAll {
            inputs[input].position = end
        } else if count > 0 {
            inputs[input].position = last.next
        }
        return count
    }

    private func bounds(of input: Int) throws(SQLiteError) -> (LogOffset, LogOffset) {
        bounds.bind(1, inputs[input].id)
        defer { bounds.reset() }
        _ = try bounds.step()
        return (LogOffset(bounds.integer(0)), LogOffset(bounds.integer(1)))
    }

    func position(_ input: Int) -> LogOffset { inputs[input].position }

    func seek(_ input: Int, to offset: LogOffset) throws(LogError) {
        inputs[input].position = offset
    }

    func wait(timeoutMilliseconds: Int) throws(LogError) {
        let end = DispatchTime.now().uptimeNanoseconds + UInt64(timeoutMilliseconds) * 1_000_000
        while try !hasMore() {
            try file.checkPath()
            let now = DispatchTime.now().uptimeNanoseconds
            guard now < end else { return }
            let left = Int((end - now) / 1_000_000) + 1
            if watch.wait(milliseconds: min(left, WakeWatch.slowPollMilliseconds)) { return }
        }
    }

    private func hasMore() throws(LogError) -> Bool {
        do throws(SQLiteError) {
            for input in inputs.indices where try bounds(of: input).1 != inputs[input].position {
                return true
            }
            return false
        } catch {
            throw file.logError(error)
        }
    }

    nonisolated func wake() { watch.wake() }

    func close() {}
}
