import Testing

import Allocation
import Vocabulary

/// A refused command of an open offering spends its id no less than one that acts: it never acts
/// later, and nothing else comes under its id (Rules.md, Bids).
@Suite struct RefusedCommandTests {
    /// Each kind of command, refused; then the state in which it would act or be refused otherwise.
    struct Case: Sendable, CustomTestStringConvertible {
        var before: String
        var line: String
        var refusal: String
        var then: String
        var other: String

        init(_ before: String, _ line: String, _ refusal: String, then: String, other: String) {
            (self.before, self.line, self.refusal) = (before, line, refusal)
            (self.then, self.other) = (then, other)
        }

        var testDescription: String { line }
    }

    static let cases = [
        Case("", "resume r", "wrongState", then: "pause p", other: "pause r"),
        Case("cancel-all k", "pause r", "wrongState", then: "", other: "resume r"),
        Case("cancel-all k", "close r", "wrongState", then: "", other: "pause r"),
        Case("", "amend r 9000", "badTerms closesAt", then: "at 1001", other: "amend r 9001"),
        Case(
            "cancel-all k", "cancel-all r no", "wrongState", then: "", other: "cancel-all r yes"),
        Case("cancel-all k", "cancel-all r", "wrongState", then: "", other: "cancel-all r no"),
        Case(
            "", "repay r b/refund/1/1", "wrongState",
            then: "cancel-all k\npaid b/1 #1 ben 4\ndeclined b/refund/1/1 #1 ben",
            other: "repay r b/refund/1"),
        Case("", "repay r b/nothing", "wrongState", then: "", other: "repay r b/refund/1"),
        Case(
            "", "distribute r interest i1 5", "wrongState", then: "paid b/1 #1 ben 4",
            other: "distribute r interest i1 6"),
        Case(
            "paid b/1 #1 ben 4", "distribute r interest i9 5", "badTerms distribution", then: "",
            other: "distribute r interest i1 5"),
        Case(
            "paid b/1 #1 ben 4", "distribute r principal p1 5", "badTerms amount", then: "",
            other: "distribute r principal p1 4"),
        Case(
            "paid b/1 #1 ben 4\ndistribute d interest i1 5", "distribute r interest i1 6",
            "conflictingDuplicate", then: "", other: "distribute r interest i1 5"),
    ]

    @Test(arguments: cases) func itNeverActs(_ refused: Case) throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            "open c shares 2 price 2 interest i1 principal p1\nbid b ben 2\n" + refused.before)
        let first = try ledger.tell(refused.line)
        let id = "r"
        #expect(first.hasPrefix("rejected \(id): \(refused.refusal) |"), "\(first)")
        let sequence = ledger.decisions.count
        _ = try ledger.tell(refused.then)
        let again = try ledger.tell(refused.line)
        let reason = refused.refusal.split(separator: " ")[0]
        #expect(
            again.hasPrefix("repeated \(id) of \(sequence) rejected \(reason) |"), "\(again)")
        #expect(!again.contains("\n"), "\(again)")
        let other = try ledger.tell(refused.other)
        #expect(other.hasPrefix("rejected \(id): conflictingDuplicate |"), "\(other)")
        #expect(!other.contains("\n"), "\(other)")
        // The first content stays the id's.
        #expect(try ledger.tell(refused.line) == again)
    }

    /// The decision says what was asked for, so that the book can be rebuilt from it.
    @Test func itsDecisionSaysWhatItAskedFor() throws {
        var ledger = Ledger()
        _ = try ledger.tell("open c shares 2 price 2\namend r 9000")
        guard case .rejected(let rejection) = ledger.decisions[1].event else {
            Issue.record("\(ledger.decisions[1])")
            return
        }
        #expect(rejection.subject == .command("r", .amend(closesAt: 9_000)))
        var nameless = ledger.decisions[1]
        var changed = rejection
        changed.subject = .command("r")
        nameless.event = .rejected(changed)
        var book = PartitionBook(partition: 3, archiveAfter: 100_000)
        try book.restore(ledger.decisions[0])
        let failure = #expect(throws: RestoreFailure.self) { try book.restore(nameless) }
        #expect(failure?.sentence.contains("written by an earlier build") ?? false)
    }

    /// An `open` that is refused spends nothing: corrected it opens, under the same id; and of an
    /// offering that nobody opened no id is known.
    @Test func aRefusedOpenSpendsNothing() throws {
        var ledger = Ledger()
        #expect(
            try ledger.tell("open c shares 2 lot 4\nopen c shares 4 lot 4 price 1\npause q @other")
                == """
                rejected c: badTerms shares
                opened c 4 x 1 CNY lot 4 | 4 0 0
                rejected q: unknownOffering @other
                """)
        #expect(
            try ledger.tell("open d shares 8 price 1\nopen d shares 8 price 1\npause d")
                == """
                rejected d: conflictingDuplicate | 4 0 0
                rejected d: conflictingDuplicate | 4 0 0
                paused d | 4 0 0
                """)
        #expect(
            try ledger.tell("open o shares 4 price 1 @other\npause q @other").hasSuffix(
                "paused q | 4 0 0 @other"))
    }

    /// What was not for this offering, or could not be read, spends no id.
    @Test func whatIsNotForItSpendsNothing() throws {
        var ledger = Ledger()
        _ = try ledger.tell("open c shares 4 price 1")
        _ = try ledger.tell(
            Input.rejected(
                Rejection(.command("r", .resume), .wrongEnvironment), offering: Ledger.offering))
        _ = try ledger.tell(
            Input.rejected(
                Rejection(.command("r", .resume), .misrouted, expectedPartition: 1),
                offering: Ledger.offering))
        #expect(try ledger.tell("pause r") == "paused r | 4 0 0")
    }

    /// A command's id stands for one payment as it was named, and the book is rebuilt with it.
    @Test func oneIDOnePayment() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 1 price 1
            bid b ann 1
            cancel-all k
            paid b/1 #1 ann 1
            declined b/refund/1/1 #1 ann
            """)
        #expect(
            try ledger.tell("repay r b/refund/1/1").hasPrefix(
                "repaying r loan/b/refund/1/2 ann 1 |"))
        _ = try ledger.tell("declined b/refund/1/2 #1 ann")
        #expect(
            try ledger.tell("repay r b/refund/1/1\nrepay r b/refund/1/2\nrepay r b/refund/1")
                == """
                repeated r of 8 | 1 0 0
                rejected r: conflictingDuplicate | 1 0 0
                rejected r: conflictingDuplicate | 1 0 0
                """)
        // Named by the obligation it is the obligation's.
        #expect(
            try ledger.tell("repay s b/refund/1").hasPrefix("repaying s loan/b/refund/1/3 ann 1 |"))
        #expect(
            try ledger.tell("repay s b/refund/1\nrepay s b/refund/1/2")
                == "repeated s of 13 | 1 0 0\nrejected s: conflictingDuplicate | 1 0 0")
    }
}
