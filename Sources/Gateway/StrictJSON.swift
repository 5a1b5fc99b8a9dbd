/// A JSON value, read so that nothing is guessed: numbers stay text, a member that comes twice
/// is an error, and nothing may follow the value. Foundation's readers turn 12.0 into 12 and
/// take either of two amounts.
enum StrictJSON {
    case null
    case bool(Bool)
    case number(Substring)
    case string(String)
    case array([StrictJSON])
    case object([String: StrictJSON])

    /// Nil where the bytes are not one JSON value in UTF-8.
    static func parse(_ bytes: [UInt8]) -> StrictJSON? {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        var reader = StrictJSONReader(rest: Substring(text).unicodeScalars)
        guard let value = reader.value(depth: 0) else { return nil }
        reader.skipBlanks()
        return reader.rest.isEmpty ? value : nil
    }

    /// A member of an object; nil where it is missing, or where this is no object.
    subscript(_ name: String) -> StrictJSON? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    var array: [StrictJSON]? {
        guard case .array(let values) = self else { return nil }
        return values
    }

    /// Nil for 12.0 and 1e3 too: an amount is written as an integer or it is not one.
    var integer: Int64? {
        guard case .number(let text) = self else { return nil }
        return Int64(text)
    }

    var isNull: Bool {
        guard case .null = self else { return false }
        return true
    }
}
