// How a value is read, so that nothing is guessed: no number becomes another, a member that comes
// twice is an error, and nothing may follow the value. Foundation's readers turn 12.0 into 12 and
// take either of two amounts.
extension JSONValue {
    /// The value that `bytes` are; nil where they are not one JSON value in UTF-8.
    package init?(parsing bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        var reader = JSONTreeReader(rest: Substring(text).unicodeScalars)
        guard let value = reader.value(depth: 0) else { return nil }
        reader.skipBlanks()
        guard reader.rest.isEmpty else { return nil }
        self = value
    }

    /// A member of an object; nil where it is missing, or where this is no object.
    package subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text, or nil where this is none.
    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The truth value, or nil where this is none.
    package var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The elements, or nil where this is no array.
    package var array: [JSONValue]? {
        guard case .array(let values) = self else { return nil }
        return values
    }

    /// Nil for 12.0 and 1e3 too: an amount is written as an integer or it is not one.
    package var integer: Int64? {
        guard case .integer(let value) = self else { return nil }
        return value
    }

    /// Whether this is `null`.
    package var isNull: Bool { self == .null }
}
