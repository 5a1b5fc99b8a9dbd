import CommandRunning
import Foundation
import Testing

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

    /// What is copied, and what is copied again; runs of the simulator; a journal that is whole.
    @Test func reportsFit() throws {
        let folder = try Folder()
        _ = try sale(in: folder)
        try run("allocate --until-end --quiet", in: folder).mustWork()
        for line in [
            "copy --from sqlite:fairfill.db --to sqlite:copy.db",
            "copy --from sqlite:fairfill.db --to sqlite:copy.db",
            "simulate --seeds 2 --bids 20", "payments rebuild --partition 0 --actor anna",
        ] {
            let run = try run(line, in: folder)
            // There is nothing to rebuild.
            #expect(run.exitCode == (line.hasPrefix("payments rebuild") ? 1 : 0), "\(run)")
            #expect(run.output.count + run.writtenErrors.count > 40, "\(line)")
            expectFits(run.output, line)
            expectFits(run.writtenErrors, line)
        }
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
}
