import JSON
import Messages
import Vocabulary

/// The forms that values of members have (Records.md): each with a description in words.
///
/// Only keywords that draft-07 of JSON Schema and the schema object of AsyncAPI 3 share are used,
/// so that one text serves both.
enum Form {
    // MARK: Integers

    /// JSON Schema takes 300.0 and 3e2 for integers, and our readers don't: that stands beside.
    private static let digitsOnly = "Written with digits only, without fraction or exponent."

    /// A whole number up to 2^53 - 1, unless told otherwise.
    static func integer(
        _ description: String, from least: Int64 = 0, to most: Int64 = largestInteger
    ) -> JSONValue {
        [
            "type": "integer", "minimum": .integer(least), "maximum": .integer(most),
            "x-form": "digits", "description": .string("\(description) \(digitsOnly)"),
        ]
    }

    static func shares(_ description: String) -> JSONValue {
        integer("\(description) In shares.")
    }

    static func money(_ description: String) -> JSONValue {
        integer("\(description) In minor units of the currency, such as cents.")
    }

    static func time(_ description: String) -> JSONValue {
        integer("\(description) In milliseconds since 1970-01-01 UTC.")
    }

    // MARK: Words and flags

    static func flag(_ description: String) -> JSONValue {
        ["type": "boolean", "description": .string(description)]
    }

    /// One of these words.
    static func word<Word: RawRepresentable & CaseIterable>(
        _ description: String, of _: Word.Type
    ) -> JSONValue where Word.RawValue == String {
        word(description, Word.allCases.map(\.rawValue))
    }

    static func word(_ description: String, _ words: [String]) -> JSONValue {
        ["type": "string", "enum": .strings(words), "description": .string(description)]
    }

    /// Always this word.
    static func constant(_ word: String, _ description: String) -> JSONValue {
        ["type": "string", "const": .string(word), "description": .string(description)]
    }

    /// Free text. What is said of its length counts characters, and the limit counts bytes of
    /// UTF-8, so the length alone promises nothing.
    static func text(_ description: String, largest: Int) -> JSONValue {
        [
            "type": "string", "maxLength": .integer(Int64(largest)),
            "x-maxBytes": .integer(Int64(largest)),
            "description": .string("\(description) At most \(largest) bytes of UTF-8."),
        ]
    }

    /// Text of any length that fits into the record.
    static func anyText(_ description: String) -> JSONValue {
        ["type": "string", "description": .string(description)]
    }

    static func currency(_ description: String) -> JSONValue {
        matching("[A-Z]{3}", "\(description) ISO 4217; XXX where the unit is no currency.")
    }

    static func hash(_ description: String) -> JSONValue {
        matching(
            "[0-9a-f]{\(HashText.count)}",
            "\(description) SHA-256 in lower-case hexadecimal digits.")
    }

    // MARK: Objects and lists

    /// An object within a record. As in most records, what it doesn't list is ignored.
    static func object(
        _ description: String, _ members: [SchemaMember], isClosed: Bool = false
    ) -> JSONValue {
        .object([
            .init("type", "object"), .init("description", .string(description)),
            .init("required", .strings(members.filter(\.isRequired).map(\.name))),
            .init("properties", .object(members.map { .init($0.name, $0.form) })),
        ] + (isClosed ? [.init("additionalProperties", false)] : []))
    }

    /// An object of integers by these words, and no others.
    static func counts(_ description: String, by words: [String]) -> JSONValue {
        [
            "type": "object", "description": .string("\(description) \(digitsOnly)"),
            "propertyNames": ["enum": .strings(words)],
            "additionalProperties": [
                "type": "integer", "minimum": 0, "maximum": .integer(largestInteger),
                "x-form": "digits",
            ],
        ]
    }

    static func ids(_ description: String) -> JSONValue {
        [
            "type": "array",
            "items": ["type": "string", "pattern": .string("^\(Pattern.id)$")],
            "description": .string(description),
        ]
    }
}

// Ids: patterns without their ends, so that they can be joined.
extension Form {
    enum Pattern {
        /// Of front ends and operators.
        static let id = "[A-Za-z0-9._:-]{1,\(Identifier.largestCount)}"
        /// In our own records: the bid that takes what is left at close has an id of ours.
        static let bid = "\(id)(\(Identifier.backstop))?"
        /// A number of ours within an id.
        static let number = "[1-9][0-9]{0,9}"
        /// Any id that joins others.
        static let derived = "[A-Za-z0-9._:/-]{1,\(RecordLimits.derivedIdentifier)}"

        static let bidObligation = "\(id)/\(bid)"
        static let refundObligation = "\(id)/\(bid)/refund/\(number)"
        static let disbursementObligation = "\(id)/payee/disburse/\(id)"

        static func distributionObligation(_ kinds: [DistributionKind]) -> String {
            let words = kinds.map(\.rawValue).joined(separator: "|")
            return "\(id)/distribution/(\(words))/\(id)/\(id)"
        }

        /// The obligation that payments of a kind pay.
        static func obligation(_ kind: PaymentCommand.Kind) -> String {
            switch kind {
            case .collect: bidObligation
            case .refund: refundObligation
            case .interest: distributionObligation([.interest])
            case .principal: distributionObligation([.principal])
            case .disburse: disbursementObligation
            }
        }

        static func payment(_ kinds: [PaymentCommand.Kind]) -> String {
            let obligations = kinds.map(obligation).joined(separator: "|")
            return "(\(obligations))/\(number)"
        }
    }

    static func matching(_ pattern: String, _ description: String) -> JSONValue {
        [
            "type": "string", "pattern": .string("^\(pattern)$"),
            "description": .string(description),
        ]
    }

    static func id(_ description: String) -> JSONValue { matching(Pattern.id, description) }

    /// A bid's id in a record of ours.
    static func ownBid(_ description: String = "The bid.") -> JSONValue {
        matching(
            Pattern.bid,
            "\(description) `<offering>/backstop` is the bid of the backstop.")
    }

    /// Any id that this system derives, or may have to read as one.
    static func derived(_ description: String) -> JSONValue {
        matching(Pattern.derived, description)
    }

    /// The id of a payment of one of these kinds.
    static func payment(
        _ description: String, _ kinds: [PaymentCommand.Kind] = PaymentCommand.Kind.allCases
    ) -> JSONValue {
        let isBids = kinds == [.collect]
        return matching(
            isBids ? "\(Pattern.bidObligation)/\(Pattern.number)" : Pattern.payment(kinds),
            isBids ? "\(description) `<offering>/<bid>/<k>`, k = 1, 2, ..." : description)
    }
}
