import Foundation
import Glibc
import Synchronization

/// An Apache Kafka of a test's own, whose nodes it may kill, pause and start again.
package final class Cluster: Sendable {
    /// The program that starts and stops nodes, where there is one.
    package static let program =
        ProcessInfo.processInfo.environment["FAIRFILL_TEST_KAFKA_PROGRAM"]

    package let nodes: Int
    /// `HOST:PORT` of every node, with commas.
    package let brokers: String
    /// Where its data and its logs are: `node-1`, `node-2`, ...
    package let folder: Folder

    /// A port with a hundred that nobody else listens at, below those that the system gives to
    /// clients. Each is given once, and to one of the processes that run suites beside each other.
    package static func anyPort() -> Int {
        ports.withLock { ports in
            while let port = ports.popLast() { if claim(port) { return port } }
            preconditionFailure("all ports of clusters are taken; do other tests run?")
        }
    }

    /// Whether no other process has it; from now on this one does, until it ends.
    private static func claim(_ port: Int) -> Bool {
        // Where nothing can be locked, that they are drawn by chance must do.
        guard claims >= 0 else { return true }
        var byte = flock(
            l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: off_t(port), l_len: 1,
            l_pid: 0)
        return fcntl(claims, F_SETLK, &byte) == 0
    }

    /// One byte of it is locked for each port. It stays open: closing it would give all back.
    private static let claims = open(
        FileManager.default.temporaryDirectory.appending(path: "fairfill-test-ports").path,
        O_CREAT | O_RDWR | O_CLOEXEC, 0o666)

    private static let ports = Mutex(stride(from: 21_000, to: 31_000, by: 100).shuffled())

    /// Starts it and waits until it answers. `settings` are lines of `server.properties`.
    package init(
        nodes: Int = 1, heap: String = "384m", port: Int = Cluster.anyPort(),
        settings: [String] = []
    ) throws {
        self.nodes = nodes
        folder = try Folder(isChecked: false)
        brokers = (0..<nodes).map { "127.0.0.1:\(port + 10 * $0)" }.joined(separator: ",")
        do {
            try control(
                ["start", "--nodes", "\(nodes)", "--port", "\(port)", "--heap", heap]
                    + settings.flatMap { ["--set", $0] })
            try watch()
        } catch {
            _ = try? control(["kill"])
            throw error
        }
    }

    /// Leaves a process behind that ends the nodes once this one is gone: one that is shared by
    /// tests is never let go, and a test process may be killed itself.
    private func watch() throws {
        guard let program = Self.program else { return }
        let script = """
            while kill -0 "$1"; do sleep 1; done; "$2" kill --dir "$3/kafka"; rm -rf "$3"
            """
        // In a session of its own: what ends a whole group of processes must not end it.
        _ = try Child(
            "/usr/bin/setsid",
            ["/bin/sh", "-c", script, "sh", "\(getpid())", program, folder.path], folder: "/",
            environment: ProcessInfo.processInfo.environment, input: "/dev/null",
            output: "/dev/null", errors: "/dev/null")
    }

    deinit { _ = try? control(["kill"]) }

    /// Starts a node again, after `kill` or `stop`, and waits until it answers.
    package func start(_ node: Int) throws { try control(["start", "\(node)"]) }
    /// An orderly shutdown.
    package func stop(_ node: Int) throws { try control(["stop", "\(node)"]) }
    /// A crash.
    package func kill(_ node: Int) throws { try control(["kill", "\(node)"]) }
    /// A node that hangs, until `resume`.
    package func pause(_ node: Int) throws { try control(["pause", "\(node)"]) }
    package func resume(_ node: Int) throws { try control(["resume", "\(node)"]) }

    /// One of Kafka's own tools, such as `acls`; answers what it printed.
    @discardableResult
    package func tool(_ name: String, _ words: [String]) throws -> String {
        try control(["tool", name, "--bootstrap-server", brokers] + words)
    }

    /// A folder whose commands work on it, in an environment of their own. Its records are not
    /// looked at when it goes: the nodes may be gone before.
    package func folder(_ settings: [String: String] = [:]) throws -> Folder {
        try Folder(settings: Folder.onKafkaSettings(brokers).merging(settings) { $1 })
    }

    @discardableResult
    private func control(_ words: [String]) throws -> String {
        guard let program = Self.program else { throw POSIXError(.ENOENT) }
        let name = "\(folder.path)/\(UUID().uuidString)"
        let child = try Child(
            program, words, folder: folder.path,
            environment: ProcessInfo.processInfo.environment
                .merging(["KAFKA_DIR": "\(folder.path)/kafka"]) { $1 },
            input: "/dev/null", output: "\(name).out", errors: "\(name).err")
        let run = Run(
            exitCode: child.wait(),
            output: try String(contentsOfFile: "\(name).out", encoding: .utf8),
            errors: try String(contentsOfFile: "\(name).err", encoding: .utf8))
        return try run.mustWork().output
    }
}
