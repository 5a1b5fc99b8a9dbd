import Analysis
import Audit
import EventLog
import MemoryLog
import Messages
import Payments
import Testing
import Vocabulary
import Workers

/// A batch that nobody can unpack costs its own offsets, on every topic that a lane reads.
@Suite struct UnreadableBatchTests {
    private func scene(_ clock: ScriptedClock = ScriptedClock(5)) throws -> (LaneScene, MemoryLog) {
        let log = MemoryLog(clock: clock.read)
        return (try LaneScene(log), log)
    }

    /// What was refused as such, as `topic/first-last at time`.
    private func refused(_ scene: LaneScene) throws -> [String] {
        try scene.decisions().compactMap { decision in
            guard let last = decision.event.lastOfBatch else { return nil }
            let source = decision.source
            return "\(source.topic.name)/\(source.offset)-\(last) at \(source.at)"
        }
    }

    @Test func isOneRefusalAndTheNextRecordIsDecidedAsUsual() throws {
        let clock = ScriptedClock(5)
        let (scene, log) = try scene(clock)
        try scene.open("o", shares: 10)
        clock.set(7)
        try scene.bid("b1", "a1", 3)
        clock.set(9)
        try log.appendUnreadable(to: scene.topicPartition(.bids), count: 4)
        try log.appendUnreadable(to: scene.topicPartition(.bids), count: 1)
        try scene.bid("b2", "a2", 2)
        try scene.decideAll()
        // The stamps of what can't be read are unknown: the book's time stands still.
        #expect(try refused(scene) == ["bids/1-4 at 7", "bids/5-5 at 7"])
        #expect(
            try scene.decisions().map { "\($0.event.type)" } == [
                "opened", "reserved", "rejected", "rejected", "reserved",
            ])
        let invalid = try scene.records(.invalid)
        #expect(invalid.map(\.value) == ["null", "null"])
        #expect(invalid[0].headers["offset"] == "1" && invalid[0].headers["lastOffset"] == "4")
        #expect(invalid[0].headers["sha256"] == nil, "nobody has seen its bytes")
    }

    @Test(arguments: [Topic.offeringCommands, .paymentResults])
    func isPassedOnEveryInput(_ topic: Topic) throws {
        let (scene, log) = try scene()
        try log.appendUnreadable(to: scene.topicPartition(topic), count: 2)
        try scene.open("o", shares: 10)
        try scene.bid("b1", "a1", 3)
        try scene.decideAll()
        #expect(try refused(scene) == ["\(topic.name)/0-1 at 0"])
        #expect(try scene.decisions().last?.event.type == .reserved)
    }

    /// Whoever comes next goes on behind it, whether it was the last that was decided or not.
    @Test func aLaneThatIsStartedAgainGoesOnBehindIt() throws {
        let (scene, log) = try scene()
        try scene.open("o", shares: 10)
        try log.appendUnreadable(to: scene.topicPartition(.bids), count: 3)
        try scene.decideAll()
        try scene.decideAll()
        try log.appendUnreadable(to: scene.topicPartition(.offeringCommands), count: 1)
        try scene.decideAll()
        try scene.bid("b1", "a1", 3)
        try scene.decideAll()
        let found = try refused(scene)
        #expect(found == ["bids/0-2 at 0", "offering-commands/1-1 at 0"])
        let sequences = try scene.decisions().map(\.sequence)
        #expect(sequences == [1, 2, 3, 4])
        #expect(try scene.decisions().last?.event.type == .reserved)
    }

    /// Another version of the library may unpack what this one can't, or the other way round: what
    /// was decided stands.
    @Test func whatWasDecidedStandsThoughItCanBeReadByNow() throws {
        let (scene, log) = try scene()
        try scene.open("o", shares: 10)
        try log.appendUnreadable(to: scene.topicPartition(.bids), count: 1)
        try scene.decideAll()
        log.makeReadable(scene.topicPartition(.bids), at: 0)
        try scene.bid("b1", "a1", 3)
        try scene.decideAll()
        #expect(try refused(scene).count == 1)
        #expect(try scene.decisions().last?.event.type == .reserved)
    }

    @Test func whatWasDecidedStandsThoughItCanNotBeReadAnyMore() throws {
        let (scene, log) = try scene()
        try scene.open("o", shares: 10)
        try scene.bid("b1", "a1", 3)
        try scene.decideAll()
        log.makeUnreadable(scene.topicPartition(.bids), at: 0)
        try scene.bid("b2", "a1", 3)
        try scene.decideAll()
        #expect(try refused(scene).isEmpty)
        let types = try scene.decisions().map { "\($0.event.type)" }
        #expect(types == ["opened", "reserved", "reserved"])
    }

    /// The auditor and the replay say of such a book that it is right, and what the auditor would
    /// say of one that is not.
    @Test func verifyAndReplayKnowIt() throws {
        let (scene, log) = try scene()
        try scene.open("o", shares: 10)
        try log.appendUnreadable(to: scene.topicPartition(.bids), count: 4)
        try scene.bid("b1", "a1", 3)
        try scene.decideAll()
        var audit = PartitionAudit(partition: 0)
        var replay = BookReplay(partition: 0)
        for record in try scene.records(.decisions) {
            var value = record.value
            try value.withUTF8 {
                audit.examine(offset: Offset(record.offset), value: UnsafeRawBufferPointer($0))
                try replay.follow(UnsafeRawBufferPointer($0))
            }
        }
        #expect(audit.finish().totalFindings == 0)
        #expect(replay.book.sequence == 3)
        var inquiry = BidInquiry("nobody", of: nil, partition: 0)
        for record in try scene.records(.decisions) {
            var value = record.value
            try value.withUTF8 { try inquiry.follow(UnsafeRawBufferPointer($0)) }
        }
        #expect(inquiry.decidedBids == 5)
        #expect(inquiry.unreadable.map { $0.last ?? $0.offset } == [3])
    }

    // MARK: The workers' own topics

    @Test func aBookThatCanNotBeUnpackedStopsTheLaneAndIsNamed() throws {
        let (scene, log) = try scene()
        try scene.open("o", shares: 10)
        try scene.decideAll()
        try log.appendUnreadable(to: scene.topicPartition(.decisions), count: 2)
        let end = try log.bounds(of: [scene.topicPartition(.decisions)], .written)[0].end
        guard case .invariant(let sentence) = scene.driver().run() else {
            Issue.record("it went on")
            return
        }
        #expect(
            sentence.contains(
                "t.decisions[0], offsets \(end.rawValue - 2) to \(end.rawValue - 1)"),
            "\(sentence)")
        #expect(sentence.contains("restore"), "\(sentence)")
    }

    @Test func theAuditorNamesABookThatCanNotBeUnpacked() {
        var audit = PartitionAudit(partition: 0)
        audit.examine(unreadable: 7, "offsets 7 to 9 can't be unpacked")
        let report = audit.finish()
        #expect(report.findings.map(\.code) == [.unreadable])
        #expect(report.findings.first?.sentence == "offsets 7 to 9 can't be unpacked")
        #expect(report.arithmeticEnd == 7)
    }

    @Test func commandsThatCanNotBeUnpackedAreKeptAndPassed() throws {
        let (scene, log) = try scene()
        try log.appendUnreadable(to: scene.topicPartition(.paymentCommands), count: 2)
        var told = ""
        let driver = payer(scene) { notice in
            if case .unpackable(let source, let first, let last) = notice {
                told = "\(source) \(first)-\(last)"
            }
        }
        #expect(driver.run() == .finished)
        #expect(told == "t.payment-commands[0] 0-1")
        let invalid = try scene.records(.invalid)
        #expect(invalid.map { $0.headers["reason"] } == ["unreadable"])
        #expect(invalid.first?.headers["lastOffset"] == "1")
        // Once is enough.
        #expect(payer(scene).run() == .finished)
    }

    @Test func aJournalThatCanNotBeUnpackedStopsThePayerAndIsNamed() throws {
        let (scene, log) = try scene()
        try log.appendUnreadable(to: scene.topicPartition(.paymentJournal), count: 1)
        guard case .invariant(let sentence) = payer(scene).run() else {
            Issue.record("it went on")
            return
        }
        let words = "t.payment-journal[0], offset 0 can't"
        #expect(sentence.contains(words), "\(sentence)")
    }

    private func payer(
        _ scene: LaneScene, observer: @escaping (PayerNotice) -> Void = { _ in }
    ) -> PayerDriver {
        PayerDriver(
            PayerConfiguration(
                environment: scene.environment, partition: 0, profile: ProviderProfile(),
                largestInFlight: 1, stopsAtEnd: true), log: scene.log,
            gateway: ScriptedProvider(), clock: { 1 }, isInline: true, observer: observer)
    }

    // MARK: What is large

    /// A record that unpacks to more than is taken is refused and costs what is kept of it.
    @Test func ofALongRecordTheBeginningIsKept() throws {
        let (scene, _) = try scene()
        try scene.open("o", shares: 10)
        let long = String(repeating: "7", count: 300_000)
        try scene.append([long, LaneScene.bid("b1", "a1", 3)], to: .bids)
        try scene.decideAll()
        let kept = try #require(try scene.records(.invalid).first)
        #expect(kept.headers["length"] == "300000")
        #expect(
            kept.headers["sha256"]
                == "15476994b87b83c7f058d65cf497a7b94c764732f8f9a710b685983b701ac596")
        #expect(kept.value.utf8.count == 32 << 10)
        #expect(try scene.decisions().last?.event.type == .reserved)
    }
}
