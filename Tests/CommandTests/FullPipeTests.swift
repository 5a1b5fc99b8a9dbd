import CommandRunning
import EventLog
import Foundation
import SQLiteLog
import Testing

/// Nothing of a worker waits for whoever should read what it says: neither its lanes nor signals.
@Suite struct FullPipeTests {
    /// A pipe by a name that nobody reads, until somebody asks for what is in it.
    private final class UnreadPipe {
        let path: String
        private let descriptor: Int32

        init(in folder: Folder, _ name: String) throws {
            path = "\(folder.path)/\(name)"
            try #require(mkfifo(path, 0o600) == 0)
            descriptor = open(path, O_RDONLY | O_NONBLOCK)
            try #require(descriptor >= 0)
            // The smallest there is: it is full after a few lines.
            _ = fcntl(descriptor, 1_031, 4_096)
        }

        deinit { close(descriptor) }

        /// How many bytes wait in it.
        var waiting: Int {
            var count: Int32 = 0
            _ = ioctl(descriptor, UInt(FIONREAD), &count)
            return Int(count)
        }

        /// Takes what is there.
        func read() -> String {
            var found: [UInt8] = []
            var room = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = Foundation.read(descriptor, &room, room.count)
                guard count > 0 else { break }
                found += room[..<count]
            }
            return String(decoding: found, as: UTF8.self)
        }
    }

    private struct PipedWorker {
        let folder: Folder
        let pipe: UnreadPipe
        let worker: Child
        private let appender: any LogAppender
        private var count = 0

        /// A worker that says much, into a pipe that nobody reads.
        init(_ words: [String]) throws {
            folder = try Folder()
            try folder.createTopics()
            try folder.open("o", shares: 1_000_000)
            let pipe = try UnreadPipe(in: folder, "pipe")
            self.pipe = pipe
            let folder = folder
            worker = try Child(
                Run.binary, words, folder: folder.path,
                environment: ProcessInfo.processInfo.environment, input: "/dev/null",
                output: "/dev/null", errors: pipe.path)
            let log = try SQLiteLog.open(path: "\(folder.path)/fairfill.db", create: false)
            appender = try log.openAppender()
        }

        /// A bid by itself: a decision by itself, and a remark.
        mutating func bid() throws {
            count += 1
            var bid = #"{"bid":"b\#(count)","offering":"o","account":"a","shares":1}"#
            var records = OutgoingRecords()
            let destination = records.destination(TopicPartition("dev.bids", 0))
            bid.withUTF8 {
                records.append(to: destination, key: nil, value: UnsafeRawBufferPointer($0))
            }
            _ = try appender.append(records)
        }

        /// Whether a bid is decided still.
        func decides() throws -> Bool {
            let run = try Run.fairfill(
                ["bid", "--offering", "o", "--account", "z", "--shares", "1", "--wait",
                    "--timeout", "20"], in: folder)
            return run.exitCode == 0
        }

        /// Asks it to end; answers its exit code, or nil where it doesn't.
        func terminate() -> Int32? {
            worker.signal(SIGTERM)
            let isOver = eventually(within: 20) { worker.poll() != nil }
            if !isOver { worker.signal(SIGKILL) }
            let code = worker.wait()
            return isOver ? code : nil
        }
    }

    @Test func aWorkerWhoseStandardErrorIsFullDecidesAndEndsWhenAskedTo() throws {
        var scene = try PipedWorker(["allocate", "--verbose"])
        defer { scene.worker.signal(SIGKILL) }
        for _ in 0..<2_000 where scene.pipe.waiting < 4_000 {
            try scene.bid()
            usleep(2_000)
        }
        #expect(scene.pipe.waiting >= 4_000)
        #expect(try scene.decides())
        #expect(try scene.decides())
        #expect(scene.terminate() == 0)
        #expect(try Run.fairfill(["verify", "--quiet"], in: scene.folder).exitCode == 0)
    }

    /// The same for `--json` on standard output: `live` and `ended` are few, so a worker begins
    /// with a pipe that somebody else has filled.
    @Test func aWorkerWhoseStandardOutputIsFullDecidesAndEndsWhenAskedTo() throws {
        let folder = try Folder()
        try folder.createTopics()
        try folder.open("o", shares: 1_000)
        let pipe = try UnreadPipe(in: folder, "pipe")
        let writer = open(pipe.path, O_WRONLY | O_NONBLOCK)
        defer { close(writer) }
        let zeros = [UInt8](repeating: 48, count: 1_000)
        while write(writer, zeros, 1_000) > 0 {}
        while write(writer, zeros, 1) > 0 {}
        let worker = try Child(
            Run.binary, ["allocate", "--json"], folder: folder.path,
            environment: ProcessInfo.processInfo.environment, input: "/dev/null",
            output: pipe.path, errors: "/dev/null")
        defer { worker.signal(SIGKILL) }
        let run = try Run.fairfill(
            ["bid", "--offering", "o", "--account", "z", "--shares", "1", "--wait", "--timeout",
                "20"], in: folder)
        #expect(run.exitCode == 0, "\(run)")
        worker.signal(SIGTERM)
        #expect(eventually(within: 20) { worker.poll() != nil })
    }

    /// A pipe that is full before anybody writes to it.
    private func fullPipe(in folder: Folder, _ name: String) throws -> (UnreadPipe, Int32) {
        let pipe = try UnreadPipe(in: folder, name)
        let writer = open(pipe.path, O_WRONLY | O_NONBLOCK)
        let zeros = [UInt8](repeating: 48, count: 1_000)
        while write(writer, zeros, 1_000) > 0 {}
        while write(writer, zeros, 1) > 0 {}
        return (pipe, writer)
    }

    private static let daemons: [[String]] = [
        ["allocate", "--json", "--verbose"],
        ["run", "--json", "--verbose"],
        [
            "pay", "--json", "--verbose", "--provider", "http://127.0.0.1:1", "--profile",
            "sandbox",
        ],
    ]

    /// Neither of both streams is read.
    @Test(arguments: daemons)
    func aWorkerOfWhichNothingIsReadEndsWhenAskedTo(_ words: [String]) throws {
        let folder = try Folder()
        try folder.createTopics()
        try folder.open("o", shares: 1_000)
        let (output, first) = try fullPipe(in: folder, "output")
        let (errors, second) = try fullPipe(in: folder, "errors")
        defer {
            close(first)
            close(second)
        }
        let worker = try Child(
            Run.binary, words, folder: folder.path,
            environment: ProcessInfo.processInfo.environment, input: "/dev/null",
            output: output.path, errors: errors.path)
        defer { worker.signal(SIGKILL) }
        // It is at work: the beginning of its epoch is in its book.
        let book = words[0] == "pay" ? "dev.payment-journal" : "dev.decisions"
        let log = try SQLiteLog.open(path: "\(folder.path)/fairfill.db", create: false)
        #expect(
            try eventually(within: 30) {
                try log.ends(of: [TopicPartition(book, 0)], .committed)[0] > 0
            })
        worker.signal(SIGTERM)
        #expect(eventually(within: 20) { worker.poll() != nil })
        #expect(worker.poll() == 0)
    }

    /// Whoever follows waits for its reader, and still ends when it is asked to.
    @Test(arguments: [SIGTERM, SIGINT])
    func aFollowerWhoseReaderIsFrozenEndsWhenAskedTo(_ signal: Int32) throws {
        let folder = try Folder()
        try folder.createTopics()
        try folder.open("o", shares: 1_000)
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        let (output, first) = try fullPipe(in: folder, "output")
        let (errors, second) = try fullPipe(in: folder, "errors")
        defer {
            close(first)
            close(second)
        }
        for errors in ["/dev/null", errors.path] {
            let watch = try Child(
                Run.binary, ["watch", "--json", "--from-start"], folder: folder.path,
                environment: ProcessInfo.processInfo.environment, input: "/dev/null",
                output: output.path, errors: errors)
            defer { watch.signal(SIGKILL) }
            // It sleeps in what it waits for.
            usleep(500_000)
            #expect(watch.poll() == nil)
            watch.signal(signal)
            #expect(eventually(within: 20) { watch.poll() != nil }, "\(errors)")
            #expect(watch.poll() == 75)
        }
    }

    @Test func whatIsDroppedIsCountedAndSaidLater() throws {
        var scene = try PipedWorker(["allocate", "--verbose", "--log-format", "json"])
        defer { scene.worker.signal(SIGKILL) }
        // More than the pipe and the queue hold.
        var rounds = 0
        while rounds < 1_500 {
            try scene.bid()
            rounds += 1
            // Each decided by itself, so that there is a remark for each.
            usleep(1_500)
        }
        #expect(try scene.decides())
        var text = ""
        let isSaid = try eventually(within: 30) {
            text += scene.pipe.read()
            if text.contains(#""event":"dropped""#) { return true }
            try scene.bid()
            return false
        }
        #expect(isSaid, "\(text.suffix(500))")
        #expect(scene.terminate() == 0)
        text += scene.pipe.read()
        // No line is torn, and what came after the gap is there.
        let lines = text.split(separator: "\n")
        let events = lines.map { line -> [String: Any] in
            let object = try? JSONSerialization.jsonObject(with: Data(line.utf8))
            return object as? [String: Any] ?? ["event": "torn: \(line)"]
        }
        let names = Set(events.compactMap { $0["event"] as? String })
        #expect(
            names.isSubset(of: ["started", "live", "decided", "reading", "dropped"]), "\(names)")
        let gap = try #require(events.first { $0["event"] as? String == "dropped" })
        #expect((gap["count"] as? Int ?? 0) > 0, "\(gap)")
    }
}
