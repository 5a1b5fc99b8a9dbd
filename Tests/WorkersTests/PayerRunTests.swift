import EventLog
import Foundation
import MemoryLog
import Messages
import Payments
import Synchronization
import Testing
import Vocabulary
import Workers

/// A live payer: how much it does at once, when it stops, and what it makes of late answers.
@Suite struct PayerRunTests {
    typealias Stage = PayerLaneTests.Stage

    /// Steps without an answer of the provider's; the payer must not end.
    private func step(_ payer: PayerDriver, _ count: Int) throws {
        for _ in 0..<count { try #require(payer.step() == nil) }
    }

    @Test func noMoreIsUnderWayThanItMayBe() throws {
        let stage = try Stage(MemoryLog())
        let first = stage.payer(inFlight: 3)
        try step(first, 60)
        #expect(stage.provider.underWay.sendings == 3)
        #expect(stage.run(first) == .finished)
        #expect(stage.provider.mostUnderWay.sendings == 3)
        try stage.expectAllSettled("three at once")
    }

    /// A successor finds more in doubt than it may ask for at once.
    @Test func noMoreIsAskedForThanItMayBe() throws {
        let stage = try Stage(MemoryLog())
        let first = stage.payer(inFlight: PayerLaneTests.commands)
        try step(first, 60)
        #expect(stage.provider.tries.count == PayerLaneTests.commands)
        stage.provider.forgetAnswers()
        let second = stage.payer(inFlight: 3)
        try step(second, 60)
        #expect(stage.provider.underWay == .init(sendings: 0, lookups: 3))
        #expect(stage.run(second) == .finished)
        #expect(stage.provider.mostUnderWay.lookups == 3)
        try stage.expectAllSettled("three lookups at once")
    }

    /// Told to end it begins nothing more, takes nothing more up, and waits for what it sent.
    @Test func whoIsToldToEndWaitsForWhatItSent() throws {
        let stage = try Stage(MemoryLog())
        let payer = stage.payer(inFlight: 3)
        try step(payer, 60)
        payer.stop()
        try step(payer, 1)
        try stage.scene.append([PayerLaneTests.command(20)], to: .paymentCommands)
        try step(payer, 60)
        let sent = stage.provider.tries
        #expect(sent.count == 3)
        #expect(stage.run(payer) == .finished)
        #expect(stage.provider.tries == sent, "it went on sending")
        let journal = try stage.journal()
        #expect(journal.count { $0 == "outcome" } == 3)
        #expect(journal.count { $0 == "intent" } == PayerLaneTests.commands)
        // The next one does the rest.
        #expect(stage.run(stage.payer()) == .finished)
        #expect(try stage.results().count == PayerLaneTests.commands + 1)
        #expect(stage.provider.blind.isEmpty)
        #expect(stage.provider.moved.values.allSatisfy { $0 == 1 })
    }

    /// "Not found" that was asked for while the request may have been under way proves nothing,
    /// however late it comes.
    @Test func aLookupSpeaksOfTheMomentWhenItWasAsked() throws {
        let stage = try Stage(MemoryLog(), commands: 0)
        // Lost before anything was executed.
        try stage.scene.append([PayerLaneTests.command(4)], to: .paymentCommands)
        let payer = stage.payer()
        for _ in 0..<200 where stage.provider.underWay.lookups == 0 {
            try #require(payer.step() == nil)
            if stage.provider.underWay.sendings > 0 { stage.provider.deliver() }
        }
        try #require(stage.provider.underWay.lookups == 1)
        stage.clock.set(stage.clock.read() + 60_000)
        stage.provider.deliver()
        try step(payer, 6)
        #expect(Array(stage.provider.tries.values) == [1])
        // Asked again, it does.
        #expect(stage.run(payer) == .finished)
        #expect(Array(stage.provider.tries.values) == [2])
        #expect(stage.provider.blind.isEmpty)
    }

    /// An answer goes to the partition that the command names.
    @Test func answersGoWhereTheOfferingLives() throws {
        var stage = try Stage(MemoryLog(), commands: 0, partitions: 3)
        stage.scene.partition = Partitioner.partition(of: "a-0", count: 3)
        let named = Partition((stage.scene.partition.rawValue + 1) % 3)
        try stage.scene.append(
            [
                PayerLaneTests.command(0)
                    .replacing(#""partition":0"#, with: #""partition":\#(named)"#)
            ], to: .paymentCommands)
        #expect(stage.run(stage.payer()) == .finished)
        for partition: Partition in [0, 1, 2] {
            stage.scene.partition = partition
            let expected = partition == named ? ["o/b-0/1": "paid"] : [:]
            #expect(try stage.results() == expected, "partition \(partition)")
        }
    }

    /// Each payment waits for the one before it, so a lane that slept until its next look, a second
    /// later, would take a minute for these.
    @Test func anAnswerWakesTheLane() throws {
        let stage = try Stage(MemoryLog(), commands: 0)
        try stage.scene.append(
            (0..<60).map { number in
                PayerLaneTests.command(7 * number)
                    .replacing(#""a-\#(7 * number)""#, with: #""anna""#)
            }, to: .paymentCommands)
        let provider = stage.provider
        let payer = PayerDriver(
            PayerConfiguration(
                environment: stage.scene.environment, partition: 0, profile: Stage.profile,
                stopsAtEnd: true),
            log: stage.scene.log, gateway: provider, clock: { .now }) { _ in }
        let isOver = Mutex(false)
        Thread.detachNewThread {
            while !isOver.withLock({ $0 }) {
                usleep(5_000)
                provider.deliver()
            }
        }
        let start = ContinuousClock.now
        #expect(payer.run() == .finished)
        isOver.withLock { $0 = true }
        #expect(ContinuousClock.now - start < .seconds(30))
        #expect(provider.moved.count == 60)
    }
}
