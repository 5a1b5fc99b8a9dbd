import EventLog
import Foundation
import MemoryLog
import Messages
import Payments
import Synchronization
import Testing
import Vocabulary
import Workers

/// A lane whose state outgrows its share of the memory stands still with a word; the log keeps what
/// it decided, and it goes on by itself once it has room.
@Suite struct MemoryShareTests {
    private static let bids = 6_000
    private static let quick = Backoff(firstMilliseconds: 10, longestMilliseconds: 40)

    private func scene(_ log: (any EventLog)? = nil) throws -> LaneScene {
        let scene = try LaneScene(log ?? MemoryLog(clock: ScriptedClock(5).read))
        try scene.open("o", shares: 1_000_000)
        try scene.append(
            (0..<Self.bids).map { LaneScene.bid("b\($0)", "account-\($0)", 1) }, to: .bids)
        return scene
    }

    private func driver(
        _ scene: LaneScene, _ memory: MemoryShare, log: (any EventLog)? = nil,
        stopsAtEnd: Bool = false, isInline: Bool = true,
        observer: @escaping (AllocatorNotice) -> Void = { _ in }
    ) -> AllocatorDriver {
        var configuration = scene.configuration(largestBatch: 500, stopsAtEnd: stopsAtEnd)
        configuration.memory = memory
        return AllocatorDriver(
            configuration, log: log ?? scene.log, clock: { .now }, isInline: isInline,
            observer: observer)
    }

    private func reason(_ end: LaneEnd?) throws -> OverMemory {
        guard case .overMemory(let reason)? = end else {
            throw Ended(description: "\(end as LaneEnd?, default: "it went on")")
        }
        return reason
    }

    private struct Ended: Error, CustomStringConvertible { var description: String }

    @Test func aLaneThatOutgrowsItsShareEndsAndSaysWhatGrew() throws {
        let scene = try scene()
        var warnings: [MemoryUse] = []
        let lane = driver(scene, MemoryShare(total: 250_000)) {
            if case .memoryIsHigh(let use, share: 250_000) = $0 { warnings.append(use) }
        }
        var end: LaneEnd?
        for _ in 0..<2_000 where end == nil { end = lane.step() }
        let reason = try reason(end)
        #expect(reason.bytes > 250_000 && reason.bytes < 2_000_000)
        #expect(reason.use.largest == "o" && reason.use.largestBytes > 200_000)
        let parts = reason.use.parts.map { "\($0.count) \($0.name)" }
        let decided = try scene.decisions().count - 1
        #expect(decided > 500 && decided < Self.bids)
        // What was decided last may not be committed.
        let counts = reason.use.parts.filter { ["bids", "accounts"].contains($0.name) }.map(\.count)
        #expect(counts.count == 2 && counts.allSatisfy { $0 >= decided }, "\(parts)")
        #expect(reason.sentence.contains("--memory") && reason.sentence.contains("244 KiB"))
        #expect(reason.sentence.contains(" bids, ") && reason.sentence.contains(" accounts"))
        // Before it stood still, it was said that little is left, once.
        #expect(warnings.count == 1)
        #expect(warnings.allSatisfy { $0.bytes > 187_500 && $0.bytes <= 250_000 })
        // Started again with as little it says so while it reads the book.
        _ = try self.reason(driver(scene, MemoryShare(total: 60_000), stopsAtEnd: true).run())
        #expect(driver(scene, MemoryShare(total: 1 << 30), stopsAtEnd: true).run() == .finished)
        #expect(try scene.decisions().count == Self.bids + 1)
    }

    // MARK: Several lanes

    /// A lane that only sits there, until it is told to end.
    private final class Sitter: DrivenLane {
        private let isOver = Mutex(false)
        let positions = [ReadStart(TopicPartition("t", 0), from: 0)]

        func run() -> LaneEnd {
            for _ in 0..<60_000 where !isOver.withLock({ $0 }) { usleep(1_000) }
            return .finished
        }
        func stop() { isOver.withLock { $0 = true } }
    }

    /// Waits for what is meant, a minute at most.
    private func wait(for what: String, _ isThere: () throws -> Bool) rethrows {
        let end = Date(timeIntervalSinceNow: 60)
        while try !isThere(), Date() < end { usleep(2_000) }
        #expect(try isThere(), "no \(what)")
    }

    /// The share is one of all lanes of the process, payers among them and those that stand still;
    /// the others go on, and once there is room so does the one.
    @Test func itStandsStillAloneAndComesBackByItself() throws {
        let scene = try scene()
        let memory = MemoryShare(total: 4_000_000)
        let sitters = (0..<15).map { _ in Sitter() }
        let notices = Mutex<[SeatNotice]>([])
        let records = AttentionRecords(scene.log, scene.environment)
        let posts = [LanePost(.allocator, 0)]
            + (0..<15).map { LanePost($0 < 7 ? .allocator : .payer, Partition(Int64($0 + 1))) }
        let daemon = LaneDaemon(
            posts, isBounded: false, backoff: Self.quick, memory: memory,
            makeLane: { [self] post throws(LaneEnd) in
                guard post.partition > 0 else { return driver(scene, memory, isInline: false) }
                return sitters[Int(post.partition.rawValue) - 1]
            },
            observer: { notice in
                records.hear(notice, at: 5)
                notices.withLock { $0.append(notice) }
            })
        let end = Mutex<LaneEnd?>(nil)
        Thread { let found = daemon.run(); end.withLock { $0 = found } }.start()
        func tries() -> Int {
            notices.withLock { $0 }.count {
                if case .standsStill(let post, .overMemory, _, _?) = $0 {
                    post == posts[0]
                } else {
                    false
                }
            }
        }
        wait(for: "several tries") { tries() >= 4 }
        #expect(memory.bytesALane == 250_000)
        let health = daemon.health
        #expect(health.count == 16)
        let mine = try #require(health.first { $0.post == posts[0] })
        guard case .standsStill(.overMemory(let reason), _, _) = mine.state else {
            Issue.record("\(mine.state)")
            return
        }
        #expect(reason.share == 250_000 && mine.memory == reason.use)
        #expect(health.count { $0.state == .working } == 15)
        #expect(try scene.decisions().count <= Self.bids)
        // A person finds it in attention, once.
        records.close(withinMilliseconds: 10_000)
        let written = try scene.records(.attention).map(\.value)
        #expect(written.count == 1 && written[0].contains("laneStandsStill"), "\(written)")
        #expect(written.allSatisfy { $0.contains("--memory") && $0.contains(" bids") })
        for sitter in sitters { sitter.stop() }
        try wait(for: "the rest") { try scene.decisions().count == Self.bids + 1 }
        #expect(memory.bytesALane == 4_000_000)
        wait(for: "word") {
            notices.withLock { $0 }.contains {
                if case .atWorkAgain(let post, _, _) = $0 { post == posts[0] } else { false }
            }
        }
        wait(for: "its memory") {
            daemon.health.first { $0.post == posts[0] }?.memory?.bytes ?? 0 > 250_000
        }
        daemon.stop()
        wait(for: "end") { end.withLock { $0 } == .finished }
    }

    /// A book that is known to be too large, and the same as before, is not read again each time.
    @Test func whatIsKnownToBeTooLargeIsNotReadAgain() throws {
        let log = CountingLog(MemoryLog(clock: ScriptedClock(5).read))
        let scene = try scene(log)
        let memory = MemoryShare(total: 250_000)
        let tries = Mutex(0)
        // Somebody else works: else nothing could be done for any.
        let other = Sitter()
        let daemon = LaneDaemon(
            [LanePost(.allocator, 0), LanePost(.payer, 0)], isBounded: false, backoff: Self.quick,
            memory: memory,
            makeLane: { [self] post throws(LaneEnd) in
                guard post.role == .allocator else { return other }
                return driver(scene, memory, log: log, isInline: false)
            },
            observer: { if case .standsStill = $0 { tries.withLock { $0 += 1 } } })
        let isOver = Mutex(false)
        Thread { _ = daemon.run(); isOver.withLock { $0 = true } }.start()
        // What it decided last was not committed, so the book may have had room for once.
        wait(for: "several tries") { tries.withLock { $0 } >= 4 }
        let readings = log.opened(of: "t.decisions")
        #expect(readings >= 1 && readings <= 3)
        wait(for: "many tries") { tries.withLock { $0 } >= 12 }
        #expect(log.opened(of: "t.decisions") == readings)
        // Who decided something there meanwhile may have archived much.
        let room = MemoryShare(total: 1 << 30)
        #expect(driver(scene, room, stopsAtEnd: true).run() == .finished)
        wait(for: "another look") { log.opened(of: "t.decisions") >= readings + 2 }
        daemon.stop()
        wait(for: "end") { isOver.withLock { $0 } }
    }

    // MARK: Payers

    private func payer(
        _ stage: PayerLaneTests.Stage, _ memory: MemoryShare,
        observer: @escaping (PayerNotice) -> Void = { _ in }
    ) -> PayerDriver {
        let clock = stage.clock
        return PayerDriver(
            PayerConfiguration(
                environment: stage.scene.environment, partition: 0,
                channels: [
                    ChannelTerms(
                        PaymentChannel(name: "default", origin: "http://bank"),
                        PayerLaneTests.Stage.profile)
                ], largestInFlight: 4, stopsAtEnd: true, memory: memory), log: stage.scene.log,
            gateway: stage.provider, clock: { Timestamp(rawValue: clock.read()) },
            isInline: true, observer: observer)
    }

    /// It waits for the answers to what it sent: nothing of it is in doubt afterwards.
    @Test func aPayerTakesUpNothingMoreAndEndsOnceWhatItSentIsAnswered() throws {
        let stage = try PayerLaneTests.Stage(MemoryLog(), commands: 0)
        // These are all paid at once.
        func command(_ number: Int) -> String { PayerLaneTests.command(number * 7) }
        try stage.scene.append((0..<4).map(command), to: .paymentCommands)
        var warnings = 0
        let payer = payer(stage, MemoryShare(total: 200_000)) {
            if case .memoryIsHigh = $0 { warnings += 1 }
        }
        for _ in 0..<500 where stage.provider.tries.count < 4 { #expect(payer.step() == nil) }
        #expect(stage.provider.tries.count == 4)
        try stage.scene.append((4..<300).map(command), to: .paymentCommands)
        for _ in 0..<200 { try #require(payer.step() == nil, "it did not wait") }
        #expect(stage.provider.tries.count == 4)
        let reason = try reason(stage.run(payer))
        #expect(reason.bytes > 200_000 && reason.use.parts.map(\.count) == [300])
        #expect(reason.sentence.contains("300 payment commands"), "\(reason.sentence)")
        #expect(try stage.results().values.filter { $0 == "paid" }.count == 4)
        // One that begins again says so while it reads the journal.
        _ = try self.reason(stage.run(self.payer(stage, MemoryShare(total: 200_000))))
        #expect(stage.provider.tries.count == 4)
        #expect(stage.run(self.payer(stage, MemoryShare(total: 1 << 30))) == .finished)
        #expect(stage.provider.moved.count == 300)
        #expect(stage.provider.tries.values.allSatisfy { $0 == 1 }, "something was in doubt")
    }
}
