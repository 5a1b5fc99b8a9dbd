import SchemaConformance
import Testing

/// The validator itself: what it must find, what it must let pass, what it must not be used for.
@Suite struct ValidatorTests {
    @Test(arguments: [
        (
            #"{"type":"integer","minimum":1,"maximum":3}"#, ["1", "3", "1.0", "2e0"],
            ["0", "4", "1.5", "\"1\""]
        ),
        (#"{"type":"integer","x-form":"digits"}"#, ["1", "3"], ["1.0", "2e0", "-0", "1.5"]),
        (#"{"type":"string","x-maxBytes":2}"#, ["\"ab\"", "\"é\""], ["\"abc\"", "\"éa\""]),
        (#"{"type":["string","null"]}"#, ["\"\"", "null"], ["0", "false"]),
        (#"{"const":"a"}"#, ["\"a\""], ["\"b\"", "0"]),
        (#"{"enum":["a",1]}"#, ["\"a\"", "1"], ["\"b\"", "true"]),
        (#"{"pattern":"^[a-c]{1,2}$"}"#, ["\"ab\"", "7"], ["\"abc\"", "\"\"", #""a\n""#]),
        (#"{"pattern":"^[A-Z.:-]{3}$"}"#, [#""A-Z""#, #"":.-""#], [#""ABCD""#, #""aBC""#]),
        (#"{"pattern":"^a(/b)?$"}"#, [#""a/b""#, #""a""#], [#""a/""#, #""a\n""#, #""xa""#]),
        (#"{"minLength":1,"maxLength":2}"#, ["\"é€\""], ["\"\"", "\"abc\""]),
        (#"{"required":["a"]}"#, [#"{"a":null}"#, "[]"], ["{}"]),
        (
            #"{"properties":{"a":{"type":"null"}},"patternProperties":{"^x-":true},"#
                + #""additionalProperties":false}"#,
            [#"{"a":null}"#, #"{"x-b":1}"#], [#"{"a":1}"#, #"{"b":1}"#]
        ),
        (#"{"items":{"type":"null"},"minItems":1}"#, ["[null]"], ["[]", "[1]"]),
        (#"{"uniqueItems":true}"#, ["[1,2]"], ["[1,1]"]),
        (#"{"dependencies":{"a":["b"]}}"#, [#"{"b":1}"#, "{}"], [#"{"a":1}"#]),
        (#"{"propertyNames":{"enum":["a"]}}"#, [#"{"a":1}"#], [#"{"b":1}"#]),
        (#"{"anyOf":[{"type":"null"},{"const":1}]}"#, ["1", "null"], ["2"]),
        (#"{"oneOf":[{"minimum":1},{"maximum":2}]}"#, ["0", "3"], ["1", "\"\""]),
        (#"{"allOf":[{"minimum":1},{"maximum":2}]}"#, ["1"], ["0", "3"]),
        (#"{"not":{"const":1}}"#, ["2"], ["1"]),
        (#"{"if":{"const":1},"then":false,"else":{"const":2}}"#, ["2"], ["1", "3"]),
        (
            ##"{"$ref":"#/definitions/a","definitions":{"a":{"items":{"$ref":"#/definitions/a"},"##
                + #""type":"array"}}}"#, ["[]", "[[[]]]"], ["1", "[[1]]"]
        ),
    ] as [(String, [String], [String])])
    func knowsWhatAKeywordMeans(schema: String, good: [String], bad: [String]) throws {
        let validator = try Validator(Node(parsing: schema))
        for value in good { #expect(validator.fault(try Node(parsing: value)) == nil, "\(value)") }
        for value in bad { #expect(validator.fault(try Node(parsing: value)) != nil, "\(value)") }
    }

    @Test(arguments: [
        #"{"minProperties":1}"#, #"{"properties":{"a":{"contains":{}}}}"#, #"{"type":"float"}"#,
        #"{"$ref":"other.json"}"#, ##"{"$ref":"#/definitions/none"}"##, "7", #"{"then":true}"#,
    ])
    func refusesWhatItDoesNotKnow(schema: String) {
        #expect(throws: BadSchema.self) { try Validator(Node(parsing: schema)) }
    }

    @Test(arguments: ["", "{", "[1,]", "01", "\"\u{1}\"", #"{"a":1,"a":2}"#, "1 2", #""\ud800""#])
    func readsOnlyJSON(text: String) {
        #expect(throws: NotJSON.self) { try Node(parsing: text) }
    }
}
