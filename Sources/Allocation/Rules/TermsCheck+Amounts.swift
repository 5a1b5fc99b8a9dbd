import Vocabulary

// The largest amounts that terms may lead to (Rules.md, Numbers).

extension TermsCheck {
    /// All that may be owed at one time must be an amount that every reader gets exactly.
    static func tooMuch(_ terms: OfferingTerms) -> Member? {
        guard MinorUnits.product(terms.shares, price: terms.price) != nil else { return .price }
        let atOnce = terms.shares + terms.waitlistShares!
        guard MinorUnits.product(atOnce, price: terms.price) != nil else { return .waitlistShares }
        return nil
    }
}
