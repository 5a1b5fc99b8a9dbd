import Messages
import SchemaConformance
import Schemas
import Testing

/// A schema, with the notes of what JSON Schema can't say, and the decoder take the same records.
@Suite struct DecoderAgreementTests {
    @Test(arguments: [Topic.bids, .offeringCommands, .paymentResults])
    func theSchemaWithItsNotesIsTheDecoder(_ topic: Topic) throws {
        let records = try RecordVariants.all(of: topic)
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
        #expect(taken > 50 && refused > 500, "\(taken) \(refused)")
    }

    /// Of what this system writes itself the decoder reads whatever is as the schema says. What a
    /// record has no use for, it does not look at, and the schema does.
    @Test(arguments: Topic.allCases.filter { $0 != .invalid && $0.writesItself })
    func whatTheSchemaTakesTheDecoderReads(_ topic: Topic) throws {
        var (taken, refused) = (0, 0)
        for record in try RecordVariants.all(of: topic, oneOf: 3) {
            // What a payer writes there is for people; nothing of ours reads it.
            if topic == .attention, record.contains("\"payment") { continue }
            guard RecordCheck.fault(record, in: topic, isOurs: true) == nil else {
                refused += 1
                continue
            }
            taken += 1
            // What no schema says of two members together.
            let node = try Node(parsing: record)
            if !namesAgree(in: node) || !offsetsAgree(in: node) { continue }
            #expect(
                RecordCheck.isRead(record, topic),
                "the schema takes, the decoder refuses: \(record.prefix(400))")
        }
        #expect(taken >= topic.recordSchemas.count && refused > 20, "\(taken) \(refused)")
    }

    /// Whether the ids that are made of others name the same offering and bid as these do.
    private func namesAgree(in record: Node) -> Bool {
        for name in ["command", "payment", "obligation", "original"] {
            let parts = (record[name]?.text ?? "").split(separator: "/").map(String.init)
            guard parts.count > 1 else { continue }
            if parts[0] != record["offering"]?.text { return false }
            if let bid = record["bid"]?.text, parts[1] != bid { return false }
        }
        return true
    }

    /// Whether a certificate names a first offset of the topics of which it names a last one.
    private func offsetsAgree(in record: Node) -> Bool {
        func topics(_ name: String) -> [String] {
            guard case .object(let offsets) = record[name] else { return [] }
            return offsets.keys.sorted()
        }
        return topics("firstOffsets") == topics("lastOffsets")
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

extension Topic {
    /// Whether nobody else writes it, or people by commands of this system.
    fileprivate var writesItself: Bool {
        ![.bids, .offeringCommands, .paymentResults].contains(self)
    }
}
