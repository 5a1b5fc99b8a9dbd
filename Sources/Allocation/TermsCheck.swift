import Vocabulary

/// Which term of an offering makes no sense (Terms.md): the first in the order of the
/// checks.
enum TermsCheck {
    /// nil where an offering can be opened under `terms`, whose defaults are filled in.
    static func wrongMember(of terms: OfferingTerms, _ moment: Moment) -> Member? {
        tooSmall(terms) ?? notInLots(terms) ?? outOfOrder(terms) ?? outOfTime(terms, moment)
            ?? tooMuch(terms) ?? unknownCurrency(terms) ?? unknownRules(terms)
    }

    private static func tooSmall(_ terms: OfferingTerms) -> Member? {
        if terms.shares < 1 { return .shares }
        // What costs nothing cannot be paid, so it could never be settled.
        if terms.price < 1 { return .price }
        if terms.lot! < 1 { return .lot }
        if terms.minShares! < 1 { return .minShares }
        if let cap = terms.maxSharesPerAccount, cap < 1 { return .maxSharesPerAccount }
        if let most = terms.maxBidsPerAccount, most < 1 { return .maxBidsPerAccount }
        if let rate = terms.bidsPerMinutePerAccount, rate < 1 { return .bidsPerMinutePerAccount }
        if let backstop = terms.backstop, backstop.maxShares < 1 { return .backstop }
        return nil
    }

    private static func notInLots(_ terms: OfferingTerms) -> Member? {
        let lot = terms.lot!.rawValue
        if terms.shares.rawValue % lot != 0 { return .shares }
        if terms.minShares!.rawValue % lot != 0 { return .minShares }
        if let cap = terms.maxSharesPerAccount, cap.rawValue % lot != 0 {
            return .maxSharesPerAccount
        }
        return nil
    }

    /// minShares <= maxSharesPerAccount <= shares, and minimumShares <= shares.
    private static func outOfOrder(_ terms: OfferingTerms) -> Member? {
        if terms.minShares! > terms.shares { return .minShares }
        if let cap = terms.maxSharesPerAccount, cap < terms.minShares! || cap > terms.shares {
            return .maxSharesPerAccount
        }
        if terms.minimumShares! > terms.shares { return .minimumShares }
        return nil
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

    /// Whatever may be owed at one time must be an amount that every reader gets exactly.
    private static func tooMuch(_ terms: OfferingTerms) -> Member? {
        guard MinorUnits.product(terms.shares, price: terms.price) != nil else { return .price }
        let atOnce = terms.shares + terms.waitlistShares!
        guard MinorUnits.product(atOnce, price: terms.price) != nil else { return .waitlistShares }
        return nil
    }

    private static func unknownCurrency(_ terms: OfferingTerms) -> Member? {
        terms.currency.isInForce ? nil : .currency
    }

    private static func unknownRules(_ terms: OfferingTerms) -> Member? {
        terms.rules! == currentRulesVersion ? nil : .rules
    }
}
