import Vocabulary

// Terms as ledgers have them. A term is called as records call it, and the frequent ones have a
// short name; the words of `remainder` stand alone.

private let shortNames: [Member: String] = [
    .minShares: "min", .maxSharesPerAccount: "cap", .maxBidsPerAccount: "bids",
    .bidsPerMinutePerAccount: "rate", .opensAt: "from", .closesAt: "to",
    .waitlistShares: "waitlist", .minimumShares: "need",
]

private func name(of term: Term) -> String {
    shortNames[term.member] ?? term.member.rawValue
}

/// The terms of 100 shares at 2 CNY, but for what `words` say: `shares 5 cap 2 skip`.
package func parseTerms(_ words: ArraySlice<String>) -> OfferingTerms {
    var terms = OfferingTerms(shares: 100, price: 2, currency: CurrencyCode("CNY")!)
    var rest = words
    while let word = rest.popFirst() {
        if let rule = RemainderRule.allCases.first(where: { "\($0.name)" == word }) {
            terms.remainder = rule
        } else if word == "backstop" {
            terms.backstop = Backstop(
                account: Identifier(parsing: rest.popFirst()!)!,
                maxShares: Shares(Int64(rest.popFirst()!)!))
        } else if let flag = TermFlag.all.first(where: { $0.name == word }), flag.part.isList {
            try! flag.change(rest.popFirst()!).apply(to: &terms)
        } else {
            guard let term = Term.all.first(where: { name(of: $0) == word }) else {
                preconditionFailure("no term \(word)")
            }
            terms[term] = value(rest.popFirst()!, of: term)
        }
    }
    return terms
}

extension TermFlag.Part {
    fileprivate var isList: Bool { self == .interest || self == .principal }
}

private func value(_ word: String, of term: Term) -> TermValue {
    switch term.kind {
    case .account: .account(Identifier(parsing: word)!)
    case .currency: .currency(CurrencyCode(word)!)
    default: .integer(Int64(word)!)
    }
}

/// The words that `parseTerms` takes for `terms`: those of the ledger's own that are given.
package func words(_ terms: OfferingTerms) -> String {
    let given = Term.all.filter { $0.member != .currency }
    return given.compactMap { words($0, terms[$0]) }.joined(separator: " ")
}

private func words(_ term: Term, _ value: TermValue?) -> String? {
    switch value {
    case nil: nil
    case .integer(let number): "\(name(of: term)) \(number)"
    case .currency(let code): "\(name(of: term)) \(code)"
    case .word(let rule): "\(rule.name)"
    case .account(let account): "\(name(of: term)) \(account)"
    case .backstop(let backstop): "backstop \(backstop.account) \(backstop.maxShares)"
    case .distributions(let lists):
        [("interest", lists.interest), ("principal", lists.principal)]
            .filter { !$0.1.isEmpty }
            .map { "\($0.0) " + $0.1.map { "\($0)" }.joined(separator: ",") }
            .joined(separator: " ")
    }
}

/// The size, the price, and every other term that is not as it is where an opening leaves it
/// out. A default that was not filled in is `none`.
package func describe(_ terms: OfferingTerms) -> String {
    let bare = OfferingTerms(
        shares: terms.shares, price: terms.price, currency: terms.currency)
    var defaults = bare
    defaults.lot = terms.lot
    defaults = defaults.filledIn
    defaults.lot = bare.filledIn.lot
    let differences = Term.all.compactMap { term -> String? in
        guard terms[term] != defaults[term] else { return nil }
        return words(term, terms[term]) ?? "\(name(of: term)) none"
    }
    return (["\(terms.shares) x \(terms.price) \(terms.currency)"] + differences)
        .joined(separator: " ")
}
