import EventLog
import MemoryLog
import Messages
import Synchronization
import Testing
import Vocabulary
import Workers

/// A lane that has nothing to write gives its writer back, and writes on only where nobody came
/// between (TheLog.md, An idle lane).
@Suite struct IdleLaneTests {
    private static let idle: Int64 = 1_000

    /// An allocator whose clock and log are in the test's hands.
    private struct Stage {
        let memory: MemoryLog
        let hooked: HookedLog
        let clock = ScriptedClock(1_000)
        let scene: LaneScene
        let lane: AllocatorDriver

        init() throws {
            memory = MemoryLog(clock: clock.read)
            hooked = HookedLog(memory)
            scene = try LaneScene(memory)
            try scene.open("o", shares: 100)
            try scene.bid("b1", "a1", 1)
            lane = Self.lane(scene, hooked, clock)
        }

        static func lane(
            _ scene: LaneScene, _ log: any EventLog, _ clock: ScriptedClock
        ) -> AllocatorDriver {
            var configuration = scene.configuration(stopsAtEnd: false)
            configuration.writerIdleMilliseconds = IdleLaneTests.idle
            return AllocatorDriver(
                configuration, log: log, clock: { Timestamp(rawValue: clock.read()) },
                isInline: true, observer: { _ in })
        }

        /// A successor, which has a writer of its own.
        func other() -> AllocatorDriver { Self.lane(scene, memory, clock) }

        /// Steps until the lane waits or ends; answers its end.
        func settle(_ lane: AllocatorDriver) throws -> LaneEnd? {
            for _ in 0..<2_000 {
                if let end = lane.step() { return end }
                if lane.idleMilliseconds > 10 { return nil }
            }
            Issue.record("the lane never came to rest")
            return nil
        }

        /// Lets so much time pass that a lane gives its writer back.
        func rest(_ lane: AllocatorDriver) throws {
            #expect(try settle(lane) == nil)
            clock.set(clock.read() + IdleLaneTests.idle)
            for _ in 0..<20 { #expect(lane.step() == nil) }
        }

        func decided() throws -> [String] {
            try scene.decisions().map { "\($0.source.topic.name)/\($0.source.offset)" }
        }

        func epochs() throws -> Int { try scene.book().count - scene.decisions().count }
    }

    @Test func itWritesOnInItsEpochWhereNobodyCame() throws {
        let stage = try Stage()
        try stage.rest(stage.lane)
        #expect(stage.hooked.writersOpened == 1)
        for number in 2...4 {
            try stage.scene.bid("b\(number)", "a", 1)
            #expect(try stage.settle(stage.lane) == nil)
            #expect(stage.hooked.writersOpened == number, "it still had its writer")
            #expect(try stage.decided().last == "bids/\(number - 1)")
            try stage.rest(stage.lane)
        }
        #expect(try stage.epochs() == 1)
        // The same inputs end in the same head, however often it rested.
        let head = try stage.scene.head()
        let again = try Stage()
        for number in 2...4 { try again.scene.bid("b\(number)", "a", 1) }
        #expect(try again.settle(again.lane) == nil)
        #expect(again.hooked.writersOpened == 1)
        #expect(head.decisions == 5)
        #expect(try again.scene.head().decisions == 5)
    }

    /// While there is something to write now and then, the writer stays.
    @Test func aLaneAtWorkKeepsItsWriter() throws {
        let stage = try Stage()
        #expect(try stage.settle(stage.lane) == nil)
        for number in 2...9 {
            stage.clock.set(stage.clock.read() + Self.idle - 1)
            try stage.scene.bid("b\(number)", "a", 1)
            #expect(try stage.settle(stage.lane) == nil)
        }
        #expect(try stage.decided().count == 10)
        #expect(stage.hooked.writersOpened == 1)
    }

    /// A clock that was set back an hour does not keep a lane from its rest for that hour.
    @Test func itRestsThoughItsClockWasSetBack() throws {
        let stage = try Stage()
        stage.clock.set(10_000_000)
        #expect(try stage.settle(stage.lane) == nil)
        stage.clock.set(stage.clock.read() - 3_600_000)
        for _ in 0..<20 { #expect(stage.lane.step() == nil) }
        try stage.rest(stage.lane)
        try stage.scene.bid("b2", "a2", 1)
        #expect(try stage.settle(stage.lane) == nil)
        #expect(try stage.decided().last == "bids/1")
        #expect(stage.hooked.writersOpened == 2, "it never gave its writer back")
    }

    /// The lane that lost its partition while it rested ends as one that is fenced, and does not
    /// fence the one that has it.
    @Test func itEndsWhereAnotherTookOver() throws {
        let stage = try Stage()
        try stage.rest(stage.lane)
        let other = stage.other()
        #expect(try stage.settle(other) == nil)
        try stage.scene.bid("b2", "a2", 1)
        let end = try stage.settle(stage.lane)
        guard case .fenced(let sentence)? = end else {
            Issue.record("\(String(describing: end))")
            return
        }
        #expect(sentence.contains("another writer has taken over partition 0"))
        #expect(stage.hooked.writersOpened == 1, "it fenced the one that has the partition")
        #expect(try stage.settle(other) == nil)
        #expect(try stage.decided() == ["offering-commands/0", "bids/0", "bids/1"])
        #expect(try stage.epochs() == 2)
    }

    /// The other one decided a bid and is gone.
    @Test func itEndsWhereAnotherDecided() throws {
        let stage = try Stage()
        try stage.rest(stage.lane)
        try stage.scene.bid("b2", "a2", 1)
        try stage.scene.decideAll()
        try stage.scene.bid("b3", "a3", 1)
        let end = try stage.settle(stage.lane)
        guard case .fenced? = end else {
            Issue.record("\(String(describing: end))")
            return
        }
        #expect(try stage.decided() == ["offering-commands/0", "bids/0", "bids/1"])
    }

    /// The other one comes between the lane's first look and its new writer: only the look after
    /// the fence can see it.
    @Test func itEndsWhereAnotherCameAtTheLastMoment() throws {
        let stage = try Stage()
        try stage.rest(stage.lane)
        try stage.scene.bid("b2", "a2", 1)
        let other = stage.other()
        stage.hooked.onWriter { _ = try? stage.settle(other) }
        let end = try stage.settle(stage.lane)
        guard case .fenced? = end else {
            Issue.record("\(String(describing: end))")
            return
        }
        #expect(stage.hooked.writersOpened == 2)
        // Fenced though nobody took over, the other one goes on with a new writer.
        try stage.scene.bid("b3", "a3", 1)
        for _ in 0..<200 { #expect(other.step() == nil) }
        #expect(
            try stage.decided() == ["offering-commands/0", "bids/0", "bids/1", "bids/2"])
    }

    /// Another writer was opened, and nothing came of it.
    @Test func itGoesOnWhereTheOtherWroteNothing() throws {
        let stage = try Stage()
        try stage.rest(stage.lane)
        let writer = try stage.memory.openWriter(
            transactionalIDs: stage.scene.configuration().transactionalIDs)
        try stage.scene.bid("b2", "a2", 1)
        #expect(try stage.settle(stage.lane) == nil)
        #expect(try stage.decided().last == "bids/1")
        #expect(try stage.epochs() == 1)
        #expect(throws: LogError.self) { _ = try writer.begin() }
    }

    /// A lane that was fenced before it came to rest finds that out at once.
    @Test func itSeesWhenItRestsThatItWasFencedBefore() throws {
        let stage = try Stage()
        #expect(try stage.settle(stage.lane) == nil)
        let other = stage.other()
        #expect(try stage.settle(other) == nil)
        stage.clock.set(stage.clock.read() + Self.idle)
        let end = try stage.settle(stage.lane)
        // It comes to rest, looks at the end of its book, and reads the book.
        var ends = end
        for _ in 0..<100 where ends == nil { ends = stage.lane.step() }
        guard case .fenced? = ends else {
            Issue.record("\(String(describing: ends))")
            return
        }
    }

    /// An end that moved proves nothing where no record before it could be read, neither before
    /// the fence nor after it.
    @Test(arguments: [false, true])
    func anEndThatMovedWithoutARecordIsNoProof(isFenced: Bool) {
        var lease = WriterLease<Int64>(idleMilliseconds: Self.idle)
        lease.giveBack(after: 7)
        let isOwn = lease.bookEnds(at: 10, with: 7)
        #expect(isOwn)
        guard case .askBookEnd(known: 10, isFenced: false)? = Self.action(&lease) else {
            Issue.record("the end that it knows is not asked about")
            return
        }
        if isFenced {
            let isSame = lease.bookEnds(at: 10, with: nil)
            #expect(isSame)
            lease.opened()
            guard case .askBookEnd(known: 10, isFenced: true)? = Self.action(&lease) else {
                Issue.record("nobody looks after the fence")
                return
            }
        }
        let isProof = lease.bookEnds(at: 12, with: nil)
        #expect(!isProof)
    }

    private static func action(_ lease: inout WriterLease<Int64>) -> LaneAction<Never>? {
        lease.actionBeforeCommit()
    }

    // MARK: Payers

    private static func payer(_ stage: PayerLaneTests.Stage, _ log: any EventLog) -> PayerDriver {
        var configuration = PayerConfiguration(
            environment: stage.scene.environment, partition: 0,
            profile: PayerLaneTests.Stage.profile)
        configuration.writerIdleMilliseconds = idle
        let clock = stage.clock
        return PayerDriver(
            configuration, log: log, gateway: stage.provider,
            clock: { Timestamp(rawValue: clock.read()) }, isInline: true, observer: { _ in })
    }

    /// Steps so long that all commands are settled, and the payer has rested.
    private static func rest(_ stage: PayerLaneTests.Stage, _ payer: PayerDriver) {
        for _ in 0..<3_000 {
            #expect(payer.step() == nil)
            stage.provider.deliver()
            stage.clock.set(stage.clock.read() + 50)
        }
    }

    @Test func aPayerPaysOnInItsEpochWhereNobodyCame() throws {
        let memory = MemoryLog()
        let stage = try PayerLaneTests.Stage(memory)
        let log = HookedLog(memory)
        let payer = Self.payer(stage, log)
        Self.rest(stage, payer)
        try stage.expectAllSettled("before it rested")
        let opened = log.writersOpened
        try stage.scene.append([PayerLaneTests.command(14)], to: .paymentCommands)
        Self.rest(stage, payer)
        #expect(log.writersOpened == opened + 1)
        #expect(stage.provider.moved.count == PayerLaneTests.commands - 1)
        #expect(try stage.journal().count { $0 == "epoch" } == 1)
    }

    /// While it has something to write now and then, a payer keeps its writer.
    @Test func aPayerAtWorkKeepsItsWriter() throws {
        let memory = MemoryLog()
        let stage = try PayerLaneTests.Stage(memory)
        let log = HookedLog(memory)
        let payer = Self.payer(stage, log)
        for number in 0..<40 {
            try stage.scene.append(
                [PayerLaneTests.command(100 + number)], to: .paymentCommands)
            // Less than it takes to come to rest.
            for _ in 0..<9 {
                for _ in 0..<20 { #expect(payer.step() == nil) }
                stage.provider.deliver()
                stage.clock.set(stage.clock.read() + 100)
            }
        }
        #expect(try stage.journal().count { $0 == "intent" } >= 40)
        #expect(log.writersOpened == 1)
    }

    /// A payer that lost its partition while it rested sends nothing.
    @Test func aPayerSendsNothingWhereAnotherTookOver() throws {
        let memory = MemoryLog()
        let stage = try PayerLaneTests.Stage(memory)
        let log = HookedLog(memory)
        let payer = Self.payer(stage, log)
        Self.rest(stage, payer)
        let opened = log.writersOpened
        let other = Self.payer(stage, memory)
        Self.rest(stage, other)
        try stage.scene.append([PayerLaneTests.command(14)], to: .paymentCommands)
        let tries = stage.provider.tries
        var end: LaneEnd?
        for _ in 0..<200 where end == nil { end = payer.step() }
        guard case .fenced(let sentence)? = end else {
            Issue.record("\(String(describing: end))")
            return
        }
        #expect(sentence.contains("another payer has taken over partition 0"))
        #expect(stage.provider.tries == tries)
        #expect(log.writersOpened == opened)
        Self.rest(stage, other)
        #expect(stage.provider.moved.count == PayerLaneTests.commands - 1)
        #expect(stage.provider.moved.values.allSatisfy { $0 == 1 })
    }
}
