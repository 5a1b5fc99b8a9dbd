import CommandRunning
import Foundation
import Testing

/// Bids and commands on their way into the log: whatever goes wrong, whoever sent them learns what
/// is there, and can send again without buying twice.
@Suite struct SubmissionTests {
    private func folder(shares: Int = 10) throws -> Folder {
        let folder = try Folder()
        try folder.createTopics()
        try folder.open("o", shares: shares)
        return folder
    }

    private func bidLine(_ id: String, shares: Int = 1) -> String {
        #"{"bid":"\#(id)","offering":"o","account":"a","shares":\#(shares)}"# + "\n"
    }

    /// The repeat of a bid that was refused is a refusal, and that of one that was taken is not.
    @Test func aRepeatIsAnsweredAsTheFirstTime() throws {
        let folder = try folder()
        let worker = try Run.start(["allocate"], in: folder)
        defer { worker.kill() }
        func bid(_ id: String, _ offering: String) throws -> Run {
            try Run.fairfill(
                [
                    "bid", "--id", id, "--offering", offering, "--account", "a", "--shares", "1",
                    "--wait",
                ], in: folder)
        }
        #expect(try bid("x", "o").exitCode == 0)
        let again = try bid("x", "o")
        #expect(again.exitCode == 0 && again.output.contains("repeated"), "\(again)")
        // Three in one go: an offering of 10 shares and as many waiting takes no more than 20.
        try Run.fairfill(
            ["bid", "--from", "-", "--wait"], in: folder, input: bidLine("all", shares: 19)
        ).mustWork()
        #expect(try bid("late", "o").exitCode == 1)
        let refusedAgain = try bid("late", "o")
        #expect(refusedAgain.exitCode == 1, "\(refusedAgain)")
        #expect(refusedAgain.output.contains("repeated"), "\(refusedAgain)")
    }

    /// A bid whose receipt could not be printed is named with its id, and sent again under it
    /// changes nothing.
    @Test func aBidWhoseReceiptIsLostCanBeSentAgain() throws {
        let folder = try folder()
        let run = try Run.shell(
            "'\(Run.binary)' bid --offering o --account a --shares 3 >/dev/full", in: folder)
        #expect(run.exitCode == 74)
        #expect(run.errors.contains("1 bid is in the log"), "\(run.errors)")
        let words = run.errors.split(whereSeparator: { " :\n".contains($0) }).map(String.init)
        let id = try #require(words.firstIndex(of: "--bid").map { words[$0 + 1] })
        try Run.fairfill(
            ["bid", "--id", id, "--offering", "o", "--account", "a", "--shares", "3"], in: folder
        ).mustWork()
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        let decisions = try Run.fairfill(["export", "decisions", "--json"], in: folder).mustWork()
        #expect(decisions.lines.filter { $0.contains(#""type":"reserved""#) }.count == 1)
        #expect(decisions.lines.filter { $0.contains(#""type":"repeated""#) }.count == 1)
    }

    @Test(arguments: ["bid --from -", "offering open --from -"])
    func whoeverWaitsForInputEndsWhenAskedTo(_ line: String) throws {
        let run = try Run.shell(
            """
            mkfifo pipe; exec 3<>pipe
            for signal in TERM INT; do
              (trap - INT; exec '\(Run.binary)' \(line) <pipe) & id=$!
              for i in $(seq 400); do
                ls -l /proc/$id/fd | grep -q 'fairfill.db$' && break; sleep 0.05
              done
              sleep 0.2; kill -$signal $id
              for i in $(seq 100); do kill -0 $id 2>/dev/null || break; sleep 0.05; done
              kill -9 $id 2>/dev/null; wait $id; echo "code $?"
            done
            """, in: try folder())
        #expect(run.lines == ["code 75", "code 75"], "\(run)")
    }

    /// Decisions come while more input may follow.
    @Test func decisionsArePrintedBeforeTheInputEnds() throws {
        let folder = try folder()
        let worker = try Run.start(["allocate"], in: folder)
        defer { worker.kill() }
        let run = try Run.shell(
            """
            mkfifo pipe; exec 3<>pipe
            '\(Run.binary)' bid --from - --wait --json <pipe >out.txt & id=$!
            echo '\(bidLine("x").dropLast())' >&3
            for i in $(seq 200); do grep -q reserved out.txt && break; sleep 0.05; done
            grep -c '"type":"reserved"' out.txt
            kill $id; wait $id; true
            """, in: folder)
        #expect(run.output == "1\n", "\(run)")
    }

    @Test func aWaitThatIsOverKeepsWhatWasPrintedAndSaysHowManyAreMissing() throws {
        let folder = try folder()
        try folder.write((0..<30).map { bidLine("b\($0)") }.joined(), to: "bids.ndjson")
        let run = try Run.fairfill(
            ["bid", "--from", "bids.ndjson", "--wait", "--timeout", "0.2"], in: folder)
        #expect(run.exitCode == 75)
        #expect(run.lines.count == 30, "\(run.output)")
        #expect(run.errors.contains("30 of 30 bids are in the log"), "\(run.errors)")
    }

    /// All offerings of a file are sent, though nobody decides the first one in time.
    @Test func allOfferingsOfAFileAreSent() throws {
        let folder = try folder()
        let lines = (0..<3).map {
            #"{"offering":"p\#($0)","shares":5,"price":1,"currency":"CNY"}"# + "\n"
        }
        try folder.write(lines.joined(), to: "offerings.ndjson")
        let run = try Run.fairfill(
            ["offering", "open", "--from", "offerings.ndjson", "--timeout", "0.2"], in: folder)
        #expect(run.exitCode == 75)
        #expect(run.errors.contains("3 of 3 commands are in the log"), "\(run.errors)")
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        let list = try Run.fairfill(["offering", "list", "--json"], in: folder).mustWork()
        #expect(list.lines.count == 4, "\(list.output)")
    }

    /// Paused, an offering takes no bids; resumed, it does; each asked for twice changes nothing.
    @Test func anOfferingIsPausedAndResumed() throws {
        let folder = try folder()
        let worker = try Run.start(["allocate"], in: folder)
        defer { worker.kill() }
        func bid(_ id: String) throws -> Run {
            try Run.fairfill(
                [
                    "bid", "--id", id, "--offering", "o", "--account", "a", "--shares", "1",
                    "--wait",
                ], in: folder)
        }
        let early = try Run.fairfill(["offering", "resume", "--offering", "o"], in: folder)
        #expect(early.exitCode == 1, "\(early)")
        for word in ["paused", "repeated"] {
            let run = try Run.fairfill(["offering", "pause", "--offering", "o"], in: folder)
            #expect(run.exitCode == 0 && run.output.contains(word), "\(run)")
        }
        let shown = try Run.fairfill(
            ["offering", "show", "--offering", "o", "--json"], in: folder
        ).mustWork()
        #expect(shown.output.contains(#""paused":true"#))
        let refused = try bid("b1")
        #expect(refused.exitCode == 1 && refused.output.contains("paused"), "\(refused)")
        try Run.fairfill(["offering", "resume", "--offering", "o"], in: folder).mustWork()
        #expect(try bid("b2").exitCode == 0)
        #expect(try Run.fairfill(["verify"], in: folder).exitCode == 0)
    }

    /// A line without an end is no reason to hold it in memory, and the next one is read.
    @Test func aLineLongerThanAnyRecordIsReportedAndTheNextIsTaken() throws {
        let folder = try folder()
        let run = try Run.shell(
            """
            (printf '{"bid":"'; head -c 300000000 /dev/zero | tr '\\0' x; echo '"}'
             echo '\(bidLine("x").dropLast())') |
              (ulimit -v 400000; '\(Run.binary)' bid --from -); echo "code $?"
            """, in: folder)
        #expect(run.lines.last == "code 65", "\(run)")
        #expect(run.output.hasPrefix("x in dev.bids[0] at offset 0, "), "\(run)")
        #expect(run.errors.contains("line 1: longer than 16 KiB"), "\(run)")
    }
}
