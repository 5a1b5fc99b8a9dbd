import CSQLite

/// What SQLite answered where it did not do as it was asked.
package struct SQLiteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// SQLite's extended result code.
    package let extendedCode: Int32
    package let message: String
    /// What the system answered SQLite last, as `errno` has it; 0 where that says nothing.
    package let systemCode: Int32

    /// SQLite's result code, such as `SQLITE_BUSY`.
    package var code: Code { Code(rawValue: extendedCode & 0xff) ?? .other }

    package var description: String { "\(message) (SQLite code \(extendedCode))" }

    /// The result codes that this wrapper tells apart.
    package enum Code: Int32, Sendable {
        case other = 1
        case permission = 3
        case busy = 5
        case locked = 6
        case readOnly = 8
        case interrupted = 9
        case inputOutput = 10
        case corrupt = 11
        case full = 13
        case cannotOpen = 14
        case protocolError = 15
        case tooBig = 18
        case constraint = 19
        case notADatabase = 26
    }

    /// The file is not kept as it must be, and can't be put right now.
    package static let wrongMode = SQLiteError(
        extendedCode: Code.busy.rawValue,
        message: "it was taken out of WAL mode by another program, which has it open")

    private init(extendedCode: Int32, message: String) {
        self.extendedCode = extendedCode
        self.message = message
        systemCode = 0
    }

    init(_ handle: OpaquePointer?, _ result: Int32) {
        extendedCode = handle.map { sqlite3_extended_errcode($0) } ?? result
        message = handle.map { String(cString: sqlite3_errmsg($0)) }
            ?? String(cString: sqlite3_errstr(result))
        systemCode = handle.map { sqlite3_system_errno($0) } ?? 0
    }
}
