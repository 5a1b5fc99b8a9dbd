import CommandRunning
import Foundation
import Testing

/// Every block of code of README works as it is written.
///
/// The word after the language says how a block is run: `sqlite` and `kafka` run it to its end,
/// `sqlite running` and `kafka running` start it and leave it running as in a terminal of its own,
/// and `shown` does not run it. The blocks of a section are one session, in a folder of its own.
@Suite struct ReadmeTests {
    struct Block: Sendable {
        var section: String
        /// Of its first line of code, from 1.
        var line: Int
        var kind: String
        var lines: [String] = []

        var log: String { String(kind.prefix { $0 != " " }) }
        var isLeftRunning: Bool { kind.hasSuffix(" running") }
    }

    static let kinds: Set<String> = [
        "sqlite", "sqlite running", "kafka", "kafka running", "shown",
    ]

    static var checkout: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    static func blocks() throws -> [Block] {
        let text = try String(contentsOf: checkout.appending(path: "README.md"), encoding: .utf8)
        return blocks(of: text)
    }

    static func blocks(of text: String) -> [Block] {
        var blocks: [Block] = []
        var section = ""
        var isInside = false
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            if line.hasPrefix("```") {
                isInside.toggle()
                guard isInside else { continue }
                let words = line.dropFirst(3).split(separator: " ").dropFirst()
                blocks.append(
                    Block(
                        section: section, line: index + 2, kind: words.joined(separator: " ")))
            } else if isInside {
                blocks[blocks.count - 1].lines.append(String(line))
            } else if line.hasPrefix("## ") {
                section = String(line.dropFirst(3))
            }
        }
        return blocks
    }

    static func sections(on log: String) -> [String] {
        var names: [String] = []
        for block in (try? blocks()) ?? [] where block.log == log {
            if !names.contains(block.section) { names.append(block.section) }
        }
        return names
    }

    @Test func eachBlockSaysHowItIsRun() throws {
        let blocks = try Self.blocks()
        for block in blocks where !Self.kinds.contains(block.kind) {
            Issue.record("README.md:\(block.line - 1): '\(block.kind)' is none of \(Self.kinds)")
        }
        #expect(blocks.count { $0.log == "sqlite" } >= 5)
        #expect(blocks.count { $0.log == "kafka" } >= 2)
        // Code that is indented would never be run.
        let text = try String(
            contentsOf: Self.checkout.appending(path: "README.md"), encoding: .utf8)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated() where line.hasPrefix("    fairfill ")
        {
            Issue.record("README.md:\(index + 1): put it between fences")
        }
    }

    @Test(.enabled(if: hasSQLite, "no sqlite3 here"), arguments: sections(on: "sqlite"))
    func worksOnSQLite(_ section: String) throws {
        try expectToWork(section, on: "sqlite", in: Folder())
    }

    @Test(
        .enabled(
            if: Broker.address != nil && Self.hasClients, "no broker here, or no kcat and Python"),
        arguments: sections(on: "kafka"))
    func worksOnKafka(_ section: String) throws {
        let address = try #require(Broker.address)
        let folder = try Folder.onKafka(address, deletesTopics: true)
        let name = folder.environment
        try expectToWork(
            section, on: "kafka", in: folder,
            replacing: [
                "localhost:9092": address, "dev.bids": "\(name).bids", "--env dev": "--env \(name)",
            ])
    }

    static let hasSQLite = isThere("command -v sqlite3 && command -v sha256sum")

    /// kcat, and a Python with confluent-kafka.
    static let hasClients = isThere("command -v kcat && python3 -c 'import confluent_kafka'")

    private static func isThere(_ script: String) -> Bool {
        guard let folder = try? Folder() else { return false }
        return (try? Run.program("/bin/bash", ["-c", script], in: folder, environment: path))?
            .exitCode == 0
    }

    /// Debian's Python first, which Debian's packages are for.
    static var path: [String: String] {
        ["PATH": "/usr/bin:" + (ProcessInfo.processInfo.environment["PATH"] ?? "")]
    }

    /// The check itself: what fails is found, with its line.
    @Test func aBlockThatFailsIsFound() throws {
        let blocks = Self.blocks(of: "## A\n```sh sqlite\ntrue\nfalse\ntrue\n```\n")
        let run = try Self.run(blocks, in: Folder(), replacing: [:])
        #expect(run.exitCode != 0)
        #expect(run.errors.contains("README.md:3"), "\(run.errors)")
    }

    private func expectToWork(
        _ section: String, on log: String, in folder: Folder, replacing: [String: String] = [:]
    ) throws {
        let blocks = try Self.blocks().filter { $0.section == section && $0.log == log }
        try Self.run(blocks, in: folder, replacing: replacing).mustWork()
    }

    private static func run(
        _ blocks: [Block], in folder: Folder, replacing: [String: String]
    ) throws -> Run {
        var script = """
            set -euo pipefail
            trap 'for job in $(jobs -p); do kill "$job" 2>/dev/null || true; done; wait' EXIT
            mkdir bin
            ln -s "\(Run.binary)" bin/fairfill
            ln -s "\(checkout.path)/deploy" deploy
            PATH=$PWD/bin:$PATH

            """
        for block in blocks {
            script += "trap 'echo \"README.md:\(block.line): this block failed\" >&2' ERR\n"
            if block.isLeftRunning {
                // One command a block, and it becomes the job: that is what is ended.
                script += "(exec \(block.lines.joined())\n) >>running.txt 2>&1 &\n"
            } else {
                script += block.lines.joined(separator: "\n") + "\n"
            }
        }
        // Other tests may have the bank's port.
        let port = "\(Int.random(in: 18_000..<20_900))"
        var replacing = replacing
        replacing["127.0.0.1:8090"] = "127.0.0.1:\(port)"
        for (word, other) in replacing {
            script = script.replacingOccurrences(of: word, with: other)
        }
        try folder.write(script, to: "readme.sh")
        // A command that waits for what never comes is a failure, too.
        return try Run.program(
            "/usr/bin/timeout", ["300", "/bin/bash", "readme.sh"], in: folder, environment: path)
    }
}
