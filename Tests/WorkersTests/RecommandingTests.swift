import MemoryLog
import Messages
import Testing
import Vocabulary
import Workers

/// `payments.recommand`: what has no final result is commanded again, as it was.
@Suite struct RecommandingTests {
    private static let command = #"{"type":"payments.recommand","command":"r1"}"#

    /// Reserved, promoted, recalled, declined and paid payments.
    private func scene() throws -> LaneScene {
        let clock = ScriptedClock(1_000)
        let scene = try LaneScene(MemoryLog(clock: clock.read))
        func then(_ body: () throws -> Void) throws {
            clock.set(clock.read() + 5_000)
            try body()
        }
        try scene.open("o", shares: 10)
        try scene.bid("b1", "a1", 4)
        try scene.bid("b2", "a2", 4)
        try scene.bid("b3", "a3", 6)
        try scene.bid("b4", "a1", 2)
        try then {
            try scene.append(
                [
                    LaneScene.result("declined", "o/b1/1", "a1", amount: 400),
                    LaneScene.result("paid", "o/b2/1", "a2", amount: 400),
                ], to: .paymentResults)
        }
        try then {
            try scene.append(
                [#"{"type":"cancel","bid":"b3","offering":"o","account":"a3"}"#], to: .bids)
        }
        return scene
    }

    @Test func openPaymentsAndRecallsComeAgainInTheirOrder() throws {
        let scene = try scene()
        try scene.decideAll()
        let before = try scene.read(.paymentCommands)
        #expect(before.filter { $0.contains(#""type":"recall""#) }.count >= 1)
        try scene.append([Self.command], to: .offeringCommands)
        try scene.decideAll(largestBatch: 2)
        let again = try scene.read(.paymentCommands).dropFirst(before.count)
        let isFinal = [#""command":"o/b1/1""#, #""command":"o/b2/1""#]
        #expect(Array(again) == before.filter { line in !isFinal.contains { line.contains($0) } })
        #expect(again.count >= 3)
        guard
            case .partition(.paymentsRecommanded(_, let payments, let recalls))? =
                try scene.decisions().last?.event
        else {
            Issue.record("\(try scene.decisions().last.map(Line.init) as Any)")
            return
        }
        #expect(payments + recalls == again.count)
        #expect(recalls == again.filter { $0.contains(#""type":"recall""#) }.count)
    }

    /// Another command brings back what is open then, and not what was open before.
    @Test func anotherOneLooksAgain() throws {
        let scene = try scene()
        try scene.append([Self.command], to: .offeringCommands)
        let driver = scene.driver(stopsAtEnd: false)
        func settle() throws {
            for _ in 0..<200 { try #require(driver.step() == nil) }
        }
        try settle()
        try scene.open("p", shares: 5)
        try settle()
        try scene.bid("b9", "a9", 1, of: "p")
        try settle()
        let before = try scene.read(.paymentCommands)
        try #require(before.last?.contains(#""command":"p/b9/1""#) == true)
        try scene.append(
            [Self.command.replacing(#""r1""#, with: #""r2""#)], to: .offeringCommands)
        try settle()
        let again = try scene.read(.paymentCommands).dropFirst(before.count)
        #expect(again.last == before.last && again.count >= 3)
    }

    /// The same command again, and a worker that takes over, command nothing more.
    @Test func onceIsEnough() throws {
        let scene = try scene()
        try scene.append([Self.command, Self.command], to: .offeringCommands)
        try scene.decideAll()
        let count = try scene.read(.paymentCommands).count
        try scene.append([Self.command], to: .offeringCommands)
        try scene.decideAll()
        try scene.decideAll()
        #expect(try scene.read(.paymentCommands).count == count)
        #expect(
            try scene.decisions().filter { $0.offering == nil }.map(\.event.type)
                == [.paymentsRecommanded, .repeated, .repeated])
    }

    /// A refund whose money the bank has taken back was recalled; that is still to be answered.
    @Test func recallsOfRefundsComeAgainToo() throws {
        let clock = ScriptedClock(1_000)
        let scene = try LaneScene(MemoryLog(clock: clock.read))
        func then(_ lines: [String], to topic: Topic) throws {
            clock.set(clock.read() + 5_000)
            try scene.append(lines, to: topic)
        }
        try scene.open("o", shares: 10)
        try scene.bid("b1", "a1", 4)
        try scene.bid("b2", "a2", 3)
        try then(
            [
                LaneScene.result("paid", "o/b1/1", "a1", amount: 400),
                LaneScene.result("paid", "o/b2/1", "a2", amount: 300),
            ], to: .paymentResults)
        try then(
            [#"{"type":"offering.cancel","command":"c1","offering":"o"}"#], to: .offeringCommands)
        // Another number than the first: the refund was declined, and is commanded again.
        try then(
            [LaneScene.result("declined", "o/b1/refund/1/1", "a1", amount: 400)],
            to: .paymentResults)
        try then(
            [
                #"{"type":"offering.repay","command":"c2","offering":"o","#
                    + #""payment":"o/b1/refund/1"}"#
            ], to: .offeringCommands)
        try then(
            [LaneScene.result("returned", "o/b1/1", "a1", amount: 400, result: 2)],
            to: .paymentResults)
        try scene.decideAll()
        let before = try scene.read(.paymentCommands)
        let recall = #"{"type":"recall","command":"o/b1/refund/1/2","#
        #expect(before.last?.hasPrefix(recall) == true, "\(before)")
        try then([Self.command], to: .offeringCommands)
        try scene.decideAll()
        let again = try scene.read(.paymentCommands).dropFirst(before.count)
        // The second refund, and of the first the second command and its recall.
        #expect(Array(again) == before.suffix(3), "\(again)")
        #expect(again.last == before.last)
        guard
            case .partition(.paymentsRecommanded(_, 2, 1))? = try scene.decisions().last?.event
        else {
            Issue.record("\(try scene.decisions().last.map(Line.init) as Any)")
            return
        }
        // A worker that takes over counts the same.
        try scene.decideAll()
        #expect(try scene.read(.paymentCommands).count == before.count + 3)
    }

    /// For it the book is read from its beginning once more, by the rule of a worker that starts:
    /// a takeover that no other led to is damage, and nothing is commanded.
    @Test func aJumpOfEpochsIsDamage() throws {
        for isDamage in [false, true] {
            let scene = try scene()
            let driver = scene.driver(stopsAtEnd: false)
            for _ in 0..<200 { try #require(driver.step() == nil) }
            let before = try scene.read(.paymentCommands)
            let last = try #require(try scene.decisions().last?.sequence)
            let start = try #require(try scene.read(.decisions).first)
                .replacing(#""seq":0"#, with: #""seq":\#(last)"#)
                .replacing(#""epoch":1"#, with: #""epoch":9"#)
            if isDamage { try scene.append([start], to: .decisions) }
            try scene.append([Self.command], to: .offeringCommands)
            var end: LaneEnd?
            for _ in 0..<200 where end == nil { end = driver.step() }
            let after = try scene.read(.paymentCommands)
            guard isDamage else {
                #expect(end == nil && after.count > before.count)
                continue
            }
            guard case .invariant(let sentence)? = end else {
                Issue.record("it went on: \(end as Any)")
                continue
            }
            let words = "epoch 9 of partition 0 starts after decision \(last), where epoch 1 of"
            #expect(sentence.contains(words), "\(sentence)")
            #expect(after == before)
        }
    }
}
