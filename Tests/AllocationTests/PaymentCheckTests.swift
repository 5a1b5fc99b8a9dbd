import LedgerLanguage
import Testing

/// The order of the checks of a payment result: unknownCommand, amountMismatch, repeated,
/// wrongState; each alone and together with each later one, for each kind of payment.
@Suite struct PaymentCheckTests {
    static let reasons = ["unknownCommand", "amountMismatch", "repeated", "wrongState"]

    /// A payment of 4, and the records that bring its command about.
    struct Payment: Sendable {
        let kind: String
        let id: String
        let account: String
        let before: [String]

        /// Tells `lines`, in which `paid`, `inDoubt` are about this payment: `#N [AMOUNT] [by X]`.
        func story(_ first: String, _ later: String, _ lines: String) -> RefusalStory {
            let told = lines.split(separator: "\n").map { line in
                let words = line.split(separator: " ").map(String.init)
                let mark = "+-".contains(words[0]) ? 1 : 0
                let by = words.firstIndex(of: "by").map { words[$0 + 1] } ?? account
                let amount = words.count > mark + 2 ? [words[mark + 2]] : []
                return (words[..<(mark + 1)] + [id, words[mark + 1], by] + amount)
                    .joined(separator: " ")
            }
            return RefusalStory(kind, first, later, before + told)
        }

        /// Another account's result answers no command of this account's.
        var stories: [RefusalStory] {
            [
                story("unknownCommand", "accepted", "- paid #2 4 by zoe\n+ paid #2 4"),
                story("unknownCommand", "amountMismatch", "- paid #2 5 by zoe\n+ paid #2 5"),
                story("unknownCommand", "repeated", "inDoubt #3\n- paid #2 4 by zoe\n+ paid #2 4"),
                story("unknownCommand", "wrongState", "paid #1 4\n- paid #2 4 by zoe\n+ paid #2 4"),
                story("amountMismatch", "accepted", "- paid #2 5\n+ paid #2 4"),
                story("amountMismatch", "accepted", "- conflict #2 5\n+ conflict #2 4"),
                story("amountMismatch", "accepted", "- conflict #2\n+ conflict #2 4"),
                story("amountMismatch", "repeated", "inDoubt #3\n- paid #2 5\n+ paid #2 4"),
                story("amountMismatch", "wrongState", "paid #1 4\n- paid #2 5\n+ paid #2 4"),
                story("repeated", "accepted", "- inDoubt #3\npaid #2 4"),
                story("repeated", "accepted", "- inDoubt #2\npaid #2 4"),
                story("repeated", "wrongState", "- paid #3 4\n+ paid #1 4\npaid #2 4"),
                story("repeated", "wrongState", "- paid #2 4\n+ paid #1 4\ndeclined #2"),
                story("wrongState", "accepted", "- paid #1 4\npaid #2 4"),
                story("wrongState", "accepted", "- paid #1 4\ndeclined #2"),
                story("wrongState", "accepted", "- paid #1 4\nrecalled #2"),
                story("wrongState", "accepted", "- paid #1 4\nfailedByPerson #2"),
                story("wrongState", "accepted", "- paid #1 4\ninDoubt #2"),
                story("wrongState", "accepted", "- paid #1 4\nconflict #2 4"),
                // What was not paid cannot come back.
                story("wrongState", "accepted", "+ paid #1 4\nreturned #2"),
            ]
        }
    }

    static let payments: [Payment] = [
        Payment(
            kind: "collect", id: "b/1", account: "anna",
            before: ["open c shares 8 price 1", "bid b anna 4"]),
        Payment(
            kind: "refund", id: "b/refund/1/1", account: "anna",
            before: [
                "open c shares 8 price 1", "bid b anna 4", "paid b/1 #1 anna 4", "cancel-all x",
            ]),
        Payment(
            kind: "interest", id: "distribution/interest/i1/anna/1", account: "anna",
            before: [
                "open c shares 4 price 1 interest i1", "bid b anna 4", "paid b/1 #1 anna 4",
                "distribute x interest i1 4",
            ]),
        Payment(
            kind: "principal", id: "distribution/principal/p1/anna/1", account: "anna",
            before: [
                "open c shares 4 price 1 principal p1", "bid b anna 4", "paid b/1 #1 anna 4",
                "distribute x principal p1 4",
            ]),
        Payment(
            kind: "disburse", id: "payee/disburse/owner/1", account: "owner",
            before: [
                "open c shares 4 price 1 payee owner", "bid b anna 4", "paid b/1 #1 anna 4",
            ]),
    ]

    static let stories = payments.flatMap(\.stories)

    @Test(arguments: stories) func theEarlierOneWins(_ story: RefusalStory) throws {
        try story.check()
    }

    @Test(arguments: payments.indices) func everyPairIsAccountedFor(_ index: Int) {
        expectEveryPair(of: Self.reasons, in: Self.payments[index].stories, but: [])
    }

    /// Each part of an id that answers no command.
    @Test(arguments: payments.indices) func whatWasNeverCommanded(_ index: Int) throws {
        let payment = Self.payments[index]
        var elements = payment.id.split(separator: "/").map(String.init)
        var ids: [String] = []
        elements[elements.count - 1] = "2"
        ids.append(elements.joined(separator: "/"))
        if payment.kind == "refund" { ids.append("b/refund/2/1") }
        ids += [
            "z/1", "z/refund/1/1", "distribution/interest/i2/anna/1",
            "distribution/interest/i1/zoe/1", "payee/disburse/zoe/1", "loan/backstop/1",
        ]
        for id in ids {
            var ledger = Ledger()
            for line in payment.before { _ = try ledger.tell(line) }
            let before = ledger.book.overviews
            let told = try ledger.tell("paid \(id) #1 \(payment.account) 4")
            #expect(told.hasPrefix("rejected loan/\(id) #1: unknownCommand | "), "\(told)")
            #expect(ledger.book.overviews == before)
        }
    }

    /// A command that this offering made, but under the name of another offering.
    @Test(arguments: payments.indices) func whatAnotherOfferingCommanded(_ index: Int) throws {
        let payment = Self.payments[index]
        var ledger = Ledger()
        for line in payment.before { _ = try ledger.tell(line) }
        let record = parse("paid \(payment.id) #1 \(payment.account) 4")
        guard case .paymentResult(var result) = record else {
            Issue.record("\(record) is no result")
            return
        }
        result.payment!.offering = "elsewhere"
        let told = try ledger.tell(.record(.paymentResult(result)))
        let start = "rejected elsewhere/\(payment.id) #1: unknownCommand | "
        #expect(told.count == 1 && told[0].hasPrefix(start), "\(told)")
        #expect(try ledger.tell(.record(record))[0].hasPrefix("rejected") == false)
    }
}
