import CommandRunning
import Foundation
import SQLite
import Testing

/// Money that would move twice: a payer that is told of another provider, a journal that lost its
/// tail, commands of another topic. Judged by the banks' ledgers.
@Suite struct PaymentSafetyTests {
    /// An offering of three shares of 100 that one bid takes whole, and its collection.
    static func commanded(_ folder: Folder) throws {
        try folder.createTopics()
        try folder.open("o", shares: 6, price: 100)
        try Run.fairfill(
            ["bid", "--from", "-", "--quiet"], in: folder,
            input: (0..<2).map {
                #"{"bid":"b\#($0)","offering":"o","account":"a\#($0)","shares":3}"# + "\n"
            }.joined()
        ).mustWork()
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
    }

    private static func pay(
        _ folder: Folder, _ options: [String], until end: Bool = true
    ) throws -> Run {
        try Run.fairfill(
            ["pay", "--quiet"] + (end ? ["--until-end"] : []) + options, in: folder)
    }

    @Test func aPaymentInDoubtIsNotSentToAnotherProvider() throws {
        let folder = try Folder()
        try Self.commanded(folder)
        // Both are executed, and nobody hears of it.
        let bank = try Bank(in: folder, faults: #"[{"action":"hang"}]"#)
        let payer = try Run.start(["pay"] + bank.options, in: folder)
        #expect(try eventually(within: 30) { try bank.ledger().movements.count == 2 })
        payer.kill()

        let elsewhere = try Folder()
        let other = try Bank(in: elsewhere)
        let options = ["--profile", "profile.json", "--token-file", "token.txt"]
        for words in [
            ["--provider", other.url], ["--channel", "default=\(other.url)"],
        ] {
            let run = try Self.pay(folder, words + options)
            #expect(run.exitCode == 78, "\(run)")
            for part in [
                "the channel 'default'", bank.url, other.url, "o/b0/1", "o/b1/1", "--channel",
            ] {
                #expect(run.errors.contains(part), "\(part): \(run.errors)")
            }
        }
        // Without the channel at all, too.
        let without = try Self.pay(folder, ["--channel", "new=\(other.url)"] + options)
        #expect(without.exitCode == 78 && without.errors.contains("o/b0/1"), "\(without)")
        #expect(try other.ledger().movements.isEmpty)
        // An address that is only written otherwise is the same provider.
        let same = "HTTP://127.0.0.1:\(bank.port)//"
        #expect(
            try Self.pay(
                folder, ["--channel", "new=\(other.url)", "--channel", "default=\(same)"] + options
            ).exitCode == 0)
        #expect(try other.ledger().movements.isEmpty)
        #expect(try bank.ledger().counts.values.allSatisfy { $0 == 1 })
        let listed = try Run.fairfill(["payments", "list", "--json"], in: folder).objects()
        #expect(listed.allSatisfy { $0["state"] as? String == "paid" }, "\(listed)")
    }

    @Test(arguments: [
        ["--channel", "bank"], ["--channel", "=http://h"], ["--channel", "a=ftp://h"],
        ["--channel", "a=http://h", "--channel", "a=http://i"],
        ["--provider", "http://h", "--channel", "default=http://h"],
        ["--provider", "http://h", "--channel-profile", "other=sandbox"],
    ])
    func channelsThatMakeNoSenseAreSaid(_ words: [String]) throws {
        let folder = try Folder()
        try folder.createTopics()
        let run = try Self.pay(folder, words + ["--profile", "sandbox"])
        #expect(run.exitCode == 64, "\(run)")
    }

    /// Deletes what a topic holds from an offset on, as if it had never been written.
    private static func cut(_ topic: String, from offset: Int64, in folder: Folder) throws {
        let file = try Connection(path: "\(folder.path)/fairfill.db", .readWrite)
        try file.execute(
            """
            DELETE FROM records WHERE position >=
              (SELECT id << 40 | \(offset) FROM partitions WHERE topic = '\(topic)')
              AND position <
              (SELECT (id + 1) << 40 FROM partitions WHERE topic = '\(topic)');
            UPDATE partitions SET end_offset = \(offset) WHERE topic = '\(topic)';
            PRAGMA wal_checkpoint(TRUNCATE);
            """)
    }

    private static func end(of topic: String, in folder: Folder) throws -> Int64 {
        let file = try Connection(path: "\(folder.path)/fairfill.db", .readOnly)
        return try file.integer("SELECT end_offset FROM partitions WHERE topic = '\(topic)'") ?? 0
    }

    private static func rebuild(_ folder: Folder, _ words: [String]) throws -> Run {
        try Run.fairfill(["payments", "rebuild", "--partition", "0"] + words, in: folder)
    }

    /// A journal without its tail, from its beginning, its middle or its last record on.
    @Test(arguments: [0, 0.4, 0.7, 1] as [Double])
    func aJournalThatLostItsTailIsRebuiltByTwoPeople(_ part: Double) throws {
        let folder = try Folder()
        try MoneyTests.open(folder, shares: 60)
        try MoneyTests.append(0..<20, to: folder)
        let bank = try Bank(
            in: folder,
            faults: #"[{"match":{"p":0.2},"action":"lie"},"#
                + #"{"match":{"p":0.3},"action":"drop","times":4}]"#,
            forgetsKeys: true)
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        try Self.pay(folder, bank.options).mustWork()
        let movements = try bank.ledger().movements.count
        #expect(movements == 20)
        let journal = "dev.payment-journal"
        let count = try Self.end(of: journal, in: folder)
        let left = min(Int64(Double(count) * part), count - 1)
        try Self.cut(journal, from: left, in: folder)

        let refused = try Self.pay(folder, bank.options)
        #expect(refused.exitCode == 70, "\(refused)")
        for words in ["ends with entry \(left)", "entry \(count) was written", "payments rebuild"] {
            #expect(refused.errors.contains(words), "\(words): \(refused.errors)")
        }
        // Nobody alone, and nobody without a proposal.
        #expect(try Self.rebuild(folder, ["--actor", "ben", "--approve"]).exitCode == 1)
        let proposed = try Self.rebuild(folder, ["--actor", "anna"]).mustWork()
        #expect(!proposed.lines.isEmpty && proposed.lines.allSatisfy { $0.count <= 80 })
        let alone = try Self.rebuild(folder, ["--actor", "anna", "--approve"])
        #expect(alone.exitCode == 64 && alone.errors.contains("another person"), "\(alone)")
        #expect(try Self.pay(folder, bank.options).exitCode == 70)
        try Self.rebuild(folder, ["--actor", "ben", "--approve"]).mustWork()

        try Self.pay(folder, bank.options).mustWork()
        #expect(try bank.ledger().movements.count == movements, "something was paid twice")
        let payments = try Run.fairfill(["payments", "list", "--json"], in: folder).objects()
        #expect(payments.count == 20)
        #expect(payments.allSatisfy { $0["state"] as? String == "paid" }, "\(payments)")
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        #expect(try folder.state("o")["state"] as? String == "filled")
        try MoneyTests.expectAgreement(folder, bank)
        // It is whole again.
        let whole = try Self.rebuild(folder, ["--actor", "anna"])
        #expect(whole.exitCode == 1 && whole.errors.contains("is whole"), "\(whole)")
        try Self.pay(folder, bank.options).mustWork()
    }

    /// What the bank never heard of stays in doubt for people: nobody can prove that it was not
    /// sent, and what was surely not taken up is paid as usual.
    @Test func whatTheBankDoesNotKnowIsLeftToPeople() throws {
        let folder = try Folder()
        try Self.commanded(folder)
        let bank = try Bank(in: folder, faults: #"[{"phase":"before","action":"hang"}]"#)
        let payer = try Run.start(["pay"] + bank.options, in: folder)
        #expect(try eventually(within: 30) {
            try Run.fairfill(["payments", "list", "--json"], in: folder).objects()
                .contains { $0["attempts"] as? Int == 1 }
        })
        payer.kill()
        bank.kill()
        try folder.write("[]", to: "faults.json")
        try bank.start()
        let journal = "dev.payment-journal"
        // All but the epoch.
        try Self.cut(journal, from: 1, in: folder)
        try Self.rebuild(folder, ["--actor", "anna"]).mustWork()
        try Self.rebuild(folder, ["--actor", "ben", "--approve"]).mustWork()
        try Self.pay(folder, bank.options).mustWork()
        #expect(try bank.ledger().movements.isEmpty)
        let parked = try Run.fairfill(
            ["payments", "list", "--state", "parked", "--json"], in: folder
        ).objects()
        #expect(parked.count == 2)
        #expect(parked.allSatisfy { $0["reason"] as? String == "journalLost" }, "\(parked)")
        // The allocator was told.
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        #expect(try folder.state("o")["reserved"] as? Int == 6)
        let decisions = try Run.fairfill(["export", "decisions", "--json"], in: folder)
        #expect(decisions.output.contains("inDoubt"), "\(decisions.output)")
    }

    @Test func commandsThatWereMadeAnewAreNoticed() throws {
        let folder = try Folder()
        try Self.commanded(folder)
        let bank = try Bank(in: folder)
        try Self.pay(folder, bank.options).mustWork()
        let file = try Connection(path: "\(folder.path)/fairfill.db", .readWrite)
        try file.execute(
            """
            UPDATE records SET time = time + 1 WHERE position =
              (SELECT id << 40 | 1 FROM partitions WHERE topic = 'dev.payment-commands')
            """)
        let run = try Self.pay(folder, bank.options)
        #expect(run.exitCode == 70, "\(run)")
        #expect(run.errors.contains("made anew") && run.errors.contains("offset 1"), "\(run)")
        try Self.rebuild(folder, ["--actor", "anna"]).mustWork()
        try Self.rebuild(folder, ["--actor", "ben", "--approve"]).mustWork()
        try Self.pay(folder, bank.options).mustWork()
        #expect(try bank.ledger().movements.count == 2)
    }

    @Test func whatNobodyHasTakenUpIsListed() throws {
        let folder = try Folder()
        try Self.commanded(folder)
        let untaken = try Run.fairfill(
            ["payments", "list", "--state", "untaken", "--json"], in: folder
        ).objects()
        #expect(untaken.map { $0["command"] as? String } == ["o/b0/1", "o/b1/1"])
        #expect(untaken.allSatisfy { $0["amount"] as? Int == 300 }, "\(untaken)")
        let open = try Run.fairfill(["payments", "list", "--state", "open"], in: folder)
        #expect(open.lines.count == 2 && open.output.contains("not taken up"), "\(open)")
        // Of what is parked the reason is said, whatever it is: here no account is known.
        let bank = try Bank(in: folder)
        try folder.write(#"{"a0":"acc_0"}"#, to: "accounts.json")
        try Self.pay(folder, bank.options + ["--accounts", "accounts.json"]).mustWork()
        let all = try Run.fairfill(["payments", "list", "--json"], in: folder).objects()
        #expect(all.map { $0["state"] as? String } == ["paid", "parked"])
        #expect(all.map { $0["reason"] as? String } == [nil, "unknownAccount"])
        #expect(all.first?["channel"] as? String == "default")
    }
}
