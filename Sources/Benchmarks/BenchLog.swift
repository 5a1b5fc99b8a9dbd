import CommandLine
import EventLog
import FairfillClient
import Foundation
import KafkaLog
import MemoryLog
import SQLiteLog

/// The folder that a bench keeps its logs in; it goes when it is no longer used, also where the
/// bench was interrupted.
final class BenchFolder {
    let path: String
    private var logs = 0

    /// - Parameter parent: where it is made: the disk to be measured.
    init(in parent: String) throws(Failure) {
        var bytes = Array("\(parent)/fairfill-bench-XXXXXX".utf8CString)
        guard mkdtemp(&bytes) != nil else {
            throw Failure(
                .cannotCreate,
                "can't make a folder in \(parent) (\(String(cString: strerror(errno)))); name "
                    + "another with --dir")
        }
        path = bytes.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a log that is not there yet.
    func nextLog() -> String {
        logs += 1
        return "\(path)/\(logs).db"
    }

    /// Removes a log and what stands beside it: the next needs the room.
    func remove(_ log: String) {
        for end in ["", "-wal", "-shm", "-lock", "-wake"] { unlink(log + end) }
    }

    /// The size of a log, with what is in the WAL only.
    func bytes(of log: String) -> Int64 {
        var total: Int64 = 0
        for end in ["", "-wal"] {
            var status = stat()
            if stat(log + end, &status) == 0 { total += Int64(status.st_size) }
        }
        return total
    }

    /// Whether it lies in memory, where a write to disk costs nothing.
    var isInMemory: Bool {
        guard let mounts = try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8),
            let whole = realpath(path, nil)
        else { return false }
        defer { free(whole) }
        let resolvedPath = String(cString: whole)
        var best: (count: Int, kind: Substring) = (0, "")
        for line in mounts.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 2 else { continue }
            let point = words[1] == "/" ? "/" : words[1] + "/"
            if resolvedPath.hasPrefix(point), point.count >= best.count {
                best = (point.count, words[2])
            }
        }
        return best.kind == "tmpfs" || best.kind == "ramfs"
    }
}

/// A log that a bench made.
struct BenchLog {
    let log: any EventLog
    /// Its file, where it is one.
    var path: String?
    /// The environment to work in: nothing else in the log has this name.
    var name = "bench"
}

/// Which log a bench measures: a new file for each repeat, one in memory, the one named, or new
/// topics on a cluster.
enum BenchTarget {
    case files(BenchFolder)
    case memory
    /// It is used once, and stays.
    case path(String)
    case kafka(brokers: String, properties: [(name: String, value: String)])

    init(_ arguments: Arguments) throws(Failure) {
        // Given as a flag only: a variable names the log of everyday work, which is not to be
        // filled with records of a bench.
        guard let url = arguments.given["log"]?.last else {
            let folder = try BenchFolder(in: arguments.text("dir") ?? ".")
            if folder.isInMemory, !arguments.isQuiet {
                Remark.say(
                    "the folder is in memory, so nothing waits for a disk; name one that is "
                        + "not with --dir")
            }
            self = .files(folder)
            return
        }
        switch LogName(url) {
        case .memory:
            self = .memory
        case .kafka(let brokers):
            try arguments.checkKafkaProperties([arguments.logURL])
            self = .kafka(brokers: brokers, properties: try arguments.kafkaProperties())
        case .sqlite(let path):
            guard access(path, F_OK) != 0 else {
                throw Failure(
                    .cannotCreate,
                    "\(path) is there already: a bench makes a new log; name another file")
            }
            self = .path(path)
        case nil:
            throw Failure(
                .usage,
                "--log \(url): sqlite:PATH of a file to make, kafka:HOST:PORT, or memory:")
        }
    }

    /// A log in which the bench's environment is not there yet.
    func make() throws(Failure) -> BenchLog {
        let path: String
        switch self {
        case .memory: return BenchLog(log: MemoryLog())
        case .kafka(let brokers, let properties):
            let log = try logged { () throws(LogError) in
                try KafkaLog(brokers: brokers, properties: properties)
            }
            let random = String(UInt32.random(in: .min ... .max), radix: 16)
            return BenchLog(log: log, name: "bench-\(random)")
        case .path(let named): path = named
        case .files(let folder): path = folder.nextLog()
        }
        let log = try logged { () throws(LogError) in
            try SQLiteLog.open(path: path, create: true)
        }
        return BenchLog(log: log, path: path)
    }

    /// The same log, opened as a process would that has just been started.
    func reopen(_ made: BenchLog) throws(Failure) -> any EventLog {
        try logged { () throws(LogError) -> any EventLog in
            if case .kafka(let brokers, let properties) = self {
                return try KafkaLog(brokers: brokers, properties: properties)
            }
            guard let path = made.path else { return made.log }
            return try SQLiteLog.open(path: path, create: false)
        }
    }

    /// Gives up a log that is no longer measured: its file, or its topics.
    func remove(_ made: BenchLog) {
        if case .files(let folder) = self, let path = made.path { folder.remove(path) }
        if let log = made.log as? KafkaLog { log.deleteTopics(of: made.name) }
    }

    /// The size of a log that was made.
    func bytes(of made: BenchLog) -> Int64? {
        guard case .files(let folder) = self, let path = made.path else { return nil }
        return folder.bytes(of: path)
    }
}
