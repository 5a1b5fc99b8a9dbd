import CommandRunning
import Foundation
import Testing

/// `fairfill offering close` where it would end in refunds, and where not.
@Suite struct CloseTests {
    private func prepared(minimum: Int, bids: Int, more: [String] = []) throws -> Folder {
        let folder = try Folder()
        try folder.createTopics()
        try Run.fairfill(
            [
                "offering", "open", "--offering", "o", "--shares", "10", "--price", "5",
                "--currency", "CNY", "--minimum-shares", "\(minimum)", "--no-wait",
            ] + more, in: folder
        ).mustWork()
        for bid in 0..<bids {
            try Run.fairfill(
                [
                    "bid", "--offering", "o", "--account", "a\(bid)", "--shares", "3", "--id",
                    "b\(bid)",
                ], in: folder
            ).mustWork()
        }
        try decide(folder)
        return folder
    }

    private func decide(_ folder: Folder) throws {
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
    }

    private func close(
        _ folder: Folder, _ more: [String] = [], terminal input: String? = nil
    ) throws -> Run {
        let words = ["offering", "close", "--offering", "o", "--no-wait"] + more
        guard let input else { return try Run.fairfill(words, in: folder) }
        // Python has a terminal of its own to give.
        let program = """
            import os, pty, subprocess, sys
            me, other = pty.openpty()
            os.write(me, sys.argv[1].encode() + b"\\n")
            sys.exit(subprocess.call(sys.argv[2:], stdin=other))
            """
        return try Run.program(
            "/usr/bin/env", ["python3", "-c", program, input, Run.binary] + words, in: folder)
    }

    private func isClosed(_ folder: Folder) throws -> Bool {
        try decide(folder)
        let shown = try Run.fairfill(["offering", "show", "--offering", "o", "--json"], in: folder)
            .mustWork().objects()
        return shown.first?["state"] as? String != "open"
    }

    @Test func withoutATerminalRefundsAreRefused() throws {
        let folder = try prepared(minimum: 7, bids: 2)
        let run = try close(folder)
        #expect(run.exitCode == 64, "\(run.errors)")
        for words in [
            "needs 7 paid shares to stand (minimumShares): 0 are paid, 6 reserved and not paid "
                + "yet, 0 wait and fit, 0 would go to the backstop",
            "ends in refunds", "Nothing was written", "--yes",
        ] {
            #expect(run.errors.contains(words), "\(words): \(run.errors)")
        }
        #expect(try !isClosed(folder))
        #expect(try close(folder, ["--yes"]).exitCode == 0)
        #expect(try isClosed(folder))
    }

    @Test(arguments: [("n", 1, false), ("", 1, false), ("y", 0, true), ("yes", 0, true)])
    func onATerminalItAsks(_ answer: String, _ exitCode: Int32, _ closes: Bool) throws {
        let folder = try prepared(minimum: 7, bids: 2)
        let run = try close(folder, terminal: answer)
        #expect(run.exitCode == exitCode, "\(run.errors)")
        #expect(run.errors.contains("Close it all the same? [y/N]"), "\(run.errors)")
        #expect(try isClosed(folder) == closes)
    }

    /// A question is no reason not to end.
    @Test func whoeverIsAskedMayInterruptIt() throws {
        let folder = try prepared(minimum: 7, bids: 2)
        let program = """
            import os, pty, signal, subprocess, sys, time
            me, other = pty.openpty()
            child = subprocess.Popen(sys.argv[1:], stdin=other, stderr=subprocess.PIPE)
            said = b""
            while b"[y/N]" not in said: said += os.read(child.stderr.fileno(), 1000)
            child.send_signal(signal.SIGINT)
            sys.exit(child.wait(timeout=20))
            """
        let run = try Run.program(
            "/usr/bin/env",
            ["python3", "-c", program, Run.binary, "offering", "close", "--offering", "o"],
            in: folder)
        #expect(run.exitCode == 1, "\(run)")
        #expect(try !isClosed(folder))
    }

    /// With the last share that is missing, from a bid or from the backstop, it is not asked.
    @Test(arguments: [
        (6, 2, [], "0 would go to the backstop"),
        (7, 2, ["--backstop-account", "bank", "--backstop-max-shares", "1"], "1 would go"),
    ])
    func whereOnlyPaymentsAreMissingItSaysSo(
        _ minimum: Int, _ bids: Int, _ more: [String], _ words: String
    ) throws {
        let folder = try prepared(minimum: minimum, bids: bids, more: more)
        let run = try close(folder)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.errors.contains("6 reserved and not paid yet"), "\(run.errors)")
        #expect(run.errors.contains(words) && run.errors.contains("once the payments have come"))
        #expect(try isClosed(folder))
    }

    /// Who takes all or nothing and does not fit brings nothing.
    @Test func whatWaitsCountsOnlyAsFarAsItFits() throws {
        let folder = try prepared(minimum: 7, bids: 2)
        try Run.fairfill(
            [
                "bid", "--offering", "o", "--account", "w", "--shares", "6", "--id", "w",
                "--all-or-none",
            ], in: folder
        ).mustWork()
        try decide(folder)
        let run = try close(folder)
        #expect(run.exitCode == 64 && run.errors.contains("0 wait and fit"), "\(run.errors)")
    }

    /// The backstop takes what is free, and no more; where the sale stands with that, nothing is
    /// said.
    @Test(arguments: [(10, "4 would go to the backstop"), (4, nil)] as [(Int, String?)])
    func theBackstopCountsAsFarAsSharesAreFree(_ minimum: Int, _ words: String?) throws {
        let folder = try prepared(
            minimum: minimum, bids: 2,
            more: ["--backstop-account", "bank", "--backstop-max-shares", "9"])
        let run = try close(folder)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.errors.contains("paid shares to stand") == (words != nil), "\(run.errors)")
        if let words { #expect(run.errors.contains(words), "\(run.errors)") }
    }

    @Test func whatStandsIsClosedWithoutAWord() throws {
        let folder = try prepared(minimum: 0, bids: 0)
        let run = try close(folder)
        #expect(run.exitCode == 0 && !run.errors.contains("paid shares to stand"), "\(run.errors)")
    }

    @Test func showNamesTheMinimum() throws {
        let folder = try prepared(
            minimum: 7, bids: 1, more: ["--backstop-account", "bank", "--backstop-max-shares", "2"])
        let show = ["offering", "show", "--offering", "o"]
        let run = try Run.fairfill(show, in: folder).mustWork()
        #expect(
            run.output.replacing(/\n +/, with: " ").contains(
                "it stands with 7 shares settled at its close (minimumShares); backstop bank takes "
                    + "up to 2"), "\(run.output)")
        let object = try Run.fairfill(show + ["--json"], in: folder).mustWork().objects().first
        #expect(object?["minimumShares"] as? Int == 7)
        let told = try Run.fairfill(["explain", "--bid", "b0", "--json"], in: folder).mustWork()
        #expect(try told.objects().first?["minimumShares"] as? Int == 7)
    }
}
