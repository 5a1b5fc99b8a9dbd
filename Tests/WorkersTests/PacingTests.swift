import Testing
import Workers

/// Remarks about something that goes on back off.
@Suite struct PacingTests {
    @Test func fiftySecondsOfTroubleAreAFewRemarksAndOneWhenItIsOver() {
        var pacing = Pacing()
        var said: [Int64] = []
        for now in stride(from: Int64(0), to: 50_000, by: 500) where pacing.admits(at: now) {
            said.append(now)
        }
        #expect(said == [0, 2_000, 6_000, 14_000, 30_000])
        let over = pacing.end(at: 50_000)
        #expect(over?.milliseconds == 50_000 && over?.leftOut == 95)
        let again = pacing.end(at: 50_001)
        #expect(again == nil)
        // The next time it begins anew.
        for now in stride(from: Int64(60_000), to: 66_000, by: 500) where pacing.admits(at: now) {
            said.append(now)
        }
        #expect(said.suffix(2) == [60_000, 62_000])
    }

    /// A broker that is there for a second now and then is one trouble, not many.
    @Test func whatComesBackAtOnceIsTheSameTrouble() {
        var pacing = Pacing()
        var said = 0
        for now in stride(from: Int64(0), to: 60_000, by: 3_000) {
            if pacing.admits(at: now) { said += 1 }
            if pacing.admits(at: now + 1_000) { said += 1 }
            if pacing.end(at: now + 2_000) != nil { said += 1 }
        }
        #expect(said == 10)
    }

    @Test func theyComeAtMostAMinuteApart() {
        var pacing = Pacing()
        var said: [Int64] = []
        for now in stride(from: Int64(0), to: 600_000, by: 1_000) where pacing.admits(at: now) {
            said.append(now)
        }
        let gaps = zip(said.dropFirst(), said).map { $0 - $1 }
        #expect(gaps.prefix(6) == [2_000, 4_000, 8_000, 16_000, 32_000, 60_000])
        #expect(gaps.allSatisfy { $0 <= 60_000 })
    }

    @Test func anotherKindIsNewsOnce() {
        var pacing = Pacing()
        var said: [String] = []
        for (kind, now) in [
            ("unreachable", 0), ("timedOut", 1), ("unreachable", 2), ("timedOut", 3),
            ("timedOut", 2_000), ("unreachable", 2_001),
        ] as [(String, Int64)] where pacing.admits(kind, at: now) {
            said.append("\(kind) \(now)")
        }
        #expect(said == ["unreachable 0", "timedOut 1", "timedOut 2000"])
    }

    @Test func aBackoffForgetsOnlyWhatWasLongAgo() {
        var backoff = Backoff(firstMilliseconds: 10, longestMilliseconds: 30)
        var waits = (0..<4).map { _ in backoff.next() }
        #expect(waits == [10, 20, 30, 30])
        backoff.wentWell(forMilliseconds: 60)
        waits = [backoff.next()]
        backoff.wentWell(forMilliseconds: 61)
        waits.append(backoff.next())
        #expect(waits == [30, 10])
    }
}
