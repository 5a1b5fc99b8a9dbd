import CommandRunning
import Foundation
import Testing

/// The front ends of `deploy/examples`, as whoever copies them will run them.
enum Example: String, CaseIterable, Sendable {
    case python = "front_end.py"
    case java = "FrontEnd.java"
    case shell = "front-end.sh"

    static let here = allCases.filter(\.isHere)

    var isHere: Bool {
        switch self {
        case .python: Programs.python != nil
        case .java: Programs.javaFolder != nil
        case .shell: Programs.kcat != nil && Programs.jq != nil
        }
    }

    func run(_ words: [String], in folder: Folder) throws -> Run {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "deploy/examples/\(rawValue)").path
        return switch self {
        case .python: try Run.program(try #require(Programs.python), [path] + words, in: folder)
        case .java: try Programs.java(path, words, in: folder)
        case .shell: try Run.program(path, words, in: folder)
        }
    }
}

@Suite(
    .serialized,
    .enabled(
        if: Broker.address != nil && !Example.here.isEmpty, "no broker, or no client of its here"))
struct ExampleTests {
    @Test(arguments: Example.here)
    func aFrontEndBidsResendsAndReadsTheAnswer(_ example: Example) throws {
        let sale = try BrokerSale(partitions: 3, offerings: ["o-1", "o-2"], shares: 100)
        func bid(_ offering: String, _ shares: Int, _ id: String, seconds: Int = 30) throws -> Run {
            try example.run(
                [
                    "--brokers", try #require(Broker.address), "--env", sale.folder.environment,
                    "--offering", offering, "--account", "anna", "--shares", "\(shares)",
                    "--bid", id, "--timeout", "\(seconds)",
                ], in: sale.folder)
        }
        // Nobody decides yet: the bid is there, and its sender is told how to go on.
        let early = try bid("o-1", 10, "early", seconds: 3)
        #expect(early.exitCode == 75 && early.lines.count == 1, "\(early)")
        #expect(early.errors.contains("run it again with --bid early"), "\(early)")

        let worker = try Run.start(["allocate"], in: sale.folder)
        defer { worker.kill() }
        // The first one is decided by now, or will be before this one.
        let again = try bid("o-1", 10, "early")
        try expect(again, 0, "repeated", was: "reserved")
        try expect(bid("o-1", 30, "b-1"), 0, "reserved")
        try expect(bid("o-1", 30, "b-1"), 0, "repeated", was: "reserved")
        try expect(bid("o-1", 31, "b-1"), 1, "rejected", reason: "conflictingDuplicate")
        try expect(bid("o-1", 0, "b-0"), 1, "rejected", reason: "belowMinimum")
        try expect(bid("o-1", 0, "b-0"), 1, "repeated", was: "rejected", reason: "belowMinimum")
        try expect(bid("o-2", 150, "b-1"), 0, "reserved")
        try expect(bid("o-2", 20, "b-2"), 0, "waitlisted")

        #expect(worker.terminate() == 0)
        let state = try sale.folder.state("o-1")
        #expect(state["reserved"] as? Int == 40, "\(state)")
        try Run.fairfill(["verify", "--quiet"], in: sale.folder).mustWork()
    }

    /// The receipt, then the decision.
    private func expect(
        _ run: Run, _ exitCode: Int32, _ type: String, was: String? = nil, reason: String? = nil,
        at location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(run.exitCode == exitCode, "\(run)", sourceLocation: location)
        let lines = try run.objects()
        try #require(lines.count == 2, "\(run)", sourceLocation: location)
        #expect(lines[0]["offset"] as? Int == lines[1]["offset"] as? Int, sourceLocation: location)
        #expect(lines[1]["type"] as? String == type, "\(run)", sourceLocation: location)
        #expect(lines[1]["was"] as? String == was, "\(run)", sourceLocation: location)
        #expect(lines[1]["reason"] as? String == reason, "\(run)", sourceLocation: location)
    }

    @Test(arguments: Example.here)
    func wrongCallsAndMissingBrokersAreSaid(_ example: Example) throws {
        let folder = try Folder()
        func run(_ words: [String]) throws -> Run { try example.run(words, in: folder) }
        let help = try run(["--help"])
        #expect(help.exitCode == 0 && help.output.contains("exit codes: 0 reserved"), "\(help)")
        let words = ["--account", "a", "--shares", "1", "--timeout", "2", "--offering"]
        #expect(try run(["--brokers", "127.0.0.1:1"] + words + ["o 1"]).exitCode == 64)
        #expect(try run(["--brokers", "127.0.0.1:1"] + words + ["o"]).exitCode == 69)
        let brokers = try #require(Broker.address)
        let elsewhere = try run(["--brokers", brokers, "--env", "nowhere"] + words + ["o"])
        #expect(elsewhere.exitCode == 69, "\(elsewhere)")
        #expect(elsewhere.errors.contains("no topic nowhere.decisions"), "\(elsewhere)")
    }
}
