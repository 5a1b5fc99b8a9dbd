import Vocabulary

// The terms of a simulated offering: every term of the catalogue is drawn now and then, so that
// a new one is simulated from its first day.
extension Crowd {
    /// Terms under which an offering can be opened at `moment`.
    func anyTerms(opensAt moment: Int64) -> OfferingTerms {
        let lot = random.number(1...2)
        var terms = OfferingTerms(
            shares: Shares(lot * random.number(4...25)), price: MinorUnits(random.number(1...7)),
            currency: CurrencyCode("CNY")!)
        terms.lot = Shares(lot)
        for term in Term.all where terms[term] == nil {
            if let value = anyValue(of: term, in: terms) { terms[term] = value }
        }
        drawTimes(&terms, moment)
        return terms
    }

    private func anyValue(of term: Term, in terms: OfferingTerms) -> TermValue? {
        switch term.kind {
        case .size, .price, .currency, .moment: return nil
        case .shares:
            guard random.once(in: 3) else { return nil }
            return .integer(anyShares(term.bounds, terms))
        case .count:
            // What an operator can't set is left to its default.
            guard !term.flags.isEmpty, random.once(in: 5) else { return nil }
            return .integer(random.number(1...6))
        case .word: return .word(RemainderRule.allCases.randomElement(using: &random)!)
        case .account: return random.once(in: 3) ? .account("owner") : nil
        case .backstop:
            guard random.once(in: 3) else { return nil }
            return .backstop(Backstop(account: "rich", maxShares: Shares(random.number(1...40))))
        case .distributions:
            guard random.once(in: 2) else { return nil }
            return .distributions(AllowedDistributions(interest: ["i1"], principal: ["p1"]))
        }
    }

    /// A number of shares that the term may have, beside those that are drawn already. A smallest
    /// bid is kept small, or nobody could bid.
    private func anyShares(_ bounds: Term.Bounds, _ terms: OfferingTerms) -> Int64 {
        let step = bounds.isInLots ? terms.lot!.rawValue : 1
        let oneBid = bounds.isOneBid ? (terms.minShares ?? terms.lot!).rawValue : 0
        let least = max(bounds.least, oneBid)
        let isSmallestBid = bounds.isInLots && !bounds.isOneBid
        let most = isSmallestBid ? 3 * step : bounds.isWithinSize ? terms.shares.rawValue : 30
        return step * random.number((least + step - 1) / step...max(most, least) / step)
    }

    private func drawTimes(_ terms: inout OfferingTerms, _ moment: Int64) {
        guard random.once(in: 3) else { return }
        terms.closesAt = Timestamp(moment + random.number(8_000...24_000))
        if random.once(in: 2) {
            terms.opensAt = Timestamp(moment + random.number(1...3_000))
        }
    }
}
