import CommandLine
import EventLog
import Foundation
import Messages

/// The story, told while it happens: an offering, a crowd, a bank that fails and lies, an allocator
/// and a payer that are killed and come back, and beside it the old way on the same crowd.
final class DemoStory {
    struct Settings {
        var log: Demo.Log
        /// What `--log` names it by.
        var url: String
        var environment: String
        /// Where what the children say is kept.
        var folder: String
        var seed: UInt64
        var bidders: Int
        var speed: Double
    }

    /// The allocator is killed once so much of the offering is reserved, the payer once so much is
    /// paid, and each is started again after as long as a supervisor takes.
    static let killAtShares = Terms.shares * 2 / 5
    static let killPayerAtShares = Terms.shares / 2
    static let outageNanoseconds: Int64 = 600_000_000
    /// How long anything may take that takes milliseconds on an idle machine.
    static let patienceMilliseconds = 20_000

    let settings: Settings
    let stage: Stage
    let crowd: Crowd
    let checkThenTake = OldWay(.checkThenTake)
    let lockAndGiveBack = OldWay(.lockAndGiveBack)
    var kill = Kill()
    var payerKill = PayerKill()
    private var allocator: ChildProcess?
    private var payer: ChildProcess?
    private var bank: ChildProcess?
    private var payerWords: [String] = []
    private var childCount = 0

    /// What is known of the kill; times in nanoseconds of the monotonic clock.
    struct Kill {
        var killedAt: Int64?
        var reserved: Int64 = 0
        var startedAt: Int64?
        /// Bids that waited in the log when it was started again.
        var backlog = 0
        var firstDecisionAt: Int64?

        /// From the start of the new process to its first decision.
        var takeOverMilliseconds: Int64? {
            guard let startedAt, let firstDecisionAt else { return nil }
            return (firstDecisionAt - startedAt) / 1_000_000
        }
    }

    /// What is known of the payer's kill.
    struct PayerKill {
        var killedAt: Int64?
        /// Shares paid by then.
        var settled: Int64 = 0
        var startedAt: Int64?
    }

    /// Where the bank keeps its books.
    var ledgerPath: String { "\(settings.folder)/bank.db" }

    init(_ settings: Settings, stage: Stage) {
        self.settings = settings
        self.stage = stage
        crowd = Crowd(seed: settings.seed, bidders: settings.bidders)
    }

    /// Throws what made it impossible to go on; nothing that was started is left running.
    func tell() throws -> Summary {
        defer {
            payer = nil
            allocator = nil
            bank = nil
        }
        let speed = settings.speed.formatted(.number.precision(.fractionLength(0...2)))
        stage.say(
            stage.coloured("An offering of 10,000,000 yuan", .bold)
                + ": \(grouped(Terms.shares)) shares at 100 yuan, 500 at most for each account.")
        stage.say(
            "\(grouped(crowd.bidders)) people want \(grouped(crowd.asked)) shares"
                + " within ten seconds (seed \(settings.seed), played \(speed) times as fast).")
        stage.say()
        try run(["topics", "create", "--purpose", "test"])
        let log = try settings.log.open(settings.url)
        let book = try Book(log, partition(of: .decisions))
        defer { book.close() }
        try startBank()
        try startAllocator()
        try startPayer()
        try wait(for: book, "the allocator to take over") { $0.epoch == 1 }
        try run([
            "offering", "open", "--offering", "\(Terms.offering)", "--shares", "\(Terms.shares)",
            "--price", "\(Terms.price)", "--currency", Terms.currency,
            "--max-shares-per-account", "\(Terms.maxSharesPerAccount)",
        ])
        stage.say()
        let frontEnds = FrontEnds(log, bids: partition(of: .bids), crowd: crowd)
        try play(book, frontEnds)
        try stop(&payer, "payer")
        try stop(&allocator, "allocator")
        try stop(&bank, "bank")
        let lies = try Lies.count(log, partition(of: .attention))
        let verdict = try run(["verify"], mayAnswerNo: true)
        for line in verdict.output.split(separator: "\n") { stage.say("    \(line)") }
        stage.say()
        return try Summary(self, book, frontEnds, lies: lies, verify: verdict)
    }
}

// MARK: The crowd comes

extension DemoStory {
    private func play(_ book: Book, _ frontEnds: FrontEnds) throws {
        let clock = StoryClock(speed: settings.speed)
        let bidding = frontEnds.start(crowd, clock: clock)
        let others = [checkThenTake, lockAndGiveBack].map { $0.start(crowd, clock: clock) }
        defer {
            frontEnds.stop()
            checkThenTake.stop()
            lockAndGiveBack.stop()
            bidding.wait()
            others.forEach { $0.wait() }
        }
        let display = Display(self, book, frontEnds, clock)
        // It gives up only at a standstill: a slow machine takes its time.
        let patience = Int64(2 * Self.patienceMilliseconds)
        var (seen, seenAt) = (-1, StoryClock.nanoseconds())
        while true {
            try Interruption.check()
            if let failure = frontEnds.failure { throw failure }
            // What a finished crowd has appended is all there will be, so it is asked for first.
            let isAppended = bidding.areOver
            try book.follow(timeoutMilliseconds: 5)
            try driveAllocator(book, frontEnds, display)
            try drivePayer(book, display)
            display.update()
            let happened = frontEnds.appended + book.decisions
            if happened != seen { (seen, seenAt) = (happened, StoryClock.nanoseconds()) }
            let isDecided = isAppended && book.decided == frontEnds.appended
            if isDecided, book.isFilled, others.allSatisfy(\.areOver) { break }
            guard StoryClock.nanoseconds() < seenAt + patience * 1_000_000 else {
                throw DemoFailure(
                    "nothing has happened for \(patience / 1_000) s, and only "
                        + (isDecided
                            ? "\(grouped(book.counters.settled.rawValue)) shares are paid"
                            : "\(book.decided) of \(frontEnds.appended) bids are decided"))
            }
        }
        display.finish()
    }

    /// Kills it, starts it again, notes when it decides again.
    private func driveAllocator(
        _ book: Book, _ frontEnds: FrontEnds, _ display: Display
    ) throws {
        let now = StoryClock.nanoseconds()
        guard let killedAt = kill.killedAt else {
            try check(allocator, "allocator")
            if book.counters.reserved.rawValue >= Self.killAtShares {
                allocator?.send(SIGKILL)
                kill.killedAt = now
                kill.reserved = book.counters.reserved.rawValue
                display.event(
                    "kill -9 of the allocator, \(grouped(kill.reserved)) shares reserved;"
                        + " the crowd goes on", .red)
            }
            return
        }
        if kill.startedAt == nil, now - killedAt >= Self.outageNanoseconds {
            let ending = allocator?.wait(timeoutMilliseconds: Self.patienceMilliseconds)
            guard ending == .signal(SIGKILL) else {
                throw DemoFailure("the allocator did not die of SIGKILL")
            }
            kill.backlog = frontEnds.appended - book.decided
            kill.startedAt = StoryClock.nanoseconds()
            try startAllocator(silently: true)
            display.event(
                "started again; \(grouped(kill.backlog)) bids wait for it in the log", .yellow)
        } else if kill.startedAt != nil {
            try check(allocator, "allocator")
            if kill.firstDecisionAt == nil, book.epoch == 2, book.decisionsOfEpoch > 0 {
                kill.firstDecisionAt = now
                let milliseconds = kill.takeOverMilliseconds ?? 0
                display.event("taken over: first decision after \(milliseconds) ms", .green)
            }
        }
    }
}

// MARK: Money moves

extension DemoStory {
    /// What goes wrong at the bank: one payment in ten is declined; of one in a hundred it says
    /// that it failed, though it paid; and one in a hundred is answered by silence.
    private static let faults = """
        [{"match":{"p":0.1},"phase":"before","action":"decline"},
         {"match":{"p":0.01},"phase":"after","action":"lie"},
         {"match":{"p":0.01},"phase":"after","action":"drop"}]
        """

    /// What the bank guarantees, with deadlines that fit into a minute.
    private static let profile = """
        {"idempotent":true,"lookupByKey":true,"lookupVisibilityDelay":"0s","notFoundIsFinal":true,
         "sendingWindow":"1s","httpDeadline":"2s"}
        """

    private func startBank() throws {
        let folder = settings.folder
        try Self.write(Self.faults, to: "\(folder)/faults.json")
        try Self.write(Self.profile, to: "\(folder)/bank.json")
        announce(["sandbox-bank", "--ledger", "bank.db", "--faults", "faults.json"], " &")
        childCount += 1
        let bank = try ChildProcess(
            [
                "sandbox-bank", "--listen", "127.0.0.1:0", "--ledger", ledgerPath, "--faults",
                "\(folder)/faults.json", "--seed", "\(settings.seed)",
            ], outputPath: "\(folder)/\(childCount)-sandbox-bank.txt")
        self.bank = bank
        let end = StoryClock.nanoseconds() + Int64(Self.patienceMilliseconds) * 1_000_000
        let opening = "listening on "
        while !bank.output.hasPrefix(opening) {
            try Interruption.check()
            guard bank.poll() == nil, StoryClock.nanoseconds() < end else {
                throw DemoFailure("the bank does not come up\n\(bank.output)")
            }
            usleep(2_000)
        }
        let url = String(bank.output.dropFirst(opening.count).prefix { !$0.isWhitespace })
        payerWords = ["pay", "--provider", url, "--profile", "\(folder)/bank.json"]
        try Self.write("demo\n", to: "\(folder)/token.txt")
        payerWords += ["--token-file", "\(folder)/token.txt"]
    }

    private static func write(_ text: String, to path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) else {
            throw DemoFailure("\(path) can't be written", exitCode: 73)
        }
    }

    private func startPayer(silently: Bool = false) throws {
        if !silently {
            announce(["pay", "--provider", payerWords[2], "--profile", "bank.json"] + alone, " &")
        }
        payer = try start(payerWords + alone)
    }

    /// Kills the payer with payments under way, and starts it again.
    private func drivePayer(_ book: Book, _ display: Display) throws {
        let now = StoryClock.nanoseconds()
        guard let killedAt = payerKill.killedAt else {
            try check(payer, "payer")
            if book.counters.settled.rawValue >= Self.killPayerAtShares {
                payer?.send(SIGKILL)
                payerKill.killedAt = now
                payerKill.settled = book.counters.settled.rawValue
                display.event(
                    "kill -9 of the payer, \(grouped(payerKill.settled)) shares paid and payments "
                        + "under way", .red)
            }
            return
        }
        if payerKill.startedAt != nil {
            try check(payer, "payer")
        } else if now - killedAt >= Self.outageNanoseconds {
            guard payer?.wait(timeoutMilliseconds: Self.patienceMilliseconds) == .signal(SIGKILL)
            else { throw DemoFailure("the payer did not die of SIGKILL") }
            payerKill.startedAt = now
            try startPayer(silently: true)
            display.event(
                "started again; it asks the bank about each payment that was under way", .yellow)
        }
    }
}

// MARK: The processes

extension DemoStory {
    private func arguments(_ words: [String]) -> [String] {
        words + ["--log", settings.url, "--env", settings.environment]
    }

    private func start(_ words: [String]) throws -> ChildProcess {
        childCount += 1
        return try ChildProcess(
            arguments(words), outputPath: "\(settings.folder)/\(childCount)-\(words[0]).txt")
    }

    /// The one partition of a topic, since `topics create` makes one where it isn't told more.
    private func partition(of topic: Topic) -> TopicPartition {
        TopicPartition(topic.fullName(environment: settings.environment), 0)
    }

    private func announce(_ words: [String], _ after: String = "") {
        stage.say(stage.coloured("  $ fairfill \(words.joined(separator: " "))\(after)", .faint))
    }

    /// Runs a command to its end, as a person would, and answers what it said.
    @discardableResult
    private func run(
        _ words: [String], mayAnswerNo: Bool = false
    ) throws -> (status: ChildProcess.Ending, output: String) {
        announce(words)
        let child = try start(words)
        let ended = child.wait(timeoutMilliseconds: Self.patienceMilliseconds)
        try Interruption.check()
        guard let ending = ended else {
            throw DemoFailure("fairfill \(words[0]) does not end\n\(child.output)")
        }
        if ending != .exit(0) && !(mayAnswerNo && ending == .exit(1)) {
            // What stopped the command stops the demo: a full disk, a folder that can't be written.
            let exitCode = if case .exit(let code) = ending { code } else { Int32(70) }
            throw DemoFailure(
                "fairfill \(words[0]) failed (\(ending))\n\(child.output)", exitCode: exitCode)
        }
        return (ending, child.output)
    }

    /// For workers that are killed and started again at once: a group would hold their partition
    /// back until it takes the killed ones for dead.
    private var alone: [String] {
        if case .kafka = settings.log { ["--partitions", "0"] } else { [] }
    }

    private func startAllocator(silently: Bool = false) throws {
        if !silently { announce(["allocate"] + alone, " &") }
        allocator = try start(["allocate"] + alone)
    }

    private func check(_ child: ChildProcess?, _ name: String) throws {
        if let child, let ending = child.poll() {
            throw DemoFailure("the \(name) ended by itself (\(ending))\n\(child.output)")
        }
    }

    /// It ends cleanly when asked to.
    private func stop(_ running: inout ChildProcess?, _ name: String) throws {
        guard let child = running else { return }
        child.send(SIGTERM)
        guard let ending = child.wait(timeoutMilliseconds: Self.patienceMilliseconds) else {
            throw DemoFailure("the \(name) does not stop on SIGTERM\n\(child.output)")
        }
        guard ending == .exit(0) else {
            throw DemoFailure("the \(name) stopped badly (\(ending))\n\(child.output)")
        }
        running = nil
    }

    private func wait(
        for book: Book, _ what: String, until isThere: (Book) -> Bool
    ) throws {
        let end = StoryClock.nanoseconds() + Int64(Self.patienceMilliseconds) * 1_000_000
        while !isThere(book) {
            try Interruption.check()
            try book.follow(timeoutMilliseconds: 50)
            try check(allocator, "allocator")
            guard StoryClock.nanoseconds() < end else {
                throw DemoFailure("waited in vain for \(what)\n\(allocator?.output ?? "")")
            }
        }
    }
}
