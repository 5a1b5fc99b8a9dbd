import Allocation
import Audit
import Digest
import LedgerLanguage
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
    private var told = ToldBook(PartitionBook(partition: ledgerPartition))
    private(set) var bodies: [Body] = []
    private var epoch = 1

    /// Ten shares, a crowd that wants more, a decline, a promotion, and everything paid at last.
    static let sale: [Body] = {
        var story = AuditedSale()
        story.start(epoch: 1)
        story.tell(
            """
            open open-o shares 10 cap 8 waitlist 12 @o
            bid b1 anna 4 @o
            bid b2 ben 4 @o
            bid b1 anna 4 @o
            bid b3 carl 5 @o
            bid b4 dora 2 whole @o
            bid b5 anna 6 @o
            """)
        story.start(epoch: 2)
        story.tell(
            """
            bid b6 emil 8 @o
            bid b7 fred 3 @o
            bid b8 gina 1 @other
            paid b1/1 #2 anna 8 @o
            inDoubt b3/1 #1 carl @o
            declined b2/1 #2 ben @o
            """)
        story.payRest()
        return story.bodies
    }()

    private mutating func start(epoch: Int) {
        self.epoch = epoch
        let sequence = bodies.filter { !$0.isStart }.count
        let text = #"{"type":"epochStarted","seq":\#(sequence),"partition":3"#
        bodies.append(Body(text: text, epoch: epoch))
    }

    /// Pays what is reserved, what is promoted meanwhile too, in the order in which it came.
    private mutating func payRest() {
        let answered: Set<String> = ["o/b1/1", "o/b2/1"]
        var next = 0
        while next < told.payments.count {
            let command = told.payments[next]
            next += 1
            guard !answered.contains("\(command.id)") else { continue }
            tell(
                .paymentResult(
                    PaymentResult(
                        kind: .paid, payment: command.id, result: 2, offering: "o",
                        account: command.account, amount: command.amount)))
        }
    }

    /// Records in the words of ledgers, a line each.
    private mutating func tell(_ lines: String) {
        for line in lines.split(separator: "\n") { tell(parse(String(line))) }
    }

    private mutating func tell(_ record: InputRecord) {
        do {
            for decision in try told.tell(record, at: 1_795_000) {
                let text = String(unsafeUninitializedCapacity: RecordEncoder.largestDecision) {
                    RecordEncoder.encode(decision, into: UnsafeMutableRawBufferPointer($0))
                }
                bodies.append(Body(text: text, epoch: epoch))
            }
        } catch {
            Issue.record("\(error)")
        }
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
