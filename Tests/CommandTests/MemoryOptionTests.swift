import CommandRunning
import Messages
import Testing
import Vocabulary

/// `--memory`.
@Suite struct MemoryOptionTests {
    /// A log with one offering, and bids of so many accounts that are not decided yet.
    private static func sale(bids count: Int) throws -> Folder {
        let folder = try Folder()
        try folder.createTopics()
        try folder.open("o", shares: 100_000)
        let bids = (0..<count).map {
            #"{"bid":"b\#($0)","offering":"o","account":"a\#($0)","shares":1}"#
        }
        try folder.write(bids.joined(separator: "\n") + "\n", to: "bids.ndjson")
        try Run.fairfill(["bid", "--from", "bids.ndjson", "--quiet"], in: folder).mustWork()
        return folder
    }

    @Test func aPartitionThatOutgrowsItIsNamed() throws {
        let folder = try Self.sale(bids: 2_000)
        let small = try Run.fairfill(["allocate", "--until-end", "--memory", "20K"], in: folder)
        #expect(small.exitCode == 78, "\(small)")
        #expect(small.errors.contains("partition 0: STANDS STILL"), "\(small.errors)")
        #expect(small.errors.contains("the largest is o"), "\(small.errors)")
        // What was decided stands, and with more it goes on.
        #expect(try Run.fairfill(["allocate", "--until-end"], in: folder).exitCode == 0)
        #expect(try Run.fairfill(["verify"], in: folder).exitCode == 0)
        #expect(try folder.bidDecisions().count == 2_000)
    }

    /// `pay` has it as well.
    @Test func aPayerThatOutgrowsItIsNamed() throws {
        let folder = try Self.sale(bids: 200)
        try Run.fairfill(["allocate", "--until-end"], in: folder).mustWork()
        let bank = try Bank(in: folder)
        let pay = ["pay", "--until-end"] + bank.options
        let small = try Run.fairfill(pay + ["--memory", "50K"], in: folder)
        #expect(small.exitCode == 78, "\(small)")
        #expect(small.errors.contains("partition 0: STANDS STILL: the payments"), "\(small)")
        #expect(small.errors.contains("payment commands"), "\(small)")
        try Run.fairfill(pay, in: folder).mustWork()
        #expect(try bank.ledger().movements.count == 200)
    }

    /// In `run` each lane has its share, the payers' lanes as well; one that stands still leaves
    /// the others at work, and a person finds it.
    @Test func inRunItCostsOnePartition() throws {
        let folder = try Folder(isChecked: false)
        try Run.fairfill(["topics", "create", "--partitions", "2", "--quiet"], in: folder)
            .mustWork()
        let offerings = ["o0", "o1", "o2", "o3", "o4", "o5"]
        let homes = try offerings.map {
            Partitioner.partition(of: try #require(Identifier(parsing: $0)), count: 2).rawValue
        }
        let hot = try #require(zip(offerings, homes).first { $0.1 == 0 }?.0)
        let calm = try #require(zip(offerings, homes).first { $0.1 == 1 }?.0)
        for offering in [hot, calm] { try folder.open(offering, shares: 1) }
        let bids = (0..<12_000).map {
            #"{"bid":"b\#($0)","offering":"\#(hot)","account":"a\#($0)","shares":1}"#
        }
        try folder.write(bids.joined(separator: "\n") + "\n", to: "bids.ndjson")
        try Run.fairfill(["bid", "--from", "bids.ndjson", "--quiet"], in: folder).mustWork()
        let bank = try Bank(in: folder)
        let worker = try Run.start(["run", "--memory", "800K"] + bank.options, in: folder)
        defer { worker.kill() }
        #expect(
            eventually(within: 60) {
                worker.errors.contains("allocator of partition 0: STANDS STILL")
                    || worker.errors.contains("partition 0: STANDS STILL: the books")
            }, "\(worker.errors)")
        #expect(worker.errors.contains("share of --memory, 200 KiB"), "\(worker.errors)")
        let bid = try Run.fairfill(
            ["bid", "--offering", calm, "--account", "a", "--shares", "1", "--wait"], in: folder)
        #expect(bid.exitCode == 0, "\(bid)")
        #expect(try eventually(within: 60) { try !bank.ledger().movements.isEmpty })
        let attention = try Run.fairfill(
            ["attention", "list", "--kind", "laneStandsStill"], in: folder
        ).mustWork()
        // An entry that is longer than a line goes on, indented, on the next.
        let entry = attention.output.replacing(/\n +/, with: " ")
        #expect(entry.split(separator: "\n").count == 1, "\(attention)")
        #expect(entry.contains("the allocator of partition 0"), "\(attention)")
        #expect(entry.contains(hot), "\(attention)")
        #expect(worker.isRunning)
        #expect(worker.terminate() == 78, "\(worker.errors)")
    }
}
