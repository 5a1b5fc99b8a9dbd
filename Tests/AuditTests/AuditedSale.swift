import Allocation
import Audit
import Digest
import Messages
import Testing
import Vocabulary

/// A record of `decisions` before it is sealed: tests change its words, and seal it again.
struct Body {
    /// All before `,"epoch":`.
    var text: String
    var epoch = 1
    var isStart: Bool { text.hasPrefix(#"{"type":"epochStarted""#) }
}

/// A sale as the allocator decides it, with everything in it that an audit looks at.
struct AuditedSale {
    private var book = PartitionBook(partition: 3)
    private var group = DecisionGroup()
    private var offset: Int64 = 0
    private var resultOffset: Int64 = 0
    private(set) var bodies: [Body] = []
    /// Payments asked for and not answered yet, in order.
    private(set) var payments: [PaymentCommand] = []

    /// Ten shares, a crowd that wants more, a decline, a promotion, and everything paid at last.
    static let sale: [Body] = {
        var story = AuditedSale()
        story.start(epoch: 1)
        story.open("o", shares: 10, cap: 8, waitlist: 12)
        story.bid("b1", "anna", 4)
        story.bid("b2", "ben", 4)
        story.bid("b1", "anna", 4)
        story.bid("b3", "carl", 5)
        story.bid("b4", "dora", 2, allOrNone: true)
        story.bid("b5", "anna", 6)
        story.start(epoch: 2)
        story.bid("b6", "emil", 8)
        story.bid("b7", "fred", 3)
        story.bid("b8", "gina", 1, of: "other")
        story.answer("b1", .paid)
        story.answer("b3", .inDoubt)
        story.answer("b2", .declined)
        while let next = story.payments.first { story.answer("\(next.id.subject)", .paid) }
        return story.bodies
    }()

    mutating func start(epoch: Int) {
        let sequence = bodies.filter { !$0.isStart }.count
        let text = #"{"type":"epochStarted","seq":\#(sequence),"partition":3"#
        bodies.append(Body(text: text, epoch: epoch))
    }

    mutating func open(_ offering: Identifier, shares: Int64, cap: Int64, waitlist: Int64) {
        var terms = OfferingTerms(
            shares: Shares(shares), price: 2, currency: CurrencyCode("CNY")!)
        terms.maxSharesPerAccount = Shares(cap)
        terms.waitlistShares = Shares(waitlist)
        let command = OfferingCommand(
            command: "open-o", offering: offering, action: .open(terms))
        decide(.command(command), .offeringCommands, 0)
    }

    mutating func bid(
        _ bid: Identifier, _ account: Identifier, _ shares: Int64, of offering: Identifier = "o",
        allOrNone: Bool = false
    ) {
        let record = Bid(
            bid: bid, offering: offering, account: account, shares: Shares(shares),
            allOrNone: allOrNone)
        decide(.bid(record), .bids, offset)
        offset += 1
    }

    /// Answers the oldest open payment of a bid.
    mutating func answer(_ bid: String, _ kind: PaymentResult.Kind) {
        guard let index = payments.firstIndex(where: { "\($0.id.subject)" == bid }) else {
            Issue.record("no payment of \(bid) is open")
            return
        }
        let command = payments[index]
        if kind != .inDoubt { payments.remove(at: index) }
        let result = PaymentResult(
            kind: kind, payment: command.id, result: kind == .inDoubt ? 1 : 2, offering: "o",
            account: command.account, amount: kind == .paid ? command.amount : nil)
        decide(.paymentResult(result), .paymentResults, resultOffset)
        resultOffset += 1
    }

    private mutating func decide(_ record: InputRecord, _ topic: InputTopic, _ offset: Int64) {
        group.removeAll()
        let source = Source(topic: topic, partition: 3, offset: Offset(offset), at: 1_795_000)
        do {
            _ = try book.decide(.record(record), from: source, into: &group, limit: 1_000)
        } catch {
            Issue.record("\(error)")
        }
        let epoch = bodies.last?.epoch ?? 1
        for decision in group.decisions {
            let text = String(unsafeUninitializedCapacity: RecordEncoder.largestDecision) {
                RecordEncoder.encode(decision, into: UnsafeMutableRawBufferPointer($0))
            }
            bodies.append(Body(text: text, epoch: epoch))
        }
        payments += group.payments
    }
}

/// Seals bodies into a chain: each record's bytes.
func seal(_ bodies: [Body]) -> [[UInt8]] {
    var head = SHA256.text(of: "fairfill/1 decisions 3".utf8)
    return bodies.map { body in
        var body = body
        if body.text.hasPrefix(#"{"type":"certificate""#) {
            // It carries the hash of the decision before it.
            body.text.replace(#","free":"#, with: #","head":"\#(head)","free":"#)
        }
        if !body.isStart { head = SHA256.text(of: (head + body.text).utf8) }
        return Array((body.text + #","epoch":\#(body.epoch),"hash":"\#(head)"}"#).utf8)
    }
}

/// What an audit says of these records.
func audit(_ records: [[UInt8]], levels: Set<AuditLevel> = [.chain, .arithmetic]) -> AuditReport {
    var audit = PartitionAudit(partition: 3, levels: levels)
    for (offset, record) in records.enumerated() {
        record.withUnsafeBytes { audit.examine(offset: Offset(Int64(offset)), value: $0) }
    }
    return audit.finish()
}
