import Testing

import Allocation

/// How many accounts may have shares of an offering at one time (Rules.md, The number of accounts).
@Suite struct AccountLimitTests {
    @Test func aThirdAccountIsRefusedAndTheTwoGoOn() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c shares 10 price 1 maxAccounts 2
            bid b1 a1 6
            bid b2 a2 8
            bid b3 a3 1
            bid b4 a1 1
            bid b5 a2 1 whole
            """)
        #expect(
            told == """
                opened c 10 x 1 CNY maxAccounts 2 | 10 0 0
                reserved b1 a1 6: 6 + 0 | 4 6 0
                collect loan/b1/1 a1 6 CNY due 6
                reserved b2 a2 8: 4 + 4 queued 14 | 0 10 0
                fullyReserved | 0 10 0
                collect loan/b2/1 a2 4 CNY due 8
                rejected b3 a3 1: tooManyAccounts | 0 10 0
                waitlisted b4 a1 1: 0 + 1 queued 15 | 0 10 0
                waitlisted b5 a2 1 whole: 0 + 1 queued 16 | 0 10 0
                """)
    }

    /// Shares that only wait count, and so do shares that are paid.
    @Test(arguments: ["bid b1 a1 10\npaid b1/1 #1 a1 9", "bid b1 a1 10"])
    func whoWaitsAndWhoHasPaidCounts(_ first: String) throws {
        var ledger = Ledger()
        _ = try ledger.tell("open c shares 10 price 1 maxAccounts 2\n\(first)\nbid b2 a2 3")
        #expect(try ledger.tell("bid b3 a3 1") == "rejected b3 a3 1: tooManyAccounts | 0 10 0")
        // Once the one who waits has taken the bid back, the next new account gets the place.
        _ = try ledger.tell("cancel b2 a2")
        #expect(try ledger.tell("bid b3 a3 1").hasPrefix("repeated b3 a3 of "))
        #expect(try ledger.tell("bid b4 a4 1").hasPrefix("waitlisted b4 a4 1: 0 + 1"))
        #expect(try ledger.tell("bid b5 a2 1") == "rejected b5 a2 1: tooManyAccounts | 0 10 0")
    }

    /// Money that comes late for an account that no longer counts needs a free place.
    @Test func lateMoneyNeedsAPlace() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 10 price 1 maxAccounts 2
            bid b1 a1 3
            bid b2 a2 3
            declined b1/1 #1 a1
            bid b3 a3 3
            """)
        #expect(
            try ledger.tell("conflict b1/1 #2 a1 3") == """
                refunding b1/1 a1 3: refund 1 3 late #2 | 4 6 0
                refund loan/b1/refund/1/1 a1 3 CNY due 3 of 1
                """)
    }

    @Test func lateMoneyTakesAFreePlace() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 10 price 1 maxAccounts 2
            bid b1 a1 3
            bid b2 a2 3
            declined b1/1 #1 a1
            """)
        #expect(
            try ledger.tell("conflict b1/1 #2 a1 3") == "settled b1/1 #2 a1 3 late | 4 3 3")
        #expect(try ledger.tell("bid b3 a3 1") == "rejected b3 a3 1: tooManyAccounts | 4 3 3")
    }

    /// What the backstop took does not make its account count: neither in the way of others, nor
    /// for its own late money.
    @Test(arguments: [("a1", true), ("bank", false)])
    func theBackstopDoesNotCount(_ account: String, _ isTaken: Bool) throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 10 price 1 need 1 maxAccounts 2 backstop bank 4
            bid b1 \(account) 3
            bid b2 a2 3
            declined b1/1 #1 \(account)
            bid b3 a3 1
            \(isTaken ? "declined b3/1 #1 a3" : "paid b3/1 #1 a3 1")
            paid b2/1 #1 a2 3
            close k
            """)
        let told = try ledger.tell("conflict b1/1 #2 \(account) 3")
        #expect(told.hasPrefix(isTaken ? "settled b1/1 #2 a1 3 late" : "refunding"), "\(told)")
        _ = try ledger.tell("paid loan/backstop/1 #1 bank 4")
        try ledger.book.checkInvariants()
    }

    /// The cap is looked at before, the waitlist after.
    @Test func itStandsBetweenCapAndWaitlist() throws {
        var ledger = Ledger()
        _ = try ledger.tell("open c shares 4 price 1 cap 4 waitlist 0 maxAccounts 1\nbid b1 a1 4")
        #expect(try ledger.tell("bid b2 a2 5 whole").contains("tooLarge"))
        #expect(try ledger.tell("bid b3 a2 4 whole").contains("tooManyAccounts"))
        #expect(try ledger.tell("bid b4 a1 1").contains("overAccountCap"))
    }
}
