import Vocabulary

/// One term of an offering set to another value. nil leaves the term out, so that its default
/// holds (Terms.md).
public enum TermChange: Hashable, Sendable {
    case shares(Shares), price(MinorUnits), currency(CurrencyCode)
    case lot(Shares?), minShares(Shares?), maxSharesPerAccount(Shares?)
    case maxBidsPerAccount(Int64?), bidsPerMinutePerAccount(Int64?)
    case opensAt(Milliseconds?), closesAt(Milliseconds?)
    case remainder(RemainderRule?)
    case waitlistShares(Shares?), minimumShares(Shares?)
    case backstopAccount(Identifier?)
    /// Says nothing where there is no backstop.
    case backstopMaxShares(Shares)
    case payee(Identifier?)
    case interest([Identifier]), principal([Identifier])

    /// Sets the term. Whether the terms make sense then is decided by the rules.
    public func apply(to terms: inout OfferingTerms) {
        switch self {
        case .shares(let value): terms.shares = value
        case .price(let value): terms.price = value
        case .currency(let value): terms.currency = value
        case .lot(let value): terms.lot = value
        case .minShares(let value): terms.minShares = value
        case .maxSharesPerAccount(let value): terms.maxSharesPerAccount = value
        case .maxBidsPerAccount(let value): terms.maxBidsPerAccount = value
        case .bidsPerMinutePerAccount(let value): terms.bidsPerMinutePerAccount = value
        case .opensAt(let value): terms.opensAt = value
        case .closesAt(let value): terms.closesAt = value
        case .remainder(let value): terms.remainder = value
        case .waitlistShares(let value): terms.waitlistShares = value
        case .minimumShares(let value): terms.minimumShares = value
        case .backstopAccount(let account):
            terms.backstop = account.map {
                Backstop(account: $0, maxShares: terms.backstop?.maxShares ?? terms.shares)
            }
        case .backstopMaxShares(let value): terms.backstop?.maxShares = value
        case .payee(let value): terms.payee = value
        case .interest(let ids):
            var allowed = terms.distributions ?? AllowedDistributions()
            allowed.interest = ids
            terms.distributions = allowed
        case .principal(let ids):
            var allowed = terms.distributions ?? AllowedDistributions()
            allowed.principal = ids
            terms.distributions = allowed
        }
    }
}

// In words: the flags of `fairfill offering open`.
extension TermChange {
    /// The names of the terms.
    public static let names = [
        "shares", "price", "currency", "lot", "min-shares", "max-shares-per-account",
        "max-bids-per-account", "bids-per-minute-per-account", "opens-at", "closes-at",
        "remainder", "waitlist-shares", "minimum-shares", "backstop-account",
        "backstop-max-shares", "payee", "interest", "principal",
    ]

    /// The change that sets the term `name` to what `text` says; `none` takes away a term that
    /// may be left out.
    init(_ name: String, _ text: String) throws(VariantFault) {
        let value = TermText(name: name, text: text)
        switch name {
        case "shares": self = .shares(try value.quantity())
        case "price": self = .price(try value.quantity())
        case "currency": self = .currency(try value.currency())
        case "lot": self = .lot(try value.optionalQuantity())
        case "min-shares": self = .minShares(try value.optionalQuantity())
        case "max-shares-per-account":
            self = .maxSharesPerAccount(try value.optionalQuantity())
        case "max-bids-per-account":
            self = .maxBidsPerAccount(value.isNone ? nil : try value.integer())
        case "bids-per-minute-per-account":
            self = .bidsPerMinutePerAccount(value.isNone ? nil : try value.integer())
        case "opens-at": self = .opensAt(try value.optionalMoment())
        case "closes-at": self = .closesAt(try value.optionalMoment())
        case "remainder": self = .remainder(value.isNone ? nil : try value.rule())
        case "waitlist-shares": self = .waitlistShares(try value.optionalQuantity())
        case "minimum-shares": self = .minimumShares(try value.optionalQuantity())
        case "backstop-account":
            self = .backstopAccount(value.isNone ? nil : try value.identifier())
        case "backstop-max-shares": self = .backstopMaxShares(try value.quantity())
        case "payee": self = .payee(value.isNone ? nil : try value.identifier())
        case "interest": self = .interest(value.isNone ? [] : try value.identifiers())
        case "principal": self = .principal(value.isNone ? [] : try value.identifiers())
        default: throw .unknownTerm(name)
        }
    }
}

/// The value of a term as somebody wrote it.
private struct TermText {
    let name: String
    let text: String

    var isNone: Bool { text == "none" }

    func integer() throws(VariantFault) -> Int64 {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }),
            let number = Int64(text), number <= largestInteger
        else { throw wrong("a whole number from 0 to \(largestInteger)") }
        return number
    }

    func quantity<Value: Quantity>() throws(VariantFault) -> Value {
        Value(rawValue: try integer())
    }

    func optionalQuantity<Value: Quantity>() throws(VariantFault) -> Value? {
        isNone ? nil : Value(rawValue: try integer())
    }

    func optionalMoment() throws(VariantFault) -> Milliseconds? {
        if isNone { return nil }
        do throws(Milliseconds.TextFault) {
            let moment = try Milliseconds(parsing: text)
            // It may be of a story that somebody made up, as the records are.
            guard moment.likelyUnit(isOfStory: true) == nil else { throw .notAMoment }
            return moment
        } catch {
            throw wrong(
                "a moment: RFC 3339, as 2026-12-24T18:00:00Z, or milliseconds since 1970 UTC, "
                    + "which seconds and microseconds are not")
        }
    }

    func currency() throws(VariantFault) -> CurrencyCode {
        guard let code = CurrencyCode(text) else { throw wrong("three capital letters, as CNY") }
        return code
    }

    func rule() throws(VariantFault) -> RemainderRule {
        guard let rule = RemainderRule.allCases.first(where: { "\($0.name)" == text }) else {
            throw wrong("split, skip or hold")
        }
        return rule
    }

    func identifier() throws(VariantFault) -> Identifier {
        guard let id = Identifier(parsing: text) else {
            throw wrong("an id, 1 to 64 characters of A-Z a-z 0-9 . _ : -")
        }
        return id
    }

    func identifiers() throws(VariantFault) -> [Identifier] {
        var ids: [Identifier] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            ids.append(try TermText(name: name, text: String(word)).identifier())
        }
        return ids
    }

    private func wrong(_ expected: String) -> VariantFault {
        .badValue("\(name)=\(text): \(name) is \(expected)")
    }
}
