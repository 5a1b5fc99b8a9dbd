import SQLite

/// The tables of a log file, format version 3.
///
/// What every commit changes beside its records stands on one page: the ends of the partitions,
/// and in the row with id 0, which is no partition, the time and the mark of the file (`LogMark`).
/// A page is 16 KiB in the WAL, so a page more a commit is what a small commit would cost most.
///
/// Format 1 has no marks and no headers in the long form; format 2 has the marks in the table
/// `log`. Both are read as they are, and become this one when a process opens them for writing.
///
/// A record's rowid is its partition's id and its offset in one number, so that a partition's
/// records lie side by side in the B-tree, in order: appending goes to the right edge of the
/// partition's part, and reading is one range.
enum Schema {
    /// "Fair", which marks a file as ours.
    static let applicationID: Int64 = 0x4661_6972
    static let version: Int64 = 3
    static let oldestVersion: Int64 = 1

    /// Offsets take the low 40 bits of a rowid: 10^12 records a partition, 8 million partitions.
    static let offsetBits: Int64 = 40
    static let largestOffset: Int64 = 1 << offsetBits - 1

    /// The rowid of a record.
    static func position(partition id: Int64, offset: Int64) -> Int64 {
        id << offsetBits | offset
    }

    static func offset(position: Int64) -> Int64 { position & largestOffset }

    /// Makes the tables, in one transaction. Page size and journal mode are set before.
    static func create(_ connection: borrowing Connection, clusterID: String) throws(SQLiteError) {
        try connection.execute(
            """
            CREATE TABLE log(
              id INTEGER PRIMARY KEY CHECK (id = 1),
              cluster TEXT NOT NULL) STRICT;
            INSERT INTO log(id, cluster) VALUES(1, '\(clusterID)');
            CREATE TABLE topics(
              name TEXT PRIMARY KEY, cleanup TEXT NOT NULL, retention INTEGER,
              max_message_bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;
            CREATE TABLE partitions(
              id INTEGER PRIMARY KEY, topic TEXT NOT NULL,
              partition INTEGER NOT NULL, start_offset INTEGER NOT NULL DEFAULT 0,
              end_offset INTEGER NOT NULL DEFAULT 0, \(fileColumns.joined(separator: ", ")),
              UNIQUE(topic, partition)) STRICT;
            \(insertFileRow) VALUES(0, '', 0, 0, 0, 0, 0, 1);
            CREATE TABLE records(
              position INTEGER PRIMARY KEY, time INTEGER NOT NULL, key BLOB, value BLOB,
              headers BLOB);
            CREATE TABLE writers(
              transactional_id TEXT PRIMARY KEY, epoch INTEGER NOT NULL) STRICT, WITHOUT ROWID;
            CREATE VIEW record AS
              SELECT p.topic AS topic, p.partition AS partition,
                r.position & \(largestOffset) AS offset, r.time AS time,
                CAST(r.key AS TEXT) AS key, CAST(r.value AS TEXT) AS value
              FROM partitions p JOIN records r
                ON r.position BETWEEN p.id << \(offsetBits)
                  AND (p.id << \(offsetBits)) + \(largestOffset);
            PRAGMA application_id = \(applicationID);
            PRAGMA user_version = \(version);
            """)
    }

    /// The row with id 0 of `partitions` alone has these.
    private static let fileColumns = [
        "last_time INTEGER", "commits INTEGER", "checkpoint INTEGER", "base INTEGER",
        "is_end INTEGER",
    ]
    private static let insertFileRow = """
        INSERT INTO partitions(
          id, topic, partition, last_time, commits, checkpoint, base, is_end)
        """

    /// Makes a file of an earlier format one of this format; others stay as they are.
    ///
    /// The mark stays what it is: nothing was appended.
    static func upgrade(_ connection: borrowing Connection) throws(SQLiteError) {
        guard try isOlder(connection) else { return }
        try connection.execute("BEGIN IMMEDIATE")
        // Another process may have come first.
        guard try isOlder(connection) else { return try connection.execute("ROLLBACK") }
        do throws(SQLiteError) {
            let hasMark = try connection.integer("PRAGMA user_version") ?? 0 >= 2
            let old = ["last_time"] + (hasMark ? ["commits", "checkpoint", "base", "is_end"] : [])
            let values = hasMark ? old.joined(separator: ", ") : "last_time, 0, 0, 0, 1"
            for column in fileColumns {
                try connection.execute("ALTER TABLE partitions ADD COLUMN \(column)")
            }
            try connection.execute(
                "\(insertFileRow) SELECT 0, '', 0, \(values) FROM log WHERE id = 1")
            for column in old {
                try connection.execute("ALTER TABLE log DROP COLUMN \(column)")
            }
            try connection.execute("PRAGMA user_version = \(version); COMMIT")
        } catch {
            if connection.isInTransaction { try? connection.execute("ROLLBACK") }
            throw error
        }
    }

    private static func isOlder(_ connection: borrowing Connection) throws(SQLiteError) -> Bool {
        let found = try connection.integer("PRAGMA user_version") ?? 0
        return found >= oldestVersion && found < version
    }
}
