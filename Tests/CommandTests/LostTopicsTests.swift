import CommandRunning
import Foundation
import SQLite
import Testing

/// Each topic deleted, and made again: who notices, the exit code, and the way on.
@Suite struct LostTopicsTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var topic: String
        /// What allocator, payer and `verify` end with once the topic was made again and is empty.
        var allocate: Int32 = 0
        var pay: Int32 = 0
        var verify: Int32 = 0
        /// What `topics create` ends with while it is missing.
        var create: Int32 = 70
        /// Words of the way on, in whatever ends with 70.
        var wayOn = ["backup"]
        /// Whether `topics create --anew` makes it.
        var isAnew = false

        var testDescription: String { topic }
    }

    static let cases = [
        Case(topic: "bids", allocate: 70), Case(topic: "offering-commands", allocate: 70),
        Case(topic: "payment-results", allocate: 70),
        Case(topic: "decisions", allocate: 70, verify: 3),
        Case(
            topic: "payment-commands", pay: 70, verify: 1,
            wayOn: ["fairfill payments re"], isAnew: true),
        Case(
            topic: "payment-journal", pay: 70, wayOn: ["backup", "fairfill payments rebuild"],
            isAnew: true),
        Case(
            topic: "payment-marks", pay: 70, create: 0,
            wayOn: ["backup", "fairfill payments rebuild"]),
        Case(topic: "payment-resolutions", create: 0), Case(topic: "attention", create: 0),
        Case(topic: "invalid", create: 0), Case(topic: "progress", create: 0),
        Case(
            topic: "environment", allocate: 78, pay: 78, verify: 78,
            wayOn: ["backup", "--anew environment"], isAnew: true),
    ]

    /// Three bids: two are paid for, and of the third nobody knows the account.
    private func sale() throws -> (Folder, Bank) {
        let folder = try Folder()
        try folder.createTopics()
        try folder.open("o", shares: 9, price: 100)
        let bids = (0..<3).map {
            #"{"bid":"b\#($0)","offering":"o","account":"a\#($0)","shares":2}"# + "\n"
        }.joined()
        try Run.fairfill(["bid", "--from", "-", "--quiet"], in: folder, input: bids).mustWork()
        // One that can't be read.
        try folder.append("{}", to: "dev.bids")
        let bank = try Bank(in: folder)
        try folder.write(#"{"a0":"acc_0","a1":"acc_1"}"#, to: "accounts.json")
        #expect(try allocate(folder).exitCode == 0)
        #expect(try pay(folder, bank).exitCode == 0)
        #expect(try allocate(folder).exitCode == 0)
        #expect(try bank.ledger().movements.count == 2)
        return (folder, bank)
    }

    private func allocate(_ folder: Folder) throws -> Run {
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder)
    }

    private func pay(_ folder: Folder, _ bank: Bank) throws -> Run {
        try Run.fairfill(
            ["pay", "--until-end", "--quiet"] + bank.options + ["--accounts", "accounts.json"],
            in: folder)
    }

    private func expect(_ run: Run, _ code: Int32, _ lost: Case) {
        #expect(run.exitCode == code, "\(lost.topic): \(run)")
        // Whoever stops says what to do.
        if run.exitCode == 70 {
            for words in lost.wayOn { #expect(run.errors.contains(words), "\(words): \(run)") }
        }
    }

    @Test(arguments: cases)
    func whoeverNeedsItNoticesAndSaysTheWayOn(_ lost: Case) throws {
        let (folder, bank) = try sale()
        let name = "dev.\(lost.topic)"

        // Deleted.
        try Run.shell("cp fairfill.db whole.db", in: folder).mustWork()
        try folder.delete(topic: name)
        let isRecord = lost.topic == "environment"
        #expect(try Run.fairfill(["topics", "check"], in: folder).exitCode == 78)
        for run in [try allocate(folder), try pay(folder, bank)] {
            #expect(run.exitCode == 78, "\(run)")
            #expect(run.errors.contains("fairfill topics create"), "\(run)")
            #expect(isRecord || run.errors.contains(name), "\(run)")
        }
        expect(try Run.fairfill(["topics", "create"], in: folder), lost.create, lost)
        let anew = try Run.fairfill(["topics", "create", "--anew", lost.topic], in: folder)
        #expect(anew.exitCode == (lost.isAnew ? 0 : 64), "\(anew)")
        if isRecord {
            // With what it said it is the same environment.
            #expect(try allocate(folder).exitCode == 0)
        }

        // Made again by somebody, and empty.
        try Run.shell("rm fairfill.db*; cp whole.db fairfill.db", in: folder).mustWork()
        try folder.empty(topic: name)
        expect(try Run.fairfill(["verify"], in: folder), lost.verify, lost)
        expect(try allocate(folder), lost.allocate, lost)
        expect(try pay(folder, bank), lost.pay, lost)
        #expect(try bank.ledger().movements.count == 2)
        try followWayOn(lost, folder, bank)
        #expect(try bank.ledger().movements.count == 2, "something was paid twice")
    }

    /// Where the way on is one of ours it leads back to work.
    private func followWayOn(_ lost: Case, _ folder: Folder, _ bank: Bank) throws {
        guard lost.pay == 70 else { return }
        if lost.topic == "payment-commands" {
            let asked = try Run.fairfill(
                ["payments", "recommand", "--no-wait", "--quiet"], in: folder)
            #expect(asked.exitCode == 0, "\(asked)")
            #expect(try allocate(folder).exitCode == 0)
        }
        for words in [["anna"], ["ben", "--approve"]] {
            try Run.fairfill(
                ["payments", "rebuild", "--partition", "0", "--actor"] + words, in: folder
            ).mustWork()
        }
        #expect(try pay(folder, bank).exitCode == 0)
        #expect(try allocate(folder).exitCode == 0)
        let verified = try Run.fairfill(["verify"], in: folder)
        #expect(verified.exitCode == 0, "\(verified)")
        let payments = try Run.fairfill(["payments", "list", "--json"], in: folder).objects()
        #expect(payments.count == 3)
    }

    /// Journal and marks at once: what the payer answered shows that there was a journal.
    @Test func aJournalLostWithItsMarksIsNoticed() throws {
        let (folder, bank) = try sale()
        for topic in ["dev.payment-journal", "dev.payment-marks"] {
            try folder.delete(topic: topic)
        }
        let create = ["topics", "create", "--anew", "payment-journal"]
        try Run.fairfill(create, in: folder).mustWork()
        let lost = Case(topic: "payment-journal", wayOn: ["backup", "fairfill payments rebuild"])
        for _ in 0..<2 { expect(try pay(folder, bank), 70, lost) }
        try followWayOn(
            Case(topic: "payment-journal", pay: 70), folder, bank)
        #expect(try bank.ledger().movements.count == 2, "something was paid twice")
    }
}

extension Folder {
    /// Empties a topic in the log file, as deleting it and making it again does.
    func empty(topic: String) throws {
        let file = try Connection(path: "\(path)/fairfill.db", .readWrite)
        let ids = "SELECT id FROM partitions WHERE topic = '\(topic)'"
        try file.execute(
            """
            DELETE FROM records WHERE position >> 40 IN (\(ids));
            UPDATE partitions SET end_offset = 0 WHERE topic = '\(topic)';
            """)
    }

    /// Appends a record as some other program would.
    func append(_ value: String, to topic: String) throws {
        let file = try Connection(path: "\(path)/fairfill.db", .readWrite)
        try file.execute(
            """
            INSERT INTO records (position, time, key, value)
              SELECT id << 40 | end_offset, (SELECT max(time) FROM records), NULL,
                CAST('\(value)' AS BLOB) FROM partitions WHERE topic = '\(topic)';
            UPDATE partitions SET end_offset = end_offset + 1 WHERE topic = '\(topic)';
            """)
    }
}
