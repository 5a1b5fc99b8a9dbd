/// Makes a tree of one JSON value. What is JSON and what is not is for `JSONReader` to say, which
/// reads the records too.
///
/// A tree is a copy, for documents that come one at a time. Records are read in place.
struct JSONTreeReader {
    private var reader: JSONReader

    init(_ reader: JSONReader) { self.reader = reader }

    /// The one value that all bytes are.
    mutating func whole() throws(JSONFault) -> JSONValue {
        reader.skipSpace()
        let value = try value(level: 0)
        reader.skipSpace()
        guard reader.position == reader.end else { throw reader.unexpected() }
        return value
    }

    private mutating func value(level: Int) throws(JSONFault) -> JSONValue {
        if reader.byte == UInt8(ascii: "{") { return .object(try object(level: level)) }
        if reader.byte == UInt8(ascii: "[") { return .array(try array(level: level)) }
        let start = reader.position
        let token = try reader.value(level: level)
        switch token.kind {
        case .plainString, .escapedString: return .string(text(token.kind, from: start))
        case .integer: return .integer(token.integer)
        case .otherNumber:
            let number = characters(from: start)
            // Records have no integers below 0 or beyond 2^53; other documents may.
            return Int64(number).map { .integer($0) } ?? .number(number)
        case .true: return true
        case .false: return false
        case .null: return .null
        case .object, .array: preconditionFailure("they were looked for before")
        }
    }

    private mutating func object(level: Int) throws(JSONFault) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        var names: Set<String> = []
        try elements(level, until: UInt8(ascii: "}")) { tree throws(JSONFault) in
            let start = tree.reader.position
            guard tree.reader.byte == UInt8(ascii: "\"") else { throw tree.reader.unexpected() }
            let kind = try tree.reader.string().kind
            let name = tree.text(kind, from: start)
            guard names.insert(name).inserted else {
                throw JSONFault(.duplicateMember, at: start)
            }
            try tree.reader.colon()
            members.append(JSONValue.Member(name, try tree.value(level: level + 1)))
        }
        return members
    }

    private mutating func array(level: Int) throws(JSONFault) -> [JSONValue] {
        var values: [JSONValue] = []
        try elements(level, until: UInt8(ascii: "]")) { tree throws(JSONFault) in
            values.append(try tree.value(level: level + 1))
        }
        return values
    }

    /// Passes the bracket, what stands between it and the one that closes, and that one.
    private mutating func elements(
        _ level: Int, until end: UInt8,
        _ element: (inout JSONTreeReader) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        guard level < JSONReader.deepestLevel else {
            throw JSONFault(.tooDeep, at: reader.position)
        }
        reader.position += 1
        reader.skipSpace()
        if reader.byte != end {
            try element(&self)
            reader.skipSpace()
            while reader.byte != end {
                guard reader.byte == UInt8(ascii: ",") else { throw reader.unexpected() }
                reader.position += 1
                reader.skipSpace()
                try element(&self)
                reader.skipSpace()
            }
        }
        reader.position += 1
    }

    /// The text of the string that the reader passed last, and that began at `start`.
    private func text(_ kind: JSONToken.Kind, from start: Int) -> String {
        reader.withText(of: kind, from: start, to: reader.position) {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// What the reader passed since `start`, as it stands.
    private func characters(from start: Int) -> String {
        String(
            decoding: UnsafeRawBufferPointer(
                start: reader.base + start, count: reader.position - start),
            as: UTF8.self)
    }
}
