import Allocation
import Vocabulary

/// What a book decides, told by inputs: the true decisions of one partition.
struct TrueHistory {
    static let partition: Partition = 3

    private(set) var book = PartitionBook(partition: partition, archiveAfter: 60)
    private var group = DecisionGroup()
    private var offsets = Array(repeating: Int64(0), count: InputTopic.allCases.count)
    private(set) var decisions: [Decision] = []
    private(set) var payments: [PaymentCommand] = []
    /// What the payers were told, but for what was commanded again.
    private(set) var orders: [PaymentOrder] = []

    /// When the next input comes, at the earliest.
    var now: Timestamp = 1_000

    mutating func tell(_ input: Input, on topic: InputTopic = .bids) throws {
        now += 1
        let index = Int(topic.rawValue)
        // Offsets have gaps: a log keeps some of them for itself.
        offsets[index] += 2
        let source = Source(
            topic: topic, partition: Self.partition, offset: Offset(offsets[index]), at: now)
        while topic == .bids, let deadline = book.nextDeadline, deadline <= book.time(of: source) {
            try decide(.deadline, from: book.source(ofDeadline: deadline))
        }
        try decide(input, from: source)
    }

    private mutating func decide(_ input: Input, from source: Source) throws {
        group.removeAll()
        var progress = try book.decide(input, from: source, into: &group, limit: 2)
        while progress == .more { progress = try book.resume(into: &group, limit: 1) }
        decisions += group.decisions
        payments += group.payments
        orders += group.payments.map { .payment($0) } + group.recalls.map { .recall($0) }
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

    mutating func command(
        _ command: Identifier, _ action: OfferingCommand.Action, of offering: Identifier
    ) throws {
        let record = OfferingCommand(command: command, offering: offering, action: action)
        try tell(.record(.command(record)), on: .offeringCommands)
    }

    /// Answers the newest command of an obligation.
    mutating func answer(
        _ kind: PaymentResult.Kind, _ payment: PaymentID, result: Int64 = 1,
        isProven: Bool = false
    ) throws {
        let command = payments.last { $0.id.obligation == payment.obligation }!
        let record = PaymentResult(
            kind: kind, payment: command.id, result: result, offering: payment.offering,
            account: command.account, amount: command.amount, isProven: isProven)
        try tell(.record(.paymentResult(record)), on: .paymentResults)
    }

    mutating func command(
        _ command: Identifier, ofPartition action: PartitionCommand.Action
    ) throws {
        let record = PartitionCommand(command: command, action: action)
        try tell(.record(.partitionCommand(record)), on: .offeringCommands)
    }

    /// The next `count` bids are stamped ahead of the time, and count from now.
    mutating func correctClock(_ command: Identifier, ofBids count: Int64) throws {
        let last = offsets[Int(InputTopic.bids.rawValue)]
        let correction = ClockCorrection(
            first: Offset(last + 1), last: Offset(last + 2 * count), at: now)
        try self.command(command, ofPartition: .correctClock(correction))
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

extension TrueHistory {
    /// Every type of decision, and nearly all that can be said in each.
    static func whole() throws -> [Decision] { try wholeStory().decisions }

    static func wholeStory() throws -> TrueHistory {
        var story = TrueHistory()
        try story.tellOfLoan()
        try story.tellOfNote()
        try story.tellOfBond()
        try story.tellOfReturns()
        try story.tellOfClub()
        try story.tellOfPartition()
        try story.tellOfFailure()
        return story
    }

    /// A club that two accounts may belong to.
    private mutating func tellOfClub() throws {
        try open("club", by: "c20", shares: 9) { $0.maxAccounts = 2 }
        try bid("k1", "a1", 3, of: "club")
        try bid("k2", "a2", 3, of: "club")
        try bid("k3", "a3", 1, of: "club")
        try answer(.declined, "k1", "a1", of: "club")
        try bid("k4", "a3", 1, of: "club")
        try answer(.paid, "k1", "a1", result: 2, amount: 6, of: "club")
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
        try tell(.rejected(Rejection(unreadable, .malformed), offering: nil))
        let subject = Rejection.Subject.bid(bid: "e1", account: "a1", asked: 1, allOrNone: false)
        try tell(.rejected(Rejection(subject, .wrongEnvironment), offering: "note"))
        try tell(
            .rejected(Rejection(subject, .misrouted, expectedPartition: 1), offering: "elsewhere"))
        try answer(.failedByPerson, "d5", "a4", of: "note")
    }
}

extension TrueHistory {
    /// A bond that closes short by the clock and pays interest; and late money.
    private mutating func tellOfBond() throws {
        let opensAt = now + 5
        try open("bond", by: "c5", shares: 9) {
            $0.opensAt = opensAt
            $0.closesAt = opensAt + 10
            $0.minimumShares = 3
            $0.payee = "owner"
            $0.bidsPerMinutePerAccount = 2
            $0.backstop = Backstop(account: "bank", maxShares: 1)
            $0.distributions = AllowedDistributions(interest: ["i1"], principal: ["p1"])
        }
        try bid("e0", "a1", 1, of: "bond")
        now = opensAt
        try bid("e1", "a1", 4, of: "bond")
        try command("x1", .amend(closesAt: opensAt + 40), of: "bond")
        try command("x2", .pause, of: "bond")
        try bid("e2", "a2", 4, of: "bond")
        try command("x3", .resume, of: "bond")
        try bid("e3", "a3", 4, of: "bond")
        try bid("e4", "a3", 3, of: "bond")
        try bid("e5", "a3", 1, of: "bond")
        try answer(.declined, "e1", "a1", of: "bond")
        try bid("e6", "a4", 3, of: "bond")
        try answer(.paid, "e1", "a1", result: 2, amount: 8, of: "bond")
        try tell(
            .record(.cancellation(BidCancellation(bid: "e3", offering: "bond", account: "a3"))))
        try tell(
            .record(.cancellation(BidCancellation(bid: "e6", offering: "bond", account: "a4"))))
        try answer(.recalled, "e3", "a3", of: "bond")
        try answer(.paid, "e4", "a3", amount: 2, of: "bond")
        now = opensAt + 40
        try bid("e7", "a5", 1, of: "bond")
        for command in payments where command.id.offering == "bond" {
            if case .collection = command.id.kind {
                try answer(.paid, command.id, result: 5)
            }
        }
        let payee = PaymentID(
            offering: "bond", subject: "owner", kind: .disbursement, number: 1)
        try answer(.inDoubt, payee)
        try answer(.declined, payee, result: 2, isProven: true)
        try command("x4", .repay(payment: payee.obligation), of: "bond")
        try answer(.paid, payee)
        try command(
            "x5", .distribute(distribution: "i1", kind: .interest, amount: 7), of: "bond")
        try command(
            "x6", .distribute(distribution: "p1", kind: .principal, amount: 3), of: "bond")
        for command in payments where command.id.offering == "bond" {
            if case .distribution = command.id.kind { try answer(.paid, command.id) }
        }
    }

    /// Commands that are refused and come again, what can't be read, and money that the bank takes
    /// back.
    private mutating func tellOfReturns() throws {
        let end = now + 500
        try open("back", by: "c8", shares: 6) {
            $0.minimumShares = 1
            $0.closesAt = end
        }
        try bid("g1", "a1", 2, of: "back")
        try bid("g2", "a2", 2, of: "back")
        try command("z1", .resume, of: "back")
        try command("z2", .amend(closesAt: end), of: "back")
        try command("z1", .resume, of: "back")
        try command("z3", .pause, of: "back")
        try command("z3", .pause, of: "back")
        try command("z1", .pause, of: "back")
        let unreadable = Rejection.Subject.unreadable(
            Malformation(.outOfRange, member: .shares, at: 7), bid: "g9", account: "a9")
        try tell(.rejected(Rejection(unreadable, .malformed), offering: "back"))
        try answer(.paid, "g1", "a1", amount: 4, of: "back")
        try answer(.paid, "g2", "a2", amount: 4, of: "back")
        try answer(.returned, "g1", "a1", result: 2, amount: 4, of: "back")
        try command("z4", .cancel(reason: nil), of: "back")
        let refund = PaymentID(offering: "back", bid: "g2", kind: .refund(1), number: 1)
        try answer(.returned, "g2", "a2", result: 2, amount: 4, of: "back")
        try answer(.recalled, refund)
        try command("z5", .repay(payment: refund.obligation), of: "back")
    }

    /// A clock that ran ahead, and payments that are commanded again.
    private mutating func tellOfPartition() throws {
        let end = now + 100
        try open("late", by: "c9", shares: 6) { $0.closesAt = end }
        try correctClock("k1", ofBids: 1)
        let before = now
        now += 5_000
        try bid("h1", "a1", 2, of: "late")
        now = before + 1
        try bid("h2", "a2", 2, of: "late")
        try bid("h4", "a4", 1, of: "late")
        try command("k2", ofPartition: .recommandPayments)
        try command("k2", ofPartition: .recommandPayments)
        let nothing = ClockCorrection(first: 9_000, last: 8_999, at: now)
        for _ in 0..<2 { try command("k3", ofPartition: .correctClock(nothing)) }
        try command("k3", ofPartition: .recommandPayments)
        try answer(.paid, "h1", "a1", amount: 4, of: "late")
        try answer(.declined, "h2", "a2", of: "late")
        now = end
        try bid("h3", "a3", 1, of: "late")
    }

    /// An offering that is cancelled, and one that falls short; then all is archived.
    private mutating func tellOfFailure() throws {
        for (offering, end) in [
            (Identifier("plan"), OfferingCommand.Action.cancel(reason: "no")), ("hope", .close),
        ] {
            try open(offering, by: "c6", shares: 4) { $0.waitlistShares = 4 }
            try bid("f1", "a1", 2, of: offering)
            try bid("f2", "a2", 1, of: offering)
            try bid("f3", "a3", 2, whole: true, of: offering)
            try answer(.paid, "f1", "a1", amount: 4, of: offering)
            try command("y1", end, of: offering)
            try answer(.paid, "f2", "a2", amount: 2, of: offering)
            let refund = PaymentID(offering: offering, bid: "f1", kind: .refund(1), number: 1)
            try answer(.declined, refund)
            try command("y2", .repay(payment: refund.obligation), of: offering)
            try answer(.paid, refund)
            try answer(.returned, refund, result: 2)
            try command("y3", .repay(payment: refund.obligation), of: offering)
            try answer(.paid, refund)
            try answer(
                .paid, PaymentID(offering: offering, bid: "f2", kind: .refund(1), number: 1))
        }
        try open("half", by: "c7", shares: 4) { $0.minimumShares = 1 }
        try bid("f1", "a1", 2, of: "half")
        try answer(.paid, "f1", "a1", amount: 4, of: "half")
        try command("y1", .close, of: "half")
        now += 1_000
        try bid("f9", "a1", 1, of: "plan")
    }
}
