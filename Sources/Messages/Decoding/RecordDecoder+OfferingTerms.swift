import Vocabulary

extension OfferingTerms {
    /// The members that hold terms, in `offering.open` and in `opened` alike.
    static let members: MemberNames = [
        .shares, .price, .currency, .lot, .minShares, .maxSharesPerAccount, .maxBidsPerAccount,
        .bidsPerMinutePerAccount, .opensAt, .closesAt, .remainder, .waitlistShares,
        .minimumShares, .backstop, .payee, .distributions, .rules,
    ]
}

extension RemainderRule {
    static let table = WordTable<RemainderRule>(allCases.map { ("\($0.name)", $0) })
}

extension RecordDecoder {
    /// The terms that the members of the record hold (Terms.md).
    mutating func offeringTerms() throws(Malformation) -> OfferingTerms {
        var terms = OfferingTerms(
            shares: try members.quantity(.shares),
            price: try members.quantity(.price),
            currency: try members.currency(.currency))
        terms.lot = try members.optionalQuantity(.lot)
        terms.minShares = try members.optionalQuantity(.minShares)
        terms.maxSharesPerAccount = try members.optionalQuantity(.maxSharesPerAccount)
        terms.maxBidsPerAccount = try members.optionalInteger(.maxBidsPerAccount)
        terms.bidsPerMinutePerAccount = try members.optionalInteger(.bidsPerMinutePerAccount)
        terms.opensAt = try members.optionalMoment(.opensAt)
        terms.closesAt = try members.optionalMoment(.closesAt)
        terms.remainder = try members.optionalChoice(.remainder, among: RemainderRule.table)
        terms.waitlistShares = try members.optionalQuantity(.waitlistShares)
        terms.minimumShares = try members.optionalQuantity(.minimumShares)
        terms.backstop = try backstop()
        terms.payee = try members.optionalIdentifier(.payee)
        terms.distributions = try distributions()
        terms.rules = try members.optionalInteger(.rules)
        return terms
    }

    private mutating func backstop() throws(Malformation) -> Backstop? {
        guard members.has(.backstop) else { return nil }
        try nested.read(members.object(.backstop), in: members.reader)
        try nested.checkListed([.account, .maxShares])
        return Backstop(
            account: try nested.identifier(.account), maxShares: try nested.quantity(.maxShares))
    }

    private mutating func distributions() throws(Malformation) -> AllowedDistributions? {
        guard members.has(.distributions) else { return nil }
        try nested.read(members.object(.distributions), in: members.reader)
        try nested.checkListed([.interest, .principal])
        return AllowedDistributions(
            interest: try nested.identifiers(.interest),
            principal: try nested.identifiers(.principal))
    }
}
