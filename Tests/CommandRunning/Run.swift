import Foundation

/// Runs the built command as people do: a process of its own, in a folder of its own.
package struct Run: Sendable {
    package var exitCode: Int32
    package var output: String
    /// Standard error to the byte.
    package var writtenErrors: String

    package init(exitCode: Int32, output: String, errors: String) {
        self.exitCode = exitCode
        self.output = output
        writtenErrors = errors
    }

    /// What it said on standard error, each remark on one line however it was broken.
    package var errors: String { Self.unbroken(writtenErrors) }

    /// Remarks with the lines that they go on in joined to the first.
    package static func unbroken(_ text: String) -> String {
        var lines: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isRest = line.hasPrefix("    ") && !line.hasPrefix("     ")
            if isRest, let last = lines.last {
                lines[lines.count - 1] = last + " " + line.dropFirst(4)
            } else {
                lines.append(line)
            }
        }
        return lines.joined(separator: "\n")
    }

    package var lines: [String] { output.split(separator: "\n").map(String.init) }

    package static var binary: String {
        ProcessInfo.processInfo.environment["FAIRFILL_TEST_BINARY"]
            ?? FileManager.default.currentDirectoryPath + "/.build/release/fairfill"
    }

    /// Runs it to its end. `input` is its standard input.
    package static func fairfill(
        _ words: [String], in folder: Folder, input: String? = nil,
        environment: [String: String] = [:]
    ) throws -> Run {
        try program(binary, words, in: folder, input: input, environment: environment)
    }

    /// Runs any program by its path to its end, such as another client of the same broker.
    package static func program(
        _ path: String, _ words: [String], in folder: Folder, input: String? = nil,
        environment: [String: String] = [:]
    ) throws -> Run {
        let name = "\(folder.path)/\(UUID().uuidString)"
        if let input { try Data(input.utf8).write(to: URL(filePath: "\(name).in")) }
        // Through files: a pipe that nobody reads holds a process up once it is full.
        let child = try Child(
            path, words, folder: folder.path, environment: merged(environment, folder),
            input: input == nil ? "/dev/null" : "\(name).in", output: "\(name).out",
            errors: "\(name).err")
        let exitCode = child.wait()
        return Run(
            exitCode: exitCode,
            output: String(
                decoding: try Data(contentsOf: URL(filePath: "\(name).out")), as: UTF8.self),
            errors: String(
                decoding: try Data(contentsOf: URL(filePath: "\(name).err")), as: UTF8.self))
    }

    private static func merged(
        _ environment: [String: String], _ folder: Folder
    ) -> [String: String] {
        ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("FAIRFILL_") }
            .merging(folder.settings) { $1 }.merging(environment) { $1 }
    }

    /// Starts it and leaves it running; its remarks go to a file. `input` and `output` are paths.
    package static func start(
        _ words: [String], in folder: Folder, environment: [String: String] = [:],
        input: String = "/dev/null", output: String = "/dev/null"
    ) throws -> Running {
        let errors = "\(folder.path)/\(UUID().uuidString).err"
        let child = try Child(
            binary, words, folder: folder.path, environment: merged(environment, folder),
            input: input, output: output, errors: errors)
        return Running(child: child, errorsPath: errors)
    }

    /// Throws what it said unless it ended with 0.
    @discardableResult
    package func mustWork() throws -> Run {
        guard exitCode == 0 else { throw Unexpected(self) }
        return self
    }

    /// Every line as a JSON object.
    package func objects() throws -> [[String: Any]] {
        try lines.map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
        }
    }
}

/// A command that runs.
package struct Running {
    package let child: Child
    package let errorsPath: String

    package var isRunning: Bool { child.poll() == nil }

    /// SIGKILL, and waits until it is gone.
    package func kill() {
        child.signal(SIGKILL)
        _ = child.wait()
    }

    /// SIGTERM; answers its exit code.
    package func terminate() -> Int32 {
        child.signal(SIGTERM)
        return child.wait()
    }

    package func wait() -> Int32 { child.wait() }

    package var errors: String {
        Run.unbroken((try? String(contentsOfFile: errorsPath, encoding: .utf8)) ?? "")
    }

    /// Waits until an allocator has committed the beginning of its epoch in one partition; answers
    /// whether it has.
    @discardableResult
    package func waitUntilLive(within seconds: Double = 60) -> Bool {
        eventually(within: seconds, every: 5) { errors.contains("live in epoch") || !isRunning }
            && errors.contains("live in epoch")
    }
}

/// A folder that goes when it is no longer used.
package final class Folder: Sendable {
    package let path: String
    /// Variables that every command in it is given.
    package let settings: [String: String]
    /// Whether all that was written to its log must be what the schemas say.
    private let isChecked: Bool
    /// The cluster that its environment is checked on when it goes.
    private let brokers: String?
    /// Whether the topics of its environment go with it.
    private let deletesTopics: Bool

    /// `isChecked` is false where a test writes what no command would.
    package convenience init(settings: [String: String] = [:], isChecked: Bool = true) throws {
        try self.init(settings, isChecked, brokers: nil, deletesTopics: false)
    }

    private init(
        _ settings: [String: String], _ isChecked: Bool, brokers: String?, deletesTopics: Bool
    ) throws {
        self.settings = settings
        self.isChecked = isChecked
        self.brokers = brokers
        self.deletesTopics = deletesTopics
        path = FileManager.default.temporaryDirectory
            .appending(path: "fairfill-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    /// A folder whose commands work on a cluster, in an environment of their own. Its topics may
    /// go with it, where nothing else uses them.
    package static func onKafka(_ brokers: String, deletesTopics: Bool = false) throws -> Folder {
        try Folder(
            onKafkaSettings(brokers), true, brokers: brokers, deletesTopics: deletesTopics)
    }

    /// The variables of an environment of its own on a cluster.
    static func onKafkaSettings(_ brokers: String) -> [String: String] {
        [
            "FAIRFILL_LOG": "kafka:\(brokers)",
            "FAIRFILL_ENV": "t\(UInt64.random(in: .min ... .max))",
        ]
    }

    /// The environment that its commands work in.
    package var environment: String { settings["FAIRFILL_ENV"] ?? "dev" }

    deinit {
        if isChecked { WrittenRecords.check(path) }
        if let brokers { WrittenRecords.check(environment, on: brokers, deletes: deletesTopics) }
        try? FileManager.default.removeItem(atPath: path)
    }

    package func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
    }

    /// A log with an environment in this folder.
    package func createTopics() throws {
        try Run.fairfill(["topics", "create", "--quiet"], in: self).mustWork()
    }

    /// Asks for an offering, in CNY, to be opened; no allocator need be there yet.
    package func open(_ offering: String, shares: Int, price: Int = 1) throws {
        try Run.fairfill(
            [
                "offering", "open", "--offering", offering, "--shares", "\(shares)", "--price",
                "\(price)", "--currency", "CNY", "--no-wait", "--quiet",
            ], in: self
        ).mustWork()
    }
}

/// A command that should have worked.
package struct Unexpected: Error, CustomStringConvertible {
    package let run: Run
    package init(_ run: Run) { self.run = run }
    package var description: String { "exit \(run.exitCode): \(run.errors)\(run.output)" }
}
