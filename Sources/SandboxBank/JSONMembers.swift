import Foundation

/// The members of a JSON object, each asked for with its type: true is no number, and a text is
/// none either.
struct JSONMembers: Decodable {
    private let values: KeyedDecodingContainer<Name>

    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws { values = try decoder.container(keyedBy: Name.self) }

    func refuseOthers(_ known: Set<String>) throws(WrongMember) {
        let others = values.allKeys.map(\.stringValue).filter { !known.contains($0) }
        if let other = others.min() { throw WrongMember("there is no member '\(other)'") }
    }

    /// nil where it is left out.
    private func value<Value: Decodable>(
        _ name: String, _ type: Value.Type, _ form: String
    ) throws(WrongMember) -> Value? {
        let key = Name(stringValue: name)
        guard values.contains(key) else { return nil }
        guard let value = try? values.decode(type, forKey: key) else {
            throw WrongMember("\(name) is not \(form)")
        }
        return value
    }

    func text(_ name: String) throws(WrongMember) -> String? {
        try value(name, String.self, "a text")
    }

    func whole(_ name: String, from least: Int) throws(WrongMember) -> Int? {
        guard let value = try value(name, Int.self, "a whole number") else { return nil }
        guard value >= least else { throw WrongMember("\(name) is below \(least)") }
        return value
    }

    /// A number from 0 to 1.
    func share(_ name: String) throws(WrongMember) -> Double? {
        guard let value = try value(name, Double.self, "a number") else { return nil }
        guard (0...1).contains(value) else { throw WrongMember("\(name) is not from 0 to 1") }
        return value
    }

    func object(_ name: String) throws(WrongMember) -> JSONMembers? {
        try value(name, JSONMembers.self, "an object")
    }

    /// A whole number as its digits, or a text.
    func textOrWhole(_ name: String) throws(WrongMember) -> String? {
        if let number = try? values.decode(Int.self, forKey: Name(stringValue: name)) {
            return String(number)
        }
        return try text(name)
    }
}
