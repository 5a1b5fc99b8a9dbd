import EventLog
import MemoryLog
import Messages
import Testing
import Vocabulary
import Workers

/// What a lane does about clocks that stamp records: brokers' that differ, one that runs far ahead,
/// and an operator's correction of that.
@Suite struct ClockLaneTests {
    private static let now: Int64 = 1_767_225_600_000
    private static let day: Int64 = 86_400_000
    private let stamps = ScriptedClock(now)

    /// A scene on one clock, as `topics create` says it of such a log.
    private func scene(commandGrace: Int64 = 0) throws -> LaneScene {
        var scene = try LaneScene(MemoryLog(clock: stamps.read))
        scene.environment.commandGraceMilliseconds = commandGrace
        return scene
    }

    private func driver(
        _ scene: LaneScene, at now: Int64 = now, stopsAtEnd: Bool = false,
        observer: @escaping (AllocatorNotice) -> Void = { _ in }
    ) -> AllocatorDriver {
        scene.driver(
            stopsAtEnd: stopsAtEnd, clock: { Timestamp(rawValue: now) }, observer: observer)
    }

    private func step(_ driver: AllocatorDriver, _ times: Int = 300) {
        for _ in 0..<times { #expect(driver.step() == nil) }
    }

    private func correct(
        _ scene: LaneScene, _ command: String, _ first: Int, _ last: Int, at: Int64
    ) throws {
        try scene.append(
            [
                """
                {"type":"clock.correct","command":"\(command)","from":\(first),"to":\(last),\
                "at":\(at)}
                """
            ], to: .offeringCommands)
    }

    /// On one clock a stranger's bid must not pull somebody's close ahead of a bid that came
    /// before it.
    @Test(arguments: [(0, "reserved"), (2_000, "rejected")])
    func aStrangersBidPullsNoCloseAheadOnOneClock(grace: Int64, third: String) throws {
        let scene = try scene(commandGrace: grace)
        try scene.open("A", shares: 10, terms: #","minimumShares":0"#)
        stamps.set(Self.now + 10_000)
        try scene.bid("s", "m", 1, of: "B")
        stamps.set(Self.now + 10_500)
        try scene.bid("x", "a", 3, of: "A")
        stamps.set(Self.now + 11_000)
        try scene.append(
            [#"{"type":"offering.close","command":"k","offering":"A"}"#], to: .offeringCommands)
        stamps.set(Self.now + 11_500)
        try scene.open("B", shares: 10)
        #expect(driver(scene, at: Self.now + 12_000, stopsAtEnd: true).run() == .finished)
        let bid = try scene.decisions().first { $0.source.topic == .bids && $0.source.offset == 1 }
        #expect(bid?.event.type.rawValue == third)
    }

    /// A bid stamped tomorrow waits, and all bids behind it; commands and payment results don't.
    @Test func aBidStampedTomorrowHoldsUpNoCommand() throws {
        let scene = try scene()
        try scene.open("o", shares: 10)
        try scene.bid("b1", "a1", 2)
        stamps.set(Self.now + Self.day)
        try scene.bid("b2", "a2", 3)
        stamps.set(Self.now + 10)
        var alarms: [(Offset, Timestamp)] = []
        let driver = driver(scene) { notice in
            if case .clockBehind(let record, let offset, _) = notice {
                alarms.append((offset, record))
            }
        }
        step(driver)
        #expect(alarms.map(\.0) == [1] && alarms.map(\.1) == [.init(Self.now + Self.day)])
        try scene.append(
            [#"{"type":"offering.pause","command":"p","offering":"o"}"#], to: .offeringCommands)
        try scene.append(
            [LaneScene.result("paid", "o/b1/1", "a1", amount: 200)], to: .paymentResults)
        step(driver)
        #expect(
            try scene.decisions().map(\.event.type) == [.opened, .reserved, .paused, .settled])
    }

    /// What brokers' clocks may differ by is decided; the millisecond after it waits.
    @Test(arguments: [(30_000, 2), (30_001, 1)] as [(Int64, Int)])
    func aBidStampedAsFarAheadAsClocksMayDifferIsDecided(ahead: Int64, decisions: Int) throws {
        let scene = try scene()
        try scene.open("o", shares: 10)
        stamps.set(Self.now + ahead)
        try scene.bid("b1", "a1", 2)
        step(driver(scene))
        #expect(try scene.decisions().count == decisions)
    }

    /// A bid is in time up to the millisecond before the end: at it, the end goes first.
    @Test(arguments: [(-1, [.opened, .reserved]), (0, [.opened, .closing, .rejected])]
        as [(Int64, [DecisionType])])
    func theEndGoesBeforeABidStampedAtIt(_ offset: Int64, _ types: [DecisionType]) throws {
        let scene = try scene()
        let end = Self.now + 5_000
        try scene.open("o", shares: 10, terms: #","closesAt":\#(end),"minimumShares":10"#)
        stamps.set(end + offset)
        try scene.bid("b1", "a1", 2)
        step(driver(scene, at: end))
        let told = try scene.decisions()
        #expect(told.map(\.event.type).filter { types.contains($0) } == types)
        if case .rejected(let rejection) = told.last?.event {
            #expect(rejection.reason == .closed)
        }
    }

    /// Corrected, it is decided now, with the moment of the correction; and the same comes out of
    /// the book for whoever begins anew.
    @Test func aCorrectionLetsBidsCountFromNow() throws {
        let scene = try scene()
        let end = Self.now + 3_600_000
        try scene.open("o", shares: 10, terms: #","minimumShares":0,"closesAt":\#(end)"#)
        stamps.set(Self.now + Self.day)
        try scene.bid("b1", "a1", 3)
        stamps.set(Self.now + 5)
        try scene.bid("b2", "a2", 2)
        let lane = driver(scene)
        step(lane)
        #expect(try scene.decisions().count == 1)
        try correct(scene, "k1", 0, 1, at: Self.now + 7)
        step(lane)
        #expect(
            try scene.decisions().map(Line.init) == [
                "1 opened o 10/0/0 offering-commands/0.0",
                "2 clockCorrected offering-commands/1.0",
                // The end of the offering lies between now and the stamp, and has not come.
                "3 reserved b1 3+0 7/3/0 bids/0.0",
                "4 reserved b2 2+0 5/5/0 bids/1.0",
            ])
        #expect(try scene.decisions()[2].source.at == .init(Self.now + Self.day))
        lane.stop()
        #expect(lane.run() == .finished)
        // A new lane goes on where this one ended; its book is of the same time.
        let next = driver(scene)
        step(next)
        stamps.set(Self.now + 10)
        // The partition of a log may give no earlier time than it gave before.
        try scene.bid("b3", "a3", 1)
        try correct(scene, "k1", 0, 1, at: Self.now + 7)
        try correct(scene, "k2", 2, 2, at: Self.now + 9)
        step(next)
        #expect(
            try scene.decisions().filter { $0.source.topic == .offeringCommands }
                .map(\.event.type) == [.opened, .clockCorrected, .repeated, .clockCorrected])
        #expect(try scene.decisions().last?.event.type == .reserved)
        #expect(try scene.decisions().count == 7)
    }

    /// The clock's word counts only while it is one of this moment; the book repeats a refusal.
    @Test(arguments: [-30_001, -30_000, 30_000, 30_001] as [Int64])
    func aCorrectionOfAnotherMomentIsRefused(off: Int64) throws {
        let scene = try scene()
        try scene.open("o", shares: 10)
        try correct(scene, "k1", 0, 0, at: Self.now + off)
        #expect(driver(scene, stopsAtEnd: true).run() == .finished)
        let isTaken = abs(off) <= 30_000
        let decided = try scene.decisions().last?.event
        #expect(decided?.type == (isTaken ? .clockCorrected : .rejected))
        if case .rejected(let rejection) = decided {
            #expect(rejection.reason == .badTerms && rejection.member == .at)
        }
        // The last group is decided again by whoever comes next, a day later.
        #expect(driver(scene, at: Self.now + Self.day, stopsAtEnd: true).run() == .finished)
        #expect(try scene.decisions().count == 2)
    }

    /// What was refused for its moment never acts: not when its moment has come, not for whoever
    /// begins anew, and not in a book that is rebuilt.
    @Test func aRefusedCorrectionNeverActs() throws {
        let scene = try scene()
        try scene.open("o", shares: 10)
        stamps.set(Self.now + Self.day)
        try scene.bid("b1", "a1", 3)
        stamps.set(Self.now + 5)
        let later = Self.now + 60_000
        for at in [later, later, later + 1] { try correct(scene, "k1", 0, 0, at: at) }
        let lane = driver(scene)
        step(lane)
        lane.stop()
        #expect(lane.run() == .finished)
        // By now the moment is right.
        let next = driver(scene, at: later)
        step(next)
        stamps.set(later)
        try correct(scene, "k1", 0, 0, at: later)
        try correct(scene, "k1", 0, 0, at: later + 1)
        step(next)
        next.stop()
        #expect(next.run() == .finished)
        #expect(
            try scene.decisions().dropFirst().map(\.event) == [
                .rejected(Rejection(refused(at: later), .badTerms, member: .at)),
                .repeated(.command("k1", of: 2, refused: .badTerms)),
                .rejected(Rejection(refused(at: later + 1), .conflictingDuplicate)),
                .repeated(.command("k1", of: 2, refused: .badTerms)),
                .rejected(Rejection(refused(at: later + 1), .conflictingDuplicate)),
            ])
    }

    private func refused(at: Int64) -> Rejection.Subject {
        let correction = ClockCorrection(first: 0, last: 0, at: Timestamp(rawValue: at))
        return .partitionCommand(
            PartitionCommand(command: "k1", action: .correctClock(correction)))
    }

    @Test func aCorrectionOfNothingIsRefused() throws {
        let scene = try scene()
        try correct(scene, "k1", 3, 2, at: Self.now)
        #expect(driver(scene, stopsAtEnd: true).run() == .finished)
        guard case .rejected(let rejection) = try scene.decisions().last?.event else {
            Issue.record("it was not refused")
            return
        }
        #expect(rejection.reason == .badTerms && rejection.member == .to)
    }

    /// A broker whose clock runs ahead does not keep a command waiting for ever.
    @Test func aCommandStampedAheadGoesOnceWhatCameBeforeIsDecided() throws {
        let scene = try scene()
        try scene.open("o", shares: 10)
        try scene.bid("b0", "a", 1)
        stamps.set(Self.now + 20_000)
        try scene.append(
            [#"{"type":"offering.pause","command":"p","offering":"o"}"#], to: .offeringCommands)
        stamps.set(Self.now)
        let lane = driver(scene)
        for number in 1...200 {
            try scene.bid("b\(number)", "a", 1)
            step(lane, 5)
        }
        #expect(try scene.decisions().contains { $0.event.type == .paused })
    }
}
