/// A JSON value as a validator sees it.
package enum Node: Hashable, Sendable {
    case null
    case bool(Bool)
    /// Written without fraction or exponent, and not -0.
    case integer(Int64)
    /// Any other number.
    case number(Double)
    case string(String)
    case array([Node])
    case object([String: Node])

    /// A member of an object.
    package subscript(name: String) -> Node? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    /// The text of a string.
    package var text: String? { if case .string(let text) = self { text } else { nil } }

    /// Reads one value, strictly; an object's names are unique.
    package init(parsing text: String) throws(NotJSON) {
        var parser = Parser(bytes: Array(text.utf8))
        self = try parser.value()
        parser.skipSpace()
        guard parser.position == parser.bytes.count else { throw parser.fault("the end") }
    }
}

/// Why a text is no JSON.
package struct NotJSON: Error, CustomStringConvertible {
    var expected: String
    var position: Int
    package var description: String { "\(expected) is missing at byte \(position)" }
}

private struct Parser {
    let bytes: [UInt8]
    var position = 0

    func fault(_ expected: String) -> NotJSON { NotJSON(expected: expected, position: position) }

    var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipSpace() {
        while let byte, [0x20, 0x0a, 0x0d, 0x09].contains(byte) { position += 1 }
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard byte == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func value() throws(NotJSON) -> Node {
        skipSpace()
        switch byte {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ node: Node) throws(NotJSON) -> Node {
        guard bytes[position...].starts(with: word.utf8) else { throw fault(word) }
        position += word.utf8.count
        return node
    }

    private mutating func object() throws(NotJSON) -> Node {
        position += 1
        var members: [String: Node] = [:]
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            guard byte == UInt8(ascii: "\"") else { throw fault("a name") }
            let name = try string()
            skipSpace()
            guard take(":") else { throw fault("a colon") }
            guard members.updateValue(try value(), forKey: name) == nil else {
                throw fault("another name than '\(name)'")
            }
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw fault("a comma") }
        }
    }

    private mutating func array() throws(NotJSON) -> Node {
        position += 1
        var elements: [Node] = []
        skipSpace()
        if take("]") { return .array(elements) }
        while true {
            elements.append(try value())
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw fault("a comma") }
        }
    }

    private mutating func number() throws(NotJSON) -> Node {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        let isWhole = ![UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(byte)
        if take(".") { try digits() }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, text != "-0", let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text) else { throw fault("a value") }
        return .number(number)
    }

    private mutating func digits() throws(NotJSON) {
        let start = position
        while let byte, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        guard position > start else { throw fault("a value") }
    }

    private mutating func string() throws(NotJSON) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let valid = String(validating: text, as: UTF8.self) else {
                    throw fault("UTF-8")
                }
                return valid
            case UInt8(ascii: "\\"): try escape(&text)
            case ..<0x20: throw fault("an escape")
            default: text.append(byte)
            }
        }
        throw fault("a quote")
    }

    private mutating func escape(_ text: inout [UInt8]) throws(NotJSON) {
        guard let byte else { throw fault("an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var scalar = try unit()
            if (0xd800..<0xdc00).contains(scalar), take("\\"), take("u") {
                scalar = 0x10000 + (scalar - 0xd800) << 10 + (try unit() &- 0xdc00)
            }
            guard let scalar = Unicode.Scalar(scalar) else { throw fault("a surrogate's half") }
            text.append(contentsOf: String(Character(scalar)).utf8)
        default: throw fault("an escape")
        }
    }

    private mutating func unit() throws(NotJSON) -> UInt32 {
        let digits = bytes[position..<min(position + 4, bytes.count)]
        guard digits.count == 4,
            let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw fault("four digits") }
        position += 4
        return unit
    }
}
