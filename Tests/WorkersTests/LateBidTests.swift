import MemoryLog
import Messages
import Testing
import Vocabulary
import Workers

/// A bid that was stamped in time and became readable after the clock had closed its offering.
@Suite struct LateBidTests {
    @Test func itIsRefusedAndShownToPeople() throws {
        let start: Int64 = 1_700_000_000_000
        let time = ScriptedClock(start)
        let worker = ScriptedClock(start)
        let scene = try LaneScene(MemoryLog(clock: time.read))
        try scene.open("o", shares: 10, terms: #","closesAt":\#(start + 10_000)"#)
        try scene.bid("b-1", "a-1", 3)
        let driver = scene.driver(
            stopsAtEnd: false, clock: { Timestamp(rawValue: worker.read()) })
        func work() throws {
            for _ in 0..<300 {
                if let end = driver.step() {
                    Issue.record("\(end)")
                    return
                }
            }
        }
        try work()
        #expect(try scene.read(.attention).isEmpty)
        time.set(start + 13_000)
        worker.set(start + 13_000)
        try work()
        let isClosed = try scene.decisions().contains { decision in
            if case .offering(.closing) = decision.event { return true }
            return false
        }
        #expect(isClosed)
        // Its broker stamped it before the end; it is there only now.
        time.set(start + 9_000)
        try scene.bid("b-2", "a-2", 3)
        try work()
        let told = try scene.read(.attention)
        #expect(told.count == 1 && told[0].contains(#""kind":"late""#), "\(told)")
        #expect(told.first?.contains(#""topic":"bids""#) == true, "\(told)")
        // One that was stamped at the end, or after it, is simply too late.
        time.set(start + 10_000)
        try scene.bid("b-3", "a-3", 3)
        try work()
        time.set(start + 14_000)
        try scene.bid("b-4", "a-4", 3)
        try work()
        #expect(try scene.decisions().filter { $0.event.type == .rejected }.count == 3)
        #expect(try scene.read(.attention).count == 1)
    }
}
