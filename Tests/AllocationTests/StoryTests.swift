import Testing

import Allocation
import Vocabulary

/// Whole stories: records in, decisions out.
@Suite struct StoryTests {
    @Test func anOfferingIsFilled() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c1 shares 10 price 2
            bid b1 a1 6
            bid b2 a2 6
            bid b3 a3 3
            paid b1/1 #1 a1 12
            declined b2/1 #1 a2
            paid b3/1 #1 a3 6
            bid b4 a4 1
            paid b4/1 #1 a4 2
            bid b5 a5 1
            """)
        #expect(
            told == """
                opened c1 10 x 2 CNY | 10 0 0
                reserved b1 a1 6: 6 + 0 | 4 6 0
                collect loan/b1/1 a1 12 CNY due 12
                reserved b2 a2 6: 4 + 2 queued 12 | 0 10 0
                fullyReserved | 0 10 0
                collect loan/b2/1 a2 8 CNY due 12
                waitlisted b3 a3 3: 0 + 3 queued 15 | 0 10 0
                settled b1/1 #1 a1 6 | 0 4 6
                released b2/1 #1 a2 4 declined | 4 0 6
                cancelled b2 a2 2 | 4 0 6
                promoted b3 a3: 3 + 0 | 1 3 6
                reopened | 1 3 6
                collect loan/b3/1 a3 6 CNY due 6
                settled b3/1 #1 a3 3 | 1 0 9
                reserved b4 a4 1: 1 + 0 | 0 1 9
                fullyReserved | 0 1 9
                collect loan/b4/1 a4 2 CNY due 2
                settled b4/1 #1 a4 1 | 0 0 10
                filled | 0 0 10
                certificate filled, bids 4, accounts 4, refunded 0, offering-commands 0-0, \
                payment-results 4-8, bids 1-7 | 0 0 10
                rejected b5 a5 1: filled | 0 0 10
                """)
    }

    @Test func whoeverWaitsWhenItIsFilledExpiresInOrder() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c1 shares 4 price 1
            bid b1 a1 4
            bid b2 a2 1
            bid b3 a3 2
            paid b1/1 #1 a1 4
            bid b2 a2 1
            """)
        #expect(
            told == """
                opened c1 4 x 1 CNY | 4 0 0
                reserved b1 a1 4: 4 + 0 | 0 4 0
                fullyReserved | 0 4 0
                collect loan/b1/1 a1 4 CNY due 4
                waitlisted b2 a2 1: 0 + 1 queued 5 | 0 4 0
                waitlisted b3 a3 2: 0 + 2 queued 7 | 0 4 0
                settled b1/1 #1 a1 4 | 0 0 4
                filled | 0 0 4
                expired b2 a2 1 | 0 0 4
                expired b3 a3 2 | 0 0 4
                certificate filled, bids 3, accounts 3, refunded 0, offering-commands 0-0, \
                payment-results 4-4, bids 1-3 | 0 0 4
                repeated b2 a2 of 4 waitlisted, now 0 0 0 | 0 0 4
                """)
    }
}
