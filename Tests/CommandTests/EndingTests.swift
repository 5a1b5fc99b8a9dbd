import CommandRunning
import Foundation
import Testing

/// How commands end when somebody ends them, or closes what they write to.
@Suite struct EndingTests {
    private func offered(bids: Int, accounts: Int = 99) throws -> Folder {
        let folder = try Folder()
        try folder.createTopics()
        try folder.open("o", shares: max(bids, 1))
        var text = ""
        for index in 0..<bids {
            let account = "a\(index % accounts)"
            text += #"{"bid":"b\#(index)","offering":"o","account":"\#(account)","shares":1}"#
            text += "\n"
        }
        try folder.write(text, to: "bids.ndjson")
        return folder
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func theWorkerEndsCleanlyWhenItIsAskedTo(_ signal: Int32) throws {
        let folder = try offered(bids: 10)
        try Run.fairfill(["bid", "--from", "bids.ndjson"], in: folder).mustWork()
        let worker = try Run.start(["allocate"], in: folder)
        try Run.fairfill(
            ["bid", "--offering", "o", "--account", "a", "--shares", "1", "--wait"], in: folder
        ).mustNotWait()
        worker.child.signal(signal)
        #expect(worker.wait() == 0, "\(worker.errors)")
        #expect(try Run.fairfill(["verify"], in: folder).exitCode == 0)
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func whoeverWatchesEndsWhenAskedTo(_ signal: Int32) throws {
        let folder = try offered(bids: 1)
        try Run.fairfill(["bid", "--from", "bids.ndjson"], in: folder).mustWork()
        let path = "\(folder.path)/seen"
        let watching = try Run.start(["watch"], in: folder, output: path)
        // It watches once it shows what is decided while it runs. Bids come until then: it may
        // begin after the first.
        var number = 0
        let isShown = eventually(within: 60, every: 100) {
            number += 1
            _ = try? Run.fairfill(
                ["bid", "--offering", "o", "--account", "w\(number)", "--shares", "1"],
                in: folder)
            _ = try? Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder)
            return FileManager.default.contents(atPath: path)?.isEmpty == false
        }
        #expect(isShown && watching.isRunning, "\(watching.errors)")
        watching.child.signal(signal)
        #expect(watching.wait() == 0, "\(watching.errors)")
    }

    /// What is written to a file that was removed is seen by nobody.
    @Test(arguments: ["rm fairfill.db", "mv fairfill.db old.db; cp old.db fairfill.db"])
    func theWorkerNoticesThatItsFileIsGone(_ what: String) throws {
        let folder = try offered(bids: 10)
        let worker = try Run.start(["allocate"], in: folder)
        worker.waitUntilLive()
        _ = try Run.shell(what, in: folder)
        #expect(worker.wait() == 74, "\(worker.errors)")
        #expect(worker.errors.contains("was removed, or another file put in its place"))
    }

    /// `export decisions | head -1`: the reader has what it wanted; that is no error. There is far
    /// more to say than a pipe holds, so whoever did not notice would wait for ever.
    @Test(arguments: [
        "export decisions", "watch --from-start", "export holdings", "export bids",
    ])
    func aClosedPipeEndsItQuietly(_ line: String) throws {
        let folder = try offered(bids: 20_000, accounts: 20_000)
        try Run.fairfill(["bid", "--from", "bids.ndjson", "--quiet"], in: folder).mustWork()
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        let run = try Run.shell(
            "timeout 120 '\(Run.binary)' \(line) --quiet | head -n 1; echo ${PIPESTATUS[0]}",
            in: folder)
        #expect(run.errors.isEmpty, "\(run.errors)")
        #expect(run.lines.count == 2 && run.lines[0].count > 5, "one line: \(run.output)")
        #expect(run.lines.last == "0", "\(run.output)")
    }

    /// A disk that is full stops the writer with words that say so; what was there stays right.
    @Test(.enabled(if: Run.canMount, "no right to mount a small disk here"))
    func aFullDiskLosesNothing() throws {
        let folder = try offered(bids: 20_000)
        let run = try Run.shell(
            """
            set -eu
            mkdir small; mount -t tmpfs -o size=2m tmpfs small
            f='\(Run.binary)'; export FAIRFILL_LOG=sqlite:small/fairfill.db
            "$f" topics create --quiet
            "$f" offering open --offering o --shares 30000 --price 1 --currency CNY \
              --no-wait >/dev/null
            set +e
            "$f" bid --from bids.ndjson --json >receipts.ndjson 2>full.txt; echo "bid $?"
            mount -o remount,size=64m small
            "$f" bid --from bids.ndjson --quiet >/dev/null; echo "again $?"
            "$f" allocate --until-end --quiet; echo "allocate $?"
            "$f" verify; echo "verify $?"
            "$f" export decisions | grep -c '"type":"reserved"'
            "$f" export decisions | grep -c '"type":"repeated"'
            wc -l < receipts.ndjson
            cat full.txt
            """, in: folder, unshared: true)
        let lines = run.lines
        #expect(lines.contains("bid 74") || lines.contains("bid 73"), "\(run.output)")
        #expect(run.output.contains("no room"), "\(run.output)")
        for expected in ["again 0", "allocate 0", "verify 0", "20000"] {
            #expect(lines.contains(expected), "\(expected): \(run.output)\(run.errors)")
        }
        // Every receipt that was given out was true: those bids came a second time.
        let at = try #require(lines.firstIndex(of: "20000"))
        #expect(lines[at + 1] == lines[at + 2].trimmingCharacters(in: .whitespaces))
    }
}

extension Run {
    /// Runs a script with bash; `unshared` in a mount namespace of its own.
    static func shell(_ script: String, in folder: Folder, unshared: Bool = false) throws -> Run {
        let name = "\(folder.path)/\(UUID().uuidString)"
        let words = (unshared ? ["unshare", "-rm"] : []) + ["bash", "-c", script]
        let child = try Child(
            words[0], Array(words.dropFirst()), folder: folder.path,
            environment: ProcessInfo.processInfo.environment, input: "/dev/null",
            output: "\(name).out", errors: "\(name).err")
        let exitCode = child.wait()
        return Run(
            exitCode: exitCode,
            output: try String(contentsOfFile: "\(name).out", encoding: .utf8),
            errors: try String(contentsOfFile: "\(name).err", encoding: .utf8))
    }

    /// Whether a small disk can be mounted, in a namespace of its own.
    static let canMount: Bool = {
        guard let folder = try? Folder() else { return false }
        let run = try? shell(
            "mkdir d && mount -t tmpfs -o size=1m tmpfs d", in: folder, unshared: true)
        return run?.exitCode == 0
    }()

    /// For a bid that was waited for: decided either way, but not timed out.
    func mustNotWait() throws {
        guard [0, 1].contains(exitCode) else { throw Unexpected(self) }
    }
}
