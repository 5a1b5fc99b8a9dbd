import CommandRunning
import EventLog
import Foundation
import Messages
import SQLiteLog
import Testing
import Vocabulary

/// One bad thing costs one place: the other partitions of a process go on.
@Suite struct StandstillTests {
    private static let partitions: Int64 = 4
    private static let offerings = (0..<16).map { "o\($0)" }

    private static func home(_ offering: String) throws -> Int64 {
        let id = try #require(Identifier(parsing: offering))
        return Partitioner.partition(of: id, count: partitions).rawValue
    }

    private func folder() throws -> Folder {
        let folder = try Folder(isChecked: false)
        try Run.fairfill(
            ["topics", "create", "--partitions", "\(Self.partitions)", "--quiet"], in: folder
        ).mustWork()
        for offering in Self.offerings { try folder.open(offering, shares: 1_000) }
        return folder
    }

    /// A bid for every offering.
    private func bid(_ round: Int, in folder: Folder) throws {
        let text = Self.offerings.map {
            #"{"bid":"b\#(round)","offering":"\#($0)","account":"a\#(round)","shares":1}"# + "\n"
        }.joined()
        try Run.fairfill(["bid", "--from", "-", "--quiet"], in: folder, input: text).mustWork()
    }

    private func append(
        _ value: String, to topic: String, _ partition: Int32, in folder: Folder
    ) throws {
        let log = try SQLiteLog.open(path: "\(folder.path)/fairfill.db", create: false)
        var records = OutgoingRecords()
        let destination = records.destination(TopicPartition("dev.\(topic)", partition))
        var value = value
        value.withUTF8 {
            records.append(to: destination, key: nil, value: UnsafeRawBufferPointer($0))
        }
        _ = try log.openAppender().append(records)
    }

    /// The offerings whose bids of this round are decided.
    private func decided(_ round: Int, in folder: Folder) throws -> Set<String> {
        let run = try Run.fairfill(["export", "decisions", "--quiet"], in: folder)
        return Set(
            try run.objects().filter { $0["bid"] as? String == "b\(round)" }
                .compactMap { $0["offering"] as? String })
    }

    private func expectDecided(
        _ round: Int, except partitions: Set<Int64>, in folder: Folder, _ worker: Running
    ) throws {
        let wanted = Set(
            try Self.offerings.filter { try !partitions.contains(Self.home($0)) })
        try #require(wanted.count >= 4)
        #expect(
            try eventually(within: 60) { try decided(round, in: folder) == wanted },
            "\(worker.errors)")
    }

    @Test(arguments: [["allocate"], ["run"]])
    func aBookThatCannotBeReadCostsItsPartition(_ words: [String]) throws {
        let folder = try folder()
        try append("garbage", to: "decisions", 1, in: folder)
        let worker = try Run.start(words, in: folder)
        defer { worker.kill() }
        try bid(0, in: folder)
        try expectDecided(0, except: [1], in: folder, worker)
        #expect(eventually(within: 60) { worker.errors.contains("(tried 2 times)") })
        #expect(worker.errors.contains("partition 1: STANDS STILL: the decision at"))
        #expect(worker.isRunning)
        try bid(1, in: folder)
        try expectDecided(1, except: [1], in: folder, worker)
        // Somebody must look at it, and finds it where such things are.
        let attention = try Run.fairfill(
            ["attention", "list", "--kind", "laneStandsStill"], in: folder
        ).mustWork()
        // An entry that is longer than a line goes on, indented, on the next.
        let entry = attention.output.replacing(/\n +/, with: " ")
        #expect(entry.split(separator: "\n").count == 1, "\(attention)")
        #expect(entry.contains("the allocator of partition 1"), "\(attention)")
        #expect(entry.contains("can't be read"), "\(attention)")
        #expect(worker.terminate() == 70, "\(worker.errors)")
    }

    @Test func aJournalThatCannotBeReadCostsItsPartitionOfPayments() throws {
        let folder = try folder()
        let bank = try Bank(in: folder)
        try append("garbage", to: "payment-journal", 2, in: folder)
        let worker = try Run.start(["run"] + bank.options, in: folder)
        defer { worker.kill() }
        // Payments go by account: this one's are at home in another partition.
        let round = try #require(
            (0..<99).first { round in
                let account = Identifier(parsing: "a\(round)")
                return account.map {
                    Partitioner.partition(of: $0, count: Self.partitions) != 2
                } ?? false
            })
        try bid(round, in: folder)
        try expectDecided(round, except: [], in: folder, worker)
        #expect(eventually(within: 60) { worker.errors.contains("(tried 2 times)") })
        #expect(
            try eventually(within: 60) {
                try bank.ledger().movements.count == Self.offerings.count
            }, "\(worker.errors)")
        let attention = try Run.fairfill(["attention", "list", "--json"], in: folder)
            .mustWork().objects()
        #expect(attention.map { $0["worker"] as? String } == ["payer"], "\(attention)")
        #expect(attention.first?["partition"] as? Int == 2)
        #expect(worker.terminate() == 70, "\(worker.errors)")
    }

    /// It is tried again by itself: what is mended is gone on with.
    @Test func aTopicThatIsMissingIsWaitedFor() throws {
        let folder = try folder()
        let path = "\(folder.path)/fairfill.db"
        let worker = try Run.start(["allocate"], in: folder)
        defer { worker.kill() }
        try bid(0, in: folder)
        try expectDecided(0, except: [], in: folder, worker)
        #expect(worker.terminate() == 0, "\(worker.errors)")
        // One partition of one topic is gone, as after a restore that left something out.
        let sql = "UPDATE partitions SET partition = partition + 100 "
            + "WHERE topic = 'dev.payment-results' AND partition"
        func change(_ condition: String, _ sign: String) throws {
            let script = sql.replacing("+ 100", with: "\(sign) 100") + condition
            let run = try Run.shell(
                "python3 -c \"import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); "
                    + "c.execute(sys.argv[2]); c.commit()\" '\(path)' \"\(script)\"", in: folder)
            try run.mustWork()
        }
        try change(" = 3", "+")
        let again = try Run.start(["allocate"], in: folder)
        defer { again.kill() }
        #expect(eventually(within: 60) { again.errors.contains("partition 3: STANDS STILL") })
        try bid(1, in: folder)
        try expectDecided(1, except: [3], in: folder, again)
        try change(" = 103", "-")
        try expectDecided(1, except: [], in: folder, again)
        #expect(
            eventually(within: 60) {
                again.errors.contains("partition 3: at work again: it stood still for")
            }, "\(again.errors)")
        #expect(again.terminate() == 0, "\(again.errors)")
    }

    /// What a process may have open is enough for some of its partitions.
    @Test func tooFewDescriptorsCostThePartitionsThatTheyAreTooFewFor() throws {
        let folder = try Folder()
        try Run.fairfill(["topics", "create", "--partitions", "12", "--quiet"], in: folder)
            .mustWork()
        let run = try Run.shell(
            """
            ulimit -n 40
            '\(Run.binary)' allocate 2>errors.txt & id=$!
            for i in $(seq 1200); do
              tr -s '\\n' ' ' <errors.txt | grep -q 'tried 2 times' && break; sleep 0.05
            done
            kill -0 $id; echo $?
            kill $id; wait $id; echo $?
            """, in: folder)
        let errors = Run.unbroken(
            try String(contentsOfFile: "\(folder.path)/errors.txt", encoding: .utf8))
        #expect(run.lines.first == "0" && run.lines.last != "0", "\(run)\(errors)")
        let lines = errors.split(separator: "\n").map(String.init)
        func count(_ words: String) -> Int {
            lines.count { $0.contains(words) }
        }
        #expect(count("live in epoch") > 0 && count("STANDS STILL") > 0, "\(errors)")
        #expect(errors.contains("too many files are open already; raise the limit"), "\(errors)")
        // What had none left to write that with wrote it once a lane gave some back.
        let attention = try Run.fairfill(
            ["attention", "list", "--kind", "laneStandsStill", "--quiet", "--json"], in: folder
        ).mustWork()
        #expect(attention.output.contains("too many files"), "\(attention)")
    }

    // MARK: Two at once

    /// However two come together, one is left that decides.
    @Test func ofTwoThatAreStartedAtOnceOneIsLeft() throws {
        let folder = try folder()
        for round in 0..<6 {
            let workers = [
                try Run.start(["allocate"], in: folder), try Run.start(["allocate"], in: folder),
            ]
            defer { workers.forEach { $0.kill() } }
            try bid(round, in: folder)
            try expectDecided(round, except: [], in: folder, workers[round % 2])
            // By now each has taken what it takes.
            try bid(round + 100, in: folder)
            try expectDecided(round + 100, except: [], in: folder, workers[round % 2])
            let left = workers.filter(\.isRunning)
            #expect(!left.isEmpty, "\(workers[0].errors)\n\(workers[1].errors)")
            for worker in workers where !worker.isRunning {
                #expect(worker.wait() == 80, "\(worker.errors)")
            }
            for worker in left {
                let exitCode = worker.terminate()
                #expect(exitCode == 0 || exitCode == 80, "\(worker.errors)")
            }
        }
        #expect(try Run.fairfill(["verify", "--quiet"], in: folder).exitCode == 0)
    }

    /// Each of two that were started without a group goes on with what it has.
    @Test func whoeverIsFencedGoesOnWithWhatItHasUntilItHasNone() throws {
        let folder = try folder()
        let first = try Run.start(["allocate"], in: folder)
        defer { first.kill() }
        try bid(0, in: folder)
        try expectDecided(0, except: [], in: folder, first)
        let second = try Run.start(["allocate", "--partitions", "1,2"], in: folder)
        defer { second.kill() }
        #expect(
            eventually(within: 60) {
                second.errors.split(separator: "\n").count { $0.contains("live in epoch 2") } == 2
            }, "\(second.errors)")
        try bid(1, in: folder)
        try expectDecided(1, except: [], in: folder, first)
        #expect(
            try eventually(within: 60) {
                try bid(2, in: folder)
                return first.errors.split(separator: "\n")
                    .count { $0.contains("the other process keeps it") } == 2
            }, "\(first.errors)")
        #expect(first.isRunning && second.isRunning, "\(first.errors)\(second.errors)")
        let third = try Run.start(["allocate", "--partitions", "0,3"], in: folder)
        defer { third.kill() }
        #expect(
            try eventually(within: 60) {
                try bid(3, in: folder)
                return !first.isRunning
            })
        #expect(first.wait() == 80, "\(first.errors)")
        #expect(second.isRunning && third.isRunning)
        try expectDecided(3, except: [], in: folder, second)
        #expect(second.terminate() == 0 && third.terminate() == 0)
        #expect(try Run.fairfill(["verify", "--quiet"], in: folder).exitCode == 0)
    }
}
