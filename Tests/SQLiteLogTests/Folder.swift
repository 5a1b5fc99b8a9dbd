import EventLog
import Foundation
import LogConformance
import SQLite
import SQLiteLog
import Testing

/// A folder of a test's own, removed at its end.
struct Folder {
    private let url: URL

    static func with<Result>(
        under parent: URL = FileManager.default.temporaryDirectory,
        _ body: (Folder) throws -> Result
    ) throws -> Result {
        let url = parent.appendingPathComponent("fairfill-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(Folder(url: url))
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    /// Makes topic `t` and appends "record 0", "record 1", ... to it.
    func fill(_ log: any EventLog, records count: Int) throws {
        try log.create(.plain("t", partitions: 1))
        try append(log, 0..<count)
    }

    /// Appends these numbered records to topic `t`.
    func append(_ log: any EventLog, _ numbers: Range<Int>) throws {
        let appender = try log.openAppender()
        defer { appender.close() }
        var records = OutgoingRecords()
        let to = records.destination(TopicPartition("t", 0))
        for number in numbers {
            var value = "record \(number)"
            value.withUTF8 { records.append(to: to, key: nil, value: UnsafeRawBufferPointer($0)) }
        }
        _ = try appender.append(records)
    }

    /// How many records readers see in topic `t`; each must be the one that belongs there.
    func count(_ log: any EventLog) throws -> Int {
        let reader = try log.openReader([ReadStart(TopicPartition("t", 0), from: 0)])
        defer { reader.close() }
        var batch = RecordBatch()
        while try reader.read(0, into: &batch, limit: 1_000) > 0 {}
        for index in 0..<batch.count {
            let text = batch.value(index).map { String(decoding: $0, as: UTF8.self) }
            #expect(text == "record \(index)")
        }
        return batch.count
    }

    /// Rows of a query that answers four columns, through a connection that knows nothing of us.
    func query(_ path: String, _ sql: String) throws -> [[String]] {
        let connection = try Connection(path: path, .readOnly)
        let statement = try connection.prepare(sql)
        var rows: [[String]] = []
        while try statement.step() { rows.append((0..<4).map { statement.text(Int32($0)) }) }
        return rows
    }

    /// Runs SQL on a file as any other program could.
    func execute(_ path: String, _ sql: String) throws {
        let connection = try Connection(path: path, .readWrite)
        try connection.execute(sql)
    }

    /// Takes away the records before an offset, as retention is to do it.
    func cut(_ path: String, _ partition: TopicPartition, before offset: LogOffset) throws {
        let found = "topic = '\(partition.topic)' AND partition = \(partition.partition)"
        try execute(
            path,
            """
            BEGIN IMMEDIATE;
            DELETE FROM records WHERE position IN (
              SELECT r.position FROM partitions p JOIN records r
                ON r.position BETWEEN (p.id << 40) AND (p.id << 40) + \(offset.rawValue) - 1
              WHERE \(found));
            UPDATE partitions SET start_offset = \(offset.rawValue) WHERE \(found);
            COMMIT;
            """)
    }
}
