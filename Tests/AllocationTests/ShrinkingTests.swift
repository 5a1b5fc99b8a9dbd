import Testing

import Allocation
import LedgerLanguage
import Vocabulary

/// What differs is made short: seen with naive books that are wrong in one thing each.
@Suite struct ShrinkingTests {
    /// For each fault how many records it takes to see it.
    @Test(arguments: [
        // A bid that is cut.
        (NaiveBook.Fault.forgetsCuts, 1),
        // A bid, that its payment failed, another bid of its account, and the money after all.
        (.forgetsTheCapOfLateMoney, 4),
        // A bid that is taken back, and then all of them are.
        (.recallsTwice, 3),
        // A bid; the end; its money, late; the refund declined, commanded again, and two answers.
        (.mistakesRepaidCommands, 7),
        // Bids that leave less free than an all-or-none one of them had: it is recalled, and paid
        // after all.
        (.splitsLateMoney, 7),
        // A command that is refused, and comes again.
        (.forgetsRefusedCommands, 3),
        // A bid, its money, the money taken back, and the end.
        (.refundsWhatCameBack, 4),
    ])
    func aFaultIsFoundAndTold(_ fault: NaiveBook.Fault, atMost count: Int) throws {
        var found: Difference?
        for seed in UInt64(0)..<200 where found == nil {
            var run = RandomRun(seed: seed)
            found = try run.tell(600, fault: fault)
        }
        let difference = try #require(found)
        let shrunk = difference.shrunk()
        let outcome = try #require(shrunk.outcome, "it still differs")
        #expect(outcome.count == shrunk.records.count)
        #expect(shrunk.records.count <= count, "\(shrunk)")
        // Each of them is needed, and without the fault there is nothing to see.
        for index in shrunk.records.indices {
            var fewer = shrunk
            fewer.records.remove(at: index)
            #expect(fewer.outcome == nil, "\(shrunk)")
        }
        var right = shrunk
        right.fault = nil
        #expect(right.outcome == nil)
        #expect("\(shrunk)".contains("seed \(difference.seed)\nopen c shares "))
        for record in shrunk.records { #expect("\(shrunk)".contains("\n\(words(record))\n")) }
    }

    /// The shrinker by itself: what is needed may lie anywhere.
    @Test(arguments: [
        [], [0], [99], [0, 99], [49, 50], [3, 4, 5, 70], [1, 25, 50, 75, 98],
    ] as [Set<Int>])
    func whatIsNeededIsKept(_ needed: Set<Int>) {
        var tries = 0
        let kept = shrunk(Array(0..<100)) {
            tries += 1
            return needed.isSubset(of: $0)
        }
        #expect(kept == needed.sorted())
        #expect(tries < 250, "\(tries)")
    }

    /// Where no single one can go, but two together can, the answer is still one that fails.
    @Test func pairsThatGoTogetherMayStay() {
        let kept = shrunk(Array(0..<16)) { $0.count % 2 == 0 && $0.contains(5) }
        #expect(kept.contains(5) && kept.count % 2 == 0)
    }
}
