import JSON
import Testing

/// JSON as a tree: nothing is guessed in reading it, and its order is kept in writing it.
@Suite struct JSONValueTests {
    @Test(arguments: [
        ("null", .null), (" [ ] ", .array([])), ("true", true), ("0", 0), ("-12", -12),
        ("9223372036854775807", 9_223_372_036_854_775_807),
        ("9223372036854775808", .number("9223372036854775808")),
        ("12.0", .number("12.0")), ("1e3", .number("1e3")), ("-0.5E+2", .number("-0.5E+2")),
        (#""a\n\u00e9\ud83d\ude00""#, "a\né😀"),
        (#"{"b":[1,{"c":null}],"a":false}"#, ["b": [1, ["c": .null]], "a": false]),
    ] as [(String, JSONValue)])
    func isReadAsItStands(text: String, value: JSONValue) {
        #expect(JSONValue(parsing: Array(text.utf8)) == value)
    }

    @Test(arguments: [
        "", "nul", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":1}", "01", "1.", ".5", "+1", "1e", "'a'",
        "\"a", "\"\\x\"", "\"\\ud800\"", "\"\n\"", "1 2", "{a:1}", "NaN",
        String(repeating: "[", count: 40) + String(repeating: "]", count: 40),
    ])
    func whatIsNoneIsRefused(text: String) {
        #expect(JSONValue(parsing: Array(text.utf8)) == nil)
    }

    /// Documents may be longer than any record.
    @Test func longDocumentsAreRead() {
        let long = String(repeating: "ä\"x", count: 100_000)
        let value: JSONValue = [.string(long), ["after": .string(long), "n": -1]]
        #expect(JSONValue(parsing: Array(value.line.utf8)) == value)
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect(JSONValue(parsing: [0x22, 0xff, 0x22]) == nil)
    }

    @Test func everyTextIsReadBack() {
        for scalar in (0..<0x100).compactMap({ Unicode.Scalar($0) }) {
            let text = JSONValue.string("a\(scalar)b")
            #expect(JSONValue(parsing: Array(text.line.utf8)) == text)
        }
    }

    @Test func membersKeepTheirOrder() throws {
        let text = #"{"z": 1, "a": [true, null, "x\"y"], "m": {"k": 2.50}}"#
        let value = try #require(JSONValue(parsing: Array(text.utf8)))
        #expect(value.line == text)
        #expect(JSONValue(parsing: Array(value.page(columns: 12).utf8)) == value)
        #expect(value["a"]?.array?[0].bool == true && value["a"]?.array?[1].isNull == true)
        #expect(value["z"]?.integer == 1 && value["m"]?["k"]?.integer == nil)
        #expect(value["z"]?.string == nil && value["y"] == nil && value["z"]?["a"] == nil)
    }
}
