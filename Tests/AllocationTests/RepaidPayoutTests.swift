import Testing

import Allocation
import Vocabulary

/// What is heard of a command of an obligation after the next one was made (offering.repay).
@Suite struct RepaidPayoutTests {
    /// ben is owed 4; the first refund was declined, and it was commanded again.
    func repaid(_ lines: String = "") throws -> Ledger {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 8 price 1
            bid b ben 4
            paid b/1 #1 ben 4
            cancel-all x
            declined b/refund/1/1 #1 ben
            repay r b/refund/1

            """ + lines)
        return ledger
    }

    /// The second record, told after the first.
    @Test(arguments: [
        (
            "inDoubt b/refund/1/2 #1 ben", "inDoubt b/refund/1/2 #1 ben",
            "repeated loan/b/refund/1/2 #1 last #1 | 8 0 0"
        ),
        (
            "paid b/refund/1/2 #1 ben 4", "paid b/refund/1/2 #1 ben 4",
            "repeated loan/b/refund/1/2 #1 last #1 | 8 0 0"
        ),
        // Both were paid: that is for people.
        (
            "paid b/refund/1/2 #1 ben 4", "paid b/refund/1/1 #2 ben 4",
            "rejected loan/b/refund/1/1 #2: wrongState | 8 0 0"
        ),
        (
            "paid b/refund/1/1 #2 ben 4", "paid b/refund/1/2 #1 ben 4",
            "rejected loan/b/refund/1/2 #1: wrongState | 8 0 0"
        ),
        // The one that was declined can't be in doubt, but it can be proven; that decides nothing
        // about the next.
        (
            "inDoubt b/refund/1/2 #1 ben", "inDoubt b/refund/1/1 #2 ben",
            "rejected loan/b/refund/1/1 #2: wrongState | 8 0 0"
        ),
        (
            "inDoubt b/refund/1/2 #1 ben", "failedByPerson b/refund/1/1 #2 ben",
            "payoutDeclined loan/b/refund/1/1 #2 ben 4 failedByPerson proven | 8 0 0"
        ),
        (
            "paid b/refund/1/1 #2 ben 4", "returned b/refund/1/1 #3 ben",
            "paymentReturned loan/b/refund/1/1 #3 ben 4 | 8 0 0"
        ),
        // A command names its payment once: under another name it is another command.
        ("inDoubt b/refund/1/2 #1 ben", "repay r b/refund/1", "repeated r of 7 | 8 0 0"),
        (
            "inDoubt b/refund/1/2 #1 ben", "repay r b/refund/1/1",
            "rejected r: conflictingDuplicate | 8 0 0"
        ),
        ("inDoubt b/refund/1/2 #1 ben", "repay s b/refund/1", "rejected s: wrongState | 8 0 0"),
    ])
    func afterTheNext(_ first: String, _ second: String, _ answer: String) throws {
        var ledger = try repaid(first)
        #expect(try ledger.tell(second) == answer)
    }

    /// Any of its commands may pay it.
    @Test func theEarlierOneWasPaidAfterAll() throws {
        var ledger = try repaid()
        #expect(
            try ledger.tell("paid b/refund/1/1 #2 ben 4") == """
                refunded loan/b/refund/1/1 #2 ben 4 | 8 0 0
                offeringCancelled | 8 0 0
                certificate cancelled, bids 1, accounts 1, refunded 4, offering-commands 0-5, \
                payment-results 2-6, bids 1-1 | 8 0 0
                """)
    }

    /// Each command remembers its own last result: what comes again of it is a repeat, and no
    /// contradiction for people to look at.
    @Test(arguments: [
        ("", "declined b/refund/1/1 #1 ben", "repeated loan/b/refund/1/1 #1 last #1 | 8 0 0"),
        (
            "paid b/refund/1/1 #2 ben 4", "paid b/refund/1/1 #2 ben 4",
            "repeated loan/b/refund/1/1 #2 last #2 | 8 0 0"
        ),
        (
            "paid b/refund/1/1 #2 ben 4\nreturned b/refund/1/1 #3 ben",
            "returned b/refund/1/1 #3 ben", "repeated loan/b/refund/1/1 #3 last #3 | 8 0 0"
        ),
        // It is the other one that was paid, so this one can't come back.
        (
            "paid b/refund/1/1 #2 ben 4", "returned b/refund/1/2 #1 ben",
            "rejected loan/b/refund/1/2 #1: wrongState | 8 0 0"
        ),
    ])
    func whatComesAgainOfTheEarlierOne(_ before: String, _ line: String, _ answer: String) throws {
        var ledger = try repaid(before)
        let told = try ledger.tell(line)
        #expect(told == answer)
    }

    /// The id of this offering's refund, but under the name of another offering.
    @Test func whatAnotherOfferingOwesIsNotRepaid() throws {
        var ledger = try repaid("declined b/refund/1/2 #1 ben")
        for (id, number) in [(Identifier("s0"), Int32(0)), ("s2", 2)] {
            let refund = PaymentID(
                offering: "elsewhere", bid: "b", kind: .refund(1), number: number)
            let command = OfferingCommand(
                command: id, offering: Ledger.offering, action: .repay(payment: refund))
            let told = try ledger.tell(.record(.command(command)))
            #expect(told == ["rejected \(id): wrongState | 8 0 0"])
        }
        #expect(try ledger.tell("repay s b/refund/1").hasPrefix("repaying"))
    }
}
