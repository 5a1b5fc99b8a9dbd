import Testing

import Allocation
import LedgerLanguage
import Vocabulary

/// Decisions that do not follow are refused; those that do are told in `Ledger` at every step.
@Suite struct RestoreTests {
    static let lines = """
        open c shares 4 price 1 waitlist 3
        bid b1 a1 3
        bid b2 a2 3
        bid b3 a3 9
        bid b4 a4 1
        inDoubt b1/1 #1 a1
        paid b2/1 #1 a2 1
        declined b1/1 #2 a1
        paid b2/2 #1 a2 2
        paid b3/1 #1 a3 1
        bid b1 a1 3
        open c shares 9 price 2 from 2000 to 3000 need 2 payee p interest i1 @second
        at 2000
        pause p1 @second
        resume r1 @second
        amend a1 4000 @second
        bid b1 a1 2 @second
        bid b2 a2 2 @second
        bid b3 a3 6 @second
        cancel b2 a2 @second
        cancel b3 a3 @second
        declined b1/1 #1 a1 @second
        paid b1/1 #2 a1 4 @second
        recalled b2/1 #1 a2 @second
        paid b3/1 #1 a3 10 @second
        bid b4 a4 2 @second
        paid b4/1 #1 a4 4 @second
        returned b1/1 #3 a1 4 @second
        open c shares 4 price 2 need 1 payee p interest i1 @third
        bid b1 a1 3 @third
        bid b2 a2 1 whole @third
        bid b3 a3 4 whole @third
        paid b1/1 #1 a1 6 @third
        declined b2/1 #1 a2 @third
        close x @third
        inDoubt payee/disburse/p/1 #1 p @third
        declined payee/disburse/p/1 #2 p proven @third
        repay r payee/disburse/p @third
        paid payee/disburse/p/2 #1 p 6 @third
        distribute d interest i1 5 @third
        paid distribution/interest/i1/a1/1 #1 a1 5 @third
        open c shares 4 price 2 need 3 backstop k 1 @fourth
        bid b1 a1 3 @fourth
        bid b2 a2 2 @fourth
        inDoubt b1/1 #1 a1 @fourth
        paid b1/1 #2 a1 6 @fourth
        cancel-all x no @fourth
        recalled b2/1 #1 a2 @fourth
        paid b2/1 #2 a2 2 @fourth
        declined b1/refund/1/1 #1 a1 @fourth
        repay r b1/refund/1 @fourth
        paid b1/refund/1/2 #1 a1 6 @fourth
        paid b2/refund/1/1 #1 a2 2 @fourth
        open c shares 5 price 2 split to 150000 @fifth
        pause p1 @fifth
        pause p1 @fifth
        resume r1 @fifth
        amend p2 140000 @fifth
        amend p2 140000 @fifth
        repay p3 b1/refund/1 @fifth
        bid b1 a1 3 @fifth
        bid b2 a2 2 @fifth
        declined b2/1 #1 a2 @fifth
        bid b3 a3 1 @fifth
        conflict b2/1 #2 a2 4 @fifth
        paid b1/1 #1 a1 6 @fifth
        returned b1/1 #2 a1 6 @fifth
        returned b2/1 #3 a2 4 @fifth
        returned b2/1 #4 a2 4 @fifth
        recalled b2/refund/1/1 #1 a2 @fifth
        repay p4 b2/refund/1 @fifth
        cancel-all x @fifth
        paid b3/1 #1 a3 2 @fifth
        paid b3/refund/1/1 #1 a3 2 @fifth
        returned b3/refund/1/1 #2 a3 2 @fifth
        repay p5 b3/refund/1/1 @fifth
        paid b3/refund/1/2 #1 a3 2 @fifth
        conflict b1/1 #3 a1 6 @fifth
        returned b1/1 #4 a1 6 @fifth
        paid b1/refund/1/1 #1 a1 6 @fifth
        at 400000
        """

    func decisions() throws -> [Decision] {
        var ledger = Ledger()
        _ = try ledger.tell(Self.lines)
        return ledger.decisions
    }

    /// Every type of decision occurs, so that what follows looks at each.
    @Test func theStoryHasEveryType() throws {
        var ledger = Ledger()
        _ = try ledger.tell(Self.lines)
        let types = Set(ledger.decisions.map(\.event.type))
        // A ledger is about one offering, and not about the partition.
        let others = DecisionType.allCases.filter { $0.isOfPartition || $0 == .epochStarted }
        #expect(Set(DecisionType.allCases).subtracting(types) == Set(others))
    }

    /// A history with a decision left out, told twice or changed is refused where it stops making
    /// sense.
    @Test func brokenHistoriesAreRefused() throws {
        let decisions = try decisions()
        for index in decisions.indices {
            var book = PartitionBook(partition: 3, archiveAfter: 100_000)
            for decision in decisions[..<index] { try book.restore(decision) }
            let next = decisions[index]
            expectRefused(book, changed(next) { $0.sequence += 1 })
            expectRefused(book, changed(next) { $0.sequence -= 1 })
            // Of another offering, only its opening follows.
            let opens = [DecisionType.opened, .scheduled].contains(next.event.type)
            if !opens { expectRefused(book, changed(next) { $0.offering = "other" }) }
            expectRefused(book, changed(next) { $0.offering = nil })
            expectRefused(book, changed(next) { $0.counters = nil })
            expectRefused(book, changed(next) { $0.counters?.free += 1 })
            if index > 0 {
                // What came before does not come again, but for what moves nothing.
                let again = changed(decisions[index - 1]) { $0.sequence = next.sequence }
                switch again.event {
                case .repeated: break
                default: expectRefused(book, again)
                }
            }
            try book.restore(next)
        }
    }

    @Test func partsThatDoNotExistAreRefused() throws {
        var ledger = Ledger()
        _ = try ledger.tell("open c shares 4 price 1\nbid b1 a1 3\nbid b2 a2 3")
        let book = ledger.book
        let counters = Counters(free: 0, reserved: 4, settled: 0)
        func expectRefused(_ event: DecisionEvent) {
            self.expectRefused(
                book,
                Decision(
                    sequence: book.sequence + 1, offering: "loan", event: event,
                    counters: counters, source: ledger.decisions[0].source, n: 0))
        }
        func part(_ bid: Identifier, _ shares: Shares, _ number: Int32) -> PaidPart {
            PaidPart(bid: bid, account: "a1", shares: shares, number: number, result: 1)
        }
        for event in [
            DecisionEvent.bid(.settled(part("b1", 2, 1))), .bid(.settled(part("b1", 3, 2))),
            .bid(.settled(part("b9", 3, 1))), .bid(.released(part("b1", 3, 0), .declined)),
            .bid(.inDoubt(part("b1", 3, -1))),
            .bid(.promoted(Promotion(bid: "b2", account: "a2", shares: 1, waiting: 1))),
            .bid(.promoted(Promotion(bid: "b1", account: "a1", shares: 1, waiting: 0))),
            .bid(.expired(WaitingPart(bid: "b2", account: "a2", shares: 3))),
            .bid(.cancelled(WaitingPart(bid: "b1", account: "a1", shares: 0))),
            .bid(.waitlisted(
                Placement(
                    bid: "b3", account: "a3", asked: 3, allOrNone: false, shares: 0, waiting: 3,
                    queued: 9))),
            .bid(.reserved(
                Placement(
                    bid: "b3", account: "a3", asked: 3, allOrNone: false, shares: 1, waiting: 0,
                    queued: 0))),
            .bid(.waitlisted(
                Placement(
                    bid: "b2", account: "a2", asked: 3, allOrNone: false, shares: 0, waiting: 1,
                    queued: 9))),
            .offering(.opened(command: "c", book.terms(of: "loan")!)),
        ] { expectRefused(event) }
    }

    func changed(_ decision: Decision, _ change: (inout Decision) -> Void) -> Decision {
        var changed = decision
        change(&changed)
        return changed
    }

    func expectRefused(_ book: PartitionBook, _ decision: Decision) {
        var copy = book
        #expect(throws: RestoreFailure.self, "\(describe(decision))") {
            try copy.restore(decision)
        }
    }
}
