/// What people call a term, or a part of one: the flag of `offering open`, and the name in
/// `what-if --with NAME=VALUE`.
public struct TermFlag: Sendable {
    /// The name without its dashes, as `max-shares-per-account`.
    public let name: String
    /// What stands for its value in help.
    public let placeholder: String
    /// What the value is, for help.
    public let help: String
    public let part: Part
    /// A second name, for where two names are easily mistaken for each other.
    public let otherName: String?

    /// What it sets.
    public enum Part: Hashable, Sendable {
        case term(Member)
        case backstopAccount, backstopMaxShares, interest, principal
    }

    init(
        _ name: String, _ placeholder: String, _ help: String, _ part: Part,
        otherName: String? = nil
    ) {
        self.name = name
        self.placeholder = placeholder
        self.help = help
        self.part = part
        self.otherName = otherName
    }

    /// The flag that is called as its term: `maxSharesPerAccount` has `max-shares-per-account`.
    init(_ member: Member, _ kind: Term.Kind, _ help: String, otherName: String?) {
        var name = ""
        for letter in member.rawValue {
            name += letter.isUppercase ? "-\(letter.lowercased())" : "\(letter)"
        }
        let placeholder =
            switch kind {
            case .size, .price, .shares, .count: "N"
            case .moment: "TIME"
            case .currency: "CODE"
            case .word: "RULE"
            case .account, .backstop, .distributions: "ID"
            }
        self.init(name, placeholder, help, .term(member), otherName: otherName)
    }

    public static let all = Term.all.flatMap(\.flags)

    /// The flag of this name, or of this as its other name.
    public static func named(_ name: String) -> TermFlag? {
        all.first { $0.name == name || $0.otherName == name }
    }

    /// The only values that it has; empty where they are not a few words.
    public var words: [String] {
        placeholder == "RULE" ? RemainderRule.allCases.map { "\($0.name)" } : []
    }

    public var isMoment: Bool { placeholder == "TIME" }

    /// What holds without it, for people; nil where it is required.
    public var whenLeftOut: String? {
        switch part {
        case .term(let member): Term.named(member)?.whenLeftOut.words
        case .backstopMaxShares: "all shares"
        case .backstopAccount, .interest, .principal: "none"
        }
    }
}

/// A term, or a part of one, set to a value. nil leaves it out, so that its default holds.
public struct TermChange: Hashable, Sendable {
    public let part: TermFlag.Part
    public let value: Value?

    /// What a term, or a part of one, is set to.
    public enum Value: Hashable, Sendable {
        case one(TermValue)
        /// The ids of `interest` or `principal`.
        case ids([Identifier])
    }

    public init(_ part: TermFlag.Part, _ value: Value?) {
        self.part = part
        self.value = value
    }

    /// Sets the term. Whether the terms make sense then is decided by the rules.
    public func apply(to terms: inout OfferingTerms) {
        switch (part, value) {
        case (.term(let member), .one(let value)?): terms[Term.named(member)!] = value
        case (.term(let member), nil): terms[Term.named(member)!] = nil
        case (.backstopAccount, .one(.account(let account))?):
            terms.backstop = Backstop(
                account: account, maxShares: terms.backstop?.maxShares ?? terms.shares)
        case (.backstopAccount, nil): terms.backstop = nil
        // It says nothing where there is no backstop.
        case (.backstopMaxShares, .one(.integer(let most))?):
            terms.backstop?.maxShares = Shares(most)
        case (.interest, .ids(let ids)?): terms.setDistributions(\.interest, ids)
        case (.principal, .ids(let ids)?): terms.setDistributions(\.principal, ids)
        case (.interest, nil): terms.setDistributions(\.interest, [])
        case (.principal, nil): terms.setDistributions(\.principal, [])
        default: preconditionFailure("\(part) has no value of this kind")
        }
    }
}

extension OfferingTerms {
    fileprivate mutating func setDistributions(
        _ kind: WritableKeyPath<AllowedDistributions, [Identifier]>, _ ids: [Identifier]
    ) {
        var allowed = distributions ?? AllowedDistributions()
        allowed[keyPath: kind] = ids
        distributions = allowed
    }
}
