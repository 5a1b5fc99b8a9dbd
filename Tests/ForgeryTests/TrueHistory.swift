import Allocation
import LedgerLanguage
import Vocabulary

/// What a book decides, told by inputs: the true decisions of one partition.
struct TrueHistory {
    static let partition = ledgerPartition

    // Offsets have gaps, and a group of decisions is made in many calls.
    private var told = ToldBook(
        PartitionBook(partition: partition, archiveAfter: 60), gap: 1, limit: 2)

    var decisions: [Decision] { told.decisions }
    var payments: [PaymentCommand] { told.payments }
    /// What the payers were told, but for what was commanded again.
    var orders: [PaymentOrder] { told.orders }

    /// When the next input comes, at the earliest.
    var now: Timestamp = 1_000

    mutating func tell(_ input: Input, on topic: InputTopic = .bids) throws {
        now += 1
        try told.tell(input, on: topic, at: now)
    }

    mutating func tell(_ record: InputRecord) throws {
        try tell(.record(record), on: record.topic)
    }

    /// Records in the words of ledgers, a line each; all about `offering` if it is given.
    mutating func tell(of offering: Identifier = ledgerOffering, _ lines: String) throws {
        for line in lines.split(separator: "\n") {
            try tell(parse(offering == ledgerOffering ? String(line) : "\(line) @\(offering)"))
        }
    }

    mutating func command(
        _ command: Identifier, _ action: OfferingCommand.Action, of offering: Identifier
    ) throws {
        try tell(.command(OfferingCommand(command: command, offering: offering, action: action)))
    }

    /// Answers the newest command of an obligation.
    mutating func answer(
        _ kind: PaymentResult.Kind, _ payment: PaymentID, result: Int64 = 1,
        isProven: Bool = false
    ) throws {
        let command = payments.last { $0.id.obligation == payment.obligation }!
        try tell(
            .paymentResult(
                PaymentResult(
                    kind: kind, payment: command.id, result: result, offering: payment.offering,
                    account: command.account, amount: command.amount, isProven: isProven)))
    }

    mutating func command(
        _ command: Identifier, ofPartition action: PartitionCommand.Action
    ) throws {
        try tell(.partitionCommand(PartitionCommand(command: command, action: action)))
    }

    /// The next `count` bids are stamped ahead of the time, and count from now.
    mutating func correctClock(_ command: Identifier, ofBids count: Int64) throws {
        // From the gap before the first of them on.
        let next = told.nextOffset(of: .bids).rawValue
        let correction = ClockCorrection(
            first: Offset(next - 1), last: Offset(next + 2 * (count - 1)), at: now)
        try self.command(command, ofPartition: .correctClock(correction))
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
        try tell(
            of: "club",
            """
            open c20 shares 9 maxAccounts 2
            bid k1 a1 3
            bid k2 a2 3
            bid k3 a3 1
            declined k1/1 #1 a1
            bid k4 a3 1
            paid k1/1 #2 a1 6
            """)
    }

    /// A loan that is filled: 10 shares, at most 6 an account, 6 may wait.
    private mutating func tellOfLoan() throws {
        try tell(
            """
            bid early a1 1
            open c1 shares 10 cap 6 waitlist 6
            bid b1 a1 4
            bid b1 a1 4
            bid b1 a1 5
            bid b2 a2 8
            bid b3 a3 3
            bid b4 a4 2 whole
            bid b5 a5 4
            bid b6 a6 1
            bid b6 a6 1
            bid b7 a7 0
            bid b8 a2 1
            bid b9 a8 11 whole
            inDoubt b1/1 #1 a1
            paid b2/1 #1 a2 12
            paid b2/1 #1 a2 12
            declined b2/1 #2 a2
            paid b2/1 #3 a2 11
            paid b7/1 #1 a7 2
            declined b1/1 #2 a1
            bid b1 a1 4
            paid b3/1 #1 a3 6
            paid b5/1 #1 a5 2
            bid b10 a9 1
            bid b4 a4 2 whole
            """)
    }

    /// A note that is not filled: 6 shares in lots of 2; and inputs that are about nothing.
    private mutating func tellOfNote() throws {
        try tell(of: "odd", "open c2 shares 0")
        try tell(
            of: "note",
            """
            open c3 shares 6 lot 2
            open c3 shares 6 lot 2
            open c4 shares 6 lot 2
            bid d1 a1 8
            declined d1/1 #1 a1
            bid d2 a2 3
            bid d3 a2 4
            bid d4 a3 4
            bid d5 a4 2 whole
            recalled d3/1 #1 a2
            paid d4/2 #1 a3 4
            """)
        let unreadable = Rejection.Subject.unreadable(Malformation(.badValue, at: 7))
        try tell(.rejected(Rejection(unreadable, .malformed), offering: nil))
        let subject = Rejection.Subject.bid(bid: "e1", account: "a1", asked: 1, allOrNone: false)
        try tell(.rejected(Rejection(subject, .wrongEnvironment), offering: "note"))
        try tell(
            .rejected(Rejection(subject, .misrouted, expectedPartition: 1), offering: "elsewhere"))
        try tell(of: "note", "failedByPerson d5/1 #1 a4")
    }
}

extension TrueHistory {
    /// A bond that closes short by the clock and pays interest; and late money.
    private mutating func tellOfBond() throws {
        let opensAt = now + 5
        let terms = "shares 9 need 3 payee owner rate 2 backstop bank 1 interest i1 principal p1"
        try tell(
            of: "bond",
            """
            open c5 from \(opensAt) to \(opensAt + 10) \(terms)
            bid e0 a1 1
            """)
        now = opensAt
        try tell(
            of: "bond",
            """
            bid e1 a1 4
            amend x1 \(opensAt + 40)
            pause x2
            bid e2 a2 4
            resume x3
            bid e3 a3 4
            bid e4 a3 3
            bid e5 a3 1
            declined e1/1 #1 a1
            bid e6 a4 3
            paid e1/1 #2 a1 8
            cancel e3 a3
            cancel e6 a4
            recalled e3/1 #1 a3
            paid e4/1 #1 a3 2
            """)
        now = opensAt + 40
        try tell(of: "bond", "bid e7 a5 1")
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
        try tell(of: "bond", "distribute x5 interest i1 7\ndistribute x6 principal p1 3")
        for command in payments where command.id.offering == "bond" {
            if case .distribution = command.id.kind { try answer(.paid, command.id) }
        }
    }

    /// Commands that are refused and come again, what can't be read, and money that the bank takes
    /// back.
    private mutating func tellOfReturns() throws {
        let end = now + 500
        try tell(
            of: "back",
            """
            open c8 shares 6 need 1 to \(end)
            bid g1 a1 2
            bid g2 a2 2
            resume z1
            amend z2 \(end)
            resume z1
            pause z3
            pause z3
            pause z1
            """)
        let unreadable = Rejection.Subject.unreadable(
            Malformation(.outOfRange, member: .shares, at: 7), bid: "g9", account: "a9")
        try tell(.rejected(Rejection(unreadable, .malformed), offering: "back"))
        try tell(
            of: "back",
            """
            paid g1/1 #1 a1 4
            paid g2/1 #1 a2 4
            returned g1/1 #2 a1 4
            cancel-all z4
            returned g2/1 #2 a2 4
            """)
        let refund = PaymentID(offering: "back", bid: "g2", kind: .refund(1), number: 1)
        try answer(.recalled, refund)
        try command("z5", .repay(payment: refund.obligation), of: "back")
    }

    /// A clock that ran ahead, and payments that are commanded again.
    private mutating func tellOfPartition() throws {
        let end = now + 100
        try tell(of: "late", "open c9 shares 6 to \(end)")
        try correctClock("k1", ofBids: 1)
        let before = now
        now += 5_000
        try tell(of: "late", "bid h1 a1 2")
        now = before + 1
        try tell(of: "late", "bid h2 a2 2\nbid h4 a4 1")
        try command("k2", ofPartition: .recommandPayments)
        try command("k2", ofPartition: .recommandPayments)
        let nothing = ClockCorrection(first: 9_000, last: 8_999, at: now)
        for _ in 0..<2 { try command("k3", ofPartition: .correctClock(nothing)) }
        try command("k3", ofPartition: .recommandPayments)
        try tell(of: "late", "paid h1/1 #1 a1 4\ndeclined h2/1 #1 a2")
        now = end
        try tell(of: "late", "bid h3 a3 1")
    }

    /// An offering that is cancelled, and one that falls short; then all is archived.
    private mutating func tellOfFailure() throws {
        for (offering, end) in [(Identifier("plan"), "cancel-all y1 no"), ("hope", "close y1")] {
            try tell(
                of: offering,
                """
                open c6 shares 4 waitlist 4
                bid f1 a1 2
                bid f2 a2 1
                bid f3 a3 2 whole
                paid f1/1 #1 a1 4
                \(end)
                paid f2/1 #1 a2 2
                """)
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
        try tell(
            of: "half",
            """
            open c7 shares 4 need 1
            bid f1 a1 2
            paid f1/1 #1 a1 4
            close y1
            """)
        now += 1_000
        try tell(of: "plan", "bid f9 a1 1")
    }
}
