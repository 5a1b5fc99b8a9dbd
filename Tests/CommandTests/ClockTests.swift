import CommandRunning
import Foundation
import Testing

/// Clocks that are wrong, on a log in a file (TheLog.md, Book time). `faketime` sets a process's
/// own.
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

    /// Starts a process that is at work all the while under a clock that is so far ahead. It is
    /// started itself, for the program faketime starts another one and outlives nothing of it.
    private func start(
        _ words: [String], secondsAhead: Int, in folder: Folder
    ) throws -> Running {
        let ahead = [
            "LD_PRELOAD": "/usr/$LIB/faketime/libfaketime.so.1", "FAKETIME": "+\(secondsAhead)",
        ]
        return try Run.start(words, in: folder, environment: secondsAhead == 0 ? [:] : ahead)
    }

    /// While the clocks of live processes differ by more than the grace none of them ends a sale:
    /// not that of an allocator that is ahead, whose own stamps agree with it, nor that of a right
    /// one, which can't know that it is right.
    @Test(
        arguments: [(25, 0, 20_000), (0, 25, 30_000)] as [(Int, Int, Int64)])
    func whileClocksDifferNoneEndsASale(
        allocatorsAhead: Int, othersAhead: Int, endsIn: Int64
    ) throws {
        let folder = try Folder()
        try folder.createTopics()
        let other = try start(
            ["pay", "--provider", "http://127.0.0.1:9", "--profile", "sandbox"],
            secondsAhead: othersAhead, in: folder)
        defer { other.kill() }
        #expect(
            eventually(within: 30) {
                ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
                    .contains("fairfill.db-clock")
            })
        // Past by the grace soon, for a clock that is 25 s ahead or for one that is right. The
        // other's appends may pull the file's time along, and an end that is past opens nothing.
        func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }
        let end = now() + endsIn
        try Run.fairfill(
            [
                "offering", "open", "--offering", "o", "--shares", "5", "--price", "1",
                "--currency", "CNY", "--minimum-shares", "0", "--closes-at", "\(end)", "--no-wait",
            ], in: folder
        ).mustWork()
        let allocator = try start(["allocate"], secondsAhead: allocatorsAhead, in: folder)
        defer { allocator.kill() }
        let isTold = eventually(within: 30) {
            allocator.errors.contains("the clocks of the processes")
        }
        #expect(isTold, "\(allocator.errors)")
        // It works, and has had the time to close the offering: not by its clock.
        for word in ["pause", "resume", "pause", "resume"] {
            let run = try Run.fairfill(["offering", word, "--offering", "o"], in: folder)
            #expect(run.exitCode == 0, "\(run)\n\(allocator.errors)")
        }
        // Past by the grace and a commit for the allocator's clock.
        #expect(eventually(within: 60) { now() + Int64(allocatorsAhead) * 1_000 > end + 4_000 })
        for word in ["pause", "resume"] {
            try Run.fairfill(["offering", word, "--offering", "o"], in: folder).mustWork()
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
