import EventLog
import Foundation
import KafkaLog
import LogConformance
import SQLite
import SQLiteLog

// Writes to a log until it is killed or fenced, and says on standard output what it has done.
// usage: EndlessWriter URL PREFIX ROUND
// Or keeps a read of a file open, as a shell of SQLite's does in a transaction.
// usage: EndlessWriter hold PATH

func openLog(_ url: String) throws -> any EventLog {
    let address = String(url.drop { $0 != ":" }.dropFirst())
    return url.hasPrefix("sqlite:")
        ? try SQLiteLog.open(path: address, create: false) : try KafkaLog(brokers: address)
}

/// Unbuffered: what was said is in the pipe, whatever happens next.
func say(_ line: String) {
    let line = line + "\n"
    _ = line.utf8CString.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count - 1) }
}

// Whoever started it may be gone before it kills.
alarm(60)
let words = CommandLine.arguments
if words.count == 3, words[1] == "hold" {
    alarm(600)
    let connection = try Connection(path: words[2], .readOnly)
    try connection.execute("BEGIN; SELECT count(*) FROM log")
    say("held")
    // It must live on, or its read ends with it.
    while connection.isInTransaction { pause() }
    exit(1)
}
guard words.count == 4, let round = Int(words[3]) else {
    FileHandle.standardError.write(Data("usage: EndlessWriter URL PREFIX ROUND\n".utf8))
    exit(64)
}
do {
    try EndlessWork(prefix: words[2], round: round).run(on: try openLog(words[1]), say: say)
} catch let error as LogError where error.code == .fenced {
    exit(80)
} catch {
    FileHandle.standardError.write(Data("EndlessWriter: \(error)\n".utf8))
    exit(1)
}
