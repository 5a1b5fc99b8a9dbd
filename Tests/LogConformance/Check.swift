import EventLog

/// One promise of the log protocol, and the code that finds out whether a log keeps it.
///
/// Read in this order, the files of the suite teach the protocol: Appends, Contents, Reads,
/// Offsets, Ends, Transactions, Fences, Sizes, Wakeups, Kills.
package struct Check: Sendable, CustomStringConvertible {
    /// What is promised, as a sentence.
    package let promise: String
    let body: @Sendable (Workbench) throws -> Void

    init(_ promise: String, _ body: @escaping @Sendable (Workbench) throws -> Void) {
        self.promise = promise
        self.body = body
    }

    /// Throws `Broken` where the log does not keep the promise.
    package func run(on workbench: Workbench) throws { try body(workbench) }

    package var description: String { promise }

    /// Every promise that every log keeps.
    package static let all: [Check] =
        appends + contents + reads + offsets + ends + transactions + fences + sizes + wakeups
}

/// A promise that was not kept.
package struct Broken: Error, CustomStringConvertible {
    package let description: String
}

/// Throws `Broken` unless `condition` holds.
func expect(
    _ condition: Bool, _ sentence: @autoclosure () -> String = "", file: StaticString = #fileID,
    line: UInt = #line
) throws {
    if !condition { throw Broken(description: "\(file):\(line): \(sentence())") }
}

/// Throws `Broken` unless both are equal.
func expectEqual<Value: Equatable>(
    _ found: Value, _ expected: Value, file: StaticString = #fileID, line: UInt = #line
) throws {
    try expect(found == expected, "found \(found), expected \(expected)", file: file, line: line)
}

/// Throws `Broken` unless `body` throws a `LogError` of this code.
func expectError(
    _ code: LogError.Code, file: StaticString = #fileID, line: UInt = #line,
    _ body: () throws -> Void
) throws {
    do {
        try body()
    } catch let error as LogError {
        try expect(
            error.code == code, "expected \(code), found \(error.code): \(error)", file: file,
            line: line)
        try expect(!error.message.isEmpty, "no message", file: file, line: line)
        return
    }
    throw Broken(description: "\(file):\(line): expected \(code), nothing was thrown")
}
