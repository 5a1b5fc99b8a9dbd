import Messages
import SchemaConformance
import Schemas
import Testing

/// A schema, with the notes of what JSON Schema can't say, and the decoder take the same records.
@Suite struct DecoderAgreementTests {
    /// What a payer writes to `attention` is for people; nothing of ours reads it.
    private static let read = Topic.allCases.filter { $0 != .invalid }
    private static let inputs = [Topic.bids, .offeringCommands, .paymentResults]

    @Test(arguments: read) func theSchemaWithItsNotesIsTheDecoder(_ topic: Topic) throws {
        let isInput = Self.inputs.contains(topic)
        let records = try RecordVariants.all(of: topic, oneOf: isInput ? 1 : 7)
            .filter { topic != .attention || !$0.contains("\"payment") }
        var (taken, refused) = (0, 0)
        for record in records {
            let fault = RecordCheck.fault(record, in: topic, isOurs: false)
            let isRead = RecordCheck.isRead(record, topic)
            if isRead { taken += 1 } else { refused += 1 }
            #expect(
                (fault == nil) == isRead,
                """
                the decoder \(isRead ? "takes" : "refuses"), the schema says \(fault ?? "yes"): \
                \(record.prefix(400))
                """)
        }
        // Neither takes all, or nothing.
        let isSmall = [.paymentMarks, .progress, .environment, .paymentCommands, .attention,
            .paymentResolutions].contains(topic)
        #expect(taken > (isSmall ? 2 : 50), "\(taken) \(refused)")
        #expect(refused > (isSmall ? 20 : 500), "\(taken) \(refused)")
    }

    /// A validator that knows JSON Schema alone takes 300.0 for an integer: what it is told beside
    /// stands wherever a number does.
    @Test func everyIntegerSaysHowItIsWritten() throws {
        var seen = 0
        func look(_ node: Node, _ path: String) {
            if case .object(let members) = node {
                if members["type"] == .string("integer") {
                    seen += 1
                    #expect(members["x-form"] == .string("digits"), "\(path)")
                }
                if members["maxLength"] != nil {
                    #expect(members["x-maxBytes"] == members["maxLength"], "\(path)")
                }
                for (name, member) in members { look(member, "\(path)/\(name)") }
            } else if case .array(let elements) = node {
                for element in elements { look(element, path) }
            }
        }
        for topic in Topic.allCases {
            if let document = topic.document {
                look(try Node(parsing: document.line), topic.name)
            }
        }
        #expect(seen > 100)
    }
}
