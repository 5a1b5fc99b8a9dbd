import CommandRunning
import Foundation
import Testing

/// Every bench runs, says what it measured, and leaves nothing behind. Never a time.
@Suite struct BenchTests {
    /// The rows of a bench of the smallest size, by name; each is as CommandLine.md has it.
    private func rows(_ words: [String]) throws -> [[String: Any]] {
        let folder = try Folder()
        let run = try Run.fairfill(
            ["bench"] + words + ["--bids", "2000", "--repeat", "2", "--json"], in: folder)
        guard run.exitCode == 0 else { throw Unexpected(run) }
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(left.filter { !$0.hasSuffix(".out") && !$0.hasSuffix(".err") } == [])
        let rows = try run.objects()
        for row in rows {
            #expect(row["repeats"] as? Int == 2)
            let machine = row["machine"] as? [String: Any]
            #expect(machine?["cores"] is Int)
            #expect(machine?["cpu"] is String)
            #expect(machine?["memory"] is Int)
            if let milliseconds = row["milliseconds"] as? [String: Double] {
                let names = ["p50", "p99", "p999", "max"]
                let values = names.compactMap { milliseconds[$0] }
                #expect(values.count == names.count)
                #expect(values == values.sorted())
            } else if row["per_second"] == nil {
                let figures = ["best", "worst"].compactMap { row[$0] as? Double }
                let figure = try #require((row["nanoseconds"] ?? row["ratio"]) as? Double)
                #expect(figures.count == 2)
                #expect(figures.first ?? 0 > 0)
                #expect(figures.first ?? 0 <= figure && figure <= figures.last ?? 0)
            } else {
                let figures = ["worst", "per_second", "best"].compactMap { row[$0] as? Double }
                #expect(figures.count == 3)
                #expect(figures == figures.sorted())
                #expect(figures.allSatisfy { $0 > 0 })
            }
        }
        return rows
    }

    private func names(_ rows: [[String: Any]]) -> [String] {
        rows.compactMap { $0["name"] as? String }
    }

    @Test func codec() throws {
        let rows = try rows(["codec"])
        #expect(
            names(rows) == [
                "codec.decode-bid", "codec.encode-bid", "codec.encode-decision",
                "codec.chain-decision", "codec.decode-decision", "codec.sha256",
            ])
        #expect(rows.allSatisfy { ($0["bytes"] as? Int ?? 0) > 100 })
    }

    @Test func core() throws {
        let mixes = [
            "reserved", "waiting", "refused", "grab", "repeats", "released", "limited", "offerings",
        ]
        let all = try rows(["core"])
        var expected = mixes
        for size in [20, 200, 2000] { expected += ["reserved-\(size)", "refused-\(size)"] }
        for suffix in ["", ".behind-large"] {
            for rule in ["split", "skip", "hold"] {
                for kind in ["release", "join"] {
                    expected += ["20", "2000", "ratio"].map { "\(rule)\(suffix).\(kind)-\($0)" }
                }
            }
        }
        #expect(names(all) == expected.map { "core.\($0)" })
        for row in all.prefix(mixes.count) {
            // Two ids of 12 bytes are kept of each, but for what is repeated or released.
            #expect(row["bytes"] as? Int ?? 0 > 24)
            // A small book still grows with each bid, but not by an allocation.
            #expect(row["allocations"] as? Double ?? 1 < 1)
        }
        #expect(names(try rows(["core", "--mix", "grab"])) == ["core.grab"])
        #expect(
            names(try rows(["core", "--mix", "sizes", "--sizes", "1,300"])) == [
                "core.reserved-1", "core.refused-1", "core.reserved-300", "core.refused-300",
            ])
    }

    /// The counter of allocations counts: where it did not, a row of zeros would please everybody.
    @Test func allocationsAreCounted() throws {
        let grown = try rows(["core", "--mix", "reserved"])
        #expect(grown.first?["allocations"] as? Double ?? 0 > 0)
    }

    @Test(arguments: [[], ["--log", "memory:"]]) func log(_ words: [String]) throws {
        #expect(
            names(try rows(["log"] + words)) == [
                "log.append-100", "log.append-1000", "log.append-10000", "log.commit-100",
                "log.commit-1000", "log.commit-10000", "log.read", "log.copy", "log.append-1",
                "log.readable",
            ])
    }

    @Test(arguments: [[], ["--partitions", "3"], ["--log", "memory:"]])
    func pipeline(_ words: [String]) throws {
        #expect(
            names(try rows(["pipeline"] + words)) == [
                "pipeline.grab.append", "pipeline.grab", "pipeline.reserved.append",
                "pipeline.reserved",
            ])
    }

    @Test func anInterruptedBenchLeavesNothingBehind() throws {
        let folder = try Folder()
        let running = try Run.start(
            ["bench", "pipeline", "--bids", "100000000", "--dir", "."], in: folder)
        func logs() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder.path)
                .filter { $0.hasPrefix("fairfill-bench-") }
        }
        while running.isRunning, try logs().isEmpty { usleep(10_000) }
        running.child.signal(SIGINT)
        #expect(running.wait() == 75)
        #expect(try logs() == [])
        #expect(running.errors.contains("interrupted"))
    }

    @Test func aLogThatIsThereIsNotMeasured() throws {
        let folder = try Folder()
        try folder.createTopics()
        let run = try Run.fairfill(["bench", "log", "--log", "sqlite:fairfill.db"], in: folder)
        #expect(run.exitCode == 73)
        #expect(run.errors.contains("is there already"))
    }

    @Test(arguments: [
        ["bench", "codec", "--repeat", "0"], ["bench", "core", "--mix", "other"],
        ["bench", "core", "--sizes", "10,many"], ["bench", "core", "--sizes", "0"],
        ["bench", "pipeline", "--mix", "waiting"], ["bench", "pipeline", "--partitions", "0"],
        ["bench", "pipeline", "--log", "sqlite:new.db"], ["bench", "log", "--log", "new.db"],
        ["bench", "log", "--bids", "1"], ["bench"],
    ])
    func whatMakesNoSenseIsRefused(_ words: [String]) throws {
        let folder = try Folder()
        #expect(try Run.fairfill(words, in: folder).exitCode == 64)
    }

    @Test(arguments: ["codec", "core", "log", "pipeline"])
    func helpNamesEveryRow(_ bench: String) throws {
        let folder = try Folder()
        let help = try Run.fairfill(["bench", bench, "--help"], in: folder)
        #expect(help.exitCode == 0)
        #expect(help.output.contains("example:\n  fairfill bench \(bench)"))
        #expect(help.output.replacing("\n", with: " ").contains("The rows:"))
    }
}
