import Testing

import Allocation
import Vocabulary

/// Deadlines, and the rate of an account: everything that goes by book time (TheLog.md, Book time).
@Suite struct TimeTests {
    /// A bid is in time when opensAt <= t < closesAt.
    @Test func opensAndCloses() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c shares 4 price 1 need 1 from 5000 to 9000
            at 4999
            bid b1 a1 1
            at 5000
            bid b2 a2 1
            paid b2/1 #1 a2 1
            at 8999
            bid b3 a3 1
            at 9000
            bid b4 a4 1
            declined b3/1 #1 a3
            """)
        #expect(
            told == """
                scheduled c 4 x 1 CNY from 5000 to 9000 need 1 \
                | 4 0 0
                rejected b1 a1 1: notOpenYet | 4 0 0
                opened c 4 x 1 CNY from 5000 to 9000 need 1 \
                | 4 0 0
                reserved b2 a2 1: 1 + 0 | 3 1 0
                collect loan/b2/1 a2 1 CNY due 1
                settled b2/1 #1 a2 1 | 3 0 1
                reserved b3 a3 1: 1 + 0 | 2 1 1
                collect loan/b3/1 a3 1 CNY due 1
                closing by the clock | 2 1 1
                rejected b4 a4 1: closed | 2 1 1
                released b3/1 #1 a3 1 declined | 3 0 1
                closedShort | 3 0 1
                certificate closedShort, bids 2, accounts 2, refunded 0, offering-commands 0-0, \
                payment-results 4-8, bids 1-7, notOpenYet 1, closed 1 | 3 0 1
                """)
    }

    /// A time that steps back is decided by book time: the largest so far.
    @Test func timeThatStepsBack() throws {
        var ledger = Ledger()
        _ = try ledger.tell("open c shares 4 price 1 rate 1 to 9000\nat 8000\nbid b1 a1 1")
        #expect(
            try ledger.tell("at 2000\nbid b2 a1 1\nopen d shares 1 price 1 to 8000 @other") == """
                rejected b2 a1 1: rateLimited | 3 1 0
                rejected d: badTerms closesAt @other
                """)
    }

    /// An offering may be put off, later only, and only what has an end.
    @Test func amend() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c shares 4 price 1 need 0 to 9000
            amend u 9000
            amend w 8000
            amend x 12000
            amend x 12000
            amend x 13000
            at 9000
            bid b1 a1 1
            close y
            amend z 20000
            open c shares 4 price 1 @other
            amend v 20000 @other
            """)
        #expect(
            told == """
                opened c 4 x 1 CNY to 9000 need 0 | 4 0 0
                rejected u: badTerms closesAt | 4 0 0
                rejected w: badTerms closesAt | 4 0 0
                amended x to 12000 | 4 0 0
                repeated x of 4 | 4 0 0
                rejected x: conflictingDuplicate | 4 0 0
                reserved b1 a1 1: 1 + 0 | 3 1 0
                collect loan/b1/1 a1 1 CNY due 1
                closing y | 3 1 0
                rejected z: wrongState | 3 1 0
                opened c 4 x 1 CNY | 4 0 0 @other
                rejected v: badTerms closesAt | 4 0 0 @other
                """)
    }

    /// A bid counts that passed the check, whatever became of it then, for a minute.
    @Test func rate() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c shares 9 price 1 cap 1 rate 2
            at 10000
            bid b1 a1 1
            bid b2 a1 1
            bid b3 a1 1
            bid b4 a2 1
            at 69999
            bid b5 a1 1
            at 70000
            bid b6 a1 1
            """)
        #expect(
            told == """
                opened c 9 x 1 CNY cap 1 rate 2 | 9 0 0
                reserved b1 a1 1: 1 + 0 | 8 1 0
                collect loan/b1/1 a1 1 CNY due 1
                rejected b2 a1 1: overAccountCap | 8 1 0
                rejected b3 a1 1: rateLimited | 8 1 0
                reserved b4 a2 1: 1 + 0 | 7 2 0
                collect loan/b4/1 a2 1 CNY due 1
                rejected b5 a1 1: rateLimited | 7 2 0
                rejected b6 a1 1: overAccountCap | 7 2 0
                """)
    }

    /// What has ended long ago with no money open is archived: its ids are dropped, what is held
    /// is kept and may still be paid for.
    @Test func archive() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 2 price 1 interest i1
            bid b2 a2 1
            declined b2/1 #1 a2
            bid b1 a1 2
            paid b1/1 #1 a1 2
            at 50000
            bid b0 a1 2
            """)
        let told = try ledger.tell(
            """
            at 101000
            bid b1 a1 2
            cancel b1 a1
            returned b1/1 #2 a1
            open c shares 2 price 1 interest i1
            distribute d interest i1 5
            """)
        #expect(
            told == """
                archived | 0 0 2
                rejected b1 a1 2: archived | 0 0 2
                rejected cancel b1 a1: archived | 0 0 2
                rejected loan/b1/1 #2: unknownCommand | 0 0 2
                repeated c of 1 | 0 0 2
                distributed d interest i1 5: a1 5 | 0 0 2
                interest loan/distribution/interest/i1/a1/1 a1 5 CNY due 5
                """)
        #expect(ledger.book.holders(of: Ledger.offering)?.map(\.standing.settled) == [2])
    }

    /// While money is open nothing is archived; offerings that share a deadline are decided in the
    /// order of their ids, in one group.
    @Test func openMoneyAndSharedDeadlines() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 2 price 1 payee p to 9000 @z
            open c shares 2 price 1 to 9000 @y
            bid b1 a1 2 @z
            paid b1/1 #1 a1 2 @z
            """)
        ledger.limit = 2
        let closed = try ledger.tell("at 9000")
        #expect(
            closed == """
                closing by the clock | 2 0 0 @y
                cancelling shortfall | 2 0 0 @y
                offeringCancelled | 2 0 0 @y
                certificate cancelled, bids 0, accounts 0, refunded 0, offering-commands 1-1 \
                | 2 0 0 @y
                """)
        // The one that was filled before its end has no deadline until its payee is paid.
        #expect(ledger.book.nextDeadline == 109_000)
        #expect(try ledger.tell("at 109000").contains("archived | 2 0 0 @y"))
        #expect(ledger.book.nextDeadline == nil)
        _ = try ledger.tell("paid payee/disburse/p/1 #1 p 2 @z")
        #expect(ledger.book.nextDeadline == 209_000)
    }

    /// Three that share a deadline and were opened in another order than that of their ids, with
    /// one among them whose end was put off to it: in the order of the ids, in one group.
    @Test(arguments: [2, 3, 1_000]) func aSharedDeadlineOutOfOrder(_ limit: Int) throws {
        var ledger = Ledger()
        ledger.limit = limit
        _ = try ledger.tell(
            """
            open c shares 2 price 1 to 9000 @m
            open c shares 2 price 1 to 9000 @z
            open c shares 2 price 1 to 8000 @a
            open c shares 2 price 1 to 9000 @k
            open c shares 2 price 1 to 9001 @b
            bid b1 a1 2 @z
            amend e 9000 @a
            """)
        #expect(ledger.book.nextDeadline == 9_000)
        let closed = try ledger.tell("at 9000").split(separator: "\n").filter {
            $0.hasPrefix("closing")
        }
        #expect(
            closed == [
                "closing by the clock | 2 0 0 @a", "closing by the clock | 2 0 0 @k",
                "closing by the clock | 2 0 0 @m", "closing by the clock | 0 2 0 @z",
            ])
        let group = ledger.decisions.filter { $0.source.topic == .clock }
        #expect(group.map(\.n) == (0..<Int64(group.count)).map { $0 })
        #expect(ledger.book.nextDeadline == 9_001)
    }
}
