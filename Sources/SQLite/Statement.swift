import CSQLite

/// A compiled statement. Columns count from 0, parameters from 1, as SQLite has it.
package struct Statement: ~Copyable {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { sqlite3_finalize(handle) }

    /// Goes to the next row; false after the last one.
    package func step() throws(SQLiteError) -> Bool {
        let result = sqlite3_step(handle)
        if result == SQLITE_ROW { return true }
        guard result == SQLITE_DONE else {
            throw SQLiteError(sqlite3_db_handle(handle), result)
        }
        return false
    }

    /// Makes it ready to run again; what was bound stays.
    package func reset() { sqlite3_reset(handle) }

    /// Runs it to its end and makes it ready again.
    package func run() throws(SQLiteError) {
        defer { reset() }
        while try step() {}
    }

    /// Binds an integer; parameters count from 1.
    package func bind(_ index: Int32, _ value: Int64) {
        check(sqlite3_bind_int64(handle, index, value))
    }

    /// Binds a copy of the text.
    package func bind(_ index: Int32, _ text: String) {
        let result = text.withCString {
            fairfill_bind_text(handle, index, $0, Int32(text.utf8.count))
        }
        check(result)
    }

    /// Binds bytes that must stay where they are until `reset`; nil is NULL.
    package func bind(_ index: Int32, _ bytes: UnsafeRawBufferPointer?) {
        guard let bytes else { return check(sqlite3_bind_null(handle, index)) }
        check(
            fairfill_bind_blob(handle, index, bytes.baseAddress, Int32(bytes.count)))
    }

    /// The column as an integer, 0 for NULL; columns count from 0.
    package func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    /// The column as text, empty for NULL.
    package func text(_ column: Int32) -> String {
        sqlite3_column_text(handle, column).map { String(cString: $0) } ?? ""
    }

    /// The column's bytes, nil for NULL; valid until the next `step` or `reset`.
    package func bytes(_ column: Int32) -> UnsafeRawBufferPointer? {
        if let start = sqlite3_column_blob(handle, column) {
            return UnsafeRawBufferPointer(
                start: start, count: Int(sqlite3_column_bytes(handle, column)))
        }
        // An empty value has no address either.
        return sqlite3_column_type(handle, column) == SQLITE_NULL
            ? nil : UnsafeRawBufferPointer(start: nil, count: 0)
    }

    /// Whether the column is NULL.
    package func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    private func check(_ result: Int32) {
        // Binding fails only for a parameter that the statement has not, or a value over 1 GB.
        precondition(result == SQLITE_OK, "a parameter that can't be bound")
    }
}
