import Foundation
import Messages
import SchemaConformance
import Schemas
import Testing

/// Where the JSON Schema of AsyncAPI documents is: not part of this repository.
private enum MetaSchema {
    static let folder = ProcessInfo.processInfo.environment["FAIRFILL_TEST_SCHEMAS"]
    static let isAtHand = folder != nil
}

@Suite struct AsyncAPITests {
    private let document: Node

    init() throws { document = try Node(parsing: AsyncAPI.document(version: "1.0").line) }

    @Test(
        .enabled(
            if: MetaSchema.isAtHand,
            "the schema of AsyncAPI documents is not at hand (FAIRFILL_TEST_SCHEMAS)"))
    func itIsAnAsyncAPIDocument() throws {
        let path = "\(try #require(MetaSchema.folder))/asyncapi-3.0.0.json"
        let schema = try Node(parsing: String(contentsOfFile: path, encoding: .utf8))
        let validator = try Validator(schema)
        #expect(validator.fault(document) == nil)
        // And it would find something: a word, a member, a type that are wrong, deep inside.
        let line = AsyncAPI.document(version: "1.0").line
        for (right, wrong) in [
            (#""action": "send""#, #""action": "shout""#),
            (#""cleanup.policy": ["delete"]"#, #""cleanup.policy": "delete""#),
            (#""type": "integer", "minimum": 0"#, #""type": "float", "minimum": 0"#),
            (#""address": "{env}.bids""#, #""adress": "{env}.bids""#),
            (#""info": {"title": "Fairfill""#, #""info": {"name": "Fairfill""#),
        ] {
            let damaged = try #require(line.firstRange(of: right)).lowerBound
            var text = line
            text.replaceSubrange(damaged..<text.index(damaged, offsetBy: right.count), with: wrong)
            let fault = validator.fault(try Node(parsing: text))
            #expect(fault != nil, "\(wrong)")
        }
    }

    /// The schema of AsyncAPI can't say that references lead somewhere.
    @Test func everyReferenceLeadsSomewhere() throws {
        var count = 0
        func walk(_ node: Node) throws {
            switch node {
            case .object(let members):
                if let path = members["$ref"]?.text {
                    count += 1
                    try #require(path.hasPrefix("#/"))
                    var target: Node? = document
                    for step in path.dropFirst(2).split(separator: "/") {
                        target = target?[String(step)]
                    }
                    #expect(target != nil, "\(path)")
                }
                for member in members.values { try walk(member) }
            case .array(let elements): for element in elements { try walk(element) }
            default: break
            }
        }
        try walk(document)
        #expect(count > 100)
    }

    @Test func everyTopicIsAChannelWithItsWritersAndReaders() throws {
        let operations = try #require(document["operations"])
        for topic in Topic.allCases {
            let channel = try #require(document["channels"]?[topic.name])
            #expect(channel["address"] == .string("{env}.\(topic.name)"))
            for role in Topic.Role.allCases {
                let sends = operations["\(role.rawValue).sends.\(topic.name)"]
                let receives = operations["\(role.rawValue).receives.\(topic.name)"]
                #expect((sends != nil) == topic.writers.contains(role))
                #expect((receives != nil) == topic.readers.contains(role))
                #expect(sends == nil || sends?["action"] == .string("send"))
            }
        }
    }
}
