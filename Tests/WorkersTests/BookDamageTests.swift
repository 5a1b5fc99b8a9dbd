import EventLog
import MemoryLog
import Messages
import Testing
import Vocabulary
import Workers

/// A book of record that no allocator writes, or that lost what one had written: no worker goes on
/// from it.
@Suite struct BookDamageTests {
    private static let outputs = [Topic.decisions, .paymentCommands, .progress]

    /// A log whose clock stands still, so that what is carried over keeps its append times.
    private static func log() -> MemoryLog { MemoryLog { 1_000 } }

    /// Two epochs: three decisions of the first, two of the second.
    private static func decided() throws -> LaneScene {
        let scene = try LaneScene(log())
        try scene.open("o", shares: 20)
        try scene.bid("b1", "a1", 1)
        try scene.bid("b2", "a2", 2)
        try scene.decideAll()
        try scene.bid("b3", "a3", 3)
        try scene.bid("b4", "a4", 4)
        try scene.decideAll()
        return scene
    }

    /// The same log, with another book.
    private static func changed(_ change: (inout [String]) -> Void) throws -> LaneScene {
        let scene = try decided()
        let other = try LaneScene(log())
        for topic in Topic.allCases where topic != .decisions {
            try other.append(try scene.read(topic), to: topic)
        }
        var book = try scene.read(.decisions)
        try #require(book.count == 7)
        change(&book)
        try other.append(book, to: .decisions)
        return other
    }

    private func expectRefusal(
        _ scene: LaneScene, names words: String, _ location: SourceLocation = #_sourceLocation
    ) throws {
        let before = try scene.read(.decisions)
        guard case .invariant(let sentence) = scene.driver().run() else {
            Issue.record("it went on", sourceLocation: location)
            return
        }
        #expect(sentence.contains(words), "\(sentence)", sourceLocation: location)
        #expect(try scene.read(.decisions) == before, sourceLocation: location)
    }

    @Test func theBookAsItIsIsGoneOnWith() throws {
        let scene = try Self.changed { _ in }
        try scene.decideAll()
        #expect(try scene.decisions().map(\.sequence.rawValue) == [1, 2, 3, 4, 5])
    }

    @Test(arguments: [2, 3, 5])
    func aDecisionThatIsMissingOrDoubleIsNoticed(_ index: Int) throws {
        let missing = try Self.changed { $0.remove(at: index) }
        let words = index == 3 ? "the book is damaged" : "missing or double"
        try expectRefusal(missing, names: words)
        let double = try Self.changed { $0.insert($0[index], at: index) }
        try expectRefusal(double, names: "missing or double")
    }

    @Test func anEpochThatIsMissingIsNoticed() throws {
        let scene = try Self.changed { book in
            book = book.map { $0.replacing(#""epoch":2"#, with: #""epoch":3"#) }
        }
        try expectRefusal(scene, names: "epoch 3 of partition 0 starts after decision 3")
    }

    /// What a writer that was taken for dead slipped in after its successor began doesn't count.
    @Test func whatAnOlderWriterSlippedInDoesNotCount() throws {
        let scene = try Self.changed { $0.insert($0[3], at: 6) }
        try scene.bid("b5", "a5", 1)
        try scene.decideAll()
        #expect(try scene.decisions().map(\.sequence.rawValue) == [1, 2, 3, 4, 3, 5, 6])
    }

    /// The last decision is made again and must come out as it stands there, to the byte.
    @Test func aDecisionThatDoesNotComeOutAgainIsNoticed() throws {
        let scene = try Self.changed { book in
            let last = book.removeLast()
            let index = last.range(of: #""hash":""#)!.upperBound
            let digit = last[index] == "0" ? "1" : "0"
            book.append(last.replacingCharacters(in: index...index, with: digit))
        }
        try expectRefusal(scene, names: "does not come out again")
    }

    /// All that a lane had written is gone while a commit of its is in doubt: what is left looks
    /// like an allocator's first day.
    @Test func aBookThatLostWhatThisLaneCommittedIsRefused() throws {
        let log = Self.log()
        let scene = try LaneScene(log)
        try scene.open("o", shares: 10)
        for number in 1...6 { try scene.bid("b\(number)", "a\(number)", 1) }
        log.failCommit(.failsLost, afterCommits: 2)
        var recoveries = 0
        let driver = scene.driver(largestBatch: 2, observer: { notice in
            if case .recoveringAfter = notice { recoveries += 1 }
        })
        for _ in 0..<500 where recoveries == 0 { try #require(driver.step() == nil) }
        try #require(recoveries == 1)
        #expect(try !scene.decisions().isEmpty)
        for topic in Self.outputs { log.recreate(topic: topic.fullName(environment: "t")) }
        var end: LaneEnd?
        for _ in 0..<500 where end == nil { end = driver.step() }
        guard case .invariant(let sentence)? = end else {
            Issue.record("\(end as Any)")
            return
        }
        #expect(sentence.contains("was committed: history was lost"), "\(sentence)")
        #expect(try scene.decisions().isEmpty)
    }

    /// Between the look at the book and the fence the writer before still commits.
    @Test func whatTheOneBeforeStillWroteIsRead() throws {
        let log = Self.log()
        let scene = try LaneScene(log)
        try scene.open("o", shares: 10)
        try scene.bid("b1", "a1", 1)
        let older = scene.driver(stopsAtEnd: false)
        for _ in 0..<200 where try scene.decisions().count < 2 {
            try #require(older.step() == nil)
        }
        try #require(try scene.decisions().count == 2)
        let hooked = HookedLog(log)
        hooked.onWriter {
            try? scene.bid("b2", "a2", 1)
            for _ in 0..<200 where (try? scene.decisions().count) == 2 { _ = older.step() }
        }
        try scene.on(hooked).decideAll()
        #expect(try scene.decisions().map(\.sequence.rawValue) == [1, 2, 3])
        try scene.bid("b3", "a3", 1)
        try scene.decideAll()
        #expect(try scene.decisions().map(\.sequence.rawValue) == [1, 2, 3, 4])
    }
}
