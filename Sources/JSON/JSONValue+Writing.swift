// How a value is written for people.
extension JSONValue {
    /// On one line, without a space more than people need.
    package var line: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let text): text
        case .string(let text): Self.quoted(text)
        case .array(let elements): "[" + elements.map(\.line).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "\(Self.quoted($0.name)): \($0.value.line)" }
                .joined(separator: ", ") + "}"
        case .verbatim(let text): text
        }
    }

    /// On as few lines as fit `columns`: what doesn't fit one line has a line for each element.
    package func page(columns: Int = 100) -> String {
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
        case .null, .bool, .integer, .number, .string: true
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

    /// `text` as a JSON string, with its quotes.
    package static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case _ where scalar.value < 0x20:
                quoted += (scalar.value < 0x10 ? "\\u000" : "\\u00")
                    + String(scalar.value, radix: 16)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
