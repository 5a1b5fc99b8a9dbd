import Messages
import SchemaConformance
import SeededNumbers
import Testing
import Vocabulary

/// The schemas against the codec: what it writes they list, and what it refuses they refuse.
@Suite struct SchemaTests {
    private static let ending = #","epoch":3,"hash":"\#(someHash)"}"#

    /// Every golden record with its topic.
    private static let golden: [(Topic, String)] =
        goldenInputs.map { (topic($0.0), $0.2) }
        + goldenDecisions.map { (.decisions, $0.1 + ending) }
        + PaymentJournalTests.golden.map { (.paymentJournal, $0.0) }

    private static func topic(_ input: InputTopic) -> Topic {
        Topic(rawValue: "\(input.name)") ?? .decisions
    }

    @Test func goldenRecordsAreWhatTheirSchemasSay() {
        for (topic, text) in Self.golden {
            let fault = RecordCheck.fault(text, in: topic, isOurs: true)
            #expect(fault == nil)
        }
    }

    /// Whatever the codec can write, small values and large ones, is described: a member that no
    /// schema lists is found here.
    @Test(arguments: [7, 77] as [UInt64])
    func randomRecordsAreWhatTheirSchemasSay(_ seed: UInt64) {
        var random = RandomRecords(generator: SeededGenerator(seed: seed))
        for index in 0..<3_000 {
            let (input, record) = random.input()
            for (topic, text) in [
                (.decisions, sealed(random.decision())), (Self.topic(input), line(record)),
                (.paymentJournal, journalLine(random.journalEntry())),
            ] {
                guard let fault = RecordCheck.fault(text, in: topic, isOurs: true) else { continue }
                Issue.record("seed \(seed), record \(index): \(fault)")
                return
            }
        }
    }

    @Test func whatIsWrittenBesideDecisionsIsDescribed() {
        for kind in Attention.Kind.allCases {
            expectDescribed(.attention, RecordEncoder.largestSmallRecord) {
                RecordEncoder.encode(
                    Attention(
                        kind: kind, offering: "loan-7", sequence: 1, source: bidSource,
                        expectedPartition: 3, command: PaymentJournalTests.id, account: "a-42",
                        amount: 5, currency: "CNY"), into: $0)
            }
        }
        let id = PaymentJournalTests.id
        for kind in [
            PaymentAttention.Kind.parked(.pending), .conflict, .contradiction, .lateAnswer(.paid),
        ] {
            expectDescribed(.attention, RecordEncoder.largestSmallRecord) {
                RecordEncoder.encode(
                    PaymentAttention(kind: kind, command: id, account: "a-42"), at: 5, into: $0)
            }
        }
        for worker in StandstillAttention.Worker.allCases {
            expectDescribed(.attention, RecordEncoder.largestSmallRecord) {
                RecordEncoder.encode(
                    StandstillAttention(worker: worker, partition: 3, detail: "why", at: 5),
                    into: $0)
            }
        }
        for kind in TopicAttention.Kind.allCases {
            for topic in Topic.allCases {
                expectDescribed(.attention, RecordEncoder.largestSmallRecord) {
                    RecordEncoder.encode(
                        TopicAttention(
                            kind, topic: topic, partition: 3,
                            offset: kind == .openTransaction ? 7 : nil, since: 2, detail: "why",
                            at: 5),
                        into: $0)
                }
            }
        }
        for doubt in PaymentDoubt.allCases {
            let answer = PaymentAnswer(
                result: PaymentResult(
                    kind: .inDoubt, payment: id, result: 2, offering: "loan-7", account: "a-42"),
                partition: 4, reference: "pay_01", reason: doubt)
            expectDescribed(.paymentResults, RecordEncoder.largestJournalEntry) {
                RecordEncoder.encode(answer, into: $0)
            }
        }
        for (kind, original) in [
            (PaymentID.Kind.collection, nil), (.refund(2), 3), (.disbursement, nil),
            (.distribution(.interest, "2026-12"), nil), (.distribution(.principal, "end"), nil),
        ] as [(PaymentID.Kind, Int32?)] {
            let command = PaymentCommand(
                id: PaymentID(offering: "loan-7", subject: "b-1", kind: kind, number: 1),
                partition: 0, account: "a-42", amount: 500, currency: "CNY", due: 500,
                original: original)
            expectDescribed(.paymentCommands, RecordEncoder.largestSmallRecord) {
                RecordEncoder.encode(command, into: $0)
            }
        }
    }

    private func expectDescribed(
        _ topic: Topic, _ room: Int, _ encode: (UnsafeMutableRawBufferPointer) -> Int
    ) {
        let fault = RecordCheck.fault(written(room: room, encode), in: topic, isOurs: true)
        #expect(fault == nil)
    }

    /// One member of each golden input after the other is left out, and given values that it
    /// can't have: decoder and schema say the same of all of them.
    @Test func whatTheDecoderRefusesTheSchemaRefuses() throws {
        var reader = Reader()
        var (accepted, refused) = (0, 0)
        for (input, _, text) in goldenInputs {
            guard case .object(let members) = try Node(parsing: text) else { continue }
            for name in members.keys.sorted() {
                for value in [nil] + Self.values {
                    var changed = members
                    changed[name] = value
                    let line = Node.object(changed).line
                    let isRead = reader.input(line, from: input).fault == nil
                    let fault = RecordCheck.fault(line, in: Self.topic(input), isOurs: false)
                    #expect((fault == nil) == isRead, "\(line): \(fault ?? "the schema takes it")")
                    if isRead { accepted += 1 } else { refused += 1 }
                }
            }
        }
        #expect(accepted > 100 && refused > 300)
    }

    /// The same of decisions, but for what a schema can't say: that ids name their offering and
    /// bid, that a certificate's two lists of offsets are about the same inputs.
    @Test func whatTheDecoderReadsTheSchemaTakes() throws {
        var reader = Reader()
        for (decision, text) in goldenDecisions {
            guard case .object(let members) = try Node(parsing: text + "}") else { continue }
            for name in members.keys.sorted() {
                for value in [nil] + Self.values {
                    var changed = members
                    changed[name] = value
                    let line = Node.object(changed).line.dropLast() + Self.ending
                    let fault = RecordCheck.fault(String(line), in: .decisions, isOurs: true)
                    let isRead = reader.decision(String(line)).fault == nil
                    // Without its offering a decision means nothing, though it can be read.
                    if name == "offering", decision.event.type != .rejected { continue }
                    if isRead, let fault { Issue.record("\(fault)") }
                    let isLoose = Self.loose.contains(name) || value.flatMap(\.text) != nil
                    if fault == nil, !isRead, !isLoose { Issue.record("the schema takes \(line)") }
                }
            }
        }
    }

    private static let loose = ["firstOffsets", "lastOffsets"]

    private static let values: [Node?] = [
        .string("some-id"), .integer(7), .integer(-1), .integer(largestInteger),
        .integer(largestInteger + 1), .number(1.5), .string(""), .string("a b"), .string("a/b/c/d"),
        .string(String(repeating: "a", count: 65)), .string("a\n"), .bool(true), .null,
        .array([]), .object([:]),
    ]
}

extension Node {
    /// As text; the order of members is of no account here.
    fileprivate var line: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let text):
            "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                .replacing("\n", with: "\\n").replacing("\u{1}", with: "\\u0001")
                .replacing("\u{1f}", with: "\\u001f") + "\""
        case .array(let elements): "[" + elements.map(\.line).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.sorted { $0.key < $1.key }
                .map { "\(Node.string($0.key).line):\($0.value.line)" }.joined(separator: ",") + "}"
        }
    }
}
