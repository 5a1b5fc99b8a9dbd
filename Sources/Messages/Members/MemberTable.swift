import Vocabulary

/// The members of one object, collected in one pass and judged afterwards: what a record lists
/// depends on its `type`, which may come last.
///
/// It points into the record that was read last and is good until that goes away. It is used
/// for one record after the other without being cleared: the sets say what is there.
struct MemberTable {
    /// One place for each name; only the places of names that are present hold a value.
    private let tokens: UnsafeMutablePointer<JSONToken>
    private let names = Member.table
    private let forecast: NameForecast
    private var present = MemberNames()
    private var repeated = MemberNames()
    /// The first member whose name is none of any record's: its name, and its value.
    private var unknown: (name: JSONToken, value: JSONToken)?
    /// Whether a member that a type doesn't list is refused; else it is ignored.
    var refusesUnlisted = false
    /// Whether a moment may be a date, as in files that a person gives; on the wire it is a number.
    var takesDates = false
    /// The record that the members stand in.
    private(set) var reader = JSONReader(UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped, to: 0)
    /// The position of the object's closing brace, where a missing member is seen to be missing.
    private(set) var closing = 0

    /// A table that keeps its values at `tokens`, which has room for one of each name.
    init(tokens: UnsafeMutablePointer<JSONToken>, forecast: NameForecast) {
        self.tokens = tokens
        self.forecast = forecast
    }

    /// Reads a whole value, which must be one object and no longer than `largest` bytes.
    mutating func read(
        _ value: UnsafeRawBufferPointer?, largest: Int
    ) throws(Malformation) {
        guard let value else { throw Malformation(.nullPayload, at: 0) }
        guard value.count <= largest else { throw Malformation(.tooLong, at: largest) }
        guard let base = value.baseAddress else { throw Malformation(.notJSON, at: 0) }
        var reader = JSONReader(base, to: value.count)
        reader.skipSpace()
        guard reader.byte == UInt8(ascii: "{") else {
            let token = try reader.value(level: 0)
            throw Malformation(.notAnObject, at: Int(token.start))
        }
        try collect(&reader)
        reader.skipSpace()
        guard reader.position == reader.end else { throw reader.afterTheEnd() }
    }

    /// Reads the members of an object within a record that `record` has passed.
    mutating func read(_ object: JSONToken, in record: JSONReader) throws(Malformation) {
        var reader = JSONReader(record.base, from: Int(object.start), to: record.end)
        try collect(&reader)
    }

    /// Collects the members of the object whose brace is at the reader's position.
    private mutating func collect(_ reader: inout JSONReader) throws(Malformation) {
        present = MemberNames()
        repeated = MemberNames()
        unknown = nil
        reader.position += 1
        reader.skipSpace()
        if reader.byte != UInt8(ascii: "}") {
            var previous = NameForecast.beginning
            repeat { try member(after: &previous, &reader) } while try another(&reader)
        }
        closing = reader.position
        reader.position += 1
        self.reader = reader
    }

    /// Collects the member at the reader's position.
    @inline(__always)
    private mutating func member(
        after previous: inout UInt8, _ reader: inout JSONReader
    ) throws(Malformation) {
        let start = reader.position
        let name: Member
        if let foretold = forecast.pass(after: previous, in: &reader) {
            name = foretold
            reader.skipSpace()
        } else {
            guard reader.byte == UInt8(ascii: "\"") else { throw reader.unexpected() }
            let token = try reader.string()
            try reader.colon()
            guard let known = reader.withText(of: token, { names[$0] }) else {
                let value = try reader.value(level: 1)
                if unknown == nil { unknown = (token, value) }
                return
            }
            name = known
            forecast.remember(name, after: previous)
        }
        let value = try reader.value(level: 1)
        keep(value, as: name, namedAt: start)
        previous = name.place
    }

    /// Passes what stands between two members; false at the closing brace.
    @inline(__always)
    private func another(_ reader: inout JSONReader) throws(Malformation) -> Bool {
        reader.skipSpace()
        if reader.byte == UInt8(ascii: "}") { return false }
        guard reader.byte == UInt8(ascii: ",") else { throw reader.unexpected() }
        reader.position += 1
        reader.skipSpace()
        return true
    }

    @inline(__always)
    private mutating func keep(_ token: JSONToken, as name: Member, namedAt position: Int) {
        let index = Int(name.place)
        if present.contains(name) {
            // Which of two values stays is of no account: where the member is listed the record
            // is refused, and otherwise nobody asks for it.
            if !repeated.contains(name) {
                repeated.insert(name)
                tokens[index].repeatedAt = UInt16(truncatingIfNeeded: position)
            }
        } else {
            present.insert(name)
            tokens[index] = token
        }
    }
}

extension MemberTable {
    /// The member's value, or nil where the object has none of that name.
    @inline(__always)
    subscript(name: Member) -> JSONToken? {
        present.contains(name) ? tokens[Int(name.place)] : nil
    }

    /// Whether the object has a member of that name.
    @inline(__always)
    func has(_ name: Member) -> Bool { present.contains(name) }

    /// Whether the object has a member of that name, and has it once.
    func hasOnce(_ name: Member) -> Bool { has(name) && !repeated.contains(name) }

    /// Refuses a record in which one of the members that its type lists came twice: the first
    /// second one is named.
    @inline(__always)
    func refuseRepeated(_ listed: @autoclosure () -> MemberNames) throws(Malformation) {
        guard !repeated.isEmpty else { return }
        try refuseRepeatedSlowly(listed())
    }

    /// The same, and where it says so, of one in which a member stands that its type doesn't list:
    /// the first such one is named.
    @inline(__always)
    func checkListed(_ listed: @autoclosure () -> MemberNames) throws(Malformation) {
        guard !repeated.isEmpty || refusesUnlisted else { return }
        try checkListedSlowly(listed())
    }

    @inline(never)
    private func checkListedSlowly(_ listed: MemberNames) throws(Malformation) {
        try refuseRepeated(listed)
        guard refusesUnlisted else { return }
        let unlisted = listed.missing(of: present)
        guard unknown != nil || !unlisted.isEmpty else { return }
        var first: Malformation?
        if let (name, value) = unknown {
            first = Malformation(
                .unlistedMember, unlisted: reader.withText(of: name) { Identifier($0) },
                at: Int(value.start))
        }
        for name in Member.allCases where unlisted.contains(name) {
            let position = Int(tokens[Int(name.place)].start)
            if position < first?.position ?? .max {
                first = Malformation(
                    .unlistedMember, unlisted: Identifier(parsing: name.rawValue),
                    at: position)
            }
        }
        if let first { throw first }
    }

    @inline(never)
    private func refuseRepeatedSlowly(_ listed: MemberNames) throws(Malformation) {
        var first: Malformation?
        for name in Member.allCases where repeated.contains(name) && listed.contains(name) {
            let position = Int(tokens[Int(name.place)].repeatedAt)
            if position < first?.position ?? .max {
                first = Malformation(.duplicateMember, member: name.ofInput, at: position)
            }
        }
        if let first { throw first }
    }
}

extension JSONReader {
    /// What is wrong with bytes after the object.
    @inline(never)
    fileprivate func afterTheEnd() -> Malformation {
        let fault = unexpected()
        return fault.code == .notUTF8 ? fault : Malformation(.trailingBytes, at: position)
    }
}
