/// A term of an offering: everything about it but the rules that act on it.
///
/// `Term.all` is the only list of terms. The codec, the defaults, the bounds, the flags of
/// `offering open`, the changes of `what-if`, the schemas and the simulator read it.
public struct Term: Sendable {
    /// Its name on the wire.
    public let member: Member
    /// Where `OfferingTerms` keeps it, and of which kind it is.
    public let kind: Kind
    /// What holds where an opening leaves it out.
    public let whenLeftOut: WhenLeftOut
    /// What an integer may be; terms of other kinds have no bounds here.
    public let bounds: Bounds
    /// A sentence for readers of the schema.
    public let meaning: String
    /// The flags of `offering open` that set it.
    public let flags: [TermFlag]
    /// What it must be, for an operator whose opening was refused as `badTerms`.
    public let rule: String?

    /// A place in the terms.
    public typealias Path<Value> = WritableKeyPath<OfferingTerms, Value> & Sendable

    /// The kind of a term, with its place.
    public enum Kind: Sendable {
        case size(Path<Shares>), price(Path<MinorUnits>), currency(Path<CurrencyCode>)
        case shares(Path<Shares?>), count(Path<Int64?>), moment(Path<Timestamp?>)
        case word(Path<RemainderRule?>), account(Path<Identifier?>)
        case backstop(Path<Backstop?>), distributions(Path<AllowedDistributions?>)
    }

    /// What holds where an opening leaves a term out.
    public enum WhenLeftOut: Sendable {
        /// It may not be left out.
        case required
        /// The offering goes without; the words say what that means.
        case none(String)
        case value(TermValue)
        /// The value of another term, which stands before it in `Term.all`.
        case sameAs(Path<Shares?>, String)
        /// The offering's size.
        case size(String)
    }

    /// The bounds of an integer. Moments and amounts have rules of their own (`TermsCheck`).
    public struct Bounds: Sendable {
        public var least: Int64 = 0
        /// Whether it is a multiple of `lot`.
        public var isInLots = false
        /// Whether it is at least `minShares`.
        public var isOneBid = false
        /// Whether it is at most `shares`.
        public var isWithinSize = false

        public static let any = Bounds()
        public static let positive = Bounds(least: 1)
    }
}

/// The value of one term.
public enum TermValue: Hashable, Sendable {
    /// Shares, an amount, a count or a moment, as the kind of the term says.
    case integer(Int64)
    case currency(CurrencyCode)
    case word(RemainderRule)
    case account(Identifier)
    case backstop(Backstop)
    case distributions(AllowedDistributions)
}

extension OfferingTerms {
    /// The value of a term, or nil where it is left out. A term that is required can't be set
    /// to nil, nor one to a value of another kind: that is a bug.
    public subscript(term: Term) -> TermValue? {
        get {
            switch term.kind {
            case .size(let path): .integer(self[keyPath: path].rawValue)
            case .price(let path): .integer(self[keyPath: path].rawValue)
            case .currency(let path): .currency(self[keyPath: path])
            case .shares(let path): self[keyPath: path].map { .integer($0.rawValue) }
            case .count(let path): self[keyPath: path].map { .integer($0) }
            case .moment(let path): self[keyPath: path].map { .integer($0.rawValue) }
            case .word(let path): self[keyPath: path].map { .word($0) }
            case .account(let path): self[keyPath: path].map { .account($0) }
            case .backstop(let path): self[keyPath: path].map { .backstop($0) }
            case .distributions(let path): self[keyPath: path].map { .distributions($0) }
            }
        }
        set {
            switch (term.kind, newValue) {
            case (.size(let path), .integer(let value)?): self[keyPath: path] = Shares(value)
            case (.price(let path), .integer(let value)?): self[keyPath: path] = MinorUnits(value)
            case (.currency(let path), .currency(let value)?): self[keyPath: path] = value
            case (.shares(let path), .integer(let value)?): self[keyPath: path] = Shares(value)
            case (.count(let path), .integer(let value)?): self[keyPath: path] = value
            case (.moment(let path), .integer(let value)?):
                self[keyPath: path] = Timestamp(value)
            case (.word(let path), .word(let value)?): self[keyPath: path] = value
            case (.account(let path), .account(let value)?): self[keyPath: path] = value
            case (.backstop(let path), .backstop(let value)?): self[keyPath: path] = value
            case (.distributions(let path), .distributions(let value)?):
                self[keyPath: path] = value
            case (.shares(let path), nil): self[keyPath: path] = nil
            case (.count(let path), nil): self[keyPath: path] = nil
            case (.moment(let path), nil): self[keyPath: path] = nil
            case (.word(let path), nil): self[keyPath: path] = nil
            case (.account(let path), nil): self[keyPath: path] = nil
            case (.backstop(let path), nil): self[keyPath: path] = nil
            case (.distributions(let path), nil): self[keyPath: path] = nil
            default: preconditionFailure("\(term.member) has no value of this kind")
            }
        }
    }
}

extension Term.WhenLeftOut {
    /// What holds then, for people; nil where it is required.
    public var words: String? {
        switch self {
        case .required: nil
        case .none(let words), .sameAs(_, let words), .size(let words): words
        case .value(.integer(let number)): "\(number)"
        case .value(.word(let word)): "\(word.name)"
        case .value: preconditionFailure("no term has a default of this kind")
        }
    }
}

extension OfferingTerms {
    /// The terms with what was left out filled in; a term without a default stays away.
    public var filledIn: OfferingTerms {
        var terms = self
        for term in Term.all where terms[term] == nil {
            switch term.whenLeftOut {
            case .required, .none: break
            case .value(let value): terms[term] = value
            case .sameAs(let other, _):
                terms[term] = terms[keyPath: other].map { .integer($0.rawValue) }
            case .size: terms[term] = .integer(terms.shares.rawValue)
            }
        }
        if let lists = distributions, lists.interest.isEmpty, lists.principal.isEmpty {
            terms.distributions = nil
        }
        return terms
    }
}
