import Testing

import Allocation
import Vocabulary

/// Payment results: what they move, and why they are refused.
@Suite struct PaymentTests {
    /// b1 has 4 of 10 shares reserved, at 2 each.
    func ledger(_ lines: String = "") throws -> Ledger {
        var ledger = Ledger()
        _ = try ledger.tell("open c shares 10 price 2\nbid b1 a1 4\n" + lines)
        return ledger
    }

    @Test(arguments: [
        ("paid b1/1 #1 a1 8", "settled b1/1 #1 a1 4 | 6 0 4"),
        ("declined b1/1 #1 a1", "released b1/1 #1 a1 4 declined | 10 0 0"),
        ("recalled b1/1 #1 a1", "released b1/1 #1 a1 4 recalled | 10 0 0"),
        ("failedByPerson b1/1 #1 a1", "released b1/1 #1 a1 4 failedByPerson | 10 0 0"),
        ("inDoubt b1/1 #1 a1", "inDoubt b1/1 #1 a1 4 | 6 4 0"),
        ("conflict b1/1 #1 a1 8", "settled b1/1 #1 a1 4 | 6 0 4"),
        ("conflict b1/1 #1 a1", "rejected loan/b1/1 #1: amountMismatch | 6 4 0"),
        ("returned b1/1 #1 a1 8", "rejected loan/b1/1 #1: wrongState | 6 4 0"),
        ("paid b1/1 #1 a1 7", "rejected loan/b1/1 #1: amountMismatch | 6 4 0"),
        ("paid b1/1 #1 a1", "rejected loan/b1/1 #1: amountMismatch | 6 4 0"),
        // An amount that comes with another kind of result is no claim that it was paid.
        ("declined b1/1 #1 a1 7", "released b1/1 #1 a1 4 declined | 10 0 0"),
        ("paid b1/2 #1 a1 8", "rejected loan/b1/2 #1: unknownCommand | 6 4 0"),
        ("paid b2/1 #1 a1 8", "rejected loan/b2/1 #1: unknownCommand | 6 4 0"),
        ("paid b1/1 #1 a2 8", "rejected loan/b1/1 #1: unknownCommand | 6 4 0"),
        ("paid b1/refund/1/1 #1 a1 8", "rejected loan/b1/refund/1/1 #1: unknownCommand | 6 4 0"),
        ("paid nonsense #1 a1 8", "rejected ? #1: unknownCommand | 6 4 0"),
        ("conflict b1/2 #1 a1 8", "rejected loan/b1/2 #1: unknownCommand | 6 4 0"),
        ("paid b1/1 #1 a1 8 @none", "rejected none/b1/1 #1: unknownCommand @none"),
    ])
    func theFirstResult(_ line: String, _ answer: String) throws {
        var ledger = try ledger()
        let told = try ledger.tell(line)
        #expect(told == answer)
    }

    /// After an answer, the same or a lower number is a repeat; a higher one that contradicts is
    /// refused; nothing moves either way.
    @Test(arguments: [
        ("paid b1/1 #2 a1 8", "paid b1/1 #2 a1 8", "repeated loan/b1/1 #2 last #2 | 6 0 4"),
        ("paid b1/1 #2 a1 8", "paid b1/1 #1 a1 8", "repeated loan/b1/1 #1 last #2 | 6 0 4"),
        ("paid b1/1 #2 a1 8", "declined b1/1 #1 a1", "repeated loan/b1/1 #1 last #2 | 6 0 4"),
        ("paid b1/1 #2 a1 8", "declined b1/1 #2 a1", "repeated loan/b1/1 #2 last #2 | 6 0 4"),
        ("paid b1/1 #2 a1 8", "declined b1/1 #3 a1", "rejected loan/b1/1 #3: wrongState | 6 0 4"),
        ("paid b1/1 #2 a1 8", "recalled b1/1 #3 a1", "rejected loan/b1/1 #3: wrongState | 6 0 4"),
        ("paid b1/1 #2 a1 8", "inDoubt b1/1 #3 a1", "rejected loan/b1/1 #3: wrongState | 6 0 4"),
        ("paid b1/1 #2 a1 8", "paid b1/1 #3 a1 8", "rejected loan/b1/1 #3: wrongState | 6 0 4"),
        // Money of another amount is shown to a person whatever its number.
        ("paid b1/1 #2 a1 8", "paid b1/1 #1 a1 9", "rejected loan/b1/1 #1: amountMismatch | 6 0 4"),
        ("declined b1/1 #2 a1", "declined b1/1 #2 a1", "repeated loan/b1/1 #2 last #2 | 10 0 0"),
        (
            "declined b1/1 #2 a1", "failedByPerson b1/1 #3 a1",
            "rejected loan/b1/1 #3: wrongState | 10 0 0"
        ),
        ("declined b1/1 #2 a1", "inDoubt b1/1 #3 a1", "rejected loan/b1/1 #3: wrongState | 10 0 0"),
        ("declined b1/1 #2 a1", "paid b1/1 #3 a1 8", "settled b1/1 #3 a1 4 late | 6 0 4"),
        ("declined b1/1 #2 a1", "conflict b1/1 #3 a1 8", "settled b1/1 #3 a1 4 late | 6 0 4"),
        (
            "paid b1/1 #2 a1 8", "returned b1/1 #3 a1 8",
            "paymentReturned loan/b1/1 #3 a1 8 | 6 0 4"
        ),
        ("declined b1/1 #2 a1", "paid b1/1 #1 a1 8", "repeated loan/b1/1 #1 last #2 | 10 0 0"),
        ("inDoubt b1/1 #2 a1", "inDoubt b1/1 #2 a1", "repeated loan/b1/1 #2 last #2 | 6 4 0"),
        ("inDoubt b1/1 #2 a1", "inDoubt b1/1 #3 a1", "inDoubt b1/1 #3 a1 4 | 6 4 0"),
        ("inDoubt b1/1 #2 a1", "paid b1/1 #3 a1 8", "settled b1/1 #3 a1 4 | 6 0 4"),
        ("inDoubt b1/1 #2 a1", "declined b1/1 #3 a1", "released b1/1 #3 a1 4 declined | 10 0 0"),
        ("inDoubt b1/1 #2 a1", "paid b1/1 #1 a1 8", "repeated loan/b1/1 #1 last #2 | 6 4 0"),
        // What was refused was not acted on, and so takes no number.
        ("paid b1/1 #2 a1 9", "paid b1/1 #1 a1 8", "settled b1/1 #1 a1 4 | 6 0 4"),
    ])
    func theNextResult(_ first: String, _ second: String, _ answer: String) throws {
        var ledger = try ledger()
        _ = try ledger.tell(first)
        let told = try ledger.tell(second)
        #expect(told == answer)
    }

    /// Each reservation is collected by a command of its own, and answered on its own.
    @Test func aBidInSeveralParts() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c shares 6 price 10
            bid b1 a1 2
            bid b2 a2 3
            bid b3 a3 5
            declined b1/1 #1 a1
            paid b3/1 #1 a3 10
            declined b2/1 #1 a2
            bid b3 a3 5
            declined b3/3 #1 a3
            paid b3/2 #1 a3 20
            bid b3 a3 5
            """)
        #expect(
            told == """
                opened c 6 x 10 CNY | 6 0 0
                reserved b1 a1 2: 2 + 0 | 4 2 0
                collect loan/b1/1 a1 20 CNY due 20
                reserved b2 a2 3: 3 + 0 | 1 5 0
                collect loan/b2/1 a2 30 CNY due 30
                reserved b3 a3 5: 1 + 4 queued 10 | 0 6 0
                fullyReserved | 0 6 0
                collect loan/b3/1 a3 10 CNY due 50
                released b1/1 #1 a1 2 declined | 2 4 0
                promoted b3 a3: 2 + 2 | 0 6 0
                collect loan/b3/2 a3 20 CNY due 50
                settled b3/1 #1 a3 1 | 0 5 1
                released b2/1 #1 a2 3 declined | 3 2 1
                promoted b3 a3: 2 + 0 | 1 4 1
                reopened | 1 4 1
                collect loan/b3/3 a3 20 CNY due 50
                repeated b3 a3 of 4 reserved, now 4 1 0 | 1 4 1
                released b3/3 #1 a3 2 declined | 3 2 1
                settled b3/2 #1 a3 2 | 3 0 3
                repeated b3 a3 of 4 reserved, now 0 3 0 | 3 0 3
                """)
    }

    /// A declined part ends the bid: what waits is cancelled before the shares go on, even to the
    /// bid itself.
    @Test func aReleaseCancelsWhatWaits() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c shares 4 price 1
            bid b1 a1 6
            bid b2 a2 2
            declined b1/1 #1 a1
            """)
        #expect(
            told == """
                opened c 4 x 1 CNY | 4 0 0
                reserved b1 a1 6: 4 + 2 queued 6 | 0 4 0
                fullyReserved | 0 4 0
                collect loan/b1/1 a1 4 CNY due 6
                waitlisted b2 a2 2: 0 + 2 queued 8 | 0 4 0
                released b1/1 #1 a1 4 declined | 4 0 0
                cancelled b1 a1 2 | 4 0 0
                promoted b2 a2: 2 + 0 | 2 2 0
                reopened | 2 2 0
                collect loan/b2/1 a2 2 CNY due 2
                """)
    }

    /// Whoever takes all or nothing and does not fit is passed over, and keeps the place.
    @Test func allOrNoneIsPassedOver() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c shares 4 price 1 waitlist 9
            bid b1 a1 2
            bid b2 a2 2
            bid b3 a3 3 whole
            bid b4 a4 1
            declined b1/1 #1 a1
            bid b5 a5 2 whole
            declined b2/1 #1 a2
            """)
        #expect(
            told == """
                opened c 4 x 1 CNY waitlist 9 | 4 0 0
                reserved b1 a1 2: 2 + 0 | 2 2 0
                collect loan/b1/1 a1 2 CNY due 2
                reserved b2 a2 2: 2 + 0 | 0 4 0
                fullyReserved | 0 4 0
                collect loan/b2/1 a2 2 CNY due 2
                waitlisted b3 a3 3 whole: 0 + 3 queued 7 | 0 4 0
                waitlisted b4 a4 1: 0 + 1 queued 8 | 0 4 0
                released b1/1 #1 a1 2 declined | 2 2 0
                promoted b4 a4: 1 + 0 | 1 3 0
                reopened | 1 3 0
                collect loan/b4/1 a4 1 CNY due 1
                waitlisted b5 a5 2 whole: 0 + 2 queued 10 | 1 3 0
                released b2/1 #1 a2 2 declined | 3 1 0
                promoted b3 a3: 3 + 0 | 0 4 0
                fullyReserved | 0 4 0
                collect loan/b3/1 a3 3 CNY due 3
                """)
    }
}
