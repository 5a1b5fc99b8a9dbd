/// A JSON value whose objects keep the order in which they were written: documents are read by
/// people from the top.
public indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case string(String)
    case array([JSONValue])
    case object([Member])
    /// JSON as it stands, such as a record of an example.
    case verbatim(String)

    /// A member of an object.
    public struct Member: Hashable, Sendable {
        public var name: String
        public var value: JSONValue

        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

    /// In the order of the literal.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }

    static func strings(_ words: [String]) -> JSONValue { .array(words.map { .string($0) }) }

    /// The same object with more members at its end.
    func with(_ members: Member...) -> JSONValue {
        guard case .object(let before) = self else { preconditionFailure("no object") }
        return .object(before + members)
    }
}

// How it is written.
extension JSONValue {
    /// On one line, without a space more than people need.
    public var line: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .string(let text): Self.quoted(text)
        case .array(let elements): "[" + elements.map(\.line).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "\(Self.quoted($0.name)): \($0.value.line)" }
                .joined(separator: ", ") + "}"
        case .verbatim(let text): text
        }
    }

    /// On as few lines as fit `columns`: what doesn't fit one line has a line for each element.
    public func page(columns: Int = 100) -> String {
        var text = ""
        write(into: &text, indent: 0, before: 0, columns: columns)
        return text
    }

    /// `before` is how much of the line is taken.
    private func write(into text: inout String, indent: Int, before: Int, columns: Int) {
        let line = line
        // A comma may follow.
        if before + line.count < columns {
            text += line
            return
        }
        let margin = "\n" + String(repeating: " ", count: indent + 2)
        switch self {
        case .array(let elements) where elements.allSatisfy(\.isWord):
            Self.fill(elements, into: &text, margin: margin, columns: columns)
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                text += (index == 0 ? "[" : ",") + margin
                element.write(
                    into: &text, indent: indent + 2, before: indent + 2, columns: columns)
            }
            text += margin.dropLast(2) + "]"
        case .object(let members):
            for (index, member) in members.enumerated() {
                let name = Self.quoted(member.name) + ": "
                text += (index == 0 ? "{" : ",") + margin + name
                member.value.write(
                    into: &text, indent: indent + 2, before: indent + 2 + name.count,
                    columns: columns)
            }
            text += margin.dropLast(2) + "}"
        default: text += line
        }
    }

    private var isWord: Bool {
        switch self {
        case .null, .bool, .integer, .string: true
        case .array, .object, .verbatim: false
        }
    }

    /// As many words on a line as fit.
    private static func fill(
        _ words: [JSONValue], into text: inout String, margin: String, columns: Int
    ) {
        text += "[" + margin
        var taken = margin.count - 1
        for (index, word) in words.enumerated() {
            let next = word.line + (index == words.count - 1 ? "" : ",")
            if index > 0 {
                let fits = taken + 1 + next.count <= columns
                text += fits ? " " : margin
                taken = fits ? taken + 1 : margin.count - 1
            }
            text += next
            taken += next.count
        }
        text += margin.dropLast(2) + "]"
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            default:
                precondition(scalar.value >= 0x20, "no control characters in documents")
                quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
