import Messages
import SchemaConformance
import Schemas
import Testing
import Vocabulary

@Suite struct SchemaTests {
    /// A type that the code reads and no schema describes is found here.
    @Test func everyTypeOfEveryTopicHasItsSchema() {
        for topic in Topic.allCases {
            let types = topic.recordSchemas.compactMap(\.type)
            #expect(types == topic.recordTypes, "\(topic.name)")
        }
        let names = Topic.allCases.flatMap(\.recordSchemas).map(\.name)
        #expect(Set(names).count == names.count)
    }

    /// Topics whose values follow no schema, by design.
    @Test func whatHasNoSchemaIsNamed() {
        let without = Topic.allCases.filter { $0.document == nil }
        #expect(without == [.invalid])
    }

    @Test func everyExampleIsWhatItsSchemaSays() {
        for record in Topic.allCases.flatMap(\.recordSchemas) {
            #expect(!record.examples.isEmpty, "\(record.name)")
            for example in record.examples {
                let fault = RecordCheck.fault(example, in: record.topic, isOurs: true)
                #expect(fault == nil, "\(record.name)")
            }
        }
    }

    /// And the system reads it.
    @Test func everyExampleIsRead() {
        for record in Topic.allCases.flatMap(\.recordSchemas) {
            for example in record.examples {
                #expect(throws: Never.self, "\(example)") { try read(example, record.topic) }
            }
        }
    }

    /// A document of a topic takes each of its records: no record is two of them.
    @Test func aTopicsDocumentTellsItsRecordsApart() throws {
        for topic in Topic.allCases {
            guard let document = topic.document else { continue }
            let validator = try Validator(Node(parsing: document.line))
            for record in topic.recordSchemas {
                for example in record.examples {
                    #expect(validator.fault(try Node(parsing: example)) == nil, "\(example)")
                }
            }
            #expect(validator.fault(.object([:])) != nil)
        }
    }

    /// Line or page, it is the same document, whose lines fit a window where they can.
    @Test func aPageSaysWhatTheLineSays() throws {
        for topic in Topic.allCases {
            guard let document = topic.document else { continue }
            #expect(try Node(parsing: document.page()) == Node(parsing: document.line))
        }
    }

    private func read(_ text: String, _ topic: Topic) throws {
        // What a payer writes there is for people; nothing of ours reads it.
        if topic == .attention, text.contains("\"payment") { return }
        try RecordCheck.read(text, topic)
    }
}
