import CSQLite

/// A connection to one database file. Used by one thread at a time; it closes when it goes.
package struct Connection: ~Copyable {
    /// What a connection may do with its file.
    package enum Mode: Sendable {
        case readOnly
        case readWrite
        /// Makes the file where it is missing.
        case create
        /// Reads a file that nobody writes, and makes no file beside it.
        case immutable
    }

    private let handle: OpaquePointer

    /// How long a statement waits for a lock of another connection.
    private static let busyMilliseconds: Int32 = 10_000

    package init(path: String, _ mode: Mode) throws(SQLiteError) {
        var opened: OpaquePointer?
        let access: Int32
        switch mode {
        case .readOnly: access = SQLITE_OPEN_READONLY
        case .readWrite: access = SQLITE_OPEN_READWRITE
        case .create: access = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        case .immutable: access = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
        }
        let name = mode == .immutable ? Self.immutableName(path) : path
        let result = sqlite3_open_v2(name, &opened, access | SQLITE_OPEN_NOMUTEX, nil)
        guard result == SQLITE_OK, let opened else {
            let error = SQLiteError(opened, result)
            sqlite3_close_v2(opened)
            throw error
        }
        handle = opened
        sqlite3_extended_result_codes(opened, 1)
        // A process that opens a file while another one recovers it after a crash, or closes it as
        // the last, finds it locked for a moment.
        sqlite3_busy_timeout(opened, Self.busyMilliseconds)
    }

    deinit { sqlite3_close_v2(handle) }

    /// The path as a URI that says that nobody writes the file.
    private static func immutableName(_ path: String) -> String {
        var name = "file:"
        for byte in path.utf8 {
            let isPlain = byte > 32 && byte < 127 && !"%?#".utf8.contains(byte)
            if isPlain {
                name.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                name += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return name + "?immutable=1"
    }

    /// Leaves the WAL and its index where they are when the last connection closes. Otherwise
    /// the next process makes them anew, and they belong to that user.
    package func keepWAL() {
        var yes: Int32 = 1
        sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &yes)
    }

    /// Runs statements that answer nothing that matters.
    package func execute(_ sql: String) throws(SQLiteError) {
        let result = sqlite3_exec(handle, sql, nil, nil, nil)
        guard result == SQLITE_OK else { throw SQLiteError(handle, result) }
    }

    /// Compiles one statement, to be used many times.
    package func prepare(_ sql: String) throws(SQLiteError) -> Statement {
        var made: OpaquePointer?
        let result = sqlite3_prepare_v3(
            handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
        guard result == SQLITE_OK, let made else { throw SQLiteError(handle, result) }
        return Statement(made)
    }

    /// The first column of the first row, as an integer; nil where there is no row.
    package func integer(_ sql: String) throws(SQLiteError) -> Int64? {
        let statement = try prepare(sql)
        return try statement.step() ? statement.integer(0) : nil
    }

    /// The first column of the first row, as text; empty where there is no row.
    package func text(_ sql: String) throws(SQLiteError) -> String {
        let statement = try prepare(sql)
        return try statement.step() ? statement.text(0) : ""
    }

    /// How far a check point goes.
    package enum Checkpoint: Sendable {
        /// As far as no reader is in the way.
        case passive
        /// Waits for readers, at most as long as for any lock, and leaves the WAL empty.
        case truncate
    }

    /// Brings what is committed from the WAL into the file; answers whether that was all of it.
    package func checkpoint(
        _ kind: Checkpoint
    ) throws(SQLiteError) -> (pages: Int32, isWhole: Bool) {
        var (pages, moved): (Int32, Int32) = (0, 0)
        let mode = kind == .passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE
        let result = sqlite3_wal_checkpoint_v2(handle, nil, mode, &pages, &moved)
        if result & 0xff == SQLITE_BUSY { return (pages, false) }
        guard result == SQLITE_OK else { throw SQLiteError(handle, result) }
        return (pages, pages == moved)
    }

    /// Leaves at `count`, after each commit, how many pages the WAL holds. Check points are the
    /// caller's from now on.
    package func countWALPages(at count: UnsafeMutablePointer<Int32>) {
        sqlite3_wal_hook(
            handle,
            { count, _, _, pages in
                count?.assumingMemoryBound(to: Int32.self).pointee = pages
                return SQLITE_OK
            }, count)
    }

    /// Whether nobody, in this process or another, reads the file at this moment. Asked outside
    /// a transaction, on a file in WAL mode that this connection has read.
    package var isUnread: Bool { fairfill_is_unread(handle) != 0 }

    /// Whether a transaction is open.
    package var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }
}
