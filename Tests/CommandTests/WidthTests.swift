import CommandLine
import CommandRunning
import Foundation
import Testing
import Vocabulary
import fairfill

/// What people see fits 80 columns, on a terminal and in a pipe alike.
@Suite struct WidthTests {
    private func expectFits(_ text: String, _ what: String) {
        for line in text.split(separator: "\n") where line.count > 80 {
            Issue.record("\(what): \(line.count) columns: \(line)")
        }
    }

    private func run(_ line: String, in folder: Folder) throws -> Run {
        try Run.fairfill(line.split(separator: " ").map(String.init), in: folder)
    }

    @Test func everyHelpPageFitsAndReadsWell() throws {
        expectFits(Help.overview(Main.commands), "fairfill --help")
        #expect(Main.commands.count > 40)
        let groups = Dictionary(grouping: Main.commands) { $0.words[0] }
        for (name, group) in groups where group[0].words.count > 1 {
            expectFits(Help.group(group), name)
        }
        for command in Main.commands {
            let help = Help.text(command)
            #expect(help.contains("usage: fairfill \(command.name)"))
            expectFits(help, command.name)
            for word in ["whoever", "whatever", "Whatever", "somebody", "of its own", "for ever"] {
                #expect(!help.contains(word), "\(command.name): \(word)")
            }
        }
    }

    /// A log with long ids, amounts and all kinds of decisions.
    private func sale(in folder: Folder) throws -> String {
        let long = "loan-" + String(repeating: "7", count: 58)
        try folder.createTopics()
        try run(
            "offering open --offering \(long) --shares 1000000 --price 12345678 --currency CNY "
                + "--no-wait", in: folder
        ).mustWork()
        try folder.open("o", shares: 2)
        let bid = "bid --offering \(long) --shares 900000"
        let account = "account-" + String(repeating: "9", count: 50)
        for (line, id) in [
            (bid + " --account \(account)", String(repeating: "b", count: 64)),
            ("bid --offering o --account a --shares 2", "b2"),
            ("bid --offering o --account b --shares 1", "b3"),
            ("bid --offering o --account b --shares 0", "b4"),
            ("bid --offering nowhere --account b --shares 1", "b5"),
        ] {
            let receipt = try run("\(line) --bid \(id)", in: folder).mustWork()
            // A line, with its whole id.
            #expect(receipt.lines.count == 1)
            #expect(receipt.output.hasPrefix("\(id) in dev.bids[0] at offset "))
            if id.count < 16 { expectFits(receipt.output, "receipt") }
        }
        return long
    }

    @Test func theListingsFit() throws {
        let folder = try Folder()
        let long = try sale(in: folder)
        let before = try run("topics list", in: folder).mustWork()
        expectFits(before.output, "topics list")
        #expect(before.output.contains("\n    5 undecided, the oldest for "))
        try run("allocate --until-end --quiet", in: folder).mustWork()
        for line in [
            "topics list", "topics create", "topics check", "offering list",
            "offering show --offering \(long)", "watch --until-end",
            "watch --until-end --progress", "payments list", "verify", "reasons", "schema",
            "attention list", "explain --bid b3 --offering o",
            "payments show --command o/b2/1",
        ] {
            let run = try run(line, in: folder)
            let mayBeEmpty = ["payments show --command o/b2/1", "attention list"].contains(line)
            #expect(!run.output.isEmpty || mayBeEmpty, "\(line)")
            expectFits(run.output, line)
        }
        // A line a topic, and a line a payment, with amounts in whole units.
        let topics = try run("topics list", in: folder).mustWork().lines
        #expect(topics.filter { $0.hasPrefix("dev.") }.count == 12, "\(topics)")
        #expect(topics.contains { $0.hasPrefix("dev.bids ") && $0.hasSuffix(" 5 records") })
        #expect(topics.contains { $0.contains("1 partition ") && $0.hasSuffix(" 1 record") })
        let payments = try run("payments list", in: folder).mustWork().lines
        #expect(payments.count == 2 && payments.allSatisfy { $0.hasSuffix(" not taken up") })
        #expect(payments[0].contains("… account-99999… 111,111,102,000.00 CNY"), "\(payments)")
        #expect(payments[1].hasPrefix("o/b2/1 ") && payments[1].contains("  0.02 CNY "))
        let json = try run("payments list --json", in: folder).mustWork().objects()
        #expect(json[0]["amount"] as? Int == 11_111_110_200_000)
        #expect((json[0]["command"] as? String)?.contains("…") == false)
    }

    /// `watch --until-end` prints what is there, and ends.
    @Test func watchEndsWhereItIsAskedTo() throws {
        let folder = try Folder()
        _ = try sale(in: folder)
        try run("allocate --until-end --quiet", in: folder).mustWork()
        let watched = try run("watch --until-end --json", in: folder).mustWork()
        #expect(watched.output == (try run("export decisions --json", in: folder)).output
            || watched.lines.count > 5)
        #expect(watched.lines.contains { $0.contains(#""type":"waitlisted""#) })
        let words = try run("watch --until-end --offering o", in: folder).mustWork()
        #expect(words.output.contains("b2 of a: 2 of 2 shares"), "\(words.output)")
        #expect(words.output.contains("0 of 1 share, 1 waiting"), "\(words.output)")
    }

    /// On a terminal each offering has one bar, which takes the place of the one before.
    @Test func theBarMovesOnATerminal() throws {
        let folder = try Folder()
        _ = try sale(in: folder)
        try run("allocate --until-end --quiet", in: folder).mustWork()
        let inPipe = try run("watch --until-end --progress", in: folder).mustWork()
        #expect(!inPipe.output.contains("\u{1b}"))
        #expect(inPipe.output.contains("[========================]"), "\(inPipe.output)")
        let terminal = try Run.shell(
            "TERM=xterm NO_COLOR=1 script -qec "
                + "\"'\(Run.binary)' watch --until-end --progress\" /dev/null",
            in: folder
        ).mustWork()
        #expect(terminal.output.contains("A\r\u{1b}[J"), "\(terminal.output)")
    }

    /// Whatever a remark says; what a program reads stays whole.
    @Test func everyRemarkFits() {
        let long = """
            its book was read again after the transaction was fenced, and decision 1,234,567 is \
            the last one that counts; the lane goes on from there
            fairfill: a second finding that is as long as the first one and has to go on below, too
            """
        for remark in [Remark(.message, long), Remark(.live, long).of(.init(.allocator, 1_023))] {
            let text = remark.line
            expectFits(text, "remark")
            #expect(text.hasPrefix("fairfill: ") && text.hasSuffix("too\n"))
            // No word is lost or broken, and each remark can be put together again.
            func words(_ text: String) -> String {
                text.split { $0.isWhitespace }.joined(separator: " ")
            }
            #expect(words(text).contains(words(long)))
            #expect(Run.unbroken(text).split(separator: "\n").count == 2, "\(text)")
        }
        #expect(Remark(.message, "short\n  x").line == "fairfill: short\n  x\n")
    }

    /// With large numbers, repeats, bytes and allocations.
    @Test func everyRowOfABenchFits() {
        let latency = Latency(nanoseconds: (1...2_000).map { $0 * 987_654_321 })
        let title = "split behind large bids: release, 1,000,000 wait"
        for row in [
            BenchRow(
                name: "a", title: title, figure: .perSecond([12_345_678, 23_456_789, 34_567_890]),
                bytes: 123_456, allocations: 12.345678),
            BenchRow(name: "b", title: title, figure: .nanoseconds([123_456, 234_567])),
            BenchRow(name: "c", title: title, figure: .ratio([1.25, 1.5])),
            BenchRow(name: "d", title: title, figure: .milliseconds([latency, latency]), bytes: 1),
        ] { expectFits(row.text, row.text) }
        let row = BenchRow(
            name: "e", title: "read", figure: .perSecond([5, 7, 6]), bytes: 1, allocations: 0)
        #expect(
            row.text == "read" + String(repeating: " ", count: 53)
                + "6 a second  (5 to 7)\n    1 byte  0.00000 allocations")
    }

    /// Columns without room stand below, and a long name over its column is broken.
    @Test func theTableOfWhatIfFits() {
        let names = [
            "as given", "remainder=skip,waitlist-shares=0", "max-shares-per-account=400",
            "payee=" + String(repeating: "p", count: 64), "lot=2", "lot=3",
        ]
        let rows = [[""] + names]
            + [["cancellations refused, conflictingDuplicate"] + names.map { "\($0.count)" }]
            + [["state"] + names.map { _ in "badTerms: bidsPerMinutePerAccount" }]
        let lines = WhatIfColumns.lines(rows)
        expectFits(lines.joined(separator: "\n"), "what-if")
        // A block a column here, each with the names of its rows.
        #expect(lines.count { $0.hasPrefix("  state ") } == names.count)
        #expect(lines.contains { $0.hasSuffix(" remainder=skip,waitlist-shares=0") })
        let narrow = WhatIfColumns.lines([[""] + names, ["free"] + names.map { _ in "10" }])
        expectFits(narrow.joined(separator: "\n"), "what-if")
        #expect(narrow[0] == "        as given    remainder=skip,  max-shares-per-account=400")
        #expect(narrow[1] == "                  waitlist-shares=0")
        #expect(narrow.count { $0.hasPrefix("  free") } == 2)
    }

    // MARK: Pieces

    @Test func aBarIsFullOnlyWhereNothingIsFree() {
        func bar(_ reserved: Int64, _ settled: Int64) -> String {
            let counters = Counters(
                free: Shares(rawValue: 100 - reserved - settled),
                reserved: Shares(rawValue: reserved), settled: Shares(rawValue: settled))
            let cells = ProgressText.cells(counters, of: 100, width: 10)
            return cells.settled + cells.reserved + cells.free
        }
        #expect(bar(0, 0) == "..........")
        #expect(bar(100, 0) == "==========")
        #expect(bar(40, 60) == "######====")
        #expect(bar(0, 100) == "##########")
        #expect(bar(99, 0) == "=========.")
    }

    @Test(arguments: [
        (3_000_000, "CNY", "30,000.00 CNY"), (5, "CNY", "0.05 CNY"), (1_234, "JPY", "1,234 JPY"),
        (1_234, "KWD", "1.234 KWD"), (7, "XXX", "7 XXX"), (0, "EUR", "0.00 EUR"),
        (100_000, "CLF", "10.0000 CLF"),
    ] as [(Int64, String, String)])
    func moneyIsShownInWholeUnits(amount: Int64, code: String, text: String) throws {
        let currency = try #require(CurrencyCode(code))
        #expect(MinorUnits(rawValue: amount).words(in: currency) == text)
    }

    @Test func pluralsAndLists() {
        #expect(Words.count(1, "bid") == "1 bid" && Words.count(2, "bid") == "2 bids")
        #expect(Words.count(0, "bid") == "0 bids" && Words.count(30_000, "bid") == "30,000 bids")
        #expect(Words.alternatives(["a", "b", "c"]) == "a, b or c")
        #expect(Words.alternatives(["a"]) == "a")
    }

    @Test func textIsBrokenAndCut() {
        #expect(Layout.wrapped("aa bb cc", first: "  ", indent: 4, width: 7) == "  aa bb\n    cc")
        #expect(Layout.cut("abcdef", to: 4) == "abc…" && Layout.cut("abcd", to: 4) == "abcd")
        #expect(Layout.aligned("12", 4) == "  12" && Layout.padded("12", 4) == "12  ")
        #expect(Layout.columns("\u{1b}[32mok\u{1b}[0m") == 2)
        #expect(
            Layout.filled("a b\nc\n  x   y z\n\nd", width: 8) == "a b c\n  x   y z\n\nd"
                .replacingOccurrences(of: "y z", with: "y\n      z"))
    }
}
