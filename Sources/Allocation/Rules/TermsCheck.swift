import Vocabulary

/// Which term of an offering makes no sense (Terms.md): the first in the order of the
/// checks.
enum TermsCheck {
    /// nil where an offering can be opened under `terms`, whose defaults are filled in.
    static func wrongMember(of terms: OfferingTerms, _ moment: Moment) -> Member? {
        tooSmall(terms) ?? notInLots(terms) ?? outOfOrder(terms) ?? outOfTime(terms, moment)
            ?? tooMuch(terms) ?? unknownCurrency(terms)
    }

    private static func tooSmall(_ terms: OfferingTerms) -> Member? {
        for term in Term.all {
            switch terms[term] {
            case .integer(let value) where value < term.bounds.least: return term.member
            case .backstop(let backstop) where backstop.maxShares < 1: return term.member
            default: break
            }
        }
        return nil
    }

    private static func notInLots(_ terms: OfferingTerms) -> Member? {
        firstInteger(of: terms) { $0.isInLots && $1 % terms.lot!.rawValue != 0 }
    }

    /// minShares <= maxSharesPerAccount <= shares, and minimumShares <= shares.
    private static func outOfOrder(_ terms: OfferingTerms) -> Member? {
        firstInteger(of: terms) {
            $0.isOneBid && $1 < terms.minShares!.rawValue
                || $0.isWithinSize && $1 > terms.shares.rawValue
        }
    }

    private static func firstInteger(
        of terms: OfferingTerms, where isWrong: (Term.Bounds, Int64) -> Bool
    ) -> Member? {
        Term.all.first { term in
            guard case .integer(let value) = terms[term] else { return false }
            return isWrong(term.bounds, value)
        }?.member
    }

    /// opensAt < closesAt, closesAt is still to come, and neither is so far away that it can only
    /// have been given in other units than milliseconds.
    private static func outOfTime(_ terms: OfferingTerms, _ moment: Moment) -> Member? {
        if let opensAt = terms.opensAt {
            if let closesAt = terms.closesAt, opensAt >= closesAt { return .opensAt }
            guard opensAt >= moment.earliestOpening, opensAt <= moment.latestDeadline else {
                return .opensAt
            }
        }
        guard let closesAt = terms.closesAt else { return nil }
        return closesAt > moment.latest && closesAt <= moment.latestDeadline ? nil : .closesAt
    }

    private static func unknownCurrency(_ terms: OfferingTerms) -> Member? {
        terms.currency.isInForce ? nil : .currency
    }
}
