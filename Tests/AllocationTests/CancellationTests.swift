import Testing

import Allocation
import Vocabulary

/// Bids that are taken back: what waits at once, what is reserved once the payer agrees.
@Suite struct CancellationTests {
    @Test func whatWaitsGoesAtOnceAndWhatIsReservedIsRecalled() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c shares 4 price 1
            bid b1 a1 6
            bid b2 a2 3
            cancel b1 a1
            cancel b1 a1
            recalled b1/1 #1 a1
            cancel b1 a1
            """)
        #expect(
            told == """
                opened c 4 x 1 CNY | 4 0 0
                reserved b1 a1 6: 4 + 2 queued 6 | 0 4 0
                fullyReserved | 0 4 0
                collect loan/b1/1 a1 4 CNY due 6
                waitlisted b2 a2 3: 0 + 2 queued 8 cut 1 waitlistFull | 0 4 0
                cancelled b1 a1 2 | 0 4 0
                cancelRequested b1/1 a1 4 | 0 4 0
                recall loan/b1/1 a1
                repeated b1 a1 of 2 reserved, now 4 0 0 | 0 4 0
                released b1/1 #1 a1 4 recalled | 4 0 0
                promoted b2 a2: 2 + 0 | 2 2 0
                reopened | 2 2 0
                collect loan/b2/1 a2 2 CNY due 2
                rejected cancel b1 a1: alreadyOver | 2 2 0
                """)
    }

    /// The payment was sent before the recall: it counts, and the bid is bought.
    @Test func aRecallThatComesTooLateChangesNothing() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c shares 4 price 1
            bid b1 a1 3
            cancel b1 a1
            paid b1/1 #1 a1 3
            cancel b1 a1
            cancel b1 a2
            cancel b9 a1
            """)
        #expect(
            told == """
                opened c 4 x 1 CNY | 4 0 0
                reserved b1 a1 3: 3 + 0 | 1 3 0
                collect loan/b1/1 a1 3 CNY due 3
                cancelRequested b1/1 a1 3 | 1 3 0
                recall loan/b1/1 a1
                settled b1/1 #1 a1 3 | 1 0 3
                rejected cancel b1 a1: tooLate | 1 0 3
                rejected cancel b1 a2: notYourBid | 1 0 3
                rejected cancel b9 a1: unknownBid | 1 0 3
                """)
    }

    /// Under `hold` the one at the front held up another, who fits.
    @Test func whoeverWasHeldUpIsServed() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c shares 4 price 1 hold
            bid b1 a1 3
            bid b2 a2 2
            bid b3 a3 1
            cancel b2 a2
            """)
        #expect(
            told == """
                opened c 4 x 1 CNY hold | 4 0 0
                reserved b1 a1 3: 3 + 0 | 1 3 0
                collect loan/b1/1 a1 3 CNY due 3
                waitlisted b2 a2 2: 0 + 2 queued 5 | 1 3 0
                waitlisted b3 a3 1: 0 + 1 queued 6 | 1 3 0
                cancelled b2 a2 2 | 1 3 0
                promoted b3 a3: 1 + 0 | 0 4 0
                fullyReserved | 0 4 0
                collect loan/b3/1 a3 1 CNY due 1
                """)
    }

    /// While it is paused, payments go on and shares pass to those who wait.
    @Test func aPausedOfferingTakesNoBidsAndServesOn() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c shares 2 price 1
            bid b1 a1 2
            bid b2 a2 1
            resume c0
            pause c1
            pause c2
            bid b3 a3 1
            declined b1/1 #1 a1
            resume c3
            pause c1
            bid b3 a3 1
            bid b4 a4 1
            """)
        #expect(
            told == """
                opened c 2 x 1 CNY | 2 0 0
                reserved b1 a1 2: 2 + 0 | 0 2 0
                fullyReserved | 0 2 0
                collect loan/b1/1 a1 2 CNY due 2
                waitlisted b2 a2 1: 0 + 1 queued 3 | 0 2 0
                rejected c0: wrongState | 0 2 0
                paused c1 | 0 2 0
                repeated c2 of 6 | 0 2 0
                rejected b3 a3 1: paused | 0 2 0
                released b1/1 #1 a1 2 declined | 2 0 0
                promoted b2 a2: 1 + 0 | 1 1 0
                reopened | 1 1 0
                collect loan/b2/1 a2 1 CNY due 1
                resumed c3 | 1 1 0
                repeated c1 of 6 | 1 1 0
                repeated b3 a3 of 8 rejected paused, now 0 0 0 | 1 1 0
                reserved b4 a4 1: 1 + 0 | 0 2 0
                fullyReserved | 0 2 0
                collect loan/b4/1 a4 1 CNY due 1
                """)
    }

    @Test func aRefusedOrFinishedBidIsOver() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c shares 2 price 1
            bid b1 a1 2
            bid b2 a2 9 whole
            cancel b2 a2
            cancel b2 a1
            paid b1/1 #1 a1 2
            cancel b1 a1
            """)
        #expect(
            told.split(separator: "\n").filter { $0.contains("cancel") } == [
                "rejected cancel b2 a2: alreadyOver | 0 2 0",
                "rejected cancel b2 a1: notYourBid | 0 2 0",
                "rejected cancel b1 a1: alreadyOver | 0 0 2",
            ])
    }
}
