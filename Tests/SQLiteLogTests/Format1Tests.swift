import EventLog
import Foundation
import SQLite
import SQLiteLog
import Testing

/// A file of format 1 as it was written then: its tables in SQL, its headers in bytes.
@Suite struct Format1Tests {
    private static let tables = """
        PRAGMA journal_mode = WAL;
        BEGIN;
        CREATE TABLE log(
          id INTEGER PRIMARY KEY CHECK (id = 1),
          cluster TEXT NOT NULL,
          last_time INTEGER NOT NULL) STRICT;
        INSERT INTO log VALUES(1, 'a-cluster', 1767225600002);
        CREATE TABLE topics(
          name TEXT PRIMARY KEY, cleanup TEXT NOT NULL, retention INTEGER,
          max_message_bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE partitions(
          id INTEGER PRIMARY KEY, topic TEXT NOT NULL REFERENCES topics(name),
          partition INTEGER NOT NULL, start_offset INTEGER NOT NULL DEFAULT 0,
          end_offset INTEGER NOT NULL DEFAULT 0, UNIQUE(topic, partition)) STRICT;
        CREATE TABLE records(
          position INTEGER PRIMARY KEY, time INTEGER NOT NULL, key BLOB, value BLOB,
          headers BLOB);
        CREATE TABLE writers(
          transactional_id TEXT PRIMARY KEY, epoch INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE VIEW record AS
          SELECT p.topic AS topic, p.partition AS partition,
            r.position & 1099511627775 AS offset, r.time AS time,
            CAST(r.key AS TEXT) AS key, CAST(r.value AS TEXT) AS value
          FROM partitions p JOIN records r
            ON r.position BETWEEN p.id << 40 AND (p.id << 40) + 1099511627775;
        INSERT INTO topics VALUES('t', 'delete', NULL, 1048576);
        INSERT INTO partitions VALUES(1, 't', 0, 0, 3);
        INSERT INTO records VALUES((1 << 40) + 0, 1767225600000, x'6b', x'7630', NULL);
        INSERT INTO records VALUES(
          (1 << 40) + 1, 1767225600001, NULL, x'7631',
          x'03656e76030000006465760178000000000178010000007a');
        INSERT INTO records VALUES(
          (1 << 40) + 2, 1767225600002, x'6b', NULL, x'000200000000ff0178010000007a');
        INSERT INTO writers VALUES('a', 7);
        PRAGMA application_id = 1180789106;
        PRAGMA user_version = 1;
        COMMIT;
        """

    /// A record in words.
    private func records(_ log: any EventLog) throws -> [String] {
        let reader = try log.openReader([ReadStart(TopicPartition("t", 0), from: 0)])
        defer { reader.close() }
        var batch = RecordBatch()
        while try reader.read(0, into: &batch, limit: 100) > 0 {}
        return (0..<batch.count).map { index in
            var words = ["\(batch.offset(index)) at \(batch.appendTime(index))"]
            words.append(batch.key(index).map { String(decoding: $0, as: UTF8.self) } ?? "-")
            words.append(batch.value(index).map { String(decoding: $0, as: UTF8.self) } ?? "-")
            batch.headers(index).forEach { name, value in
                let bytes = value.map { "\(Array($0))" } ?? "null"
                words.append("\(String(decoding: name, as: UTF8.self))=\(bytes)")
                return true
            }
            return words.joined(separator: " ")
        }
    }

    @Test func whatWasWrittenThenIsReadNowWithItsHeaders() throws {
        try Folder.with { folder in
            let path = folder.path("then.db")
            // An empty file is a database of no tables.
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
            try folder.execute(path, Self.tables)
            // One name may stand twice, and an empty value is a value.
            let then = [
                "0 at 1767225600000 k v0",
                "1 at 1767225600001 - v1 env=[100, 101, 118] x=[] x=[122]",
                "2 at 1767225600002 k - =[0, 255] x=[122]",
            ]
            #expect(try records(SQLiteLog.open(path: path, create: false)) == then)
            let log = try SQLiteLog.open(path: path, create: false)
            let appender = try log.openAppender()
            defer { appender.close() }
            var made = OutgoingRecords()
            let to = made.destination(TopicPartition("t", 0))
            Headers.encode([("x", nil), (String(repeating: "n", count: 300), [1])])
                .withUnsafeBytes { made.append(to: to, key: nil, headers: $0, value: nil) }
            _ = try appender.append(made)
            let now = try records(log)
            #expect(now.dropLast() == then[...])
            #expect(now.last?.contains(" x=null nnn") == true, "\(now)")
        }
    }
}
