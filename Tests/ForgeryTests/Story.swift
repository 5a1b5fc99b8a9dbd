import Allocation
import Vocabulary

/// What a book decides, told by inputs: the true decisions of one partition.
struct Story {
    static let partition: Partition = 3

    private var book = PartitionBook(partition: partition)
    private var group = DecisionGroup()
    private var offsets = Array(repeating: Int64(0), count: InputTopic.allCases.count)
    private(set) var decisions: [Decision] = []
    private(set) var payments: [PaymentCommand] = []

    mutating func tell(_ input: Input, on topic: InputTopic = .bids) throws {
        let place = Int(topic.rawValue)
        // Offsets have gaps: a log keeps some of them for itself.
        offsets[place] += 2
        let source = Source(
            topic: topic, partition: Self.partition, offset: Offset(offsets[place]),
            at: Milliseconds(1_000 + decisions.count))
        group.removeAll()
        var progress = try book.decide(input, from: source, into: &group, limit: 2)
        while progress == .more { progress = try book.resume(into: &group, limit: 1) }
        decisions += group.decisions
        payments += group.payments
    }

    mutating func open(
        _ offering: Identifier, by command: Identifier, shares: Shares,
        _ change: (inout OfferingTerms) -> Void
    ) throws {
        var terms = OfferingTerms(shares: shares, price: 2, currency: CurrencyCode("CNY")!)
        change(&terms)
        let open = OfferingCommand(command: command, offering: offering, action: .open(terms))
        try tell(.record(.command(open)), on: .offeringCommands)
    }

    mutating func bid(
        _ bid: Identifier, _ account: Identifier, _ shares: Shares, whole: Bool = false,
        of offering: Identifier = "loan"
    ) throws {
        try tell(
            .record(
                .bid(
                    Bid(
                        bid: bid, offering: offering, account: account, shares: shares,
                        allOrNone: whole))))
    }

    mutating func answer(
        _ kind: PaymentResult.Kind, _ bid: Identifier, _ account: Identifier, number: Int32 = 1,
        result: Int64 = 1, amount: MinorUnits? = nil, of offering: Identifier = "loan"
    ) throws {
        let payment = PaymentID(offering: offering, bid: bid, number: number)
        try tell(
            .record(
                .paymentResult(
                    PaymentResult(
                        kind: kind, payment: payment, result: result, offering: offering,
                        account: account, amount: amount))),
            on: .paymentResults)
    }
}

extension Story {
    /// Every type of decision, and nearly all that can be said in each.
    static func whole() throws -> [Decision] {
        var story = Story()
        try story.tellOfLoan()
        try story.tellOfNote()
        return story.decisions
    }

    /// A loan that is filled: 10 shares, at most 6 an account, 6 may wait.
    private mutating func tellOfLoan() throws {
        try bid("early", "a1", 1)
        try open("loan", by: "c1", shares: 10) {
            $0.maxSharesPerAccount = 6
            $0.waitlistShares = 6
        }
        try bid("b1", "a1", 4)
        try bid("b1", "a1", 4)
        try bid("b1", "a1", 5)
        try bid("b2", "a2", 8)
        try bid("b3", "a3", 3)
        try bid("b4", "a4", 2, whole: true)
        try bid("b5", "a5", 4)
        try bid("b6", "a6", 1)
        try bid("b6", "a6", 1)
        try bid("b7", "a7", 0)
        try bid("b8", "a2", 1)
        try bid("b9", "a8", 11, whole: true)
        try answer(.inDoubt, "b1", "a1")
        try answer(.paid, "b2", "a2", amount: 12)
        try answer(.paid, "b2", "a2", amount: 12)
        try answer(.declined, "b2", "a2", result: 2)
        try answer(.paid, "b2", "a2", result: 3, amount: 11)
        try answer(.paid, "b7", "a7", amount: 2)
        try answer(.declined, "b1", "a1", result: 2)
        try bid("b1", "a1", 4)
        try answer(.paid, "b3", "a3", amount: 6)
        try answer(.paid, "b5", "a5", amount: 2)
        try bid("b10", "a9", 1)
        try bid("b4", "a4", 2, whole: true)
    }

    /// A note that is not filled: 6 shares in lots of 2; and inputs that are about nothing.
    private mutating func tellOfNote() throws {
        try open("odd", by: "c2", shares: 0) { _ in }
        try open("note", by: "c3", shares: 6) { $0.lot = 2 }
        try open("note", by: "c3", shares: 6) { $0.lot = 2 }
        try open("note", by: "c4", shares: 6) { $0.lot = 2 }
        try bid("d1", "a1", 8, of: "note")
        try answer(.declined, "d1", "a1", of: "note")
        try bid("d2", "a2", 3, of: "note")
        try bid("d3", "a2", 4, of: "note")
        try bid("d4", "a3", 4, of: "note")
        try bid("d5", "a4", 2, whole: true, of: "note")
        try answer(.recalled, "d3", "a2", of: "note")
        try answer(.paid, "d4", "a3", number: 2, amount: 4, of: "note")
        let unreadable = Rejection.Subject.unreadable(Malformation(.badValue, at: 7))
        try tell(.refused(Rejection(unreadable, .malformed), offering: nil))
        let subject = Rejection.Subject.bid(bid: "e1", account: "a1", asked: 1, allOrNone: false)
        try tell(.refused(Rejection(subject, .wrongEnvironment), offering: "note"))
        try tell(
            .refused(Rejection(subject, .misrouted, expectedPartition: 1), offering: "elsewhere"))
        try answer(.failedByPerson, "d5", "a4", of: "note")
    }
}
