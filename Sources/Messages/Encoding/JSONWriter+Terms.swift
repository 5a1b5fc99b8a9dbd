import Vocabulary

extension JSONWriter {
    /// Writes the terms that are given, in the order of Terms.md's table. All but the lists
    /// of distribution ids come to less than 1 KiB; those must have come from one record.
    mutating func terms(_ terms: OfferingTerms) {
        precondition(
            Self.count(of: terms.distributions) <= RecordLimits.value,
            "the lists of distributions are longer than a record may be")
        member(",\"shares\":", terms.shares)
        member(",\"price\":", terms.price)
        member(",\"currency\":\"", terms.currency)
        optionalMember(",\"lot\":", terms.lot)
        optionalMember(",\"minShares\":", terms.minShares)
        optionalMember(",\"maxSharesPerAccount\":", terms.maxSharesPerAccount)
        optionalMember(",\"maxBidsPerAccount\":", terms.maxBidsPerAccount)
        optionalMember(",\"bidsPerMinutePerAccount\":", terms.bidsPerMinutePerAccount)
        optionalMember(",\"opensAt\":", terms.opensAt)
        optionalMember(",\"closesAt\":", terms.closesAt)
        if let remainder = terms.remainder {
            literal(",\"remainder\":\"")
            literal(remainder.name)
            literal("\"")
        }
        optionalMember(",\"waitlistShares\":", terms.waitlistShares)
        optionalMember(",\"minimumShares\":", terms.minimumShares)
        if let backstop = terms.backstop {
            member(",\"backstop\":{\"account\":\"", backstop.account)
            member(",\"maxShares\":", backstop.maxShares)
            literal("}")
        }
        if let payee = terms.payee { member(",\"payee\":\"", payee) }
        if let distributions = terms.distributions {
            literal(",\"distributions\":{\"interest\":")
            identifiers(distributions.interest)
            literal(",\"principal\":")
            identifiers(distributions.principal)
            literal("}")
        }
        optionalMember(",\"rules\":", terms.rules)
    }

    /// What two lists take: each id has its quotes, and all but the last a comma.
    private static func count(of distributions: AllowedDistributions?) -> Int {
        guard let distributions else { return 0 }
        return (distributions.interest + distributions.principal).reduce(0) { $0 + $1.count + 3 }
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
        let (first, second, third) = currency.bytes
        member(name, word: String(decoding: [first, second, third], as: UTF8.self))
    }
}
