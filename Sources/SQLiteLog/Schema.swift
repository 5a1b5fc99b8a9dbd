import SQLite

/// The tables of a log file, format version 2.
///
/// Format 1 has no marks (`LogMark`) and no headers in the long form. It is read as it is, and
/// becomes format 2 with the first commit to it.
///
/// A record's rowid is its partition's id and its offset in one number, so that a partition's
/// records lie side by side in the B-tree, in order: appending goes to the right edge of the
/// partition's part, and reading is one range.
enum Schema {
    /// "Fair", so that a file of ours is told from any other.
    static let applicationID: Int64 = 0x4661_6972
    static let version: Int64 = 2
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
              cluster TEXT NOT NULL,
              last_time INTEGER NOT NULL,
              commits INTEGER NOT NULL DEFAULT 0,
              checkpoint INTEGER NOT NULL DEFAULT 0,
              base INTEGER NOT NULL DEFAULT 0,
              is_end INTEGER NOT NULL DEFAULT 1) STRICT;
            INSERT INTO log(id, cluster, last_time) VALUES(1, '\(clusterID)', 0);
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
                r.position & \(largestOffset) AS offset, r.time AS time,
                CAST(r.key AS TEXT) AS key, CAST(r.value AS TEXT) AS value
              FROM partitions p JOIN records r
                ON r.position BETWEEN p.id << \(offsetBits)
                  AND (p.id << \(offsetBits)) + \(largestOffset);
            PRAGMA application_id = \(applicationID);
            PRAGMA user_version = \(version);
            """)
    }

    /// Makes a file of format 1 one of this format; others stay as they are.
    static func upgrade(_ connection: borrowing Connection) throws(SQLiteError) {
        guard try connection.integer("PRAGMA user_version") == 1 else { return }
        try connection.execute("BEGIN IMMEDIATE")
        try connection.execute(
            """
            ALTER TABLE log ADD COLUMN commits INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE log ADD COLUMN checkpoint INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE log ADD COLUMN base INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE log ADD COLUMN is_end INTEGER NOT NULL DEFAULT 1;
            PRAGMA user_version = \(version);
            COMMIT;
            """)
    }
}
