import CommandRunning
import Foundation
import SQLite
import Testing

/// `fairfill copy` as people run it: to a file, and killed.
@Suite struct CopyCommandTests {
    static func copy(_ words: [String] = [], _ folder: Folder) throws -> Run {
        try Run.fairfill(
            ["copy", "--from", "sqlite:fairfill.db", "--to", "sqlite:copy.db"] + words, in: folder)
    }

    /// The head of the chain of a log, which must verify.
    static func head(_ log: String, _ folder: Folder) throws -> String {
        let run = try Run.fairfill(["verify", "--json", "--log", log], in: folder).mustWork()
        return try run.objects().last { $0["head"] != nil }?["head"] as? String ?? ""
    }

    /// A worker decides further bids on the copy and on the original, which have the same bids at
    /// the same times: the chains go on, and end in the same head.
    @Test func aWorkerGoesOnOnTheCopy() throws {
        let folder = try Folder()
        try KillTests.appendInputs(to: folder, bids: 2_000)
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        let before = try Self.head("sqlite:fairfill.db", folder)
        try Run.fairfill(
            ["bid", "--from", "-"], in: folder,
            input: (0..<500).map {
                #"{"bid":"l-\#($0)","offering":"o1","account":"l-\#($0 % 90)","shares":3}"# + "\n"
            }.joined()
        ).mustWork()
        // The original waits: bids that are not decided yet are copied with their times.
        let copied = try Self.copy(["--json"], folder).mustWork()
        let summary = try #require(try copied.objects().last)
        #expect(summary["identical"] as? Bool == true, "\(copied)")
        #expect(try Self.head("sqlite:copy.db", folder) == before)
        for log in ["sqlite:fairfill.db", "sqlite:copy.db"] {
            try Run.fairfill(
                ["allocate", "--until-end", "--quiet", "--log", log], in: folder).mustWork()
        }
        let after = try Self.head("sqlite:copy.db", folder)
        #expect(after != before)
        #expect(after == (try Self.head("sqlite:fairfill.db", folder)))
        try Run.fairfill(["topics", "check", "--log", "sqlite:copy.db"], in: folder).mustWork()
        // Both went on, so the copy is none any more.
        let again = try Self.copy([], folder)
        #expect(again.exitCode == 73, "\(again)")
        #expect(again.errors.contains("holds something else"), "\(again)")
    }

    /// Killed at many points; each time no worker starts on what is there, and the next run goes
    /// on. At the end the copy is whole.
    @Test func killedAnywhereItGoesOn() throws {
        let folder = try Folder()
        try KillTests.appendInputs(to: folder, bids: 60_000)
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        var refused = 0
        var rounds = 0
        for round in 0..<12 {
            let copy = try Run.start(
                ["copy", "--from", "sqlite:fairfill.db", "--to", "sqlite:copy.db"], in: folder)
            // At once, then once there is a file, then counted from the start.
            if round > 0 {
                eventually(within: 30, every: 1) {
                    FileManager.default.fileExists(atPath: "\(folder.path)/copy.db")
                }
            }
            usleep(UInt32(round * 35_000))
            copy.kill()
            guard FileManager.default.fileExists(atPath: "\(folder.path)/copy.db") else { continue }
            rounds += 1
            let worker = try Run.fairfill(
                ["allocate", "--until-end", "--log", "sqlite:copy.db"], in: folder)
            guard worker.exitCode != 0 else { break }
            #expect(worker.exitCode == 78, "\(worker)")
            refused += 1
        }
        #expect(refused > 0)
        // Where the last kill came too late, a worker has begun there, and the copy is whole.
        if refused == rounds { try Self.copy([], folder).mustWork() }
        #expect(
            try Self.head("sqlite:copy.db", folder) == Self.head("sqlite:fairfill.db", folder))
    }

    /// While it is unfinished, nothing works on it; the record that says so names the way on.
    @Test func nothingWorksOnAnUnfinishedCopy() throws {
        let folder = try Folder()
        try KillTests.appendInputs(to: folder, bids: 150_000)
        let copy = try Run.start(
            ["copy", "--from", "sqlite:fairfill.db", "--to", "sqlite:copy.db"], in: folder)
        let deadline = Date(timeIntervalSinceNow: 20)
        var isBegun = false
        while copy.isRunning, !isBegun, Date() < deadline {
            usleep(5_000)
            let check = try Run.fairfill(
                ["topics", "check", "--log", "sqlite:copy.db"], in: folder)
            isBegun = check.errors.contains("it is a copy of its records")
        }
        copy.kill()
        try #require(isBegun, "the copy was too quick to be looked at")
        for words in [
            ["allocate", "--until-end"], ["run"], ["topics", "create"],
            ["bid", "--offering", "o1", "--account", "x", "--shares", "1"],
        ] {
            let run = try Run.fairfill(words + ["--log", "sqlite:copy.db"], in: folder)
            #expect(run.exitCode == 78 && run.errors.contains("fairfill copy"), "\(words): \(run)")
        }
        let rest = try Self.copy(["--json"], folder).mustWork()
        #expect(try rest.objects().last?["identical"] as? Bool == true)
        // What comes since is carried by the next run, which finds the rest as it is.
        try Run.fairfill(
            ["bid", "--offering", "o1", "--account", "x", "--shares", "1"], in: folder).mustWork()
        let more = try Self.copy(["--json"], folder).mustWork()
        #expect(try more.objects().last?["copied"] as? Int == 1)
        let none = try Self.copy([], folder).mustWork()
        #expect(none.output.contains("nothing copied"), "\(none)")
    }

    /// A backup taken while bids come and a worker decides them is a state that the log once had:
    /// it verifies, a worker goes on there, and no payment command is there twice.
    @Test func aBackupOfALiveLogIsOfOneMoment() throws {
        let folder = try Folder()
        try KillTests.appendInputs(to: folder, bids: 30_000)
        let worker = try Run.start(["allocate"], in: folder)
        defer { worker.kill() }
        for number in 0..<3 {
            let log = "sqlite:backup-\(number).db"
            let words = ["copy", "--from", "sqlite:fairfill.db", "--to", log, "--quiet"]
            try Run.fairfill(words, in: folder).mustWork()
            try Run.fairfill(
                ["bid", "--offering", "o2", "--account", "z", "--shares", "1"], in: folder
            ).mustWork()
            try Run.fairfill(
                ["allocate", "--until-end", "--quiet", "--log", log], in: folder).mustWork()
            _ = try Self.head(log, folder)
            let file = try Connection(path: "\(folder.path)/backup-\(number).db", .readOnly)
            let payments = "FROM record WHERE topic = 'dev.payment-commands'"
            let count = try file.integer("SELECT count(*) \(payments)") ?? 0
            #expect(count > 0)
            #expect(try file.integer("SELECT count(DISTINCT value) \(payments)") == count)
        }
        #expect(worker.terminate() == 0)
    }

    /// A whole copy is compared again, and one time that changed is found.
    @Test func aDamagedCopyIsFound() throws {
        let folder = try Folder()
        try KillTests.appendInputs(to: folder, bids: 1_000)
        try Self.copy([], folder).mustWork()
        let file = try Connection(path: "\(folder.path)/copy.db", .readWrite)
        try file.execute(
            """
            UPDATE records SET time = time + 1 WHERE position =
              (SELECT id << 40 | 400 FROM partitions WHERE topic = 'dev.bids')
            """)
        let run = try Self.copy([], folder)
        #expect(run.exitCode == 1, "\(run)")
        #expect(run.output.contains("append time of dev.bids[0] at 400 differs"), "\(run)")
    }

    /// What keeps workers from starting keeps nobody from carrying the records elsewhere: the copy
    /// is what workers want.
    @Test func aSourceThatNoWorkerStartsOnIsCopiedOut() throws {
        let folder = try Folder(isChecked: false)
        try KillTests.appendInputs(to: folder, bids: 300)
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        let head = try Self.head("sqlite:fairfill.db", folder)
        do {
            let file = try Connection(path: "\(folder.path)/fairfill.db", .readWrite)
            try file.execute(
                """
                BEGIN;
                DELETE FROM partitions WHERE topic = 'dev.payment-resolutions';
                DELETE FROM topics WHERE name = 'dev.payment-resolutions';
                UPDATE topics SET retention = 3600000 WHERE name = 'dev.decisions';
                INSERT INTO partitions(topic, partition, end_offset) VALUES('dev.bids', 1, 1);
                INSERT INTO records
                  SELECT id << 40, 1, NULL, NULL, NULL FROM partitions
                  WHERE topic = 'dev.bids' AND partition = 1;
                COMMIT;
                """)
        }
        let check = try Run.fairfill(["topics", "check"], in: folder)
        #expect(check.exitCode == 78, "\(check)")
        let copied = try Self.copy([], folder).mustWork()
        for words in [
            "dev.payment-resolutions is missing", "dev.decisions is kept 1h only",
            "dev.bids has 2 partitions", "1 record of dev.bids[1], which no worker reads",
        ] { #expect(copied.errors.contains(words), "\(words): \(copied)") }
        try Run.fairfill(["topics", "check", "--log", "sqlite:copy.db"], in: folder).mustWork()
        #expect(try Self.head("sqlite:copy.db", folder) == head)
        try Self.copy([], folder).mustWork()
    }

    @Test func wrongLogsAreRefused() throws {
        let folder = try Folder()
        try folder.createTopics()
        func refused(_ words: [String], _ code: Int32, _ sentence: String) throws {
            let run = try Run.fairfill(["copy"] + words, in: folder)
            #expect(run.exitCode == code && run.errors.contains(sentence), "\(words): \(run)")
        }
        let here = ["--from", "sqlite:fairfill.db"]
        try refused(here, 64, "--to is missing")
        try refused(here + ["--to", "memory:"], 64, "one process only")
        try refused(here + ["--to", "sqlite:fairfill.db"], 64, "the same log")
        try refused(here + ["--to", "file.db"], 64, "--to file.db: a log is named")
        try refused(["--from", "sqlite:no.db", "--to", "sqlite:x.db"], 69, "no log at no.db")
        try refused(here + ["--to", "sqlite:x.db", "--env", "prod"], 78, "no environment 'prod'")
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/x.db"))
        try refused(here + ["--to", "sqlite:no/x.db"], 73, "there is no folder")
        try Run.fairfill(
            ["topics", "create", "--log", "sqlite:other.db", "--partitions", "3"], in: folder
        ).mustWork()
        try refused(here + ["--to", "sqlite:other.db"], 73, "name another target")
        try folder.write("minutes of the meeting\n", to: "notes.txt")
        try refused(here + ["--to", "sqlite:notes.txt"], 73, "not an SQLite file")
        try refused(["--from", "sqlite:notes.txt", "--to", "sqlite:x.db"], 65, "not an SQLite")
        try refused(here + ["--to", "kafka:127.0.0.1:1"], 69, "127.0.0.1:1")
    }
}
