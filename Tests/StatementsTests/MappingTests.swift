import Statements
import Testing

/// A mapping that can't work is refused, and the member is named.
@Suite struct MappingTests {
    private static let right: [(String, String)] = [
        ("key", "\"k\""), ("amount", "\"a\""), ("currency", "\"c\""), ("direction", "\"d\""),
        ("collect", "[\"C\"]"), ("payout", "[\"D\"]"), ("bookedAt", "\"b\""),
    ]

    /// The right mapping without some members, and with others.
    private static func json(without: [String] = [], with: [(String, String)] = []) -> String {
        let kept = right.filter { member in
            !without.contains(member.0) && !with.contains { $0.0 == member.0 }
        }
        return "{" + (kept + with).map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
    }

    @Test func theRightOneIsTaken() {
        #expect(Reading.refusal(Self.json()) == nil)
    }

    @Test(arguments: [
        (["key"], "'key'"), (["amount"], "'amount'"), (["currency"], "'currency'"),
        (["direction"], "'direction'"), (["collect"], "'collect'"), (["payout"], "'payout'"),
        (["bookedAt"], "'bookedAt'"),
    ])
    func whatIsMissingIsNamed(_ members: [String], _ name: String) throws {
        let sentence = try #require(Reading.refusal(Self.json(without: members)))
        #expect(sentence.contains(name), "\(sentence)")
    }

    @Test(arguments: [
        ("kee", "\"k\"", "there is no 'kee'"),
        ("key", "7", "'key' must be"), ("key", "\"\"", "'key' must be"),
        ("delimiter", "\"|\"", "'delimiter' must be"), ("header", "\"no\"", "'header' must be"),
        ("header", "false", "'key' must be a column's number"),
        ("unit", "\"cents\"", "'unit' must be one of \"minor\", \"decimal\""),
        ("signs", "\"positiveCollects\"", "only one of them"),
        ("currencyOfAll", "\"EUR\"", "only one of them"),
        ("currencyOfAll", "\"ZZZ\"", "'currencyOfAll' must be"),
        ("payout", "[\"C\"]", "'C' stands in 'collect' and in 'payout'"),
        ("collect", "\"C\"", "'collect' must be"), ("collect", "[]", "'collect' must be"),
        ("booked", "[\"x\"]", "'booked' says nothing without 'line'"),
        ("line", "\"l\"", "'booked' is missing"),
        ("timeZone", "\"Europe/Berlin\"", "'timeZone' must be"),
        ("timeZone", "\"+15:00\"", "'timeZone' must be"),
        ("bookedAtForm", "\"dd-MM\"", "'bookedAtForm' must be"),
        ("returnedDirection", "\"x\"", "'returnedDirection' must be"),
    ])
    func whatCannotWorkIsNamed(_ name: String, _ value: String, _ words: String) throws {
        let sentence = try #require(Reading.refusal(Self.json(with: [(name, value)])))
        #expect(sentence.contains(words), "\(sentence)")
    }

    @Test func oneSeparatorCannotBeBoth() {
        let json = Self.json(with: [("unit", "\"decimal\""), ("groupSeparator", "\".\"")])
        #expect(Reading.refusal(json) == "'groupSeparator' is the same as 'decimalSeparator'")
    }

    @Test(arguments: ["", "[]", "{\"key\": \"a\", \"key\": \"b\"}", "{} {}"])
    func whatIsNoObjectIsRefused(_ json: String) {
        #expect(Reading.refusal(json)?.contains("not one JSON object") == true)
    }

    @Test func ofCamtOnlyTheZoneIsOpen() throws {
        #expect(try StatementMapping.zone(json: Array(#"{"timeZone":"-03:30"}"#.utf8)) == -210)
        let fault = #expect(throws: StatementFault.self) {
            try StatementMapping.zone(json: Array(#"{"key":"k"}"#.utf8))
        }
        #expect(fault?.sentence.contains("'key' says nothing of camt.053") == true)
    }

    /// Every number is exact or refused: the amounts of a column in whole units.
    @Test(arguments: [
        ("12.34", "EUR", 1234), ("0.5", "EUR", 50), ("+7", "EUR", 700), ("1.000", "BHD", 1000),
        ("1.2300", "EUR", 123), ("5.000", "JPY", 5), ("007.10", "EUR", 710),
        ("90071992547409.91", "EUR", 9_007_199_254_740_991),
        ("0.0001", "CLF", 1),
    ])
    func amountsInWholeUnits(_ text: String, _ currency: String, _ units: Int64) throws {
        #expect(try Self.line(text, currency).short?.contains(" \(units) \(currency)") == true)
    }

    @Test(arguments: [
        ("12.345", "EUR", "is finer than the 2 digits of EUR"),
        ("1.5", "JPY", "has a fraction, and JPY has none"),
        ("90071992547409.92", "EUR", "is larger than 2^53 - 1"),
        ("1,5", "EUR", "is no amount"), (".5", "EUR", "is no amount"),
        ("5.", "EUR", "ends with its separator"), ("1.2.3", "EUR", "is no amount"),
        ("--1", "EUR", "is no amount"), ("", "EUR", "there is no 'a'"),
        ("٣", "EUR", "is no amount"),
    ])
    func whatIsNoAmount(_ text: String, _ currency: String, _ words: String) throws {
        let fault = try #require(try Self.line(text, currency).fault)
        #expect(fault.contains(words), "\(fault)")
    }

    @Test(arguments: [
        ("1'234'567.00", true), ("1'23'4.00", false), ("1234'567.00", false), ("'1.00", false),
        ("1''000.00", false),
    ])
    func groupsOfDigitsAreThree(_ text: String, _ isRight: Bool) throws {
        let item = try Self.line(text, "EUR", group: "'")
        #expect((item.fault == nil) == isRight, "\(item)")
    }

    private static func line(
        _ amount: String, _ currency: String, group: String? = nil
    ) throws -> StatementItem {
        var members = [("unit", "\"decimal\"")]
        if let group { members.append(("groupSeparator", "\"\(group)\"")) }
        let mapping = try Reading.mapping(json(with: members))
        let text = #"{"k":"x","a":"\#(amount)","c":"\#(currency)","d":"C","b":"2026-11-30"}"#
        return try #require(try Reading.lines(text, .ndjson, mapping).first)
    }
}
