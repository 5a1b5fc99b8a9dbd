import JSON
import Vocabulary

extension StatementMapping {
    /// Reads a mapping file: one JSON object. What can't work is refused with the member's name.
    package init(json bytes: [UInt8]) throws(StatementFault) {
        self = .empty
        guard case .object(let members)? = JSONValue(parsing: bytes) else {
            throw StatementFault(
                sentence: "not one JSON object in UTF-8 without repeated members")
        }
        for member in members {
            guard let known = Self.mappingMembers.first(where: { $0.name == member.name }) else {
                throw StatementFault(
                    sentence: "there is no '\(member.name)'; there are "
                        + Self.memberNames.joined(separator: ", "))
            }
            guard known.set(&self, member.value) else {
                throw StatementFault(sentence: "'\(member.name)' must be \(known.form)")
            }
        }
        if let sentence = misfit { throw StatementFault(sentence: sentence) }
    }

    /// The zone of a mapping file for camt.053, whose form leaves nothing else open.
    package static func zone(json bytes: [UInt8]) throws(StatementFault) -> Int {
        guard case .object(let members)? = JSONValue(parsing: bytes) else {
            throw StatementFault(
                sentence: "not one JSON object in UTF-8 without repeated members")
        }
        var zone = 0
        for member in members {
            guard member.name == "timeZone" else {
                throw StatementFault(
                    sentence: "'\(member.name)' says nothing of camt.053; only 'timeZone' does")
            }
            guard let minutes = member.value.string.flatMap(StatementMomentForm.zone) else {
                throw StatementFault(sentence: "'timeZone' must be \(zoneForm)")
            }
            zone = minutes
        }
        return zone
    }

    /// What a mapping may say.
    package static let memberNames = mappingMembers.map(\.name)

    /// Why no line could be read by it, naming the member; nil where it fits together.
    private var misfit: String? {
        if key == nil, reference == nil {
            return "'key' is missing, and 'reference' too: no line would be anyone's"
        }
        if amount.isEmpty { return "'amount' is missing" }
        if bookedAt.isEmpty { return "'bookedAt' is missing" }
        if (currency == nil) == (currencyOfAll == nil) {
            return "'currency' or 'currencyOfAll' must be there, and only one of them"
        }
        if (direction == nil) == (signs == nil) {
            return "'direction' or 'signs' must be there, and only one of them: one of them says "
                + "which way money went"
        }
        if direction != nil, collect.isEmpty || payout.isEmpty {
            let missing = collect.isEmpty ? "collect" : "payout"
            return "'\(missing)' is missing: the words of 'direction' that mean it"
        }
        if direction == nil, !(collect + payout).isEmpty {
            return "'\(collect.isEmpty ? "payout" : "collect")' says nothing without 'direction'"
        }
        if line == nil, let word = words.first(where: { !$0.words.isEmpty }) {
            return "'\(word.member)' says nothing without 'line'"
        }
        if line != nil, booked.isEmpty {
            return "'booked' is missing: the words of 'line' that mean a payment"
        }
        if !amountForm.isMinor, amountForm.groupSeparator == amountForm.decimalSeparator {
            return "'groupSeparator' is the same as 'decimalSeparator'"
        }
        return repeatedWord ?? unnumberedColumn
    }

    private var words: [(member: String, words: [String])] {
        [
            ("booked", booked), ("returned", returned), ("opening", opening),
            ("closing", closing), ("ignored", ignored),
        ]
    }

    /// A word that would mean two things.
    private var repeatedWord: String? {
        for list in [words, [("collect", collect), ("payout", payout)]] {
            var known: [(word: String, member: String)] = []
            for (member, words) in list {
                for word in words {
                    if let other = known.first(where: { $0.word == word }) {
                        return "'\(word)' stands in '\(other.member)' and in '\(member)'"
                    }
                    known.append((word, member))
                }
            }
        }
        return nil
    }

    /// A column that can't be found in a file without names.
    private var unnumberedColumn: String? {
        guard !hasHeader else { return nil }
        let names = ["key", "reference", "amount", "currency", "direction", "bookedAt", "line"]
        for (name, column) in zip(names, columns) {
            guard let column else { continue }
            guard let number = Int(column), (1...CSVSplitter.mostFields).contains(number) else {
                return "'\(name)' must be a column's number from 1, since 'header' is false"
            }
        }
        return nil
    }

    private struct Member: Sendable {
        var name: String
        var form: String
        /// False where the value is of another form.
        var set: @Sendable (inout StatementMapping, JSONValue) -> Bool
    }

    private static let zoneForm = "a fixed zone as \"+08:00\", or \"Z\""

    private static let mappingMembers: [Member] = [
        Member(name: "delimiter", form: "\",\", \";\" or a tab") { mapping, value in
            guard let text = value.string, [",", ";", "\t"].contains(text) else { return false }
            mapping.delimiter = Array(text.utf8)[0]
            return true
        },
        Member(name: "header", form: "true or false") { mapping, value in
            guard let flag = value.bool else { return false }
            mapping.hasHeader = flag
            return true
        },
        column("key") { $0.key = $1 },
        column("reference") { $0.reference = $1 },
        column("amount") { $0.amount = $1 },
        choice("unit", ["minor", "decimal"]) { $0.amountForm.isMinor = $1 == "minor" },
        choice("decimalSeparator", [".", ","]) { $0.amountForm.decimalSeparator = Character($1) },
        choice("groupSeparator", [".", ",", " ", "'"]) {
            $0.amountForm.groupSeparator = Character($1)
        },
        choice("signs", Signs.allCases.map(\.rawValue)) { $0.signs = Signs(rawValue: $1) },
        column("currency") { $0.currency = $1 },
        Member(name: "currencyOfAll", form: "a code of ISO 4217, as \"EUR\"") { mapping, value in
            guard let text = value.string, CurrencyCode(text)?.isInForce == true else {
                return false
            }
            mapping.currencyOfAll = text
            return true
        },
        column("direction") { $0.direction = $1 },
        words("collect") { $0.collect = $1 },
        words("payout") { $0.payout = $1 },
        column("bookedAt") { $0.bookedAt = $1 },
        choice("bookedAtForm", StatementMomentForm.allCases.map(\.rawValue)) {
            $0.bookedAtForm = StatementMomentForm(rawValue: $1) ?? .iso
        },
        Member(name: "timeZone", form: zoneForm) { mapping, value in
            guard let minutes = value.string.flatMap(StatementMomentForm.zone) else { return false }
            mapping.zone = minutes
            return true
        },
        column("line") { $0.line = $1 },
        words("booked") { $0.booked = $1 },
        words("returned") { $0.returned = $1 },
        words("opening") { $0.opening = $1 },
        words("closing") { $0.closing = $1 },
        words("ignored") { $0.ignored = $1 },
        choice("returnedDirection", ReturnedDirection.allCases.map(\.rawValue)) {
            $0.returnedDirection = ReturnedDirection(rawValue: $1) ?? .payment
        },
    ]

    private static func column(
        _ name: String, _ set: @escaping @Sendable (inout StatementMapping, String) -> Void
    ) -> Member {
        Member(name: name, form: "a column or member, a text of 1 to 255 bytes") { mapping, value in
            guard let text = value.string, (1...255).contains(text.utf8.count) else { return false }
            set(&mapping, text)
            return true
        }
    }

    private static func choice(
        _ name: String, _ words: [String],
        _ set: @escaping @Sendable (inout StatementMapping, String) -> Void
    ) -> Member {
        let form = words.map { "\"\($0)\"" }.joined(separator: ", ")
        return Member(name: name, form: "one of \(form)") { mapping, value in
            guard let text = value.string, words.contains(text) else { return false }
            set(&mapping, text)
            return true
        }
    }

    private static func words(
        _ name: String, _ set: @escaping @Sendable (inout StatementMapping, [String]) -> Void
    ) -> Member {
        Member(name: name, form: "a list of 1 to 100 texts") { mapping, value in
            guard let values = value.array, (1...100).contains(values.count) else { return false }
            let words = values.compactMap(\.string)
            guard words.count == values.count else { return false }
            set(&mapping, words)
            return true
        }
    }
}
