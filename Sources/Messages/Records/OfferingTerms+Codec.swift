import Vocabulary

// The terms of an offering, in `offering.open` and in the decisions that repeat them alike. The
// catalogue of terms says which members there are and in which order they are written.

/// A term and its member.
private struct TermMember: Sendable {
    let term: Term
    /// The member's name, with the punctuation before and after it.
    let spelling: String

    static let all = Term.all.map { term in
        TermMember(term: term, spelling: ",\"\(term.member.rawValue)\":")
    }

    var name: Member { term.member }
}

extension OfferingTerms {
    /// The members that hold terms.
    static let members: MemberNames = {
        var names = MemberNames()
        for member in TermMember.all { names.insert(member.name) }
        return names
    }()
}

extension RemainderRule {
    static let table = WordTable<RemainderRule>(allCases.map { ("\($0.name)", $0) })
}

// MARK: Reading

extension RecordDecoder {
    /// The terms that the members of the record hold.
    mutating func offeringTerms() throws(Malformation) -> OfferingTerms {
        var terms = OfferingTerms(shares: 0, price: 0, currency: .noCurrency)
        for member in TermMember.all {
            if case .required = member.term.whenLeftOut {
                terms[member.term] = try value(of: member)
            } else if members.has(member.name) {
                terms[member.term] = try value(of: member)
            }
        }
        return terms
    }

    private mutating func value(of member: TermMember) throws(Malformation) -> TermValue {
        switch member.term.kind {
        case .size, .price, .shares, .count: .integer(try members.integer(member.name))
        case .moment: .integer(try members.moment(member.name).rawValue)
        case .currency: .currency(try members.currency(member.name))
        case .word: .word(try members.choice(member.name, among: RemainderRule.table))
        case .account: .account(try members.identifier(member.name))
        case .backstop: .backstop(try backstop(member.name))
        case .distributions: .distributions(try distributions(member.name))
        }
    }

    private mutating func backstop(_ name: Member) throws(Malformation) -> Backstop {
        try nested.read(members.object(name), in: members.reader)
        try nested.checkListed([.account, .maxShares])
        return Backstop(
            account: try nested.identifier(.account), maxShares: try nested.quantity(.maxShares))
    }

    private mutating func distributions(
        _ name: Member
    ) throws(Malformation) -> AllowedDistributions {
        try nested.read(members.object(name), in: members.reader)
        try nested.checkListed([.interest, .principal])
        return AllowedDistributions(
            interest: try nested.identifiers(.interest),
            principal: try nested.identifiers(.principal))
    }
}

// MARK: Writing

extension OfferingTerms {
    /// The terms that are given as one object of JSON, in the words of the wire. They are those of
    /// a record, or as short.
    package var json: String {
        withUnsafeTemporaryAllocation(
            byteCount: RecordEncoder.largestRecord, alignment: 1
        ) { room in
            var writer = JSONWriter(room, largest: RecordEncoder.largestRecord)
            writer.terms(self)
            // Each term has a comma before it, as they stand behind other members in records.
            return "{" + String(decoding: room[1..<writer.count], as: UTF8.self) + "}"
        }
    }
}

extension JSONWriter {
    /// Writes the terms that are given. All but the lists of distribution ids come to less than
    /// 1 KiB; those must have come from one record.
    mutating func terms(_ terms: OfferingTerms) {
        precondition(
            terms.distributions?.fitsARecord ?? true,
            "the lists of distributions are longer than a record may be")
        for member in TermMember.all {
            guard let value = terms[member.term] else { continue }
            word(member.spelling)
            self.value(value)
        }
    }

    private mutating func value(_ value: TermValue) {
        switch value {
        case .integer(let number): integer(number)
        case .currency(let code):
            literal("\"")
            currency(code)
            literal("\"")
        case .word(let rule):
            literal("\"")
            literal(rule.name)
            literal("\"")
        case .account(let account):
            literal("\"")
            identifier(account)
            literal("\"")
        case .backstop(let backstop):
            member("{\"account\":\"", backstop.account)
            member(",\"maxShares\":", backstop.maxShares)
            literal("}")
        case .distributions(let lists):
            literal("{\"interest\":")
            identifiers(lists.interest)
            literal(",\"principal\":")
            identifiers(lists.principal)
            literal("}")
        }
    }

    private mutating func identifiers(_ identifiers: [Identifier]) {
        literal("[")
        for (index, identifier) in identifiers.enumerated() {
            if index > 0 { literal(",") }
            literal("\"")
            self.identifier(identifier)
            literal("\"")
        }
        literal("]")
    }

    /// `name` ends with the opening quote.
    mutating func member(_ name: StaticString, _ currency: CurrencyCode) {
        literal(name)
        self.currency(currency)
        literal("\"")
    }

    private mutating func currency(_ code: CurrencyCode) {
        let (first, second, third) = code.bytes
        word(String(decoding: [first, second, third], as: UTF8.self))
    }
}

extension AllowedDistributions {
    /// Whether the lists alone are no longer than a record may be: the writer of records takes no
    /// others. Each id has its quotes, and all but the last a comma.
    package var fitsARecord: Bool {
        (interest + principal).reduce(0) { $0 + $1.count + 3 } <= RecordLimits.value
    }
}
