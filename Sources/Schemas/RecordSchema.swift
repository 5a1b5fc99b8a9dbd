import JSON
import Messages

/// The JSON Schema of one type of record.
package struct RecordSchema: Sendable {
    package var topic: Topic
    /// The value of `type`; nil where the topic's one form of record says none.
    package var type: String?
    /// A sentence.
    package var summary: String
    var members: [SchemaMember]
    /// Keywords beside the members: what depends on what.
    var conditions: [JSONValue.Member] = []
    /// Records that the schema allows, as they stand in the log.
    package var examples: [String]

    /// Its name among all records: `decisions.reserved`, or the topic's where it has no types.
    package var name: String { type.map { "\(topic.name).\($0)" } ?? topic.name }

    /// The schema as a part of a larger document.
    package var schema: JSONValue {
        .object(
            [
                .init("title", .string(name)),
                .init("description", .string("\(summary) \(wholeRecord)")),
                .init("type", "object"), .init("x-maxBytes", .integer(Int64(largest))),
                .init("required", .strings(members.filter(\.isRequired).map(\.name))),
                .init("properties", .object(members.map { .init($0.name, $0.form) })),
            ] + conditions + [
                .init("additionalProperties", .bool(topic != .offeringCommands)),
                .init("examples", .array(examples.map { .verbatim($0) })),
            ])
    }

    /// How long a value may be, in bytes: of inputs, and of what this system writes.
    private var largest: Int {
        switch topic {
        case .bids, .offeringCommands, .paymentResults: RecordLimits.value
        default: RecordLimits.ownValue
        }
    }

    /// What JSON Schema can't say of a record as a whole.
    private var wholeRecord: String {
        "At most \(largest) bytes of UTF-8; no listed member twice."
    }

    /// The schema as a separate document.
    package var document: JSONValue {
        guard case .object(let members) = schema else { return schema }
        return .object([.init("$schema", .string(Self.dialect))] + members)
    }

    /// AsyncAPI 3 builds on it.
    static let dialect = "http://json-schema.org/draft-07/schema#"
}

/// A member that a record lists.
struct SchemaMember: Sendable {
    var name: String
    var form: JSONValue
    var isRequired: Bool

    static func required(_ name: String, _ form: JSONValue) -> SchemaMember {
        SchemaMember(name: name, form: form, isRequired: true)
    }

    static func optional(_ name: String, _ form: JSONValue) -> SchemaMember {
        SchemaMember(name: name, form: form, isRequired: false)
    }

    static func type(_ word: String) -> SchemaMember {
        required("type", Form.constant(word, "Says what the record is."))
    }
}

// What depends on what.
extension JSONValue.Member {
    /// At least one of these must hold.
    static func anyOf(_ choices: JSONValue...) -> JSONValue.Member {
        .init("anyOf", .array(choices))
    }

    /// With one of the members all of them.
    static func together(_ names: [String]) -> JSONValue.Member {
        .init(
            "dependencies",
            .object(names.map { name in .init(name, .strings(names.filter { $0 != name })) }))
    }
}

extension JSONValue {
    /// A case of a record that has several: these members must be there.
    static func having(_ title: String, _ names: [String]) -> JSONValue {
        ["title": .string(title), "required": .strings(names)]
    }
}
