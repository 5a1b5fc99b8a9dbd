/// A reader of JSON that is as plain as can be, to compare the decoder with: it makes a tree by
/// recursion over characters and shares nothing with the decoder but RFC 8259.
indirect enum NaiveJSON {
    case null
    case boolean(Bool)
    /// As it is written.
    case number(String)
    case string(String)
    case array([NaiveJSON])
    case object([(name: String, value: NaiveJSON)])

    /// The value that `bytes` are, or nil where they are no JSON, or deeper than 32 levels.
    init?(_ bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        var reader = NaiveReader(rest: Array(text.unicodeScalars)[...])
        guard let value = reader.value(depth: 0) else { return nil }
        reader.space()
        guard reader.rest.isEmpty else { return nil }
        self = value
    }
}

private struct NaiveReader {
    var rest: ArraySlice<Unicode.Scalar>

    mutating func space() {
        rest = rest.drop { [" ", "\n", "\r", "\t"].contains($0) }
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == scalar else { return false }
        rest.removeFirst()
        return true
    }

    mutating func take(word: String) -> Bool {
        guard rest.starts(with: word.unicodeScalars) else { return false }
        rest = rest.dropFirst(word.unicodeScalars.count)
        return true
    }

    mutating func value(depth: Int) -> NaiveJSON? {
        space()
        if take(word: "null") { return .null }
        if take(word: "true") { return .boolean(true) }
        if take(word: "false") { return .boolean(false) }
        if rest.first == "\"" { return string().map { .string($0) } }
        if take("[") { return depth < 32 ? array(depth: depth + 1) : nil }
        if take("{") { return depth < 32 ? object(depth: depth + 1) : nil }
        return number().map { .number($0) }
    }

    mutating func array(depth: Int) -> NaiveJSON? {
        var elements: [NaiveJSON] = []
        space()
        if take("]") { return .array([]) }
        while true {
            guard let element = value(depth: depth) else { return nil }
            elements.append(element)
            space()
            if take("]") { return .array(elements) }
            guard take(",") else { return nil }
        }
    }

    mutating func object(depth: Int) -> NaiveJSON? {
        var members: [(name: String, value: NaiveJSON)] = []
        space()
        if take("}") { return .object([]) }
        while true {
            space()
            guard let name = string() else { return nil }
            space()
            guard take(":"), let value = value(depth: depth) else { return nil }
            members.append((name, value))
            space()
            if take("}") { return .object(members) }
            guard take(",") else { return nil }
        }
    }

    mutating func number() -> String? {
        var text = take("-") ? "-" : ""
        if take("0") {
            text += "0"
        } else {
            guard let digits = digits() else { return nil }
            text += digits
        }
        if take(".") {
            guard let digits = digits() else { return nil }
            text += "." + digits
        }
        if take("e") || take("E") {
            let sign = take("+") ? "+" : take("-") ? "-" : ""
            guard let digits = digits() else { return nil }
            text += "e" + sign + digits
        }
        return text
    }

    mutating func digits() -> String? {
        let digits = rest.prefix { $0 >= "0" && $0 <= "9" }
        rest = rest.dropFirst(digits.count)
        return digits.isEmpty ? nil : String(String.UnicodeScalarView(digits))
    }

    mutating func string() -> String? {
        guard take("\"") else { return nil }
        var units: [UInt16] = []
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return String(validating: units, as: UTF16.self)
            case "\\":
                guard let unit = escape() else { return nil }
                // No character ends or begins with half a pair, so that only escapes can pair.
                units.append(unit)
            case "\u{0}"..."\u{1f}": return nil
            default: units.append(contentsOf: String(scalar).utf16)
            }
        }
        return nil
    }

    mutating func escape() -> UInt16? {
        let plain: [Unicode.Scalar: UInt16] = [
            "\"": 0x22, "\\": 0x5c, "/": 0x2f, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9,
        ]
        guard let scalar = rest.popFirst() else { return nil }
        if let unit = plain[scalar] { return unit }
        guard scalar == "u", rest.count >= 4 else { return nil }
        let digits = String(String.UnicodeScalarView(rest.prefix(4)))
        rest = rest.dropFirst(4)
        guard digits.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else {
            return nil
        }
        return UInt16(digits, radix: 16)
    }
}
