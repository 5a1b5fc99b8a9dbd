import CommandRunning
import Foundation
import SQLite
import Testing

/// `reconcile` as people run it: statements against the journal of a log that allocator and payer
/// wrote, with a payment of each kind.
@Suite struct ReconcileTests {
    /// A log where a0 and a3 were paid, a1 is in doubt and executed, a2 was declined.
    private struct Prepared {
        let folder: Folder
        /// The key of each account's payment.
        let keys: [String: String]

        init() throws {
            folder = try Folder()
            try folder.createTopics()
            try folder.open("o", shares: 12, price: 100)
            let bids = (0..<4).map {
                #"{"bid":"b\#($0)","offering":"o","account":"a\#($0)","shares":3}"# + "\n"
            }.joined()
            try Run.fairfill(["bid", "--from", "-", "--quiet"], in: folder, input: bids).mustWork()
            try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
            let bank = try Bank(
                in: folder,
                faults: """
                    [{"match":{"account":"a1"},"phase":"after","action":"wrongAmount"},
                     {"match":{"account":"a2"},"phase":"before","action":"decline"}]
                    """, sendingWindow: "60s")
            try Run.fairfill(["pay", "--until-end", "--quiet"] + bank.options, in: folder)
                .mustWork()
            try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
            let payments = try Run.fairfill(["payments", "list", "--json"], in: folder).objects()
            keys = payments.reduce(into: [:]) {
                $0[$1["account"] as? String ?? ""] = $1["key"] as? String
            }
            let states = payments.map { "\($0["account"] ?? "") \($0["state"] ?? "")" }.sorted()
            try #require(states == ["a0 paid", "a1 parked", "a2 declined", "a3 paid"])
        }

        /// A line as sandbox-bank writes it.
        func line(_ account: String, _ amount: Int = 300, _ kind: String = "booked") -> String {
            #"{"key":"\#(keys[account] ?? account)","reference":"pay","amount":\#(amount),"#
                + #""currency":"CNY","direction":"collect","line":"\#(kind)","#
                + #""booked_at":"\#(Date().ISO8601Format())"}"# + "\n"
        }

        func balance(_ kind: String, _ amount: Int, _ at: String) -> String {
            #"{"line":"\#(kind)","amount":\#(amount),"currency":"CNY","booked_at":"\#(at)"}"#
                + "\n"
        }

        /// A closed statement over all time.
        func statement(_ lines: [String], moved: Int) -> String {
            balance("opening", 1_000, "2020-01-01T00:00:00Z") + lines.joined()
                + balance("closing", 1_000 + moved, "2099-01-01T00:00:00Z")
        }

        func reconcile(_ text: String, _ options: [String] = []) throws -> Run {
            try folder.write(text, to: "bank.ndjson")
            return try Run.fairfill(
                ["reconcile", "--statement", "bank.ndjson"] + options, in: folder)
        }
    }

    private static let closed = ["--previous-closing", "1000"]

    @Test func allThatDiffersIsFoundAndNothingIsChanged() throws {
        let log = try Prepared()
        let before = try Self.records(log.folder)

        // What there is: a1 is in doubt here, and its line proves that it was paid. No line of a2:
        // its decline is proven.
        let right = log.statement(["a0", "a1", "a3"].map { log.line($0) }, moved: 900)
        let run = try log.reconcile(right, Self.closed + ["--json"])
        #expect(run.exitCode == 1, "\(run)")
        let rows = try run.objects()
        let breaks = rows.filter { $0["break"] != nil }
        #expect(breaks.map { $0["break"] as? String } == ["executed"])
        #expect(breaks.first?["command"] as? String == "o/b1/1")
        #expect(breaks.first?["line"] as? Int == 3 && breaks.first?["amount"] as? Int == 300)
        let absent = rows.filter { $0["absent"] != nil }
        #expect(absent.map { $0["absent"] as? String } == ["declineProven"])
        #expect(absent.first?["command"] as? String == "o/b2/1")
        let sums = try #require(rows.last)
        #expect(sums["lines"] as? Int == 3)
        #expect((sums["matched"] as? [String: Any])?["count"] as? Int == 2)

        // As a table: each kind once, within 80 columns, with the currency's digits.
        let wrong = log.statement(
            [
                log.line("a0", 301), log.line("a1"), log.line("a2"), log.line("a1"),
                log.line("stranger"), log.line("a0", 301, "returned"),
            ], moved: 301 + 4 * 300 - 301)
        let table = try log.reconcile(wrong, Self.closed)
        #expect(table.exitCode == 1)
        for words in [
            "otherAmount", "executed", "contradiction", "twice", "unknown", "returned",
            "missingThere", "o/b3/1", "3.00 CNY was commanded, 3.01 CNY is there",
            "its shares were released", "it adds up", "NOT RIGHT: 0 of 6 lines agree",
        ] {
            #expect(table.output.contains(words), "\(words): \(table.output)")
        }
        #expect(table.lines.allSatisfy { $0.count <= 80 }, "\(table.output)")
        #expect(try Self.records(log.folder) == before, "it writes nothing")
    }

    @Test func exitCodesSayHowFarTheAnswerGoes() throws {
        let log = try Prepared()
        // All agree once the executed one is left out of the question.
        let some = log.statement([log.line("a0"), log.line("a3")], moved: 600)
        let whole = try log.reconcile(some, Self.closed)
        #expect(whole.exitCode == 0 && whole.output.contains("reconciled: 2 of 2"), "\(whole)")
        #expect(whole.output.contains("1 payment in doubt without a line (3.00 CNY)"))

        // Nobody knows what was before it; it is still open; a line can't be read; a sum is wrong.
        let unknown = try log.reconcile(some)
        #expect(unknown.exitCode == 3 && unknown.errors.isEmpty, "\(unknown)")
        #expect(Self.said(unknown).contains("give that one first, or --previous-closing"))
        let open = some.split(separator: "\n").dropLast().joined(separator: "\n")
        let cut = try log.reconcile(open, Self.closed)
        #expect(cut.exitCode == 3 && cut.output.contains("no closing balance"), "\(cut)")
        let garbled = try log.reconcile(some.replacing("collect", with: "c", maxReplacements: 1))
        #expect(garbled.exitCode == 3)
        #expect(Self.said(garbled).contains("bank.ndjson, line 2: 'direction' is 'c'"))
        let short = try log.reconcile(
            log.statement([log.line("a0")], moved: 600), Self.closed)
        #expect(short.exitCode == 3 && Self.said(short).contains("lines are missing or doubled"))

        // No statement at all.
        let empty = try log.reconcile("a,b\n1,2\n")
        #expect(empty.exitCode == 65 && empty.errors.contains("no column 'key'"), "\(empty)")
        let xml = try log.reconcile("<!DOCTYPE x []><x/>")
        #expect(xml.exitCode == 65 && xml.errors.contains("document type"), "\(xml)")
        let twice = try log.reconcile(some, ["--statement", "bank.ndjson"])
        #expect(twice.exitCode == 65 && twice.errors.contains("the same statement"), "\(twice)")
    }

    /// What is found is told to the payer once, in records of the payment's partition.
    @Test func applyingTellsThePayerOnce() throws {
        let log = try Prepared()
        let text = log.statement(["a0", "a1", "a3"].map { log.line($0) }, moved: 900)
        let broken = try log.reconcile(
            text.replacing("1900", with: "1901"), Self.closed + ["--apply", "--actor", "anna"])
        #expect(broken.output.contains("0 records written"), "\(broken)")
        for (round, count) in [(1, 2), (2, 0)] {
            let run = try log.reconcile(
                text, Self.closed + ["--apply", "--actor", "anna", "--json"])
            #expect(run.exitCode == 1, "\(run)")
            let recorded = try run.objects().compactMap { $0["recorded"] as? Int }
            #expect(recorded == [count], "round \(round): \(run)")
        }
        let file = try Connection(path: "\(log.folder.path)/fairfill.db", .readOnly)
        func count(_ words: String) throws -> Int64? {
            try file.integer(
                """
                SELECT count(*) FROM record WHERE topic = 'dev.payment-resolutions'
                AND value LIKE '{"type":"\(words)%'
                """)
        }
        #expect(try count(#"statement","partition":0,"command":"o/b1/1","channel":"default""#) == 1)
        #expect(try count(#"statement.absent","partition":0,"command":"o/b2/1""#) == 1)
        let who = try log.reconcile(text, ["--apply"])
        #expect(who.exitCode == 64 && who.errors.contains("--actor is missing"), "\(who)")
        let idle = try log.reconcile(text, ["--actor", "anna"])
        #expect(idle.exitCode == 64 && idle.errors.contains("says nothing without --apply"))
    }

    @Test func wrongCallsSayWhatToDo() throws {
        let log = try Prepared()
        let none = try Run.fairfill(["reconcile"], in: log.folder)
        #expect(none.exitCode == 64 && none.errors.contains("--statement is missing"))
        let missing = try Run.fairfill(["reconcile", "--statement", "no.csv"], in: log.folder)
        #expect(missing.exitCode == 74 && missing.errors.contains("no.csv can't be read"))
        let channel = try log.reconcile("", ["--channel", "x"])
        #expect(channel.exitCode == 64 && channel.errors.contains("there is 'default'"))
        try log.folder.write(#"{"key":"k","amount":"a"}"#, to: "map.json")
        let mapping = try log.reconcile("k,a\n", ["--mapping", "map.json"])
        #expect(mapping.exitCode == 78, "\(mapping)")
        #expect(mapping.errors.contains("map.json: 'bookedAt' is missing"), "\(mapping.errors)")
        let amount = try log.reconcile("", ["--previous-closing", "1.50"])
        #expect(amount.exitCode == 64 && amount.errors.contains("minor units"))
    }

    /// Two banks' forms through a mapping and camt.053, one behind the other, from standard input.
    @Test func otherFormsThanTheSandboxsAreRead() throws {
        let log = try Prepared()
        try log.folder.write(
            """
            {"delimiter":";","key":"Ref","amount":"Betrag","unit":"decimal","decimalSeparator":",",
             "signs":"positiveCollects","currencyOfAll":"CNY","bookedAt":"Tag",
             "bookedAtForm":"dd.MM.yyyy","line":"Art","booked":["Buchung"],
             "opening":["Anfang"],"closing":["Ende"]}
            """, to: "map.json")
        let csv = "Art;Ref;Betrag;Tag\r\nAnfang;;0,00;01.01.2020\r\n"
            + ["a0", "a3"].map { "Buchung;\(log.keys[$0]!);3,00;24.12.2026\r\n" }.joined()
            + "Ende;;6,00;01.01.2099\r\n"
        try log.folder.write(csv, to: "bank.csv")
        let options = ["--previous-closing", "0", "--booking-delay", "366d"]
        let mapped = try Run.fairfill(
            ["reconcile", "--statement", "bank.csv", "--mapping", "map.json"] + options,
            in: log.folder)
        #expect(mapped.exitCode == 0, "\(mapped)")

        func balance(_ code: String, _ amount: String, _ day: String) -> String {
            "<Bal><Tp><CdOrPrtry><Cd>\(code)</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">\(amount)</Amt>"
                + "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>\(day)</Dt></Dt></Bal>"
        }
        let entries = ["a0", "a3"].map {
            "<Ntry><Amt Ccy=\"CNY\">3.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>"
                + "<BookgDt><Dt>2026-12-24</Dt></BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>"
                + "\(log.keys[$0]!)</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>"
        }.joined()
        let camt = "<Document><BkToCstmrStmt><Stmt><Id>1</Id>"
            + balance("OPBD", "0", "2020-01-01") + balance("CLBD", "6.00", "2099-01-01") + entries
            + "</Stmt></BkToCstmrStmt></Document>"
        let document = try Run.fairfill(
            ["reconcile", "--statement", "-"] + options, in: log.folder, input: camt)
        #expect(document.exitCode == 0, "\(document)")
        #expect(document.output.contains("reconciled: 2 of 2 lines agree (6.00 CNY), 0 breaks"))
    }

    /// What was printed, however it was broken.
    private static func said(_ run: Run) -> String {
        run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func records(_ folder: Folder) throws -> Int64? {
        let file = try Connection(path: "\(folder.path)/fairfill.db", .readOnly)
        return try file.integer("SELECT count(*) FROM record")
    }
}
