/// A JSON value whose objects keep the order of their members: documents are read by people from
/// the top.
package indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// Any other number, as it stands: 12.0 is none of the integers, and no float is as exact.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])
    /// JSON as it stands, such as a record of an example.
    case verbatim(String)

    /// A member of an object.
    package struct Member: Hashable, Sendable {
        package var name: String
        package var value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

    /// In the order of the literal.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }

    /// An array of texts.
    package static func strings(_ words: [String]) -> JSONValue {
        .array(words.map { .string($0) })
    }

    /// The same object with more members at its end.
    package func with(_ members: Member...) -> JSONValue {
        guard case .object(let before) = self else { preconditionFailure("no object") }
        return .object(before + members)
    }
}
