/// Why a text is no value of a term: what a value is, as `three capital letters, as CNY`.
public struct TermTextFault: Error, Hashable, Sendable {
    public let expected: String
}

extension TermFlag {
    /// The change that sets the term to what `text` says.
    public func change(_ text: String) throws(TermTextFault) -> TermChange {
        switch part {
        case .term(let member):
            let kind = Term.named(member)!.kind
            return TermChange(part, .one(try TermText.value(text, of: kind)))
        case .backstopAccount:
            return TermChange(part, .one(.account(try TermText.identifier(text))))
        case .backstopMaxShares:
            return TermChange(part, .one(.integer(try TermText.integer(text))))
        case .interest, .principal:
            return TermChange(part, .ids(try TermText.identifiers(text)))
        }
    }

    /// The change that leaves the term out; nil where it must be there.
    public var leavingOut: TermChange? {
        switch part {
        case .term(let member):
            if case .required = Term.named(member)!.whenLeftOut { return nil }
            return TermChange(part, nil)
        case .backstopMaxShares: return nil
        case .backstopAccount, .interest, .principal: return TermChange(part, nil)
        }
    }
}

/// Values of terms as people write them.
private enum TermText {
    static func value(
        _ text: String, of kind: Term.Kind
    ) throws(TermTextFault) -> TermValue {
        switch kind {
        case .size, .price, .shares, .count: .integer(try integer(text))
        case .moment: .integer(try moment(text).rawValue)
        case .currency: .currency(try currency(text))
        case .word: .word(try word(text))
        case .account: .account(try identifier(text))
        case .backstop, .distributions: preconditionFailure("it is set part by part")
        }
    }

    static func integer(_ text: String) throws(TermTextFault) -> Int64 {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }),
            let number = Int64(text), number <= largestInteger
        else {
            throw TermTextFault(
                expected: "a whole number from 0 to \(largestInteger), written with digits only")
        }
        return number
    }

    static func moment(_ text: String) throws(TermTextFault) -> Timestamp {
        do throws(Timestamp.TextFault) {
            let moment = try Timestamp(parsing: text)
            // It may be of a story that an analyst made up, with times that begin at 0.
            guard moment.likelyUnit(isOfStory: true) == nil else { throw .notAMoment }
            return moment
        } catch {
            throw TermTextFault(
                expected: "a moment: RFC 3339, as 2026-12-24T18:00:00Z, or milliseconds since "
                    + "1970 UTC, which seconds and microseconds are not")
        }
    }

    static func currency(_ text: String) throws(TermTextFault) -> CurrencyCode {
        guard let code = CurrencyCode(text) else {
            throw TermTextFault(expected: "three capital letters, as CNY")
        }
        return code
    }

    static func word(_ text: String) throws(TermTextFault) -> RemainderRule {
        guard let rule = RemainderRule.allCases.first(where: { "\($0.name)" == text }) else {
            throw TermTextFault(expected: "split, skip or hold")
        }
        return rule
    }

    static func identifier(_ text: some StringProtocol) throws(TermTextFault) -> Identifier {
        guard let id = Identifier(parsing: text) else {
            throw TermTextFault(expected: "an id, 1 to 64 characters of A-Z a-z 0-9 . _ : -")
        }
        return id
    }

    /// Ids with commas between them.
    static func identifiers(_ text: String) throws(TermTextFault) -> [Identifier] {
        var ids: [Identifier] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            ids.append(try identifier(word))
        }
        return ids
    }
}
