import MemoryLog
import Testing
import Vocabulary

import Workers

/// The clock that closes a sale, by itself: what it is told goes in, whether a deadline may be
/// decided comes out.
@Suite struct DeadlineClockTests {
    private static let grace: Int64 = 2_000
    private static let deadline: Timestamp = 100_000
    private static let due: Timestamp = 102_000

    /// A clock that was compared at `now` and found to be so far ahead of the log's.
    private func clock(
        comparedAt now: Timestamp = due, aheadMilliseconds: Int64 = 0
    ) -> DeadlineClock {
        var clock = DeadlineClock(graceMilliseconds: Self.grace)
        clock.handedOver(at: now)
        clock.committed(lastAppendTime: now.rawValue - aheadMilliseconds)
        return clock
    }

    private func inputs(decided: Int64) -> InputMerge {
        var merge = InputMerge()
        for input in InputTopic.inputs { merge.inputs[input].position = decided }
        return merge
    }

    @Test func aDeadlineIsPastByTheGraceAndNoSooner() {
        var clock = clock()
        clock.look(at: Self.due - 1, for: Self.deadline)
        #expect(!clock.isDue)
        clock.look(at: Self.due, for: Self.deadline)
        #expect(clock.isDue)
        clock.look(at: Self.due, for: nil)
        #expect(!clock.isDue)
        #expect(clock.millisecondsUntilDue(Self.deadline, at: 101_000) == 1_000)
    }

    @Test func everythingUpToEndsAskedForAfterItIsDecidedFirst() {
        var clock = clock()
        // Ends that were asked for before the deadline was past say nothing.
        clock.answered([0, 0, 0])
        clock.look(at: Self.due, for: Self.deadline)
        #expect(!clock.mayDecide(Self.deadline, inputs(decided: 9)))
        clock.answered([3, 2, 5])
        #expect(!clock.mayDecide(Self.deadline, inputs(decided: 4)))
        #expect(clock.mayDecide(Self.deadline, inputs(decided: 5)))
        // Of another one nothing is known: this one was put off meanwhile.
        #expect(!clock.mayDecide(Self.deadline + 5_000, inputs(decided: 5)))
        // Another deadline asks anew, and is decided in its turn.
        clock.look(at: Self.due, for: Self.deadline - 1)
        #expect(!clock.mayDecide(Self.deadline - 1, inputs(decided: 9)))
        #expect(clock.isDue)
        clock.answered([9, 9, 9])
        #expect(clock.mayDecide(Self.deadline - 1, inputs(decided: 9)))
    }

    @Test(arguments: [(2_000, true), (2_001, false)])
    func aClockAheadOfTheLogsClosesNothing(ahead: Int64, isTrusted: Bool) {
        var clock = clock(aheadMilliseconds: ahead)
        #expect(clock.isTrusted == isTrusted)
        clock.look(at: Self.due, for: Self.deadline)
        #expect(clock.isDue == isTrusted)
        #expect((clock.millisecondsUntilDue(Self.deadline, at: 0) != nil) == isTrusted)
    }

    /// A comparison of before the deadline says nothing of a clock that was set since.
    @Test func theClocksAreComparedOnceTheDeadlineIsPast() {
        var clock = clock(comparedAt: Self.due - 1)
        clock.look(at: Self.due + 5, for: Self.deadline)
        #expect(!clock.isDue)
        #expect(clock.mustCompare(Self.deadline, at: Self.due + 5))
        clock.handedOver(at: Self.due + 5)
        clock.committed(lastAppendTime: Self.due.rawValue)
        #expect(!clock.mustCompare(Self.deadline, at: Self.due + 6))
        clock.look(at: Self.due + 6, for: Self.deadline)
        #expect(clock.isDue)
        // One that stepped back is another clock.
        clock.look(at: Self.due + 4, for: Self.deadline)
        #expect(!clock.isDue)
    }

    @Test func aClockThatWasWrongIsComparedAgainNowAndThen() {
        let clock = clock(aheadMilliseconds: 9_000)
        #expect(!clock.mustCompare(Self.deadline, at: Self.due + 4_999))
        #expect(clock.mustCompare(Self.deadline, at: Self.due + 5_000))
    }

    @Test(arguments: [(2_000, true), (2_001, false)])
    func whileClocksDifferNoneOfThemCloses(spread: Int64, isTrusted: Bool) {
        var clock = clock()
        clock.spreadMilliseconds = spread
        #expect(clock.isTrusted == isTrusted)
        clock.look(at: Self.due, for: Self.deadline)
        #expect(clock.isDue == isTrusted)
    }
}

/// A lane whose sale ends by the clock.
@Suite struct DeadlineLaneTests {
    private static let end: Int64 = 1_100_000
    private let stamps = ScriptedClock(1_000_000)
    private let worker = ScriptedClock(1_000_000)

    private func scene() throws -> LaneScene {
        let scene = try LaneScene(MemoryLog(clock: stamps.read))
        try scene.open("o", shares: 10, terms: #","minimumShares":0,"closesAt":\#(Self.end)"#)
        return scene
    }

    private func driver(_ scene: LaneScene) -> AllocatorDriver {
        let worker = worker
        return scene.driver(
            stopsAtEnd: false, clock: { Timestamp(rawValue: worker.read()) })
    }

    private func step(_ driver: AllocatorDriver, _ times: Int = 200) {
        for _ in 0..<times { #expect(driver.step() == nil) }
    }

    /// Both clocks.
    private func set(_ moment: Int64, workerAhead: Int64 = 0) {
        stamps.set(moment)
        worker.set(moment + workerAhead)
    }

    private func isClosed(_ scene: LaneScene) throws -> Bool {
        try scene.decisions().contains { $0.event.type == .closing }
    }

    @Test func itClosesOnceTheGraceIsOver() throws {
        let scene = try scene()
        let driver = driver(scene)
        step(driver)
        set(Self.end + 1_999)
        step(driver)
        #expect(try !isClosed(scene))
        // A bid in time that becomes readable only now is taken.
        stamps.set(Self.end - 1)
        try scene.bid("b1", "a1", 1)
        set(Self.end + 2_000)
        step(driver)
        #expect(try isClosed(scene))
        let types = try scene.decisions().map(\.event.type)
        #expect(types.prefix(3) == [.opened, .reserved, .closing])
    }

    /// A command that comes while the end is being decided puts it off: what was known of the old
    /// end is not taken for the new one.
    @Test func anEndThatIsPutOffAtTheLastMomentIsToCome() throws {
        var putOff = 0
        for steps in 0..<12 {
            set(1_000_000)
            let scene = try scene()
            let driver = driver(scene)
            step(driver)
            set(Self.end + 2_000)
            step(driver, steps)
            try scene.append(
                [
                    """
                    {"type":"offering.amend","command":"later","offering":"o",\
                    "closesAt":\(Self.end + 100_000)}
                    """
                ], to: .offeringCommands)
            step(driver)
            let types = try scene.decisions().map(\.event.type)
            guard types.contains(.amended) else { continue }
            putOff += 1
            #expect(types == [.opened, .amended], "after \(steps) steps")
        }
        #expect(putOff > 0)
    }

    @Test func aClockAheadClosesNothingBeforeTheLogsTime() throws {
        let scene = try scene()
        let driver = driver(scene)
        // It was right when it was compared last, and is set an hour ahead then.
        step(driver)
        set(Self.end - 1_000, workerAhead: 3_600_000)
        step(driver)
        #expect(try !isClosed(scene))
        try scene.bid("b1", "a1", 1)
        step(driver)
        #expect(try scene.decisions().last?.event.type == .reserved)
        set(Self.end + 2_000)
        step(driver)
        worker.set(Self.end + 8_000)
        stamps.set(Self.end + 8_000)
        step(driver)
        #expect(try isClosed(scene))
    }
}
