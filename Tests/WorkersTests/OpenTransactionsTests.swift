import EventLog
import Testing
import Vocabulary
import Workers

/// When people hear of a transaction that stays open.
@Suite struct OpenTransactionsTests {
    private let partition = TopicPartition("t.decisions", 0)

    private func heldUp(_ milliseconds: Int64, at offset: LogOffset = 5) -> TopicNotice {
        .heldUp(
            HeldUpPartition(
                partition: partition, offset: offset, end: 9, milliseconds: milliseconds))
    }

    @Test func oneThatStaysIsToldAgainAfterTenTimesAsLong() {
        var open = OpenTransactions()
        var heard: [TopicNotice] = []
        for second in 0...400 {
            let now = Timestamp(rawValue: Int64(second) * 1_000)
            if let notice = open.look(at: partition, committed: 5, written: 9, now: now) {
                heard.append(notice)
            }
        }
        #expect(heard == [heldUp(3_000), heldUp(30_000), heldUp(300_000)])
        #expect(
            open.look(at: partition, committed: 9, written: 9, now: 401_000)
                == .movesOn(partition, milliseconds: 401_000))
        #expect(open.look(at: partition, committed: 9, written: 9, now: 402_000) == nil)
    }

    /// A day of it is not said in the first hour and then never more.
    @Test func itIsToldEveryHourAtLeast() {
        var open = OpenTransactions()
        var heard: [Int64] = []
        for second in stride(from: Int64(0), through: 15_000, by: 10) {
            let now = Timestamp(rawValue: second * 1_000)
            if open.look(at: partition, committed: 5, written: 9, now: now) != nil {
                heard.append(second)
            }
        }
        #expect(heard == [10, 100, 1_000, 4_600, 8_200, 11_800])
    }

    /// Under traffic something is open at any moment, and nobody waits for long.
    @Test func thoseThatEndAreNotTold() {
        var open = OpenTransactions()
        for second in 0...100 {
            let offset = LogOffset(Int64(second / 2))
            #expect(
                open.look(
                    at: partition, committed: offset, written: 1_000,
                    now: Timestamp(rawValue: Int64(second) * 1_000)) == nil)
        }
    }

    /// A transaction may have one record; however long it stays, people hear of it once an hour.
    @Test func oneRecordIsEnoughAndAnHourTheLongestSilence() {
        var open = OpenTransactions()
        var told: [Int64] = []
        for minute in 0...400 {
            let now = Timestamp(rawValue: Int64(minute) * 60_000)
            if open.look(at: partition, committed: 5, written: 6, now: now) != nil {
                told.append(Int64(minute))
            }
        }
        #expect(told == [1, 10, 70, 130, 190, 250, 310, 370])
    }

    /// Nobody heard that it stood still, so nobody hears that it goes on.
    @Test func whatWasNotToldDoesNotGoOn() {
        var open = OpenTransactions()
        #expect(open.look(at: partition, committed: 5, written: 9, now: 0) == nil)
        #expect(open.look(at: partition, committed: 9, written: 9, now: 1_000) == nil)
    }

    @Test func partitionsAreToldOfByThemselves() {
        var open = OpenTransactions()
        let other = TopicPartition("t.decisions", 1)
        for now: Timestamp in [0, 2_000] {
            #expect(open.look(at: partition, committed: 5, written: 9, now: now) == nil)
        }
        #expect(open.look(at: other, committed: 5, written: 9, now: 3_000) == nil)
        #expect(open.look(at: partition, committed: 5, written: 9, now: 3_000) == heldUp(3_000))
    }
}
