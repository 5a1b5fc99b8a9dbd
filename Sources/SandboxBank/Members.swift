import JSON

/// The members of a JSON object that a client sent, each asked for with its type: true is no
/// number, a text is none either, and 12.0 is not 12.
struct Members {
    private let values: [JSONValue.Member]

    /// nil where `bytes` are not one JSON object in UTF-8, without repeated members.
    init?(parsing bytes: [UInt8]) { self.init(JSONValue(parsing: bytes)) }

    init?(_ value: JSONValue?) {
        guard case .object(let members)? = value else { return nil }
        values = members
    }

    /// Throws the first member that is none of `known`.
    func refuseOthers(_ known: [String]) throws(WrongMember) {
        guard let other = values.first(where: { !known.contains($0.name) }) else { return }
        throw WrongMember(
            "there is no member '\(Self.shown(other.name))'; there are "
                + known.joined(separator: ", "))
    }

    /// A member as it is; nil where it is left out.
    func value(_ name: String) -> JSONValue? { values.first { $0.name == name }?.value }

    func text(_ name: String) throws(WrongMember) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.string else { throw WrongMember("\(name) is not a text") }
        return text
    }

    func flag(_ name: String) throws(WrongMember) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let flag = value.bool else { throw WrongMember("\(name) is not true or false") }
        return flag
    }

    func whole(
        _ name: String, from least: Int64, to most: Int64
    ) throws(WrongMember) -> Int64? {
        guard let value = value(name) else { return nil }
        guard let number = value.integer else { throw WrongMember("\(name) is not a whole number") }
        guard number >= least else { throw WrongMember("\(name) is below \(least)") }
        guard number <= most else { throw WrongMember("\(name) is above \(most)") }
        return number
    }

    /// A number from 0 to 1.
    func share(_ name: String) throws(WrongMember) -> Double? {
        guard let value = value(name) else { return nil }
        let number: Double? =
            switch value {
            case .integer(let number): Double(number)
            case .number(let text): Double(text)
            default: nil
            }
        guard let number else { throw WrongMember("\(name) is not a number") }
        guard (0...1).contains(number) else { throw WrongMember("\(name) is not from 0 to 1") }
        return number
    }

    func object(_ name: String) throws(WrongMember) -> Members? {
        guard let value = value(name) else { return nil }
        guard let members = Members(value) else { throw WrongMember("\(name) is not an object") }
        return members
    }

    /// A text, or a list of texts.
    func texts(_ name: String) throws(WrongMember) -> [String]? {
        guard let value = value(name) else { return nil }
        if let text = value.string { return [text] }
        guard let list = value.array else {
            throw WrongMember("\(name) is not a text or a list of texts")
        }
        let texts = list.compactMap(\.string)
        guard texts.count == list.count, !texts.isEmpty else {
            throw WrongMember("\(name) is not a text or a list of texts")
        }
        return texts
    }

    /// At most 40 characters of a word that a client sent, without any that control a terminal.
    private static func shown(_ word: String) -> String {
        String(word.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }.prefix(40)
            .map(Character.init))
    }
}

/// What is wrong with a request or a fault, for people.
struct WrongMember: Error {
    var words: String
    init(_ words: String) { self.words = words }
}
