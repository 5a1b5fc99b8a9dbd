import JSON
import Messages
import Vocabulary

/// The AsyncAPI 3 document of all topics: who writes and reads what, under which key, in which
/// form. Complete in itself, so that it can be handed on.
package enum AsyncAPI {
    /// `version` is this system's.
    package static func document(version: String) -> JSONValue {
        [
            "asyncapi": "3.0.0",
            "info": [
                "title": "Fairfill", "version": .string(version),
                "description": .string(about),
            ],
            "defaultContentType": "application/json",
            "servers": [
                "example": [
                    "host": "localhost:9092", "protocol": "kafka",
                    "description": "Any Apache Kafka with transactions.",
                ]
            ],
            "channels": .object(Topic.allCases.map { .init($0.name, channel($0)) }),
            "operations": .object(Topic.Role.allCases.flatMap(operations)),
            "components": [
                "parameters": [
                    "env": [
                        "description": "The environment: several may share a cluster.",
                        "default": "dev", "examples": ["dev", "staging", "prod"],
                    ]
                ],
                "messages": .object(Topic.allCases.flatMap(messages)),
                "schemas": .object(
                    Topic.allCases.flatMap(\.recordSchemas).map { .init($0.name, $0.schema) }),
            ],
        ]
    }

    private static let about = """
        Fixed-size offerings, sold exactly. Front ends append bids, operators offering commands; \
        one allocator a partition decides them in the order of the log, and a payer executes each \
        payment command at most once. Values are JSON objects in UTF-8, those of inputs at most \
        16 KiB. The partition of a key is murmur2 of it, as in Java clients (librdkafka: \
        partitioner=murmur2_random). Readers read committed records only. A member that is not \
        listed is ignored, except in offering commands, where it makes a record malformed; so does \
        a listed member that comes twice.
        """

    // MARK: Channels

    private static func channel(_ topic: Topic) -> JSONValue {
        [
            "address": .string("{env}.\(topic.name)"), "summary": .string(topic.summary),
            "parameters": ["env": reference("components/parameters/env")],
            "messages": .object(
                messageNames(topic).map { .init($0, reference("components/messages/\($0)")) }),
            "bindings": ["kafka": binding(topic)],
        ]
    }

    private static func binding(_ topic: Topic) -> JSONValue {
        var members: [JSONValue.Member] = []
        switch topic.partitions {
        case .one: members.append(.init("partitions", 1))
        case .environment:
            members.append(.init("x-partitions", "as many as the record of `environment` says"))
        }
        return .object(members + [
            .init("topicConfiguration", [
                "cleanup.policy": [topic.cleanup == .compact ? "compact" : "delete"],
                "retention.ms": .integer(topic.retentionMilliseconds ?? -1),
                "max.message.bytes": .integer(Int64(topic.maxMessageBytes)),
                "message.timestamp.type": "LogAppendTime",
            ]),
            .init("bindingVersion", "0.5.0"),
        ])
    }

    // MARK: Messages

    /// What could not be read is a message, too, though its value has no schema.
    private static func messageNames(_ topic: Topic) -> [String] {
        topic == .invalid ? [topic.name] : topic.recordSchemas.map(\.name)
    }

    private static func messages(_ topic: Topic) -> [JSONValue.Member] {
        if topic == .invalid { return [.init(topic.name, invalid)] }
        return topic.recordSchemas.map { record in
            .init(record.name, message(topic, record.name, record.summary, [
                .init("payload", reference("components/schemas/\(record.name)")),
                .init("examples", .array(record.examples.map {
                    ["payload": .verbatim($0)]
                })),
            ]))
        }
    }

    private static let invalid = message(.invalid, "invalid", Topic.invalid.summary, [
        .init("contentType", "application/octet-stream"),
        .init("payload", [
            "description": .string(
                "The record's first \(RecordLimits.invalidExcerpt) bytes, unchanged.")
        ]),
    ])

    private static func message(
        _ topic: Topic, _ name: String, _ summary: String, _ members: [JSONValue.Member]
    ) -> JSONValue {
        .object([
            .init("name", .string(name)), .init("summary", .string(summary)),
            .init("headers", topic.headers),
        ] + members + [
            .init("bindings", ["kafka": ["key": topic.keyForm, "bindingVersion": "0.5.0"]])
        ])
    }

    // MARK: Operations

    /// What a role does with each topic, from its point of view.
    private static func operations(_ role: Topic.Role) -> [JSONValue.Member] {
        Topic.allCases.flatMap { topic in
            var found: [JSONValue.Member] = []
            if topic.writers.contains(role) {
                found.append(operation(role, "send", "sends", topic))
            }
            if topic.readers.contains(role) {
                found.append(operation(role, "receive", "receives", topic))
            }
            return found
        }
    }

    private static func operation(
        _ role: Topic.Role, _ action: String, _ verb: String, _ topic: Topic
    ) -> JSONValue.Member {
        .init("\(role.rawValue).\(verb).\(topic.name)", [
            "action": .string(action), "channel": reference("channels/\(topic.name)"),
            "summary": .string("\(role.words) \(verb) records of \(topic.name)."),
            "tags": [["name": .string(role.rawValue)]],
            "messages": .array(messageNames(topic).map {
                reference("channels/\(topic.name)/messages/\($0)")
            }),
        ])
    }

    private static func reference(_ path: String) -> JSONValue {
        ["$ref": .string("#/\(path)")]
    }
}

extension Topic.Role {
    /// Who it is, at the beginning of a sentence.
    fileprivate var words: String {
        switch self {
        case .frontEnd: "A front end"
        case .operator: "An operator"
        case .allocator: "The allocator"
        case .payer: "The payer"
        case .installer: "The installer"
        case .reader: "A reader"
        }
    }
}
