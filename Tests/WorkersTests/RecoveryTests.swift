import EventLog
import MemoryLog
import Messages
import Testing
import Vocabulary
import Workers

/// Crashes, take-overs and faults: the book is the same as if nothing had happened.
@Suite struct RecoveryTests {
    /// A small book in which every kind of group occurs, large ones among them.
    private func appendInputs(_ scene: LaneScene, _ clock: ScriptedClock) throws {
        // Results are stamped later than the bids: at equal times they would go first.
        clock.set(5)
        defer { clock.set(7) }
        try scene.open("o", shares: 10, terms: #","maxSharesPerAccount":8"#)
        try scene.append(
            (1...14).map { LaneScene.bid("b\($0)", "a\($0 % 5)", Int64(1 + $0 % 3)) }
                + [LaneScene.bid("b1", "a1", 2), LaneScene.bid("b1", "a1", 9), "garbage"],
            to: .bids)
        clock.set(6)
        try scene.append(
            [
                LaneScene.result("paid", "o/b1/1", "a1", amount: 200),
                LaneScene.result("declined", "o/b2/1", "a2", amount: 300),
                LaneScene.result("inDoubt", "o/b3/1", "a3", amount: 100),
                LaneScene.result("paid", "o/b1/1", "a1", amount: 200),
                LaneScene.result("paid", "o/none/1", "a1", amount: 200),
                LaneScene.result("paid", "o/b4/1", "a4", amount: 200),
                LaneScene.result("paid", "o/b5/1", "a0", amount: 300),
                LaneScene.result("paid", "o/b3/1", "a3", amount: 100, result: 2),
            ], to: .paymentResults)
    }

    private func undisturbed() throws -> (LaneScene.Head, [String]) {
        let clock = ScriptedClock(5)
        let scene = try LaneScene(MemoryLog(clock: clock.read))
        try appendInputs(scene, clock)
        try scene.decideAll()
        return (try scene.head(), try scene.read(.paymentCommands))
    }

    @Test(arguments: [1, 2, 3, 10_000])
    func aCrashAfterAnyStepLeavesTheBookOfAnUndisturbedRun(largestBatch: Int) throws {
        let (head, payments) = try undisturbed()
        #expect(head.decisions > 25)
        var steps = 0
        var isDone = false
        // Bounded, so that a lane that never comes to its end fails here and hangs nothing.
        while !isDone {
            try #require(steps < 1_000, "no end after \(steps) steps")
            let clock = ScriptedClock(5)
            let scene = try LaneScene(MemoryLog(clock: clock.read))
            try appendInputs(scene, clock)
            // The first lane is left where it stands, as by a crash; the second finishes.
            let first = scene.driver(largestBatch: largestBatch)
            for _ in 0..<steps where !isDone { isDone = first.step() != nil }
            try scene.decideAll(largestBatch: largestBatch)
            #expect(try scene.head() == head, "crash after step \(steps)")
            #expect(try scene.read(.paymentCommands) == payments, "crash after step \(steps)")
            steps += 1
        }
        #expect(steps > 8)
    }

    @Test func aCrashAfterEveryFewStepsGetsThereToo() throws {
        let (head, payments) = try undisturbed()
        let clock = ScriptedClock(5)
        let scene = try LaneScene(MemoryLog(clock: clock.read))
        try appendInputs(scene, clock)
        var crashes = 0
        var end: LaneEnd?
        while end == nil {
            try #require(crashes < 1_000, "no end after \(crashes) crashes")
            let driver = scene.driver(largestBatch: 2)
            for _ in 0..<(18 + crashes % 5) where end == nil { end = driver.step() }
            crashes += 1
        }
        #expect(crashes > 3)
        #expect(try scene.head() == head)
        #expect(try scene.read(.paymentCommands) == payments)
    }

    @Test func theNewerWriterGoesOnAndTheOlderOneSaysFenced() throws {
        let scene = try LaneScene(MemoryLog())
        try scene.open("o", shares: 10)
        try scene.bid("b1", "a1", 1)
        let older = scene.driver(stopsAtEnd: false)
        try step(older, until: 2, in: scene)
        let newer = scene.driver(stopsAtEnd: false)
        try scene.bid("b2", "a1", 1)
        try step(newer, until: 3, in: scene)
        try scene.bid("b3", "a1", 1)
        guard case .fenced(let sentence) = older.run() else {
            Issue.record("the older writer was not fenced")
            return
        }
        #expect(sentence.contains("epoch 2"))
        try step(newer, until: 4, in: scene)
        #expect(try scene.decisions().map(\.sequence.rawValue) == [1, 2, 3, 4])
        #expect(try scene.book().map(\.epoch.rawValue) == [1, 1, 1, 2, 2, 2])
    }

    @Test(arguments: MemoryLog.CommitFault.allCases)
    func whateverACommitAnswersNothingIsLostOrDoubled(fault: MemoryLog.CommitFault) throws {
        let (head, payments) = try undisturbed()
        for nth in 0..<6 {
            // Small batches, so that there are more commits than that: each fault strikes.
            let clock = ScriptedClock(5)
            let log = MemoryLog(clock: clock.read)
            let scene = try LaneScene(log)
            try appendInputs(scene, clock)
            var recoveries = 0
            let driver = scene.driver(largestBatch: 4, observer: { notice in
                if case .recoveringAfter = notice { recoveries += 1 }
            })
            log.failCommit(fault, afterCommits: nth)
            let end = driver.run()
            #expect(end == .finished, "\(fault), commit \(nth)")
            #expect(!log.isCommitFaultWaiting, "\(fault) did not strike at commit \(nth)")
            // Whatever it answered, the book is read again once, and not again and again.
            #expect(recoveries == 1, "\(fault), commit \(nth)")
            #expect(try scene.head() == head, "\(fault), commit \(nth)")
            #expect(try scene.read(.paymentCommands) == payments, "\(fault), commit \(nth)")
        }
    }

    /// What an older writer slipped in behind the newer one's beginning does not count: whoever
    /// comes next goes on from what the newer one decided.
    @Test func whatAnOlderWriterSlippedInIsPassed() throws {
        let scene = try LaneScene(MemoryLog(clock: ScriptedClock(5).read))
        try scene.open("o", shares: 10)
        try scene.bid("b1", "a1", 1)
        try scene.decideAll()
        let older = try #require(try scene.read(.decisions).last)
        #expect(older.contains(#""epoch":1,"#))
        try scene.decideAll()
        try scene.append([older], to: .decisions)
        try scene.bid("b2", "a2", 2)
        try scene.decideAll()
        let last = try #require(try scene.book().last)
        #expect(last.epoch == 3)
        guard case .decision(let decision) = last.content else {
            Issue.record("nothing was decided")
            return
        }
        #expect(decision.sequence == 3 && decision.event.type == .reserved)
    }

    @Test func anInputMadeAnewIsRefused() throws {
        let clock = ScriptedClock(5)
        let log = MemoryLog(clock: clock.read)
        let scene = try LaneScene(log)
        try appendInputs(scene, clock)
        try scene.decideAll()
        log.recreate(topic: "t.bids")
        expectInvariant(scene.driver().run(), names: "made anew")
    }

    @Test func anInputMadeAnewWithAsManyRecordsIsRefusedByItsTimes() throws {
        let clock = ScriptedClock(5)
        let log = MemoryLog(clock: clock.read)
        let scene = try LaneScene(log)
        try scene.open("o", shares: 10)
        try scene.bid("b1", "a1", 1)
        try scene.decideAll()
        log.recreate(topic: "t.bids")
        clock.set(6)
        try scene.bid("x1", "a1", 1)
        try scene.bid("x2", "a1", 1)
        expectInvariant(scene.driver().run(), names: "appended at 6")
        #expect(try scene.decisions().count == 2)
    }

    @Test func recordsGoneUndecidedAreRefused() throws {
        let log = MemoryLog(clock: ScriptedClock(5).read)
        let scene = try LaneScene(log)
        try scene.open("o", shares: 10)
        try scene.bid("b1", "a1", 1)
        try scene.decideAll()
        try scene.bid("b2", "a1", 1)
        try scene.bid("b3", "a1", 1)
        log.cut(topic: "t.bids", partition: 0, before: 2)
        expectInvariant(scene.driver().run(), names: "the next one to decide is 1")
    }

    @Test func aDecidedRecordThatIsGoneIsSaidAndPassed() throws {
        let log = MemoryLog(clock: ScriptedClock(5).read)
        let scene = try LaneScene(log)
        try scene.open("o", shares: 10)
        try scene.bid("b1", "a1", 1)
        try scene.decideAll()
        log.cut(topic: "t.bids", partition: 0, before: 1)
        try scene.bid("b2", "a1", 1)
        var said = false
        let driver = scene.driver(observer: { notice in
            if case .sourceGone(.bids, 0) = notice { said = true }
        })
        #expect(driver.run() == .finished)
        #expect(said)
        #expect(try scene.decisions().count == 3)
    }

    /// A group that was cut short by a crash can't be completed without its record.
    @Test func aGroupThatIsNotWholeNeedsItsRecord() throws {
        let clock = ScriptedClock(5)
        let log = MemoryLog(clock: clock.read)
        let scene = try LaneScene(log)
        try scene.open("o", shares: 1, terms: #","waitlistShares":20"#)
        clock.set(6)
        try scene.append((1...9).map { LaneScene.bid("b\($0)", "a\($0)", 1) }, to: .bids)
        clock.set(7)
        try scene.append(
            [#"{"type":"offering.cancel","command":"x","offering":"o"}"#], to: .offeringCommands)
        // Everything but the last few decisions of the cancellation is written, then it dies.
        let dying = scene.driver(largestBatch: 3)
        for _ in 0..<100 where try scene.decisions().last?.event.type != .cancelled {
            try #require(dying.step() == nil)
        }
        #expect(try scene.decisions().last?.event.type == .cancelled)
        let bounds = try log.bounds(of: [scene.topicPartition(.offeringCommands)], .written)[0]
        log.cut(topic: "t.offering-commands", partition: 0, before: bounds.end.rawValue)
        expectInvariant(scene.driver().run(), names: "is not whole")
    }

    @Test func aWorkerThatCanNotRunFencesNobody() throws {
        let log = MemoryLog(clock: ScriptedClock(5).read)
        let scene = try LaneScene(log)
        try scene.open("o", shares: 10)
        try scene.bid("b1", "a1", 1)
        let older = scene.driver(stopsAtEnd: false)
        try step(older, until: 2, in: scene)
        log.cut(topic: "t.decisions", partition: 0, before: 1)
        expectInvariant(scene.driver().run(), names: "first decisions are gone")
        try scene.bid("b2", "a1", 1)
        for _ in 0..<20 { #expect(older.step() == nil) }
        #expect(try scene.read(.decisions).last?.contains(#""bid":"b2""#) == true)
        #expect(older.standing.sequence == 3)
    }

    /// Whoever begins a book anew decides every input a second time, under a history of its own.
    @Test func aBookMadeAnewIsRefused() throws {
        let log = MemoryLog(clock: ScriptedClock(5).read)
        let scene = try LaneScene(log)
        try scene.open("o", shares: 10)
        try scene.bid("b1", "a1", 1)
        try scene.decideAll()
        log.recreate(topic: "t.decisions")
        expectInvariant(scene.driver().run(), names: "t.progress[0] tells of decisions")
        #expect(try scene.book().isEmpty)
        // Without its progress, the payments that it commanded still tell of it.
        log.recreate(topic: "t.progress")
        expectInvariant(scene.driver().run(), names: "t.payment-commands holds payments")
        #expect(try scene.book().isEmpty)
    }

    /// Payments of another partition's offerings say nothing of a book that has not begun.
    @Test func aBookThatHasNotBegunIsNoneThatWasLost() throws {
        let log = MemoryLog(clock: ScriptedClock(5).read)
        var scene = try LaneScene(log, partitions: 2)
        scene.partition = 1
        try scene.open("o", shares: 10)
        try scene.bid("b1", "a1", 1)
        let other = TopicPartition("t.payment-commands", 0)
        try scene.decideAll()
        scene.partition = 0
        let payments = try log.ends(
            of: [other, TopicPartition("t.payment-commands", 1)], .written)
        #expect(payments.contains { $0 > 0 })
        try scene.decideAll()
        #expect(try scene.book().count == 1)
    }

    /// Steps a lane until so many decisions are written; it must not take for ever, or end.
    private func step(_ driver: AllocatorDriver, until count: Int, in scene: LaneScene) throws {
        for _ in 0..<1_000 {
            if try scene.decisions().count >= count { return }
            try #require(driver.step() == nil)
        }
        Issue.record("there are not \(count) decisions after 1,000 steps")
    }

    private func expectInvariant(
        _ end: LaneEnd, names words: String, _ location: SourceLocation = #_sourceLocation
    ) {
        guard case .invariant(let sentence) = end else {
            Issue.record("ended \(end)", sourceLocation: location)
            return
        }
        #expect(sentence.contains(words), "\(sentence)", sourceLocation: location)
    }
}
