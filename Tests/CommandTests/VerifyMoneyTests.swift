import CommandRunning
import Foundation
import SQLite
import Testing

/// `verify --level money` as people run it, on a sale that allocator and payer wrote.
@Suite struct VerifyMoneyTests {
    /// A sale where a0 and a3 paid, a1 is in doubt and was executed, a2 was declined; and its bank.
    private struct Sale {
        let folder: Folder
        let bank: Bank

        init() throws {
            folder = try Folder(isChecked: false)
            try Run.fairfill(["topics", "create", "--partitions", "2", "--quiet"], in: folder)
                .mustWork()
            try folder.open("o", shares: 12, price: 100)
            let bids = (0..<4).map {
                #"{"bid":"b\#($0)","offering":"o","account":"a\#($0)","shares":3}"# + "\n"
            }.joined()
            try Run.fairfill(["bid", "--from", "-", "--quiet"], in: folder, input: bids).mustWork()
            try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
            bank = try Bank(
                in: folder,
                faults: """
                    [{"match":{"account":"a1"},"phase":"after","action":"wrongAmount"},
                     {"match":{"account":"a2"},"phase":"before","action":"decline"}]
                    """, sendingWindow: "60s")
            try Run.fairfill(["pay", "--until-end", "--quiet"] + bank.options, in: folder)
                .mustWork()
            try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        }

        func verify(
            _ code: Int32, _ words: [String] = [], _ options: [String] = []
        ) throws {
            let run = try Run.fairfill(["verify", "--level", "money"] + options, in: folder)
            #expect(run.exitCode == code, "\(run)")
            let said = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            for words in words { #expect(said.contains(words), "\(words): \(run.output)") }
            #expect(run.lines.allSatisfy { $0.count <= 80 }, "\(run.output)")
            let verdict = [0: "verified:", 1: "NOT RIGHT:", 3: "not verified:"][code]!
            #expect(run.lines.last?.hasPrefix(verdict) == true, "\(run.output)")
        }

        func change(_ sql: String) throws {
            let file = try Connection(path: "\(folder.path)/fairfill.db", .readWrite)
            try file.execute(sql)
        }

        /// The records of a topic, for SQL.
        func records(_ topic: String) -> String {
            "records WHERE position >> 40 IN "
                + "(SELECT id FROM partitions WHERE topic = 'dev.\(topic)')"
        }

        /// Writes the bank's ledger to a file, as people fetch it.
        func saveLedger(_ change: (inout [[String: Any]]) -> Void = { _ in }) throws {
            var movements = try bank.ledger().movements
            change(&movements)
            let ledger: [String: Any] = ["movements": movements, "reversals": [[String: Any]]()]
            let text = try JSONSerialization.data(withJSONObject: ledger)
            try folder.write(String(decoding: text, as: UTF8.self), to: "ledger.json")
        }
    }

    private static let ledger = ["--ledger", "ledger.json"]

    @Test func aSaleIsRightAndSoIsItsBank() throws {
        let sale = try Sale()
        try sale.verify(
            0,
            [
                "dev.payment-journal money right: 4 payments", "collected 6.00 CNY (2 payments)",
                "in doubt, to collect 3.00 CNY (1 payment)", "collected - paid out 6.00 CNY",
            ])
        try sale.saveLedger()
        try sale.verify(
            0, ["3 movements of the bank, 1 of them of payments in doubt"], Self.ledger)
        let run = try Run.fairfill(
            ["verify", "--level", "money", "--json"] + Self.ledger, in: sale.folder).mustWork()
        let rows = try run.objects()
        let row = try #require(rows.last)
        #expect(rows.count == 1 && row["money"] as? String == "right", "\(run.output)")
        let sums = try #require((row["sums"] as? [[String: Any]])?.first)
        #expect((sums["collected"] as? [String: Any])?["amount"] as? Int == 600, "\(sums)")
        #expect(sums["kept"] as? Int == 600 && row["movements"] as? Int == 3)
        // It is asked for by name: without, verify reads what it always did.
        let plain = try Run.fairfill(["verify"], in: sale.folder).mustWork()
        #expect(!plain.output.contains("dev.payment-journal"), "\(plain.output)")
        let both = try Run.fairfill(
            ["verify", "--level", "money", "--level", "chain"], in: sale.folder).mustWork()
        #expect(both.output.contains("dev.decisions[0]") && both.output.contains("money"))
        let wrong = try Run.fairfill(["verify"] + Self.ledger, in: sale.folder)
        #expect(wrong.exitCode == 64 && wrong.errors.contains("without --level money"), "\(wrong)")
    }

    @Test func anAnswerThatNoPayerGaveIsFound() throws {
        let sale = try Sale()
        // As if a2, who declined, had paid: appended behind what is there.
        let declined = "(SELECT position FROM \(sale.records("payment-results")) "
            + #"AND CAST(value AS TEXT) LIKE '%"declined"%' LIMIT 1)"#
        try sale.change(
            """
            INSERT INTO records (position, time, key, value, headers)
            SELECT (SELECT max(other.position) + 1 FROM records AS other
                    WHERE other.position >> 40 = records.position >> 40),
              time, key,
              CAST('{"type":"paid","command":"o/b2/1","result":9,"offering":"o","account":"a2",'
                || '"amount":300}' AS BLOB), headers
            FROM records WHERE position = \(declined);
            UPDATE partitions SET end_offset = end_offset + 1
            WHERE topic = 'dev.payment-results' AND id = \(declined) >> 40;
            """)
        try sale.verify(1, ["notJournaled (dev.payment-results[", "o/b2/1"])
    }

    @Test func aChangedAnswerIsFoundAtItsPlace() throws {
        let sale = try Sale()
        let those = sale.records("payment-results").dropFirst("records ".count)
        try sale.change(
            """
            UPDATE records SET value =
              CAST(replace(CAST(value AS TEXT), '"amount":300', '"amount":900') AS BLOB) \(those)
            """)
        try sale.verify(1, ["otherAnswer (dev.payment-results[", "it was over 3.00 CNY"])
        let found = try Run.fairfill(["verify", "--level", "money", "--json"], in: sale.folder)
            .objects().filter { $0["finding"] != nil }
        #expect(found.count == 2, "\(found)")
        #expect(
            found.allSatisfy {
                $0["finding"] as? String == "otherAnswer" && $0["level"] as? String == "money"
                    && $0["offset"] is Int && ($0["command"] as? String)?.hasPrefix("o/b") == true
            })
    }

    @Test func aBankThatDiffersIsFound() throws {
        let sale = try Sale()
        try sale.saveLedger { $0.append($0[0]) }
        try sale.verify(1, ["movedTwice (ledger.json, movement 4"], Self.ledger)
        try sale.saveLedger { $0[0]["amount"] = 299 }
        try sale.verify(1, ["otherMovement (ledger.json, movement 1"], Self.ledger)
        try sale.saveLedger { movements in
            var foreign = movements[0]
            foreign["key"] = "stranger"
            movements.append(foreign)
        }
        try sale.verify(1, ["unexplained (ledger.json, movement 4"], Self.ledger)
        try sale.saveLedger { $0.removeAll { $0["account"] as? String == "a0" } }
        try sale.verify(1, ["notMoved (dev.payment-journal["], Self.ledger)
        try sale.folder.write("[]", to: "ledger.json")
        let run = try Run.fairfill(["verify", "--level", "money"] + Self.ledger, in: sale.folder)
        #expect(run.exitCode == 65 && run.errors.contains("ledger.json is no ledger"), "\(run)")
    }

    @Test func aStatementNeedNotCoverEverything() throws {
        let sale = try Sale()
        func line(_ movement: [String: Any]) -> String {
            #"{"key":"\#(movement["key"] ?? "")","reference":"x","amount":300,"currency":"CNY","#
                + #""direction":"collect","line":"booked","booked_at":"2026-01-01T00:00:00Z"}"#
                + "\n"
        }
        let movements = try sale.bank.ledger().movements
        let options = ["--statement", "bank.ndjson"]
        try sale.folder.write(movements.map(line).joined(), to: "bank.ndjson")
        try sale.verify(0, ["3 movements of the bank"], options)
        let some = movements.filter { $0["account"] as? String != "a0" }
        try sale.folder.write(some.map(line).joined(), to: "bank.ndjson")
        try sale.verify(3, ["1 payment that is paid and on none of the statements"], options)
    }

    @Test func aJournalThatIsGoneIsNotGreen() throws {
        let sale = try Sale()
        try sale.folder.empty(topic: "dev.payment-journal")
        try sale.verify(3, ["not looked at: dev.payment-journal"])
        try sale.folder.delete(topic: "dev.payment-journal")
        try sale.verify(3, ["there is no such topic"])
    }

    // MARK: A sale that goes on

    /// Workers that move money meanwhile are never taken for forgers: of what is under way nothing
    /// is said.
    private func expectGreenAllTheWhile(in folder: Folder) throws {
        try Run.fairfill(["topics", "create", "--partitions", "2", "--quiet"], in: folder)
            .mustWork()
        try folder.open("o", shares: 900, price: 100)
        let bids = (0..<300).map {
            #"{"bid":"b\#($0)","offering":"o","account":"a\#($0)","shares":3}"# + "\n"
        }.joined()
        try Run.fairfill(["bid", "--from", "-", "--quiet"], in: folder, input: bids).mustWork()
        let bank = try Bank(in: folder)
        let allocator = try Run.start(["allocate"], in: folder)
        defer { allocator.kill() }
        let payer = try Run.start(["pay"] + bank.options, in: folder)
        defer { payer.kill() }
        var rounds = 0
        let isOver = try eventually(within: 60) {
            let run = try Run.fairfill(
                ["verify", "--level", "money", "--json", "--quiet"], in: folder)
            rounds += 1
            #expect(run.exitCode != 1, "\(run)")
            let sums = try run.objects().last?["sums"] as? [[String: Any]]
            let collected = sums?.first?["collected"] as? [String: Any]
            return collected?["count"] as? Int == 300 && run.exitCode == 0
        }
        #expect(isOver && rounds > 1)
        let end = try Run.fairfill(["verify", "--level", "money"], in: folder).mustWork()
        #expect(end.output.contains("collected             900.00 CNY (300 payments)"), "\(end)")
    }

    @Test func aSaleThatGoesOnIsGreenAllTheWhile() throws {
        try expectGreenAllTheWhile(in: try Folder())
    }

    @Test(.enabled(if: Broker.address != nil, "no broker here"))
    func soItIsOnKafka() throws {
        try expectGreenAllTheWhile(
            in: try .onKafka(try #require(Broker.address), deletesTopics: true))
    }
}
