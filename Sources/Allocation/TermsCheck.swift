import Vocabulary

/// Which term of an offering makes no sense, or is not acted on by these rules (allocation.md,
/// Terms): the first in the order of the checks.
enum TermsCheck {
    /// nil where an offering can be opened under `terms`, whose defaults are filled in.
    static func wrongMember(of terms: OfferingTerms) -> Member? {
        tooSmall(terms) ?? notInLots(terms) ?? outOfOrder(terms) ?? tooMuch(terms)
            ?? unknownCurrency(terms) ?? notActedOn(terms)
    }

    private static func tooSmall(_ terms: OfferingTerms) -> Member? {
        if terms.shares < 1 { return .shares }
        // What costs nothing cannot be paid, so it could never be settled.
        if terms.price < 1 { return .price }
        if terms.lot! < 1 { return .lot }
        if let cap = terms.maxSharesPerAccount, cap < 1 { return .maxSharesPerAccount }
        if let most = terms.maxBidsPerAccount, most < 1 { return .maxBidsPerAccount }
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

    /// Terms that this version of the rules has no answer to must have their default: an offering
    /// that ignored one would be another than the one that was asked for.
    private static func notActedOn(_ terms: OfferingTerms) -> Member? {
        if terms.bidsPerMinutePerAccount != nil { return .bidsPerMinutePerAccount }
        if terms.opensAt != nil { return .opensAt }
        if terms.closesAt != nil { return .closesAt }
        if terms.minimumShares! != terms.shares { return .minimumShares }
        if terms.backstop != nil { return .backstop }
        if terms.payee != nil { return .payee }
        if terms.distributions != nil { return .distributions }
        if terms.rules! != currentRulesVersion { return .rules }
        return nil
    }
}
