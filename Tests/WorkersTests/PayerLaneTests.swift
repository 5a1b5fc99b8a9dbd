import EventLog
import MemoryLog
import Messages
import Payments
import Synchronization
import Testing
import Vocabulary
import Workers

/// The payer's lane on the memory log, step by step: it crashes anywhere, commits fail in every
/// way, and money moves once.
@Suite struct PayerLaneTests {
    static let commands = 14

    /// A payment a command, each of another account; the bid's number says what becomes of it.
    static func command(_ number: Int, offset: Int = 0) -> String {
        """
        {"type":"payment","command":"o/b-\(number)/1","kind":"collect","offering":"o",\
        "partition":0,"bid":"b-\(number)","account":"a-\(number)","amount":100,"currency":"CNY",\
        "obligation":"o/b-\(number)","due":100}
        """
    }

    struct Stage {
        var scene: LaneScene
        let provider: ScriptedProvider
        let clock = ScriptedClock(1_000_000)
        let heard = Heard()

        init(
            _ log: MemoryLog, commands: Int = PayerLaneTests.commands, partitions: Int64 = 1
        ) throws {
            provider = ScriptedProvider()
            scene = try LaneScene(log, partitions: partitions)
            try scene.append(
                (0..<commands).map { PayerLaneTests.command($0) }, to: .paymentCommands)
        }

        /// A log without a command, and a provider that has a memory already.
        init(_ log: MemoryLog, provider: ScriptedProvider) throws {
            self.provider = provider
            scene = try LaneScene(log)
        }

        static let profile: ProviderProfile = {
            var profile = ProviderProfile()
            profile.isIdempotent = true
            profile.looksUpByKey = true
            profile.lookupVisibilityDelayMilliseconds = 0
            profile.notFoundIsFinal = true
            return profile
        }()

        func payer(
            inFlight: Int = 4, channel: PaymentChannel? = nil, profile: ProviderProfile = profile
        ) -> PayerDriver {
            let configuration = PayerConfiguration(
                environment: scene.environment, partition: scene.partition,
                channels: [
                    ChannelTerms(
                        channel ?? PaymentChannel(name: "default", origin: "http://bank"), profile)
                ],
                largestInFlight: inFlight, stopsAtEnd: true)
            let clock = clock
            let heard = heard
            return PayerDriver(
                configuration, log: scene.log, gateway: provider,
                clock: { Timestamp(rawValue: clock.read()) }, isInline: true) { heard.hear($0) }
        }

        /// Steps until the end, at most so often; answers the end, nil where it did not come.
        @discardableResult
        func run(_ payer: PayerDriver, steps: Int = 20_000) -> LaneEnd? {
            for _ in 0..<steps {
                if let end = payer.step() { return end }
                provider.deliver()
                clock.set(clock.read() + 50)
            }
            return nil
        }

        /// What the payer answered last about each command.
        func results() throws -> [String: String] {
            var found: [String: String] = [:]
            var decoder = RecordDecoder()
            for value in try scene.read(.paymentResults) {
                var value = value
                let result = try value.withUTF8 {
                    try decoder.decodePaymentResult(UnsafeRawBufferPointer($0))
                }
                found[result.payment?.description ?? "?"] = result.kind.rawValue
            }
            return found
        }

        func expectAllSettled(_ comment: String) throws {
            let moved = provider.moved
            #expect(moved.values.allSatisfy { $0 == 1 }, "\(comment)")
            #expect(provider.blind.isEmpty, "sent again unasked, \(comment)")
            let results = try results()
            for number in 0..<PayerLaneTests.commands {
                let id = "o/b-\(number)/1"
                let expected = ScriptedProvider.fate(id) == .declined ? "declined" : "paid"
                #expect(results[id] == expected, "\(comment): \(id)")
            }
            #expect(moved.count == PayerLaneTests.commands - 2, "\(comment)")
        }

        /// No number of an answer is given twice: the allocator takes the later one for a repeat.
        func expectNewNumbers(_ comment: String) throws {
            var decoder = RecordDecoder()
            var last: [PaymentID: Int64] = [:]
            for value in try scene.read(.paymentResults) {
                var value = value
                let result = try value.withUTF8 {
                    try decoder.decodePaymentResult(UnsafeRawBufferPointer($0))
                }
                let id = try #require(result.payment)
                #expect(result.result > last[id] ?? 0, "\(id), \(comment)")
                last[id] = result.result
            }
            #expect(!last.isEmpty)
        }
    }

    @Test func everyFateIsSettledAndNothingIsSentTwiceWithoutNeed() throws {
        let stage = try Stage(MemoryLog())
        #expect(stage.run(stage.payer()) == .finished)
        try stage.expectAllSettled("undisturbed")
        #expect(stage.heard.settled == [12, 2, 0])
        for (_, count) in stage.provider.tries { #expect(count <= 2) }
        // Lost before anything was executed, or refused: only those were sent again.
        #expect(stage.provider.tries.values.count { $0 == 2 } == 4)
    }

    /// A payer that dies after any number of steps, twice; its answers die with it.
    @Test func itMayCrashAtEveryStep() throws {
        let undisturbed = try Stage(MemoryLog())
        let payer = undisturbed.payer()
        var steps = 0
        while payer.step() == nil {
            undisturbed.provider.deliver()
            undisturbed.clock.set(undisturbed.clock.read() + 50)
            steps += 1
        }
        #expect(steps > 30)
        for crash in 0...steps {
            let stage = try Stage(MemoryLog())
            for first in [crash, steps - crash] {
                stage.run(stage.payer(), steps: first)
                stage.provider.forgetAnswers()
            }
            #expect(stage.run(stage.payer()) == .finished, "crash at \(crash)")
            try stage.expectAllSettled("crash at \(crash)")
            try stage.expectNewNumbers("crash at \(crash)")
        }
    }

    /// Every way in which a commit can fail, at every commit.
    @Test(arguments: MemoryLog.CommitFault.allCases)
    func anyCommitMayFail(_ fault: MemoryLog.CommitFault) throws {
        let undisturbed = try Stage(MemoryLog())
        #expect(undisturbed.run(undisturbed.payer()) == .finished)
        // Each transaction with an entry has its mark.
        let commits = try undisturbed.scene.read(.paymentMarks).count
        #expect(commits > 10)
        for after in 0..<commits {
            let log = MemoryLog()
            let stage = try Stage(log)
            log.failCommit(fault, afterCommits: after)
            var end = stage.run(stage.payer())
            #expect(stage.heard.recoveries == 1, "commit \(after) did not fail")
            if fault == .fencedByNobody, end != .finished { end = stage.run(stage.payer()) }
            #expect(end == .finished, "commit \(after)")
            try stage.expectAllSettled("\(fault) at commit \(after)")
            try stage.expectNewNumbers("\(fault) at commit \(after)")
            // What it left is a journal that the next one can read.
            #expect(stage.run(stage.payer()) == .finished, "\(fault) at commit \(after)")
        }
    }

    @Test func aSecondPayerFencesTheFirst() throws {
        let stage = try Stage(MemoryLog())
        let first = stage.payer(inFlight: 1)
        stage.run(first, steps: 12)
        let second = stage.payer()
        #expect(stage.run(second) == .finished)
        guard case .fenced? = stage.run(first) else {
            Issue.record("the first payer went on")
            return
        }
        try stage.expectAllSettled("taken over")
    }

    /// The window is over before the request begins: nothing leaves, and it is sent later.
    @Test(arguments: [5_000, 3_600_000] as [Int64])
    func aPayerThatSleptSendsNothingLate(_ milliseconds: Int64) throws {
        let stage = try Stage(MemoryLog(), commands: 1)
        let payer = stage.payer()
        // It sleeps between the commit of SENDING and the first byte.
        while stage.provider.tries.isEmpty, try !stage.journal().contains("sending") {
            #expect(payer.step() == nil)
        }
        #expect(stage.provider.tries.isEmpty)
        stage.clock.set(stage.clock.read() + milliseconds)
        for _ in 0..<3 { _ = payer.step() }
        #expect(stage.provider.underWay.sendings == 1)
        #expect(stage.provider.tries.isEmpty, "it sent after its window")
        #expect(stage.run(payer) == .finished)
        #expect(stage.provider.moved.count == 1)
    }

    /// And at its last millisecond it may.
    @Test func theWindowIsAsLongAsItSays() throws {
        let stage = try Stage(MemoryLog(), commands: 1)
        let payer = stage.payer()
        while try !stage.journal().contains("sending") { try #require(payer.step() == nil) }
        stage.clock.set(stage.clock.read() + 4_999)
        for _ in 0..<3 { _ = payer.step() }
        #expect(stage.provider.tries.count == 1)
    }

    /// What can't be read, and what is meant for others, stops nobody.
    @Test func garbageAmongTheCommandsIsKeptAndPassed() throws {
        let stage = try Stage(MemoryLog(), commands: 2)
        try stage.scene.append(["no JSON", nil, "{}"], to: .paymentCommands)
        try stage.scene.append(
            [Self.command(5)], to: .paymentCommands,
            headers: [("env", Array("another".utf8))])
        try stage.scene.append([Self.command(0), Self.command(7)], to: .paymentCommands)
        #expect(stage.run(stage.payer()) == .finished)
        let expected = ["o/b-0/1": "paid", "o/b-1/1": "declined", "o/b-7/1": "paid"]
        #expect(try stage.results() == expected)
        #expect(try stage.scene.read(.invalid).count == 4)
    }

    /// A record of the journal that follows from nothing stops the payer before it acts.
    @Test func aDamagedJournalStopsIt() throws {
        let stage = try Stage(MemoryLog(), commands: 2)
        #expect(stage.run(stage.payer()) == .finished)
        try stage.scene.append(
            [
                #"{"type":"outcome","command":"o/b-99/1","attempt":1,"class":"paid","at":1,"#
                    + #""number":\#(try stage.journal().count + 1)}"#
            ], to: .paymentJournal)
        guard case .invariant(let sentence)? = stage.run(stage.payer()) else {
            Issue.record("it went on")
            return
        }
        #expect(sentence.contains("payment-journal"), "\(sentence)")
        #expect(sentence.contains("unknownCommand"), "\(sentence)")
    }
}

/// What a payer told, counted.
final class Heard: Sendable {
    private struct State {
        var recoveries = 0
        var attention: [PaymentAttention.Kind] = []
        var settled: [Int] = []
    }
    private let state = Mutex(State())

    func hear(_ notice: PayerNotice) {
        state.withLock { state in
            switch notice {
            case .recoveringAfter: state.recoveries += 1
            case .attention(let attention): state.attention.append(attention.kind)
            case .settled(let paid, let declined, let inDoubt):
                state.settled = [paid, declined, inDoubt]
            default: break
            }
        }
    }

    var recoveries: Int { state.withLock { $0.recoveries } }
    var attention: [PaymentAttention.Kind] { state.withLock { $0.attention } }
    /// Paid, declined and in doubt, as it was told last.
    var settled: [Int] { state.withLock { $0.settled } }
}

extension PayerLaneTests.Stage {
    func journal() throws -> [String] {
        try scene.read(.paymentJournal).map {
            String($0.dropFirst(#"{"type":""#.count).prefix { $0 != "\"" })
        }
    }
}
