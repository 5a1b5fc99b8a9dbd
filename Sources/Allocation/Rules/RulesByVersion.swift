import Vocabulary

/// One version of the rules, pinned for an offering's life by its term `rules`.
///
/// What a version decides differently from the others stands here, as a function or as a number;
/// everything else is the same in all of them. A version that was released never changes: books
/// that were written under it are restored, go on and are proved by it in every later build.
package struct RulesVersion: Sendable {
    /// The value of the term `rules`.
    package let version: Int64
    /// The first term under which nothing can be opened, or nil. The terms are filled in.
    package let wrongMember: @Sendable (OfferingTerms, Moment) -> Member?
    /// The terms with their defaults.
    package let filledIn: @Sendable (OfferingTerms) -> OfferingTerms
    /// What bids meet of the terms, which are filled in.
    package let bidTerms: @Sendable (OfferingTerms) -> BidTerms

    package static let one = RulesVersion(
        version: 1, wrongMember: { TermsCheck.wrongMember(of: $0, $1) },
        filledIn: { $0.filledIn }, bidTerms: { BidTerms($0) })

    package init(
        version: Int64, wrongMember: @escaping @Sendable (OfferingTerms, Moment) -> Member?,
        filledIn: @escaping @Sendable (OfferingTerms) -> OfferingTerms,
        bidTerms: @escaping @Sendable (OfferingTerms) -> BidTerms
    ) {
        self.version = version
        self.wrongMember = wrongMember
        self.filledIn = filledIn
        self.bidTerms = bidTerms
    }
}

extension RulesVersion: Equatable {
    package static func == (left: RulesVersion, right: RulesVersion) -> Bool {
        left.version == right.version
    }
}

/// The versions of the rules that a book knows.
package struct RulesByVersion: Sendable {
    private let versions: [RulesVersion]

    /// The versions that offerings may be sold under.
    package static let released = RulesByVersion([.one])
    /// What `rules` means where an opening leaves it out, in every build: old and new workers can
    /// take turns, and decide the same.
    package static let whenLeftOut: Int64 = 1

    /// In ascending order.
    package init(_ versions: [RulesVersion]) { self.versions = versions }

    /// The newest version.
    package var newest: Int64 { versions[versions.count - 1].version }

    /// The rules that the terms ask for; nil where they are not known.
    subscript(terms: OfferingTerms) -> RulesVersion? {
        let version = terms.rules ?? Self.whenLeftOut
        return versions.first { $0.version == version }
    }

    /// The rules that an opening is decided by, and the first term that is wrong under them.
    /// Terms that ask for unknown rules are refused for it, if nothing else is wrong with them.
    func opening(
        _ asked: OfferingTerms, at moment: Moment
    ) -> (rules: RulesVersion, terms: OfferingTerms, wrongMember: Member?) {
        let known = self[asked]
        let rules = known ?? versions[0]
        let terms = rules.filledIn(asked)
        let wrong = rules.wrongMember(terms, moment) ?? (known == nil ? .rules : nil)
        return (rules, terms, wrong)
    }
}
