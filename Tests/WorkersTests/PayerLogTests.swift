import EventLog
import MemoryLog
import Messages
import Payments
import Testing
import Vocabulary
import Workers

/// What the log does to a payer: topics that are cut or made anew, a predecessor that still writes.
@Suite struct PayerLogTests {
    typealias Stage = PayerLaneTests.Stage

    private func expectRefusal(
        _ end: LaneEnd?, names words: String, _ location: SourceLocation = #_sourceLocation
    ) {
        guard case .invariant(let sentence)? = end else {
            Issue.record("\(end as Any)", sourceLocation: location)
            return
        }
        #expect(sentence.contains(words), "\(sentence)", sourceLocation: location)
    }

    @Test func aJournalWithoutItsBeginningIsRefused() throws {
        let log = MemoryLog()
        let stage = try Stage(log)
        #expect(stage.run(stage.payer()) == .finished)
        log.cut(topic: "t.payment-journal", partition: 0, before: 1)
        expectRefusal(stage.run(stage.payer()), names: "its first records are gone")
    }

    /// Retention may take what was taken up, and nothing else.
    @Test func commandsThatAreGoneBeforeTheyWereTakenUpAreNoticed() throws {
        let log = MemoryLog()
        let stage = try Stage(log, commands: 2)
        #expect(stage.run(stage.payer()) == .finished)
        try stage.scene.append(
            [PayerLaneTests.command(7), PayerLaneTests.command(14)], to: .paymentCommands)
        log.cut(topic: "t.payment-commands", partition: 0, before: 3)
        expectRefusal(stage.run(stage.payer()), names: "was cut or made anew")
        #expect(stage.provider.tries.count == 2)
    }

    @Test func commandsThatWereTakenUpMayGo() throws {
        let log = MemoryLog()
        let stage = try Stage(log, commands: 2)
        #expect(stage.run(stage.payer()) == .finished)
        try stage.scene.append([PayerLaneTests.command(7)], to: .paymentCommands)
        log.cut(topic: "t.payment-commands", partition: 0, before: 2)
        #expect(stage.run(stage.payer()) == .finished)
        #expect(try stage.results()["o/b-7/1"] == "paid")
    }

    /// The journal is made anew between the look at it and the fence.
    @Test func aJournalThatShrinksWhileItIsReadIsRefused() throws {
        let log = MemoryLog()
        let first = try Stage(log)
        #expect(first.run(first.payer()) == .finished)
        let hooked = HookedLog(log)
        var stage = first
        stage.scene = first.scene.on(hooked)
        hooked.onWriter { log.recreate(topic: "t.payment-journal") }
        expectRefusal(stage.run(stage.payer()), names: "history was lost")
        #expect(try first.scene.read(.paymentJournal).isEmpty)
    }

    /// Journal, marks and answers are lost, all three, while a commit is in doubt: what is left
    /// looks like a payer's first day.
    @Test func aJournalThatLostWhatThisLaneCommittedIsRefused() throws {
        let log = MemoryLog()
        let stage = try Stage(log)
        log.failCommit(.failsLost, afterCommits: 4)
        let payer = stage.payer()
        for _ in 0..<1_000 where stage.heard.recoveries == 0 {
            try #require(payer.step() == nil)
            stage.provider.deliver()
        }
        try #require(stage.heard.recoveries == 1)
        let tries = stage.provider.tries
        #expect(!tries.isEmpty)
        log.recreate(topic: "t.payment-journal")
        log.recreate(topic: "t.payment-marks")
        log.recreate(topic: "t.payment-results")
        expectRefusal(stage.run(payer), names: "what was paid is forgotten")
        #expect(stage.provider.tries == tries, "something was sent again")
    }

    /// Between the look at an empty journal and the search for answers the payer before commits
    /// its first records: the answer that is found is of a journal that is there.
    @Test func anAnswerThatIsCommittedMeanwhileIsNoLoss() throws {
        let log = MemoryLog()
        let first = try Stage(log)
        let hooked = HookedLog(log)
        var stage = first
        stage.scene = first.scene.on(hooked)
        var isMet = false
        hooked.onBounds(of: "t.payment-results") {
            isMet = true
            #expect(first.run(first.payer()) == .finished)
        }
        #expect(stage.run(stage.payer()) == .finished)
        #expect(isMet && !first.provider.moved.isEmpty)
        #expect(first.provider.moved.values.allSatisfy { $0 == 1 }, "paid twice")
    }

    /// Between the mark and the end of the journal another payer commits: the journal is only
    /// newer, and nothing is lost.
    @Test func aPayerMayStartWhileAnotherWrites() throws {
        let log = MemoryLog()
        let first = try Stage(log)
        let older = first.payer(inFlight: 1)
        for _ in 0..<16 { try #require(older.step() == nil) }
        let hooked = HookedLog(log)
        var stage = first
        stage.scene = first.scene.on(hooked)
        let before = try first.journal().count
        hooked.onBounds(of: "t.payment-journal") {
            // At least one transaction with entries.
            for _ in 0..<40 where (try? first.journal().count) == before {
                first.provider.deliver()
                _ = older.step()
            }
        }
        #expect(stage.run(stage.payer()) == .finished)
        #expect(try first.journal().count > before)
        try first.expectAllSettled("taken over")
    }

    /// A first commit that failed for sure leaves no epoch: the one of that number is another
    /// payer's, who took over meanwhile.
    @Test func anEpochOfTheSameNumberIsSomebodyElses() throws {
        let log = MemoryLog()
        let stage = try Stage(log)
        log.failCommit(.aborts, afterCommits: 0)
        let first = stage.payer()
        for _ in 0..<100 where stage.heard.recoveries == 0 { try #require(first.step() == nil) }
        try #require(stage.heard.recoveries == 1)
        #expect(stage.run(stage.payer()) == .finished)
        guard case .fenced? = stage.run(first) else {
            Issue.record("the first payer took its partition back")
            return
        }
        try stage.expectAllSettled("taken over")
    }

    // MARK: Behind a rebuild

    private func damage(_ stage: Stage, _ log: MemoryLog) throws {
        let count = try stage.journal().count
        log.recreate(topic: "t.payment-journal")
        for (type, actor) in [("rebuild.propose", "anna"), ("rebuild.approve", "ben")] {
            try stage.scene.append(
                [
                    #"{"type":"\#(type)","partition":0,"last":0,"mark":\#(count),"#
                        + #""isRestarted":false,"actor":"\#(actor)","at":1}"#
                ], to: .paymentResolutions)
        }
    }

    /// Its first commit fails in whatever way: it is made once, and the payer goes on behind it.
    @Test(arguments: MemoryLog.CommitFault.allCases)
    func theCommitOfARebuildMayFail(_ fault: MemoryLog.CommitFault) throws {
        let log = MemoryLog()
        let stage = try Stage(log)
        #expect(stage.run(stage.payer()) == .finished)
        let moved = stage.provider.moved
        try damage(stage, log)
        log.failCommit(fault, afterCommits: 0)
        var end = stage.run(stage.payer())
        #expect(stage.heard.recoveries == 1)
        if fault == .fencedByNobody, end != .finished { end = stage.run(stage.payer()) }
        #expect(end == .finished, "\(fault)")
        #expect(try stage.journal().count { $0 == "rebuilt" } == 1)
        #expect(stage.provider.moved == moved)
    }

    /// Answers that retention took had numbers; and one that leaves no room for a later number is
    /// none of a payer's.
    @Test func numbersBehindARebuildAreNew() throws {
        let log = MemoryLog()
        let stage = try Stage(log, commands: 1)
        #expect(stage.run(stage.payer()) == .finished)
        try stage.scene.append(
            [
                #"{"type":"inDoubt","command":"o/b-0/1","result":9007199254740991,"#
                    + #""offering":"o","account":"a-0","reason":"outcomeUnknown"}"#
            ], to: .paymentResults)
        log.cut(topic: "t.payment-results", partition: 0, before: 1)
        try damage(stage, log)
        #expect(stage.run(stage.payer()) == .finished)
        let numbers = try stage.scene.read(.paymentResults).suffix(2)
        #expect(numbers.first?.contains(#""result":1000001"#) == true, "\(numbers)")
        #expect(numbers.last?.contains(#""result":1000002"#) == true, "\(numbers)")
        #expect(stage.provider.tries.count == 1)
    }

    /// What is left to people is asked for still; whoever stops at the end waits for the answer.
    @Test func whoStopsAtTheEndWaitsForItsLookups() throws {
        let log = MemoryLog()
        let stage = try Stage(log, commands: 1)
        #expect(stage.run(stage.payer()) == .finished)
        log.recreate(topic: "t.payment-results")
        try damage(stage, log)
        let payer = stage.payer()
        for _ in 0..<60 { try #require(payer.step() == nil) }
        #expect(stage.heard.attention == [.parked(.journalLost)])
        #expect(stage.provider.underWay == .init(sendings: 0, lookups: 1))
        #expect(stage.run(payer) == .finished)
        #expect(try stage.results() == ["o/b-0/1": "paid"])
    }

    /// The answers of a partition's payers stand in all partitions.
    @Test func answersAreLookedForInEveryPartition() throws {
        let log = MemoryLog()
        var stage = try Stage(log, commands: 0, partitions: 2)
        stage.scene.partition = Partitioner.partition(of: "a-0", count: 2)
        let home = stage.scene.partition
        let other: Partition = home == 0 ? 1 : 0
        try stage.scene.append(
            [
                PayerLaneTests.command(0)
                    .replacing(#""partition":0"#, with: #""partition":\#(other)"#)
            ], to: .paymentCommands)
        #expect(stage.run(stage.payer()) == .finished)
        let count = try stage.journal().count
        log.recreate(topic: "t.payment-journal")
        for (type, actor) in [("rebuild.propose", "anna"), ("rebuild.approve", "ben")] {
            var resolutions = stage.scene
            resolutions.partition = home
            try resolutions.append(
                [
                    #"{"type":"\#(type)","partition":\#(home),"last":0,"mark":\#(count),"#
                        + #""isRestarted":false,"actor":"\#(actor)","at":1}"#
                ], to: .paymentResolutions)
        }
        #expect(stage.run(stage.payer()) == .finished)
        // It was answered, so nobody need be asked.
        #expect(stage.heard.attention.isEmpty, "\(stage.heard.attention)")
        stage.scene.partition = other
        #expect(try stage.scene.read(.paymentResults).count == 1)
    }
}
