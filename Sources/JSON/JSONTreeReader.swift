/// Reads one JSON value (RFC 8259) from the front of `rest`; nil is an error, and final.
///
/// Records have a reader of their own (`JSONReader` in Messages), which copies nothing and is
/// compiled into the codec: from another module `bench codec` took a fifth more instructions. A
/// tree is a copy anyway, of documents that come one at a time, and may have any integer.
struct JSONTreeReader {
    var rest: Substring.UnicodeScalarView

    /// Deeper than any document that is read, and shallow enough for every stack.
    private static let deepest = 32

    mutating func skipBlanks() {
        rest = rest.drop { $0 == " " || $0 == "\n" || $0 == "\r" || $0 == "\t" }
    }

    mutating func value(depth: Int) -> JSONValue? {
        guard depth < Self.deepest else { return nil }
        skipBlanks()
        switch rest.first {
        case "{": return object(depth: depth)
        case "[": return array(depth: depth)
        case "\"": return string().map { .string($0) }
        case "t": return take("true") ? .bool(true) : nil
        case "f": return take("false") ? .bool(false) : nil
        case "n": return take("null") ? .null : nil
        default: return number()
        }
    }

    private mutating func take(_ word: String) -> Bool {
        guard rest.starts(with: word.unicodeScalars) else { return false }
        rest = rest.dropFirst(word.unicodeScalars.count)
        return true
    }

    private mutating func object(depth: Int) -> JSONValue? {
        guard take("{") else { return nil }
        var members: [JSONValue.Member] = []
        var names: Set<String> = []
        skipBlanks()
        if take("}") { return .object(members) }
        while true {
            skipBlanks()
            guard let name = string() else { return nil }
            skipBlanks()
            guard take(":"), let value = value(depth: depth + 1) else { return nil }
            guard names.insert(name).inserted else { return nil }
            members.append(JSONValue.Member(name, value))
            skipBlanks()
            if take("}") { return .object(members) }
            guard take(",") else { return nil }
        }
    }

    private mutating func array(depth: Int) -> JSONValue? {
        guard take("[") else { return nil }
        var values: [JSONValue] = []
        skipBlanks()
        if take("]") { return .array(values) }
        while true {
            guard let value = value(depth: depth + 1) else { return nil }
            values.append(value)
            skipBlanks()
            if take("]") { return .array(values) }
            guard take(",") else { return nil }
        }
    }

    private mutating func number() -> JSONValue? {
        let digits: ClosedRange<Unicode.Scalar> = "0"..."9"
        let start = rest
        _ = take("-")
        let whole = rest.prefix { digits.contains($0) }
        guard let first = whole.first, whole.count == 1 || first != "0" else { return nil }
        rest = rest.dropFirst(whole.count)
        if take(".") {
            let fraction = rest.prefix { digits.contains($0) }
            guard !fraction.isEmpty else { return nil }
            rest = rest.dropFirst(fraction.count)
        }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            let exponent = rest.prefix { digits.contains($0) }
            guard !exponent.isEmpty else { return nil }
            rest = rest.dropFirst(exponent.count)
        }
        let text = String(start[..<rest.startIndex])
        return Int64(text).map { .integer($0) } ?? .number(text)
    }

    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        var text = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return String(text)
            case "\\":
                guard let escaped = escape() else { return nil }
                text.append(escaped)
            case _ where scalar.value < 32: return nil
            default: text.append(scalar)
            }
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        switch rest.popFirst() {
        case "\"": return "\""
        case "\\": return "\\"
        case "/": return "/"
        case "b": return "\u{8}"
        case "f": return "\u{c}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u":
            guard let high = codeUnit() else { return nil }
            guard (0xd800..<0xdc00).contains(high) else { return Unicode.Scalar(high) }
            guard take("\\u"), let low = codeUnit(), (0xdc00..<0xe000).contains(low)
            else { return nil }
            return Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
        default: return nil
        }
    }

    private mutating func codeUnit() -> UInt32? {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = rest.popFirst(), digit.isASCII,
                let value = Character(digit).hexDigitValue
            else { return nil }
            unit = unit << 4 | UInt32(value)
        }
        return unit
    }
}
