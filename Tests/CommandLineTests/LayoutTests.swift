import Benchmarks
import CommandLine
import CommandRunning
import Foundation
import Testing
import Vocabulary
import fairfill

/// What is printed fits 80 columns, and numbers, money and lists read well.
@Suite struct LayoutTests {
    private func expectFits(_ text: String, _ what: String) {
        for line in text.split(separator: "\n") where line.count > 80 {
            Issue.record("\(what): \(line.count) columns: \(line)")
        }
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

    /// What a program reads of a remark stays whole.
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
