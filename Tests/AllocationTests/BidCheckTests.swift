import Testing

import Allocation
import Vocabulary

/// Each reason to refuse a bid, alone and together with each later one: the first one wins.
@Suite struct BidCheckTests {
    /// 10 shares in lots of 2; a bid has 4 at least, an account 6 at most, and 2 may wait.
    static let terms = "shares 10 price 1 lot 2 min 4 cap 6 waitlist 2"

    /// What is told before the bid.
    static let empty: [String] = []
    /// a1 has 6, its cap.
    static let capped = ["bid x a1 6"]
    /// Nothing is free.
    static let fullyReserved = ["bid x a1 6", "bid y a2 4"]
    /// Nothing is free, and nobody else may wait.
    static let waitlistFull = fullyReserved + ["bid z a3 4"]
    static let filled = fullyReserved + ["paid x/1 #1 a1 6", "paid y/1 #1 a2 4"]

    struct Case: CustomTestStringConvertible {
        let before: [String]
        let bid: String
        let answer: String
        var testDescription: String { bid + ": " + answer }
    }

    static let cases: [Case] = [
        // unknownOffering, then everything that can be wrong with the bid itself.
        Case(before: empty, bid: "b a1 4 @none", answer: "unknownOffering"),
        Case(before: capped, bid: "x a1 6 @none", answer: "unknownOffering"),
        Case(before: empty, bid: "b a1 0 @none", answer: "unknownOffering"),
        Case(before: empty, bid: "b a1 5 @none", answer: "unknownOffering"),
        Case(before: empty, bid: "b a1 12 whole @none", answer: "unknownOffering"),
        // conflictingDuplicate: another account, number of shares or way of taking them.
        Case(before: capped, bid: "x a2 6", answer: "conflictingDuplicate"),
        Case(before: capped, bid: "x a1 4", answer: "conflictingDuplicate"),
        Case(before: capped, bid: "x a1 6 whole", answer: "conflictingDuplicate"),
        Case(before: filled, bid: "x a1 4", answer: "conflictingDuplicate"),
        Case(before: capped, bid: "x a1 2", answer: "conflictingDuplicate"),
        Case(before: capped, bid: "x a1 5", answer: "conflictingDuplicate"),
        Case(before: capped, bid: "x a1 12 whole", answer: "conflictingDuplicate"),
        Case(before: waitlistFull, bid: "x a4 4", answer: "conflictingDuplicate"),
        // filled.
        Case(before: filled, bid: "b a3 4", answer: "filled"),
        Case(before: filled, bid: "b a3 2", answer: "filled"),
        Case(before: filled, bid: "b a3 5", answer: "filled"),
        Case(before: filled, bid: "b a3 12 whole", answer: "filled"),
        Case(before: filled, bid: "b a1 4", answer: "filled"),
        // belowMinimum: counts against what is asked. With tooLarge it cannot come.
        Case(before: empty, bid: "b a1 0", answer: "belowMinimum"),
        Case(before: empty, bid: "b a1 2", answer: "belowMinimum"),
        Case(before: empty, bid: "b a1 3", answer: "belowMinimum"),
        Case(before: capped, bid: "b a1 2", answer: "belowMinimum"),
        Case(before: waitlistFull, bid: "b a4 2", answer: "belowMinimum"),
        // notALot.
        Case(before: empty, bid: "b a1 5", answer: "notALot"),
        Case(before: empty, bid: "b a1 13 whole", answer: "notALot"),
        Case(before: capped, bid: "b a1 5", answer: "notALot"),
        Case(before: waitlistFull, bid: "b a4 5", answer: "notALot"),
        // tooLarge: more than there are, and it cannot be split.
        Case(before: empty, bid: "b a1 12 whole", answer: "tooLarge"),
        Case(before: waitlistFull, bid: "b a4 12 whole", answer: "tooLarge"),
        // overAccountCap: what takes all or nothing is refused, and a cut that leaves nothing.
        Case(before: empty, bid: "b a1 8 whole", answer: "overAccountCap"),
        Case(before: capped, bid: "b a1 4", answer: "overAccountCap"),
        Case(before: waitlistFull, bid: "b a1 4", answer: "overAccountCap"),
        Case(before: waitlistFull, bid: "b a2 4 whole", answer: "overAccountCap"),
        // waitlistFull: a cut by the cap and then by the room, too.
        Case(before: waitlistFull, bid: "b a4 4", answer: "waitlistFull"),
        Case(before: waitlistFull, bid: "b a4 8", answer: "waitlistFull"),
        Case(before: waitlistFull, bid: "b a4 4 whole", answer: "waitlistFull"),
        Case(before: fullyReserved, bid: "b a4 4 whole", answer: "waitlistFull"),
    ]

    @Test(arguments: cases) func theFirstReasonWins(_ test: Case) throws {
        var ledger = Ledger()
        _ = try ledger.tell("open c " + Self.terms)
        for line in test.before { _ = try ledger.tell(line) }
        let before = ledger.book.overview(of: Ledger.offering)
        let told = try ledger.tell("bid " + test.bid)
        let subject = test.bid.split(separator: "@")[0].split(separator: " ").joined(separator: " ")
        #expect(told.hasPrefix("rejected \(subject): \(test.answer)"), "\(told)")
        #expect(ledger.book.overview(of: Ledger.offering) == before, "a refusal moves nothing")
    }

    /// A refused bid has spent its id, but for the reasons that leave no trace.
    @Test(arguments: cases) func aRefusalSpendsTheID(_ test: Case) throws {
        var ledger = Ledger()
        _ = try ledger.tell("open c " + Self.terms)
        for line in test.before { _ = try ledger.tell(line) }
        let first = ledger.book.sequence + 1
        _ = try ledger.tell("bid " + test.bid)
        let again = try ledger.tell("bid " + test.bid)
        switch test.answer {
        case "unknownOffering", "conflictingDuplicate":
            #expect(again.contains(": \(test.answer)"))
        default:
            #expect(again.contains(" of \(first) rejected \(test.answer), now 0 0 0 |"), "\(again)")
            let words = test.bid.split(separator: " ")
            let other = try ledger.tell("bid \(words[0]) other 4")
            #expect(other.contains(": conflictingDuplicate"), "\(other)")
        }
    }

    @Test func cutsByCapAndRoom() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c shares 10 price 3 lot 2 cap 6 waitlist 5
            bid b1 a1 8
            bid b2 a2 8
            bid b3 a3 8
            bid b2 a2 8
            bid b4 a4 2
            bid b5 a1 2
            """)
        #expect(
            told == """
                opened c 10 x 3 CNY lot 2 cap 6 waitlist 5 | 10 0 0
                reserved b1 a1 8: 6 + 0 cut 2 overAccountCap | 4 6 0
                collect loan/b1/1 a1 18 CNY due 18
                reserved b2 a2 8: 4 + 2 queued 12 cut 2 overAccountCap | 0 10 0
                fullyReserved | 0 10 0
                collect loan/b2/1 a2 12 CNY due 18
                waitlisted b3 a3 8: 0 + 2 queued 14 cut 6 waitlistFull | 0 10 0
                repeated b2 a2 of 3 reserved, now 4 0 2 | 0 10 0
                rejected b4 a4 2: waitlistFull | 0 10 0
                rejected b5 a1 2: overAccountCap | 0 10 0
                """)
    }

    @Test func theCapCountsWhatIsHeldAndNotWhatWasGivenBack() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c shares 10 price 1 cap 4 waitlist 10
            bid b1 a1 4
            bid b2 a1 1
            declined b1/1 #1 a1
            bid b3 a1 3
            paid b3/1 #1 a1 3
            bid b4 a1 3
            """)
        #expect(
            told == """
                opened c 10 x 1 CNY cap 4 | 10 0 0
                reserved b1 a1 4: 4 + 0 | 6 4 0
                collect loan/b1/1 a1 4 CNY due 4
                rejected b2 a1 1: overAccountCap | 6 4 0
                released b1/1 #1 a1 4 declined | 10 0 0
                reserved b3 a1 3: 3 + 0 | 7 3 0
                collect loan/b3/1 a1 3 CNY due 3
                settled b3/1 #1 a1 3 | 7 0 3
                reserved b4 a1 3: 1 + 0 cut 2 overAccountCap | 6 1 3
                collect loan/b4/1 a1 1 CNY due 1
                """)
    }
}
