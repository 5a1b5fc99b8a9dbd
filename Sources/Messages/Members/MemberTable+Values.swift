import Vocabulary

/// What the members of a record hold, each read as the type that its name stands for.
/// A member that is not there or of another type is an error that names it.
extension MemberTable {
    @inline(never)
    func missing(_ name: Member) -> Malformation {
        Malformation(.missingMember, member: name.ofInput, at: closing)
    }

    @inline(never)
    func fault(
        _ code: Malformation.Code, _ name: Member, _ token: JSONToken
    ) -> Malformation {
        Malformation(code, member: name.ofInput, at: Int(token.start))
    }

    @inline(__always)
    func required(_ name: Member) throws(Malformation) -> JSONToken {
        guard let token = self[name] else { throw missing(name) }
        return token
    }
}

// Numbers and truth values.
extension MemberTable {
    @inline(__always)
    func integer(_ name: Member) throws(Malformation) -> Int64 {
        try integer(required(name), name)
    }

    func optionalInteger(_ name: Member) throws(Malformation) -> Int64? {
        guard let token = self[name] else { return nil }
        return try integer(token, name)
    }

    @inline(__always)
    private func integer(_ token: JSONToken, _ name: Member) throws(Malformation) -> Int64 {
        guard token.kind == .integer else {
            throw fault(token.kind == .otherNumber ? .outOfRange : .wrongType, name, token)
        }
        return token.integer
    }

    @inline(__always)
    func quantity<Value: Quantity>(
        _ name: Member, as _: Value.Type = Value.self
    ) throws(Malformation) -> Value {
        Value(rawValue: try integer(name))
    }

    func optionalQuantity<Value: Quantity>(
        _ name: Member, as _: Value.Type = Value.self
    ) throws(Malformation) -> Value? {
        guard let value = try optionalInteger(name) else { return nil }
        return Value(rawValue: value)
    }

    func moment(_ name: Member) throws(Malformation) -> Timestamp {
        let token = try required(name)
        let isText = token.kind == .plainString || token.kind == .escapedString
        guard takesDates, isText else { return Timestamp(rawValue: try integer(token, name)) }
        do throws(Timestamp.TextFault) {
            let text = reader.withText(of: token) { String(decoding: $0, as: UTF8.self) }
            return try Timestamp(parsingDate: text)
        } catch {
            throw fault(.badValue, name, token)
        }
    }

    func optionalMoment(_ name: Member) throws(Malformation) -> Timestamp? {
        has(name) ? try moment(name) : nil
    }

    @inline(__always)
    func boolean(_ name: Member) throws(Malformation) -> Bool {
        let token = try required(name)
        switch token.kind {
        case .true: return true
        case .false: return false
        default: throw fault(.wrongType, name, token)
        }
    }
}

// Strings.
extension MemberTable {
    @inline(__always)
    private func string(
        _ token: JSONToken, _ name: Member
    ) throws(Malformation) -> JSONToken {
        guard token.kind == .plainString || token.kind == .escapedString else {
            throw fault(.wrongType, name, token)
        }
        return token
    }

    @inline(__always)
    func identifier(_ name: Member) throws(Malformation) -> Identifier {
        try identifier(required(name), name)
    }

    func optionalIdentifier(_ name: Member) throws(Malformation) -> Identifier? {
        guard let token = self[name] else { return nil }
        return try identifier(token, name)
    }

    @inline(__always)
    func identifier(
        _ token: JSONToken, _ name: Member
    ) throws(Malformation) -> Identifier {
        if token.kind == .plainString, let identifier = reader.identifier(token) {
            return identifier
        }
        let token = try string(token, name)
        guard let identifier = reader.withText(of: token, { Identifier($0) }) else {
            throw fault(.badIdentifier, name, token)
        }
        return identifier
    }

    /// One of the words of `table`.
    @inline(__always)
    func choice<Value>(
        _ name: Member, among table: WordTable<Value>,
        otherwise code: Malformation.Code = .badValue
    ) throws(Malformation) -> Value {
        let token = try string(required(name), name)
        guard let value = reader.withText(of: token, { table[$0] }) else {
            throw fault(code, name, token)
        }
        return value
    }

    func optionalChoice<Value>(
        _ name: Member, among table: WordTable<Value>
    ) throws(Malformation) -> Value? {
        has(name) ? try choice(name, among: table) : nil
    }

    func currency(_ name: Member) throws(Malformation) -> CurrencyCode {
        let token = try string(required(name), name)
        guard let code = reader.withText(of: token, { CurrencyCode($0) }) else {
            throw fault(.badValue, name, token)
        }
        return code
    }

    /// The id of a payment command: at most 260 bytes of an id's bytes and `/`. One that this
    /// system does not derive is nil, and no error: it answers nobody.
    func paymentID(_ name: Member) throws(Malformation) -> PaymentID? {
        let token = try string(required(name), name)
        let (isOfTheForm, id) = reader.withText(of: token) { text -> (Bool, PaymentID?) in
            let isOfTheForm =
                (1...RecordLimits.derivedIdentifier).contains(text.count)
                && text.allSatisfy { Identifier.allows($0) || $0 == UInt8(ascii: "/") }
            return (isOfTheForm, isOfTheForm ? PaymentID(text) : nil)
        }
        guard isOfTheForm else { throw fault(.badIdentifier, name, token) }
        return id
    }

    /// The id of a bid of `offering`: one that this system made stands behind its offering's.
    @inline(__always)
    func bid(_ name: Member, of offering: Identifier?) throws(Malformation) -> Identifier {
        let token = try required(name)
        if token.kind == .plainString, let identifier = reader.identifier(token) {
            return identifier
        }
        return try derivedBid(token, name, of: offering)
    }

    @inline(never)
    private func derivedBid(
        _ token: JSONToken, _ name: Member, of offering: Identifier?
    ) throws(Malformation) -> Identifier {
        let token = try string(token, name)
        let isBackstop = reader.withText(of: token) { text in
            guard let offering else { return false }
            return text.elementsEqual("\(offering)\(Identifier.backstop)".utf8)
        }
        return isBackstop ? .backstop : try identifier(token, name)
    }

    func optionalBoolean(_ name: Member) throws(Malformation) -> Bool {
        has(name) ? try boolean(name) : false
    }

    /// The integers of an object by the words of `table`, in the order of the record.
    func counts<Value>(
        _ name: Member, by table: WordTable<Value>
    ) throws(Malformation) -> [(Value, Int64)] {
        let object = try object(name)
        var counts: [(Value, Int64)] = []
        var members = JSONReader(
            reader.base, from: Int(object.start) + 1, to: Int(object.end) - 1)
        members.skipSpace()
        while members.position < members.end {
            let key = try members.string()
            guard let word = members.withText(of: key, { table[$0] }) else {
                throw fault(.badValue, name, key)
            }
            try members.colon()
            counts.append((word, try integer(members.value(level: 2), name)))
            members.skipSpace()
            // Past the comma, or past the end.
            members.position += 1
            members.skipSpace()
        }
        return counts
    }

    /// The id of an obligation, or of one of its commands.
    func obligationID(_ name: Member) throws(Malformation) -> PaymentID? {
        if let command = try paymentID(name) { return command }
        return try reader.withText(of: string(required(name), name)) {
            PaymentID(obligation: $0)
        }
    }

    /// A free text of at most `largest` bytes, its escapes resolved; nil where it is left out.
    func optionalText(_ name: Member, largest: Int) throws(Malformation) -> String? {
        guard let token = self[name] else { return nil }
        _ = try string(token, name)
        let text = reader.withText(of: token) { text in
            text.count <= largest ? String(decoding: text, as: UTF8.self) : nil
        }
        guard let text else { throw fault(.badValue, name, token) }
        return text
    }

    /// A free text of at most `largest` bytes, its escapes resolved.
    func text(_ name: Member, largest: Int) throws(Malformation) -> String {
        guard let text = try optionalText(name, largest: largest) else { throw missing(name) }
        return text
    }

    /// Checks that the member, if it is there, is a string.
    func optionalString(_ name: Member) throws(Malformation) {
        if let token = self[name] { _ = try string(token, name) }
    }
}

// Objects and arrays.
extension MemberTable {
    @inline(__always)
    func object(_ name: Member) throws(Malformation) -> JSONToken {
        let token = try required(name)
        guard token.kind == .object else { throw fault(.wrongType, name, token) }
        return token
    }

    /// An array of ids in their order; empty where it is left out.
    func identifiers(_ name: Member) throws(Malformation) -> [Identifier] {
        guard let token = self[name] else { return [] }
        guard token.kind == .array else { throw fault(.wrongType, name, token) }
        var identifiers: [Identifier] = []
        var elements = JSONReader(
            reader.base, from: Int(token.start) + 1, to: Int(token.end) - 1)
        elements.skipSpace()
        while elements.position < elements.end {
            identifiers.append(try identifier(elements.value(level: 2), name))
            elements.skipSpace()
            // Past the comma, or past the end.
            elements.position += 1
            elements.skipSpace()
        }
        return identifiers
    }
}

extension JSONReader {
    /// The id that a string without escapes is, or nil where it is none, or where too little of
    /// the record follows to read it eight bytes at a time.
    @inline(__always)
    fileprivate func identifier(_ token: JSONToken) -> Identifier? {
        let start = Int(token.start) &+ 1
        let count = Int(token.end) &- 1 &- start
        guard count >= 1, count <= Identifier.largestCount, start &+ count &+ 8 <= end else {
            return nil
        }
        var words = InlineArray<8, UInt64>(repeating: 0)
        var wrong: UInt64 = 0
        var index = 0
        while 8 &* index < count {
            let mask = EightBytes.first(min(count &- 8 &* index, 8), of: .max)
            let word = EightBytes.load(base, start &+ 8 &* index)
            wrong |= EightBytes.notIdentifierBytes(word) & mask
            words[index] = (word & mask).littleEndian
            index &+= 1
        }
        return wrong == 0 ? Identifier(trusted: words, count: count) : nil
    }
}
