import EventLog
import Foundation
import KafkaLog
import LogConformance
import SQLiteLog

// Writes to a log until it is killed or fenced, and says on standard output what it has done.
// usage: EndlessWriter URL PREFIX ROUND

func openLog(_ url: String) throws -> any EventLog {
    let place = String(url.drop { $0 != ":" }.dropFirst())
    return url.hasPrefix("sqlite:")
        ? try SQLiteLog.open(path: place, create: false) : try KafkaLog(brokers: place)
}

/// Unbuffered: what was said is in the pipe, whatever happens next.
func say(_ line: String) {
    let line = line + "\n"
    _ = line.utf8CString.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count - 1) }
}

// Whoever started it may be gone before it kills.
alarm(60)
let words = CommandLine.arguments
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
