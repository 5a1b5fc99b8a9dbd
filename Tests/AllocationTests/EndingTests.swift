import Testing

import Allocation
import Vocabulary

/// The end of an offering: closing, cancelling, money that comes late, and what is paid out.
@Suite struct EndingTests {
    /// Who waits keeps the claim while something is reserved; then all expire, and what is paid
    /// decides.
    @Test func closingWaitsForWhatIsReserved() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 4 price 3 waitlist 9 need 3
            bid b1 a1 3
            bid b2 a2 3
            """)
        let told = try ledger.tell(
            """
            close x
            bid b3 a3 1
            close y
            close x
            pause p
            paid b1/1 #1 a1 9
            inDoubt b2/1 #1 a2
            declined b2/1 #2 a2
            close z
            """)
        #expect(
            told == """
                closing x | 0 4 0
                rejected b3 a3 1: closed | 0 4 0
                repeated y of 5 | 0 4 0
                repeated x of 5 | 0 4 0
                rejected p: wrongState | 0 4 0
                settled b1/1 #1 a1 3 | 0 1 3
                inDoubt b2/1 #1 a2 1 | 0 1 3
                released b2/1 #2 a2 1 declined | 1 0 3
                cancelled b2 a2 2 | 1 0 3
                closedShort | 1 0 3
                certificate closedShort, bids 2, accounts 2, refunded 0, offering-commands 0-7, \
                payment-results 8-10, bids 1-4, closed 1, wrongState 1 | 1 0 3
                rejected z: wrongState | 1 0 3
                """)
    }

    /// Releases go on promoting while it closes; what can't be served expires.
    @Test func closingPromotes() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 4 price 3 waitlist 9 need 0
            bid b1 a1 3
            bid b2 a2 1
            bid b3 a3 4 whole
            bid b4 a4 2
            close x
            """)
        let told = try ledger.tell("declined b1/1 #1 a1\npaid b4/1 #1 a4 6\npaid b2/1 #1 a2 3")
        #expect(
            told == """
                released b1/1 #1 a1 3 declined | 3 1 0
                promoted b4 a4: 2 + 0 | 1 3 0
                collect loan/b4/1 a4 6 CNY due 6
                settled b4/1 #1 a4 2 | 1 1 2
                settled b2/1 #1 a2 1 | 1 0 3
                expired b3 a3 4 | 1 0 3
                closedShort | 1 0 3
                certificate closedShort, bids 4, accounts 4, refunded 0, offering-commands 0-5, \
                payment-results 6-8, bids 1-4 | 1 0 3
                """)
    }

    /// Below the minimum all goes back; the offering is cancelled once all of it is there.
    @Test func aShortfallGivesEverythingBack() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 4 price 3
            bid b1 a1 2
            bid b2 a2 1
            paid b1/1 #1 a1 6
            close x
            """)
        let told = try ledger.tell(
            """
            paid b2/1 #1 a2 3
            cancel b1 a1
            cancel-all y
            paid b1/refund/1/1 #1 a1 6
            declined b2/refund/1/1 #1 a2
            inDoubt b2/refund/1/1 #2 a2
            repay r b2/refund/1
            repay r b2/refund/1
            repay s b2/refund/1
            inDoubt b2/refund/1/2 #1 a2
            paid b2/refund/1/2 #2 a2 4
            paid b2/refund/1/2 #2 a2 3
            paid b2/refund/1/2 #2 a2 3
            returned b2/refund/1/2 #3 a2
            """)
        #expect(
            told == """
                settled b2/1 #1 a2 1 | 1 0 3
                cancelling shortfall | 1 0 3
                refunding b1/1 a1 2: refund 1 6 | 3 0 1
                refunding b2/1 a2 1: refund 1 3 | 4 0 0
                refund loan/b1/refund/1/1 a1 6 CNY due 6 of 1
                refund loan/b2/refund/1/1 a2 3 CNY due 3 of 1
                rejected cancel b1 a1: alreadyOver | 4 0 0
                rejected y: wrongState | 4 0 0
                refunded loan/b1/refund/1/1 #1 a1 6 | 4 0 0
                payoutDeclined loan/b2/refund/1/1 #1 a2 3 declined | 4 0 0
                rejected loan/b2/refund/1/1 #2: wrongState | 4 0 0
                repaying r loan/b2/refund/1/2 a2 3 | 4 0 0
                refund loan/b2/refund/1/2 a2 3 CNY due 3 of 1
                repeated r of 15 | 4 0 0
                rejected s: wrongState | 4 0 0
                inDoubt loan/b2/refund/1/2 #1 a2 3 | 4 0 0
                rejected loan/b2/refund/1/2 #2: amountMismatch | 4 0 0
                refunded loan/b2/refund/1/2 #2 a2 3 | 4 0 0
                offeringCancelled | 4 0 0
                certificate cancelled, bids 2, accounts 2, refunded 3, offering-commands 0-13, \
                payment-results 3-16, bids 1-6, alreadyOver 1, wrongState 3, amountMismatch 1 \
                | 4 0 0
                repeated loan/b2/refund/1/2 #2 last #2 | 4 0 0
                paymentReturned loan/b2/refund/1/2 #3 a2 3 | 4 0 0
                """)
    }

    /// An operator takes the offering back: who waits is cancelled, collections are recalled, what
    /// is paid goes back, and so does what is paid too late.
    @Test func anOfferingIsCancelled() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 4 price 3 waitlist 9
            bid b1 a1 1
            bid b2 a2 1
            bid b3 a3 3
            paid b1/1 #1 a1 3
            cancel b2 a2
            pause p
            """)
        let told = try ledger.tell(
            """
            cancel-all x withdrawn
            bid b4 a4 1
            paid b2/1 #1 a2 3
            recalled b3/1 #1 a3
            paid b3/1 #2 a3 6
            cancel-all x withdrawn
            cancel-all x
            """)
        #expect(
            told == """
                cancelling x withdrawn | 0 3 1
                cancelled b3 a3 1 | 0 3 1
                refunding b1/1 a1 1: refund 1 3 | 1 3 0
                cancelRequested b3/1 a3 2 | 1 3 0
                refund loan/b1/refund/1/1 a1 3 CNY due 3 of 1
                recall loan/b3/1 a3
                rejected b4 a4 1: closed | 1 3 0
                refunding b2/1 a2 1: refund 1 3 late #1 | 2 2 0
                refund loan/b2/refund/1/1 a2 3 CNY due 3 of 1
                released b3/1 #1 a3 2 recalled | 4 0 0
                refunding b3/1 a3 2: refund 1 6 late #2 | 4 0 0
                refund loan/b3/refund/1/1 a3 6 CNY due 6 of 1
                repeated x of 9 | 4 0 0
                rejected x: conflictingDuplicate | 4 0 0
                """)
    }

    /// Money for released shares: what is free of them is the bid's again, the rest goes back.
    @Test func moneyThatComesLate() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 4 price 3 waitlist 9
            bid b1 a1 3
            declined b1/1 #1 a1
            bid b2 a2 2
            """)
        let told = try ledger.tell(
            """
            paid b1/1 #2 a1 8
            paid b1/1 #2 a1 9
            paid b1/1 #2 a1 9
            conflict b1/1 #3 a1 6
            conflict b1/1 #3 a1 9
            returned b1/1 #4 a1
            """)
        #expect(
            told == """
                rejected loan/b1/1 #2: amountMismatch | 2 2 0
                settled b1/1 #2 a1 2 late | 0 2 2
                refunding b1/1 a1 1: refund 1 3 late #2 | 0 2 2
                fullyReserved | 0 2 2
                refund loan/b1/refund/1/1 a1 3 CNY due 3 of 1
                repeated loan/b1/1 #2 last #2 | 0 2 2
                rejected loan/b1/1 #3: amountMismatch | 0 2 2
                rejected loan/b1/1 #3: wrongState | 0 2 2
                paymentReturned loan/b1/1 #4 a1 9 | 0 2 2
                recall loan/b1/refund/1/1 a1
                """)
    }

    /// Who takes all or nothing gets nothing where a share is missing, and what the cap forbids is
    /// given back; once it is filled, all is.
    @Test(arguments: [
        ("shares 4 price 3 waitlist 9", "bid b1 a1 3 whole", "bid b2 a2 2", "2 2 0"),
        ("shares 4 price 3 waitlist 9 skip", "bid b1 a1 3", "bid b2 a2 2", "2 2 0"),
        ("shares 9 price 3 cap 3", "bid b1 a1 3", "bid b2 a1 3", "6 3 0"),
        ("shares 4 price 3 waitlist 9 hold", "bid b1 a1 3", "bid b2 a2 2", "2 2 0"),
    ])
    func lateMoneyThatFindsNoShares(
        _ terms: String, _ first: String, _ second: String, _ counters: String
    ) throws {
        var ledger = Ledger()
        _ = try ledger.tell("open c \(terms)\n\(first)\ndeclined b1/1 #1 a1\n\(second)")
        #expect(
            try ledger.tell("conflict b1/1 #2 a1 9") == """
                refunding b1/1 a1 3: refund 1 9 late #2 | \(counters)
                refund loan/b1/refund/1/1 a1 9 CNY due 9 of 1
                """)
    }

    /// Under `hold` somebody who waits before the bid is in its way, somebody behind it is not.
    @Test func lateMoneyUnderHold() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 6 price 1 waitlist 20 hold
            bid b0 a0 6
            bid b1 a1 5
            bid b2 a2 1
            declined b0/1 #1 a0
            bid b3 a3 4
            declined b2/1 #1 a2
            """)
        #expect(
            try ledger.tell("paid b2/1 #2 a2 1") == """
                settled b2/1 #2 a2 1 late | 0 5 1
                fullyReserved | 0 5 1
                """)
        _ = try ledger.tell("declined b1/1 #1 a1\nbid b4 a4 5\nbid b5 a5 1")
        let told = try ledger.tell("conflict b1/1 #2 a1 5")
        #expect(told.hasPrefix("refunding b1/1 a1 5: refund 1 5 late #2"))
    }

    /// The proceeds go to the payee once the offering stands; from then on it can't be cancelled
    /// unless they are proven unpaid.
    @Test func theProceedsArePaidOut() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c shares 2 price 3 payee owner
            bid b1 a1 2
            paid b1/1 #1 a1 6
            cancel-all x1
            declined payee/disburse/owner/1 #1 owner
            cancel-all x2
            declined payee/disburse/owner/1 #2 owner proven
            repay r payee/disburse/owner
            cancel-all x3
            failedByPerson payee/disburse/owner/2 #1 owner
            cancel-all x4
            repay s payee/disburse/owner
            """)
        #expect(
            told == """
                opened c 2 x 3 CNY payee owner | 2 0 0
                reserved b1 a1 2: 2 + 0 | 0 2 0
                fullyReserved | 0 2 0
                collect loan/b1/1 a1 6 CNY due 6
                settled b1/1 #1 a1 2 | 0 0 2
                filled | 0 0 2
                certificate filled, bids 1, accounts 1, refunded 0, offering-commands 0-0, \
                payment-results 2-2, bids 1-1 | 0 0 2
                disburse loan/payee/disburse/owner/1 owner 6 CNY due 6
                rejected x1: wrongState | 0 0 2
                payoutDeclined loan/payee/disburse/owner/1 #1 owner 6 declined | 0 0 2
                rejected x2: wrongState | 0 0 2
                payoutDeclined loan/payee/disburse/owner/1 #2 owner 6 declined proven | 0 0 2
                repaying r loan/payee/disburse/owner/2 owner 6 | 0 0 2
                disburse loan/payee/disburse/owner/2 owner 6 CNY due 6
                rejected x3: wrongState | 0 0 2
                payoutDeclined loan/payee/disburse/owner/2 #1 owner 6 failedByPerson proven | 0 0 2
                cancelling x4 | 0 0 2
                refunding b1/1 a1 2: refund 1 6 | 2 0 0
                refund loan/b1/refund/1/1 a1 6 CNY due 6 of 1
                rejected s: wrongState | 2 0 0
                """)
    }

    /// In proportion to shares, the largest remainder first, ties by first settlement.
    @Test func distribution() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 7 price 100 interest 2026-12,2027-01
            bid b1 a1 1
            bid b2 a2 1
            bid b3 a3 2
            bid b4 a1 3
            distribute c1 interest 2026-12 10
            paid b2/1 #1 a2 100
            paid b1/1 #1 a1 100
            paid b3/1 #1 a3 200
            paid b4/1 #1 a1 300
            """)
        let told = try ledger.tell(
            """
            distribute d interest 2026-12 10
            distribute d interest 2026-12 10
            distribute e interest 2026-12 10
            distribute f interest 2026-12 11
            distribute g interest 2027-02 10
            distribute h principal end 10
            distribute i interest 2027-01 0
            distribute j interest 2027-01 1
            paid distribution/interest/2027-01/a1/1 #1 a1 1
            cancel-all x
            """)
        // 10 x 1/7 = 1 and 3/7, 10 x 4/7 = 5 and 5/7, 10 x 2/7 = 2 and 6/7.
        #expect(
            told == """
                distributed d interest 2026-12 10: a2 1 | 0 0 7
                distributed d interest 2026-12 10: a1 6 | 0 0 7
                distributed d interest 2026-12 10: a3 3 | 0 0 7
                interest loan/distribution/interest/2026-12/a2/1 a2 1 CNY due 1
                interest loan/distribution/interest/2026-12/a1/1 a1 6 CNY due 6
                interest loan/distribution/interest/2026-12/a3/1 a3 3 CNY due 3
                repeated d of 14 | 0 0 7
                repeated e of 14 | 0 0 7
                rejected f: conflictingDuplicate | 0 0 7
                rejected g: badTerms distribution | 0 0 7
                rejected h: badTerms distribution | 0 0 7
                rejected i: badTerms amount | 0 0 7
                distributed j interest 2027-01 1: a1 1 | 0 0 7
                interest loan/distribution/interest/2027-01/a1/1 a1 1 CNY due 1
                paidOut loan/distribution/interest/2027-01/a1/1 #1 a1 1 | 0 0 7
                rejected x: wrongState | 0 0 7
                """)
    }

    @Test func principalComesToWhatWasPaidAtMost() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            "open c shares 2 price 5 principal p1,p2\nbid b1 a1 2\npaid b1/1 #1 a1 10")
        #expect(
            try ledger.tell(
                """
                distribute d principal p1 11
                distribute e principal p1 7
                distribute f principal p2 4
                distribute g principal p2 3
                """) == """
                rejected d: badTerms amount | 0 0 2
                distributed e principal p1 7: a1 7 | 0 0 2
                principal loan/distribution/principal/p1/a1/1 a1 7 CNY due 7
                rejected f: badTerms amount | 0 0 2
                distributed g principal p2 3: a1 3 | 0 0 2
                principal loan/distribution/principal/p2/a1/1 a1 3 CNY due 3
                """)
    }

    /// The backstop takes what is left, once, and only where that is enough; nothing binds it.
    @Test func theBackstop() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 6 price 1 lot 2 min 2 cap 2 need 5 backstop bank 3
            bid b1 a1 2
            paid b1/1 #1 a1 2
            """)
        let told = try ledger.tell(
            """
            close x
            inDoubt loan/backstop/1 #1 bank
            paid loan/backstop/1 #2 bank 3
            """)
        #expect(
            told == """
                closing x | 4 0 2
                reserved /backstop bank 3: 3 + 0 | 1 3 2
                collect loan/loan/backstop/1 bank 3 CNY due 3
                inDoubt /backstop/1 #1 bank 3 | 1 3 2
                settled /backstop/1 #2 bank 3 | 1 0 5
                closedShort | 1 0 5
                certificate closedShort, bids 2, accounts 2, refunded 0, offering-commands 0-3, \
                payment-results 2-5, bids 1-1 | 1 0 5
                """)
    }

    @Test(arguments: [
        // Not enough even with it, nothing left for it, and one that does not pay.
        ("need 6 backstop bank 3", "", "cancelling shortfall"),
        ("need 2 backstop bank 3", "declined loan/backstop/1 #1 bank", "closedShort"),
        ("need 5 backstop bank 3", "declined loan/backstop/1 #1 bank", "cancelling shortfall"),
    ])
    func theBackstopFails(_ terms: String, _ answer: String, _ end: String) throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            "open c shares 6 price 1 \(terms)\nbid b1 a1 2\npaid b1/1 #1 a1 2")
        let told = try ledger.tell("close x\n\(answer)")
        #expect(told.contains(end))
        #expect(told.contains("reserved /backstop") == !answer.isEmpty)
    }

    /// The backstop's account may hold more than its cap, and has nothing left for late money then:
    /// all of that goes back, and no more than that.
    @Test func lateMoneyOfTheBackstopsAccount() throws {
        for rule in ["split", "skip", "hold"] {
            var ledger = Ledger()
            _ = try ledger.tell(
                """
                open c shares 10 price 2 cap 3 backstop k 10 need 1 \(rule)
                bid k1 k 3
                declined k1/1 #1 k
                bid b1 a1 3
                paid b1/1 #1 a1 6
                close x
                """)
            #expect(
                try ledger.tell("conflict k1/1 #2 k 6") == """
                    refunding k1/1 k 3: refund 1 6 late #2 | 0 7 3
                    refund loan/k1/refund/1/1 k 6 CNY due 6 of 1
                    """)
        }
    }

    /// Behind a backstop what is free need not be whole lots; late money gets whole ones only.
    @Test func lateMoneyGetsWholeLots() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 10 price 1 lot 5 backstop k 3 need 0
            bid b1 a1 5
            bid b2 a2 5
            declined b1/1 #1 a1
            paid b2/1 #1 a2 5
            close x
            """)
        #expect(
            try ledger.tell("conflict b1/1 #2 a1 5") == """
                refunding b1/1 a1 5: refund 1 5 late #2 | 2 3 5
                refund loan/b1/refund/1/1 a1 5 CNY due 5 of 1
                """)
    }

    /// The proceeds may have been paid by an earlier command though a later one was proven unpaid:
    /// then nobody is refunded.
    @Test func proceedsThatMayHaveMovedAreNotRefunded() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c shares 4 price 2 payee p
            bid b1 a1 4
            paid b1/1 #1 a1 8
            declined payee/disburse/p/1 #1 p
            repay r payee/disburse/p
            failedByPerson payee/disburse/p/2 #1 p
            cancel-all z
            declined payee/disburse/p/1 #2 p proven
            cancel-all y
            """)
        #expect(
            told.split(separator: "\n").suffix(5).joined(separator: "\n") == """
                rejected z: wrongState | 0 0 4
                payoutDeclined loan/payee/disburse/p/1 #2 p 8 declined proven | 0 0 4
                cancelling y | 0 0 4
                refunding b1/1 a1 4: refund 1 8 | 4 0 0
                refund loan/b1/refund/1/1 a1 8 CNY due 8 of 1
                """)
    }

    /// What was cancelled behind proceeds that are proven unpaid is archived like all else.
    @Test func proceedsThatWereNeverPaidKeepNobodyFromTheArchive() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 4 price 2 payee p
            bid b1 a1 4
            paid b1/1 #1 a1 8
            declined payee/disburse/p/1 #1 p proven
            cancel-all z
            paid b1/refund/1/1 #1 a1 8
            """)
        #expect(try ledger.tell("at 10000000") == "archived | 4 0 0")
    }

    /// However many parts a bid has, taking it back is one group in as many calls as it takes.
    @Test func aBidOfManyPartsIsTakenBack() throws {
        var ledger = Ledger()
        ledger.limit = 2
        _ = try ledger.tell("open c shares 30 price 1 waitlist 30")
        for number in 1...30 { _ = try ledger.tell("bid s\(number) s\(number) 1") }
        _ = try ledger.tell("bid b ben 30")
        for number in 1...29 { _ = try ledger.tell("declined s\(number)/1 #1 s\(number)") }
        let told = try ledger.tell("cancel b ben").split(separator: "\n")
        #expect(told.count == 1 + 29 + 29)
        #expect(told[0] == "cancelled b ben 1 | 0 30 0")
        #expect(told[1] == "cancelRequested b/1 ben 1 | 0 30 0")
        #expect(told[29] == "cancelRequested b/29 ben 1 | 0 30 0")
        #expect(told[58] == "recall loan/b/29 ben")
        #expect(
            try ledger.tell("cancel b ben").hasPrefix("repeated b ben of"), "it is recalled once")
    }
}
