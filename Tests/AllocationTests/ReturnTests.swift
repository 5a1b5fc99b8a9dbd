import Testing

import Allocation
import Vocabulary

/// The bank takes back what was paid (Rules.md, Returned money): a person looks at it, and what
/// the account has back from the bank it is not given back again.
@Suite struct ReturnTests {
    static let sold = """
        open c shares 6 price 2 need 1
        bid b ben 3
        bid k kim 2
        paid b/1 #1 ben 6
        paid k/1 #1 kim 4
        """

    /// No share moves; when all is taken back, its shares are released without a refund.
    @Test func isReleasedWhenTheOfferingIsCancelled() throws {
        var ledger = Ledger()
        _ = try ledger.tell(Self.sold)
        #expect(
            try ledger.tell("returned b/1 #2 ben 6\nreturned b/1 #4 ben 6")
                == """
                paymentReturned loan/b/1 #2 ben 6 | 1 0 5
                paymentReturned loan/b/1 #4 ben 6 | 1 0 5
                """)
        // The shares are as they were, and so is the cap of its account.
        #expect(ledger.book.standing(of: "b", in: Ledger.offering)?.settled == 3)
        #expect(
            try ledger.tell("paid b/1 #5 ben 6\ndeclined b/1 #5 ben")
                == """
                rejected loan/b/1 #5: wrongState | 1 0 5
                rejected loan/b/1 #5: wrongState | 1 0 5
                """)
        #expect(
            try ledger.tell("cancel-all x")
                == """
                cancelling x | 1 0 5
                released b/1 #4 ben 3 returned | 4 0 2
                refunding k/1 kim 2: refund 1 4 | 6 0 0
                refund loan/k/refund/1/1 kim 4 CNY due 4 of 1
                """)
        #expect(
            try ledger.tell("paid k/refund/1/1 #1 kim 4")
                == """
                refunded loan/k/refund/1/1 #1 kim 4 | 6 0 0
                offeringCancelled | 6 0 0
                certificate cancelled, bids 2, accounts 2, refunded 2, returned 3, \
                offering-commands 0-9, payment-results 3-10, bids 1-2, wrongState 2 | 6 0 0
                """)
        // Money that comes after all has no shares, and goes back; taken back once more, it is not
        // sent.
        #expect(
            try ledger.tell("conflict b/1 #6 ben 6\nreturned b/1 #7 ben 6")
                == """
                refunding b/1 ben 3: refund 1 6 late #6 | 6 0 0
                refund loan/b/refund/1/1 ben 6 CNY due 6 of 1
                paymentReturned loan/b/1 #7 ben 6 | 6 0 0
                recall loan/b/refund/1/1 ben
                """)
    }

    /// Its refund is commanded already: it is recalled.
    @Test(arguments: ["recalled", "declined", "failedByPerson"])
    func aRefundIsRecalled(_ answer: String) throws {
        var ledger = Ledger()
        _ = try ledger.tell(Self.sold + "\ncancel-all x\npaid k/refund/1/1 #1 kim 4")
        #expect(
            try ledger.tell("returned b/1 #2 ben 6\nreturned b/1 #3 ben 6")
                == """
                paymentReturned loan/b/1 #2 ben 6 | 6 0 0
                recall loan/b/refund/1/1 ben
                paymentReturned loan/b/1 #3 ben 6 | 6 0 0
                """)
        // It is under way until it is answered.
        #expect(
            try ledger.tell("inDoubt b/refund/1/1 #1 ben\nrepay r b/refund/1")
                == """
                inDoubt loan/b/refund/1/1 #1 ben 6 | 6 0 0
                rejected r: wrongState | 6 0 0
                """)
        let told = try ledger.tell("\(answer) b/refund/1/1 #2 ben")
        #expect(
            told.hasPrefix(
                "payoutDeclined loan/b/refund/1/1 #2 ben 6 \(answer)"), "\(told)")
        #expect(
            told.hasSuffix(
                """
                 | 6 0 0
                offeringCancelled | 6 0 0
                certificate cancelled, bids 2, accounts 2, refunded 2, returned 3, \
                offering-commands 0-10, payment-results 3-11, bids 1-2, wrongState 1 | 6 0 0
                """), "\(told)")
        // Nothing is owed.
        #expect(try ledger.tell("repay s b/refund/1") == "rejected s: wrongState | 6 0 0")
        #expect(ledger.book.nextDeadline != nil)
    }

    /// Its refund was paid before the payer heard of the return: the offering ends all the same.
    @Test func aRefundThatWasPaidAllTheSame() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            Self.sold + "\ncancel-all x\npaid k/refund/1/1 #1 kim 4\nreturned b/1 #2 ben 6")
        let payment = PaymentID(offering: "loan", bid: "b", kind: .refund(1), number: 1)
        #expect(ledger.book.isCalledOff(payment))
        #expect(
            try ledger.tell("paid b/refund/1/1 #1 ben 6")
                == """
                refunded loan/b/refund/1/1 #1 ben 6 | 6 0 0
                offeringCancelled | 6 0 0
                certificate cancelled, bids 2, accounts 2, refunded 5, \
                offering-commands 0-5, payment-results 3-8, bids 1-2 | 6 0 0
                """)
        // What comes back of that is owed to nobody.
        #expect(
            try ledger.tell("returned b/refund/1/1 #2 ben 6\nrepay r b/refund/1")
                == """
                paymentReturned loan/b/refund/1/1 #2 ben 6 | 6 0 0
                rejected r: wrongState | 6 0 0
                """)
    }

    /// A declined refund is not commanded again once the bank took back what it was for.
    @Test func aDeclinedRefundIsOwedNoMore() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            Self.sold + "\ncancel-all x\npaid k/refund/1/1 #1 kim 4\ndeclined b/refund/1/1 #1 ben")
        let told = try ledger.tell("returned b/1 #2 ben 6")
        #expect(
            told.hasPrefix(
                "paymentReturned loan/b/1 #2 ben 6 | 6 0 0\nofferingCancelled | 6 0 0\n"),
            "\(told)")
        #expect(!told.contains("recall"))
        #expect(told.contains("refunded 2, returned 3"))
    }

    /// Of late money a part was settled, and the rest was to go back: the return takes both.
    @Test func lateMoneyThatCameBack() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 4 price 2 need 1
            bid b ben 3
            declined b/1 #1 ben
            bid k kim 2
            conflict b/1 #2 ben 6
            """)
        #expect(
            try ledger.tell("returned b/1 #3 ben 6")
                == """
                paymentReturned loan/b/1 #3 ben 6 | 0 2 2
                recall loan/b/refund/1/1 ben
                """)
        _ = try ledger.tell("recalled b/refund/1/1 #1 ben\nrecalled k/1 #1 kim")
        #expect(
            try ledger.tell("cancel-all x")
                == """
                cancelling x | 2 0 2
                released b/1 #3 ben 2 returned | 4 0 0
                offeringCancelled | 4 0 0
                certificate cancelled, bids 2, accounts 2, refunded 0, returned 3, \
                offering-commands 0-8, payment-results 2-7, bids 1-3 | 4 0 0
                """)
        // Should it come after all, all of its price goes back.
        #expect(
            try ledger.tell("paid b/1 #4 ben 6").hasPrefix(
                "refunding b/1 ben 3: refund 2 6 late #4 | 4 0 0\n"))
    }

    /// Of what is paid out it is owed again: it may be commanded again, and nothing is archived
    /// before.
    @Test func aPayoutIsOwedAgain() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 2 price 2 payee p interest i1
            bid b ben 2
            paid b/1 #1 ben 4
            paid payee/disburse/p/1 #1 p 4
            distribute d interest i1 5
            paid distribution/interest/i1/ben/1 #1 ben 5
            """)
        #expect(ledger.book.nextDeadline != nil)
        #expect(
            try ledger.tell("returned payee/disburse/p/1 #2 p 4")
                == "paymentReturned loan/payee/disburse/p/1 #2 p 4 | 0 0 2")
        #expect(ledger.book.nextDeadline == nil)
        #expect(
            try ledger.tell("returned distribution/interest/i1/ben/1 #2 ben 5\nat 900000")
                == "paymentReturned loan/distribution/interest/i1/ben/1 #2 ben 5 | 0 0 2")
        #expect(
            try ledger.tell("repay r payee/disburse/p/1\nrepay s distribution/interest/i1/ben")
                == """
                repaying r loan/payee/disburse/p/2 p 4 | 0 0 2
                disburse loan/payee/disburse/p/2 p 4 CNY due 4
                repaying s loan/distribution/interest/i1/ben/2 ben 5 | 0 0 2
                interest loan/distribution/interest/i1/ben/2 ben 5 CNY due 5
                """)
        // What was returned is not returned again, and what is under way is not repaid.
        #expect(
            try ledger.tell("returned payee/disburse/p/1 #3 p 4\nrepay t payee/disburse/p")
                == """
                rejected loan/payee/disburse/p/1 #3: wrongState | 0 0 2
                rejected t: wrongState | 0 0 2
                """)
        _ = try ledger.tell(
            "paid payee/disburse/p/2 #1 p 4\npaid distribution/interest/i1/ben/2 #1 ben 5")
        #expect(ledger.book.nextDeadline != nil)
        // It was paid out once: nobody takes the sale back.
        #expect(try ledger.tell("cancel-all x") == "rejected x: wrongState | 0 0 2")
    }

    /// A refund that came back is owed again, and the offering has not ended before.
    @Test func aRefundIsOwedAgain() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 4 price 2
            bid b ben 1
            bid k kim 1
            paid b/1 #1 ben 2
            paid k/1 #1 kim 2
            cancel-all x
            paid b/refund/1/1 #1 ben 2
            returned b/refund/1/1 #2 ben 2
            """)
        #expect(
            try ledger.tell("paid k/refund/1/1 #1 kim 2")
                == "refunded loan/k/refund/1/1 #1 kim 2 | 4 0 0")
        #expect(
            try ledger.tell("repay r b/refund/1\npaid b/refund/1/2 #1 ben 2")
                == """
                repaying r loan/b/refund/1/2 ben 2 | 4 0 0
                refund loan/b/refund/1/2 ben 2 CNY due 2 of 1
                refunded loan/b/refund/1/2 #1 ben 2 | 4 0 0
                offeringCancelled | 4 0 0
                certificate cancelled, bids 2, accounts 2, refunded 2, \
                offering-commands 0-9, payment-results 3-10, bids 1-2 | 4 0 0
                """)
        // After the end it keeps the offering from being archived.
        _ = try ledger.tell("returned b/refund/1/2 #2 ben 2")
        #expect(ledger.book.nextDeadline == nil)
    }
}
