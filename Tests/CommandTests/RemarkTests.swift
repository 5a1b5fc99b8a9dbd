import CommandRunning
import Foundation
import Testing

/// What a worker says, for people and for programs.
@Suite struct RemarkTests {
    private func folder(partitions: Int = 1) throws -> Folder {
        let folder = try Folder()
        try Run.fairfill(
            ["topics", "create", "--partitions", "\(partitions)", "--purpose", "test", "--quiet"],
            in: folder
        ).mustWork()
        return folder
    }

    private func events(_ run: Run) throws -> [[String: Any]] {
        try Run(exitCode: 0, output: run.errors, errors: "").objects()
    }

    @Test func aRemarkIsAnEventWithMembersForPrograms() throws {
        let folder = try folder(partitions: 2)
        let run = try Run.fairfill(
            ["allocate", "--until-end", "--log-format", "json"], in: folder
        ).mustWork()
        let events = try events(run)
        let started = try #require(events.first)
        #expect(started["event"] as? String == "started")
        #expect(started["role"] as? String == "allocator")
        #expect((started["log"] as? String ?? "").hasPrefix("sqlite:"))
        #expect(started["env"] as? String == "dev" && started["purpose"] as? String == "test")
        #expect(started["partitions"] as? [Int] == [0, 1])
        #expect(started["version"] is String && started["text"] is String)
        let live = events.filter { $0["event"] as? String == "live" }
        #expect(Set(live.compactMap { $0["partition"] as? Int }) == [0, 1], "\(run.errors)")
        for event in live {
            #expect(event["worker"] as? String == "allocator")
            #expect(event["epoch"] as? Int == 1 && event["seq"] as? Int == 0)
            let time = try #require(event["time"] as? String)
            let form = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            #expect(abs(try form.parse(time).timeIntervalSinceNow) < 600)
        }
    }

    @Test func aFailureIsAnEventToo() throws {
        let run = try Run.fairfill(
            ["allocate", "--log-format", "json", "--log", "sqlite:missing.db"], in: Folder())
        #expect(run.exitCode == 69)
        let event = try #require(try events(run).last)
        #expect(event["event"] as? String == "failed" && event["exitCode"] as? Int == 69)
    }

    @Test func aWorkerSaysWhatItIsAndWhomItTookOverFrom() throws {
        let folder = try folder()
        let first = try Run.fairfill(["allocate", "--until-end"], in: folder).mustWork()
        for words in [
            "allocator 0.", "sqlite:", "fairfill.db", "environment 'dev' (test)",
            "its one partition", "live in epoch 1, the first",
        ] { #expect(first.errors.contains(words), "\(words): \(first.errors)") }
        let second = try Run.fairfill(["allocate", "--until-end"], in: folder).mustWork()
        #expect(second.errors.contains("live in epoch 2, taken over from epoch 1"), "\(second)")
        let bank = try Bank(in: folder)
        let payer = try Run.fairfill(["pay", "--until-end"] + bank.options, in: folder).mustWork()
        #expect(payer.errors.contains("pays through \(bank.url)"), "\(payer)")
        #expect(payer.errors.contains("paying in epoch 1, the first"), "\(payer)")
        let quiet = try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        #expect(quiet.errors.isEmpty, "\(quiet)")
    }

    // MARK: Signals

    /// `nohup`, and a shell that starts something in the background, mean what they do.
    @Test(arguments: ["HUP", "INT"])
    func aSignalThatCameIgnoredStaysIgnored(_ signal: String) throws {
        let folder = try folder()
        try folder.open("o", shares: 50)
        let run = try Run.shell(
            """
            f='\(Run.binary)'
            trap '' \(signal)
            "$f" allocate 2>errors.txt & id=$!
            for i in $(seq 1200); do grep -q 'live in' errors.txt && break; sleep 0.05; done
            kill -\(signal) $id
            for i in 1 2 3; do
              "$f" bid --offering o --account a$i --shares 1 --wait --timeout 20 >/dev/null; echo $?
            done
            kill -0 $id; echo $?
            kill -TERM $id; wait $id; echo $?
            """, in: folder)
        #expect(run.lines == ["0", "0", "0", "0", "0"], "\(run)")
    }

    /// The same for whatever runs for long, daemon or not: what the system knows of it.
    @Test(arguments: [
        "allocate", "run", "watch", "bid --from -", "demo", "copy --from sqlite:fairfill.db --to "
            + "sqlite:copy.db --json",
        "pay --provider http://127.0.0.1:1 --profile sandbox",
        "sandbox-bank --listen 127.0.0.1:0 --ledger bank.db",
    ])
    func everyCommandLeavesThemIgnored(_ words: String) throws {
        let folder = try folder()
        let run = try Run.shell(
            """
            mkfifo out; exec 3<>out
            trap '' HUP INT
            '\(Run.binary)' \(words) >out 2>errors.txt <out & id=$!
            for i in $(seq 600); do
              set -- $(awk '/^Sig(Ign|Cgt)/ { print substr($2, length($2) - 3) }' /proc/$id/status)
              # SIGTERM is heard.
              [ -n "$2" ] && [ $((0x$2 & 0x4000)) -ne 0 ] && break; sleep 0.02
            done
            echo $((0x$1 & 3)) $((0x$2 & 3))
            kill -KILL $id
            """, in: folder)
        #expect(run.lines == ["3 0"], "\(words): \(run)")
    }

    @Test func aHangUpEndsAWorkerOtherwise() throws {
        let folder = try folder()
        let worker = try Run.start(["allocate"], in: folder)
        worker.waitUntilLive()
        worker.child.signal(SIGHUP)
        #expect(worker.wait() == 0, "\(worker.errors)")
    }
}
