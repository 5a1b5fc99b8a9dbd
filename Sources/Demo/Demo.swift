import CommandLine
import EventLog
import Foundation
import KafkaLog
import SQLiteLog

/// The story, in under a minute, on its own log.
package struct Demo {
    /// Where the story is played.
    package enum Log {
        /// A file in a new folder, which goes when the demo ends.
        case newFile
        case file(String)
        /// New topics on a cluster, for this run alone: `HOST:PORT[,HOST:PORT...]`.
        case kafka(String)
    }

    package var log = Log.newFile
    package var environment = "dev"
    package var seed: UInt64 = 7
    package var bidders = 10_000
    /// How much faster than it happened.
    package var speed = 2.0
    /// Keeps the new folder.
    package var keepsFolder = false
    /// The summary as one line of JSON on standard output; the story moves to standard error.
    package var isJSON = false
    package var isQuiet = false

    /// With fewer, shares a bidder would be too many for the cap; with more, this machine is
    /// measured and not the story.
    package static let allowedBidders = 1_000...100_000
    package static let allowedSpeeds = 0.2...10.0

    /// What is wrong with the options, or nil.
    package var fault: String? {
        if !Self.allowedBidders.contains(bidders) {
            return "--bidders must be from \(Self.allowedBidders.lowerBound)"
                + " to \(Self.allowedBidders.upperBound)"
        }
        if !Self.allowedSpeeds.contains(speed) {
            return "--speed must be from \(Self.allowedSpeeds.lowerBound)"
                + " to \(Self.allowedSpeeds.upperBound)"
        }
        return nil
    }

    package init() {}

    /// Tells it, and answers the exit code: 0 where everything that must hold does, else 1.
    package func run() throws(DemoFailure) -> Int32 {
        if let fault { throw DemoFailure(fault, exitCode: 64) }
        Interruption.listen()
        let folder = try makeFolder()
        let url = try url(in: folder)
        let stage = Stage(output: isJSON ? STDERR_FILENO : STDOUT_FILENO, quiet: isQuiet)
        let story = DemoStory(
            DemoStory.Settings(
                log: log, url: url, environment: environment, folder: folder, seed: seed,
                bidders: bidders, speed: speed),
            stage: stage)
        let summary: Summary
        do {
            summary = try story.tell()
        } catch {
            stage.keep()
            guard Interruption.signal == 0 else {
                remove(folder)
                throw DemoFailure("interrupted", exitCode: 128 + Interruption.signal)
            }
            let failure = error as? DemoFailure ?? DemoFailure("\(error)")
            throw DemoFailure(
                "\(failure.message)\nwhat was there is kept in \(folder)",
                exitCode: failure.exitCode)
        }
        summary.tell(on: stage)
        if isJSON {
            // Not by `print`: the process ends without flushing what C's library keeps.
            var line = summary.json + "\n"
            _ = line.withUTF8 { StandardStream.write(STDOUT_FILENO, UnsafeRawBufferPointer($0)) }
        }
        if keepsFolder || !summary.ok {
            stage.say("The log is kept: --log \(url) --env \(environment)")
        } else {
            removeTopics()
            remove(folder)
        }
        return summary.ok ? 0 : 1
    }

    /// The log's name for `--log`.
    private func url(in folder: String) throws(DemoFailure) -> String {
        let path: String
        switch log {
        case .kafka(let brokers): return "kafka:\(brokers)"
        case .newFile: path = "\(folder)/demo.db"
        case .file(let named): path = named
        }
        if FileManager.default.fileExists(atPath: path) {
            throw DemoFailure(
                "\(path) is there already: the demo makes a new log; name another file",
                exitCode: 73)
        }
        return "sqlite:\(path)"
    }

    /// On a cluster nothing is left of it but what `--keep` asks for.
    private func removeTopics() {
        guard case .kafka(let brokers) = log, let cluster = try? KafkaLog(brokers: brokers)
        else { return }
        cluster.deleteTopics(of: environment)
    }

    private func makeFolder() throws(DemoFailure) -> String {
        let template = FileManager.default.temporaryDirectory
            .appending(path: "fairfill-demo-XXXXXX").path
        var bytes = Array(template.utf8CString)
        guard mkdtemp(&bytes) != nil else {
            throw DemoFailure(
                "can't make a folder like \(template): \(String(cString: strerror(errno)))",
                exitCode: 73)
        }
        return bytes.withUnsafeBufferPointer {
            String(decoding: $0.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }

    private func remove(_ folder: String) {
        try? FileManager.default.removeItem(atPath: folder)
    }
}

extension Demo.Log {
    /// Opens the log that the story made.
    package func open(_ url: String) throws(LogError) -> any EventLog {
        if case .kafka(let brokers) = self { return try KafkaLog(brokers: brokers) }
        return try SQLiteLog.open(path: String(url.dropFirst("sqlite:".count)), create: false)
    }
}

/// Why the demo can't go on, for people.
package struct DemoFailure: Error {
    package var message: String
    package var exitCode: Int32

    package init(_ message: String, exitCode: Int32 = 70) {
        self.message = message
        self.exitCode = exitCode
    }
}
