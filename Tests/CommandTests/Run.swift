import Foundation

/// Runs the built command as people do: a process of its own, in a folder of its own.
struct Run {
    var exitCode: Int32
    var output: String
    var errors: String

    var lines: [String] { output.split(separator: "\n").map(String.init) }

    static var binary: String {
        ProcessInfo.processInfo.environment["FAIRFILL_TEST_BINARY"]
            ?? FileManager.default.currentDirectoryPath + "/.build/release/fairfill"
    }

    /// Runs it to its end. `input` is its standard input.
    static func fairfill(
        _ words: [String], in folder: Folder, input: String? = nil,
        environment: [String: String] = [:]
    ) throws -> Run {
        let name = "\(folder.path)/\(UUID().uuidString)"
        if let input { try Data(input.utf8).write(to: URL(filePath: "\(name).in")) }
        // Through files: a pipe that nobody reads holds a process up once it is full.
        let child = try Child(
            binary, words, folder: folder.path, environment: merged(environment, folder),
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

    /// Starts it and leaves it running; its remarks go to a file.
    static func start(_ words: [String], in folder: Folder) throws -> Running {
        let errors = "\(folder.path)/\(UUID().uuidString).err"
        let child = try Child(
            binary, words, folder: folder.path, environment: merged([:], folder),
            input: "/dev/null",
            output: "/dev/null", errors: errors)
        return Running(child: child, errorsPath: errors)
    }

    /// Throws what it said unless it ended with 0.
    @discardableResult
    func mustWork() throws -> Run {
        guard exitCode == 0 else { throw Unexpected(self) }
        return self
    }

    /// Every line as a JSON object.
    func objects() throws -> [[String: Any]] {
        try lines.map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
        }
    }
}

/// A command that runs.
struct Running {
    let child: Child
    let errorsPath: String

    var isRunning: Bool { child.poll() == nil }

    /// SIGKILL, and waits until it is gone.
    func kill() {
        child.signal(SIGKILL)
        _ = child.wait()
    }

    /// SIGTERM; answers its exit code.
    func terminate() -> Int32 {
        child.signal(SIGTERM)
        return child.wait()
    }

    func wait() -> Int32 { child.wait() }

    var errors: String { (try? String(contentsOfFile: errorsPath, encoding: .utf8)) ?? "" }
}

/// A folder that goes when it is no longer used.
final class Folder: Sendable {
    let path: String
    /// Variables that every command in it is given.
    let settings: [String: String]
    /// Whether all that was written to its log must be what the schemas say.
    private let isChecked: Bool

    /// `isChecked` is false where a test writes what no command would.
    init(settings: [String: String] = [:], isChecked: Bool = true) throws {
        self.settings = settings
        self.isChecked = isChecked
        path = FileManager.default.temporaryDirectory
            .appending(path: "fairfill-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    /// A folder whose commands work on a cluster, in an environment of their own.
    static func onKafka(_ brokers: String) throws -> Folder {
        try Folder(settings: [
            "FAIRFILL_LOG": "kafka:\(brokers)",
            "FAIRFILL_ENV": "t\(UInt64.random(in: .min ... .max))",
        ])
    }

    /// The environment that its commands work in.
    var environment: String { settings["FAIRFILL_ENV"] ?? "dev" }

    deinit {
        if isChecked { WrittenRecords.check(path) }
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
    }

    /// A log with an environment in this folder, and an offering waiting to be opened.
    func createTopics() throws {
        let made = try Run.fairfill(["topics", "create", "--quiet"], in: self)
        guard made.exitCode == 0 else { throw Unexpected(made) }
    }
}

/// A command that should have worked.
struct Unexpected: Error, CustomStringConvertible {
    let run: Run
    init(_ run: Run) { self.run = run }
    var description: String { "exit \(run.exitCode): \(run.errors)\(run.output)" }
}
