import Vocabulary

/// How terms are drawn: every term of the catalogue now and then, so that a new one comes about in
/// every random history from its first day.
package struct AnyTerms {
    /// Terms that a history does without: its judge does not know them, or draws them itself.
    package var without: Set<Member> = []
    /// A backstop is one of so many accounts, `a0`, `a1`, ...
    package var accounts = 1
    /// The most shares that may wait.
    package var mostWaiting: Int64 = 60

    package init(without: Set<Member> = []) { self.without = without }

    /// Terms of an offering of so many lots, each of `lot` shares.
    package func draw(
        lots: Int64, of lot: Int64, price: MinorUnits = 2,
        _ random: inout some RandomNumberGenerator
    ) -> OfferingTerms {
        var terms = OfferingTerms(
            shares: Shares(lot * lots), price: price, currency: CurrencyCode("CNY")!)
        terms.lot = Shares(lot)
        for term in Term.all where terms[term] == nil && !without.contains(term.member) {
            if let value = value(of: term, beside: terms, &random) { terms[term] = value }
        }
        return terms
    }

    private func value(
        of term: Term, beside terms: OfferingTerms, _ random: inout some RandomNumberGenerator
    ) -> TermValue? {
        func isOnce(in times: Int) -> Bool { Int.random(in: 0..<times, using: &random) == 0 }
        switch term.kind {
        // They are there; and moments follow from the time of the history.
        case .size, .price, .currency, .moment: return nil
        case .shares:
            guard isOnce(in: 2) else { return nil }
            let range = range(of: term.bounds, beside: terms)
            let step = term.bounds.isInLots ? terms.lot!.rawValue : 1
            return .integer(step * Int64.random(in: range, using: &random))
        case .count:
            // What an operator can't set is left to its default.
            guard !term.flags.isEmpty, isOnce(in: 3) else { return nil }
            return .integer(Int64.random(in: 1...6, using: &random))
        case .word: return .word(RemainderRule.allCases.randomElement(using: &random)!)
        case .account: return isOnce(in: 2) ? .account("owner") : nil
        case .backstop:
            guard isOnce(in: 2) else { return nil }
            let account = Int.random(in: 0..<accounts, using: &random)
            let most = terms.shares.rawValue + 2
            return .backstop(
                Backstop(
                    account: Identifier(parsing: "a\(account)")!,
                    maxShares: Shares(Int64.random(in: 1...most, using: &random))))
        case .distributions:
            guard isOnce(in: 2) else { return nil }
            return .distributions(
                AllowedDistributions(interest: ["d1", "d2"], principal: ["d1"]))
        }
    }

    /// The steps that a term may have, a lot each where it is in lots. A smallest bid is kept
    /// small, or nobody could bid.
    private func range(
        of bounds: Term.Bounds, beside terms: OfferingTerms
    ) -> ClosedRange<Int64> {
        let step = bounds.isInLots ? terms.lot!.rawValue : 1
        let oneBid = bounds.isOneBid ? (terms.minShares ?? terms.lot!).rawValue : 0
        let least = (max(bounds.least, oneBid) + step - 1) / step
        let isSmallestBid = bounds.isInLots && !bounds.isOneBid
        let most = bounds.isWithinSize ? terms.shares.rawValue / step : mostWaiting
        return least...max(least, isSmallestBid ? min(3, most) : most)
    }
}
