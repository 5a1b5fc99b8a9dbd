import CommandRunning
import Foundation
import Testing

/// Clocks that are wrong, on a log in a file (log.md, Book time). `faketime` sets a process's own.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/faketime")))
struct ClockTests {
    /// Runs the command under a clock that is off.
    private func run(_ words: [String], clock: String, in folder: Folder) throws -> Run {
        try Run.program("/usr/bin/faketime", [clock, Run.binary] + words, in: folder)
    }

    private func bid(_ id: String, _ offering: String = "o") -> [String] {
        ["bid", "--offering", offering, "--account", "a-\(id)", "--shares", "1", "--id", id]
    }

    private func decided(_ folder: Folder) throws -> [[String: Any]] {
        try Run.fairfill(["export", "decisions", "--json"], in: folder).mustWork().objects()
            .filter { $0["type"] as? String != "epochStarted" }
    }

    /// While another process is at work, one whose clock is a day ahead appends nothing.
    @Test func aClockADayAheadIsRefusedWhereAnotherOneLives() throws {
        let folder = try Folder()
        try folder.createTopics()
        try folder.open("o", shares: 10)
        let allocator = try Run.start(["allocate"], in: folder)
        defer { allocator.kill() }
        #expect(allocator.waitUntilLive())
        let ahead = try run(bid("b1"), clock: "+1 day", in: folder)
        #expect(ahead.exitCode == 75, "\(ahead)")
        #expect(ahead.errors.contains("more than 30 s behind"), "\(ahead.errors)")
        #expect(ahead.errors.contains("process \(allocator.child.id)"))
        let right = try Run.fairfill(bid("b2") + ["--wait"], in: folder)
        #expect(right.exitCode == 0, "\(right)")
        // One that stands still says nothing about the time.
        allocator.child.signal(SIGSTOP)
        let alone = try run(bid("b3"), clock: "+1 day", in: folder)
        allocator.child.signal(SIGCONT)
        #expect(alone.exitCode == 0, "\(alone)")
    }

    /// Alone, a clock counts: what it stamped a day ahead waits, until an operator says so.
    @Test func whatWasStampedTomorrowIsCorrectedAndProved() throws {
        let folder = try Folder()
        try folder.createTopics()
        try folder.open("o", shares: 10)
        try run(bid("b1"), clock: "+1 day", in: folder).mustWork()
        try Run.fairfill(bid("b2"), in: folder).mustWork()
        let allocator = try Run.start(["allocate"], in: folder)
        defer { allocator.kill() }
        #expect(
            eventually(within: 30) {
                allocator.errors.contains("fairfill topics clock --partition 0 --offset 0")
            }, "\(allocator.errors)")
        #expect(try decided(folder).count == 1)
        let clock = try Run.fairfill(
            ["topics", "clock", "--partition", "0", "--offset", "0"], in: folder
        ).mustWork()
        #expect(clock.output.contains("the bids from offset 0 to 1 count from"), "\(clock.output)")
        // What comes now is stamped as of now again.
        let now = Date().timeIntervalSince1970 * 1_000
        let later = try Run.fairfill(bid("b3") + ["--wait", "--json"], in: folder).mustWork()
        let at = try #require(try later.objects().last?["at"] as? Double)
        #expect(abs(at - now) < 60_000)
        #expect(
            try decided(folder).map { $0["type"] as? String }
                == ["opened", "clockCorrected", "reserved", "reserved", "reserved"])
        #expect(allocator.terminate() == 0)
        let proof = try Run.fairfill(["verify"], in: folder)
        #expect(proof.exitCode == 0, "\(proof)")
        // Whoever recovers from the book comes to the same.
        try Run.fairfill(["allocate", "--until-end"], in: folder).mustWork()
        #expect(try decided(folder).count == 5)
    }

    /// An allocator whose clock is ahead of another live process's by more than the grace closes
    /// nothing, though its own stamps agree with it.
    @Test func anAllocatorWhoseClockIsAheadClosesNothing() throws {
        let folder = try Folder()
        try folder.createTopics()
        // Its clock counts, for it is the only one that appends all the while.
        let other = try Run.start(
            ["pay", "--provider", "http://127.0.0.1:9", "--profile", "sandbox"], in: folder)
        defer { other.kill() }
        #expect(
            eventually(within: 30) {
                ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
                    .contains("fairfill.db-clock")
            })
        // Past by the grace for a clock that is 25 s ahead, and to come for the others.
        let end = Int64(Date().timeIntervalSince1970 * 1_000) + 20_000
        try Run.fairfill(
            [
                "offering", "open", "--offering", "o", "--shares", "5", "--price", "1",
                "--currency", "CNY", "--minimum-shares", "0", "--closes-at", "\(end)", "--no-wait",
            ], in: folder
        ).mustWork()
        let ahead = try Child(
            "/usr/bin/faketime", ["+25 seconds", Run.binary, "allocate"], folder: folder.path,
            environment: ProcessInfo.processInfo.environment, input: "/dev/null",
            output: "\(folder.path)/out", errors: "\(folder.path)/err")
        defer {
            ahead.signal(SIGKILL)
            _ = ahead.wait()
        }
        func said() -> String {
            (try? String(contentsOfFile: "\(folder.path)/err", encoding: .utf8)) ?? ""
        }
        let isTold = eventually(within: 30) { said().contains("the clocks of the processes") }
        #expect(isTold, "\(said())")
        // It works, and has had the time to close the offering: not by its clock.
        for word in ["pause", "resume", "pause", "resume"] {
            let run = try Run.fairfill(["offering", word, "--offering", "o"], in: folder)
            #expect(run.exitCode == 0, "\(run)\n\(said())")
        }
        #expect(try decided(folder).contains { $0["type"] as? String == "closing" } == false)
        // Once the other one is gone, its clock counts.
        other.kill()
        let isClosed = try eventually(within: 30) {
            try decided(folder).contains { $0["type"] as? String == "closing" }
        }
        #expect(isClosed)
    }
}
