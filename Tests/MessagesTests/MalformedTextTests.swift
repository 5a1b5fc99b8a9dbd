import Testing

import Messages
import Vocabulary

/// What is no JSON object at all, whatever its members are.
@Suite struct MalformedTextTests {
    /// Records that only differ in the part that is written as `@`, and where in that part the
    /// fault lies.
    private static let frame = #"{"type":"bid","x":@,"bid":"b-1"}"#
    private static let start = 18

    @Test func faultsOfAValueAreFoundWhereTheyAre() {
        let table: [(String, Malformation.Code, Int)] = [
            // Literals and structure.
            ("nul", .notJSON, 3), ("True", .notJSON, 0), ("NaN", .notJSON, 0),
            ("Infinity", .notJSON, 0), ("'a'", .notJSON, 0), ("", .notJSON, 0),
            ("truex", .notJSON, 4), ("1 2", .notJSON, 2), ("\"a\" \"b\"", .notJSON, 4),
            ("[1,]", .notJSON, 3), ("[,1]", .notJSON, 1), ("[1 2]", .notJSON, 3),
            ("[1}", .notJSON, 2), ("{]", .notJSON, 1), ("{\"a\"}", .notJSON, 4),
            ("{\"a\":}", .notJSON, 5), ("{\"a\":1,}", .notJSON, 7), ("{,}", .notJSON, 1),
            ("{a:1}", .notJSON, 1), ("{\"a\" 1}", .notJSON, 5), ("{1:1}", .notJSON, 1),
            ("{\"a\":{\"b\":[1}]}", .notJSON, 12), ("/**/1", .notJSON, 0),
            ("1/**/", .notJSON, 1), ("\u{b}1", .notJSON, 0), ("\u{c}1", .notJSON, 0),
            ("\u{a0}1", .notJSON, 0), ("\u{feff}1", .notJSON, 0), ("\u{0}", .notJSON, 0),
            // Numbers.
            ("01", .badNumber, 0), ("-01", .badNumber, 0), ("00", .badNumber, 0),
            ("+1", .badNumber, 0), (".5", .badNumber, 0), ("1.", .badNumber, 0),
            ("-.5", .badNumber, 0), ("1.e5", .badNumber, 0), ("1e", .badNumber, 0),
            ("1e+", .badNumber, 0), ("1E-", .badNumber, 0), ("-", .badNumber, 0),
            ("--1", .badNumber, 0), ("-a", .badNumber, 0), ("0123456789012345678", .badNumber, 0),
            ("00000000", .badNumber, 0), ("-Infinity", .badNumber, 0),
            ("0x10", .notJSON, 1), ("1_000", .notJSON, 1), ("1.5.5", .notJSON, 3),
            ("1e5e5", .notJSON, 3), ("12345678a", .notJSON, 8), ("1a", .notJSON, 1),
            // Strings.
            ("\"\\x\"", .badEscape, 1), ("\"ab\\'\"", .badEscape, 3),
            ("\"\\U0041\"", .badEscape, 1),
            ("\"\\u00g0\"", .badEscape, 1), ("\"\\u 041\"", .badEscape, 1),
            ("\"\\u+041\"", .badEscape, 1), ("\"\\u004\"", .badEscape, 1),
            ("\"\\ud800\"", .unpairedSurrogate, 1), ("\"\\udc00\"", .unpairedSurrogate, 1),
            ("\"\\ud800x\"", .unpairedSurrogate, 1), ("\"\\ud800\\n\"", .unpairedSurrogate, 1),
            ("\"\\ud800\\ud800\"", .unpairedSurrogate, 1),
            ("\"\\ud800\\u0041\"", .unpairedSurrogate, 1),
            ("\"\\ud83d\\ude00\\ude00\"", .unpairedSurrogate, 13),
            ("\"\\ud800\\uzzzz\"", .badEscape, 7),
            ("\"a\nb\"", .notJSON, 2), ("\"a\tb\"", .notJSON, 2), ("\"\u{0}\"", .notJSON, 1),
            ("\"12345678\u{1f}\"", .notJSON, 9), ("[\"a\\q\"]", .badEscape, 3),
        ]
        var reader = Reader()
        for (part, code, offset) in table {
            let text = Self.frame.replacing("@", with: part)
            let expected = Malformation(code, at: Self.start + offset)
            #expect(reader.input(text).fault == expected, "\(part.debugDescription)")
            // The same fault in a name is found as well.
            if part.hasPrefix("\"") && !part.contains("\" \"") {
                let named = Self.frame.replacing("@", with: "{\(part):1}")
                let expected = Malformation(code, at: Self.start + 1 + offset)
                #expect(reader.input(named).fault == expected, "\(part.debugDescription)")
            }
        }
    }

    @Test func valuesOfEveryFormAreAcceptedWhereNobodyAsksForThem() {
        let table = [
            "null", "true", "false", "0", "-0", "-1", "1.5", "1e5", "1E+5", "1e-05", "-0.0e0",
            "123456789012345678901234567890", "1e999999999", "0.00000000000000000000000001",
            "\"\"", "\"a\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\uFFFF\"", "\"\\ud83d\\ude00\"",
            "\"\u{7f}é€😀\u{ffff}\u{10ffff}\"", "[]", "{}", "[ ]", "{ }", "[[],{},[[]]]",
            "{\"\":0,\"\":1,\"bid\":2}", "[1, 2 ,\t3\n,\r4 ]", "{ \"a\" : [ { } ] , \"b\" : 1 }",
        ]
        var reader = Reader()
        for part in table {
            let text = #" {"x":\#(part), "type":"cancel","bid":"b","offering":"o","account":"a"}"#
            let expected = BidCancellation(bid: "b", offering: "o", account: "a")
            #expect(reader.input(text) == .record(.cancellation(expected)), "\(part)")
        }
    }

    @Test func everySequenceOfBytesThatIsNoUTF8IsRefused() {
        let table: [([UInt8], Int)] = [
            ([0x80], 0), ([0xbf], 0), ([0xfe], 0), ([0xff], 0),
            // Overlong forms.
            ([0xc0, 0x80], 0), ([0xc1, 0xbf], 0), ([0xe0, 0x9f, 0xbf], 0),
            ([0xf0, 0x8f, 0xbf, 0xbf], 0),
            // Surrogates, and what lies above U+10FFFF.
            ([0xed, 0xa0, 0x80], 0), ([0xed, 0xbf, 0xbf], 0), ([0xf4, 0x90, 0x80, 0x80], 0),
            ([0xf5, 0x80, 0x80, 0x80], 0), ([0xf8, 0x88, 0x80, 0x80, 0x80], 0),
            // Cut short.
            ([0xc3], 0), ([0xe2, 0x82], 0), ([0xf0, 0x9f, 0x98], 0), ([0xc3, 0xc3, 0xa9], 0),
            ([0x61, 0x62, 0xc3, 0xa9, 0xff], 4), ([0xe2, 0x28, 0xa1], 0),
            ([0xf0, 0x9f, 0x28, 0x80], 0),
        ]
        var reader = Reader()
        for (bytes, offset) in table {
            for (before, after) in [
                (#"{"x":""#, #""}"#), (#"{"x":["\n"#, #"",1]}"#), (#"{"x\n"#, #"":1}"#),
                ("", ""), ("{", "}"), ("{}", ""), (#"{"x":"#, "}"), (#"{"x":{""#, #"":1}}"#),
            ] {
                let record = Array(before.utf8) + bytes + Array(after.utf8)
                var position = before.utf8.count
                if before.hasSuffix("\"") || before.hasSuffix("n") { position += offset }
                // Outside of a string the first byte that does not belong there is named.
                let isPlain = bytes[0] < 0x80 && position == before.utf8.count
                let fault = reader.input(record).fault
                if isPlain {
                    #expect(fault != nil)
                } else {
                    #expect(fault == Malformation(.notUTF8, at: position), "\(bytes) \(before)")
                }
            }
        }
    }

    /// All sequences of up to three bytes from 0x80 on, against the standard library.
    @Test func shortSequencesAgreeWithTheStandardLibrary() {
        var reader = Reader()
        let interesting: [UInt8] = [
            0x22, 0x41, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1,
            0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
        ]
        for first in UInt8(0x80)...0xff {
            for second in interesting {
                for third in interesting {
                    for fourth in [0x41, 0x80, 0xbf] as [UInt8] {
                        let bytes = [first, second, third, fourth].filter { $0 != 0x22 }
                        let record =
                            Array(#"{"x":""#.utf8) + bytes + Array(#"","type":"y"}"#.utf8)
                        let code = reader.input(record).fault?.code
                        let isValid = String(validating: bytes, as: UTF8.self) != nil
                        if (code == .unknownType) != isValid || (code == .notUTF8) == isValid {
                            Issue.record("\(bytes) \(String(describing: code))")
                        }
                    }
                }
            }
        }
    }

    @Test func whatIsNoObjectIsRefused() {
        let table: [(String, Malformation.Code, Int)] = [
            ("", .notJSON, 0), (" \n", .notJSON, 2), ("[]", .notAnObject, 0),
            (" \"a\"", .notAnObject, 1), ("12", .notAnObject, 0), ("null", .notAnObject, 0),
            ("true x", .notAnObject, 0), ("[1", .notJSON, 2), ("bid", .notJSON, 0),
            ("{", .notJSON, 1), ("}", .notJSON, 0), ("{}", .missingMember, 1),
            ("{} {}", .trailingBytes, 3), ("{}x", .trailingBytes, 2),
            ("{}\u{0}", .trailingBytes, 2),
            ("{}\n", .missingMember, 1), ("{}é", .trailingBytes, 2), ("{},", .trailingBytes, 2),
            ("\u{feff}{}", .notJSON, 0), ("{,}", .notJSON, 1), ("{\"a\":1,}", .notJSON, 7),
            ("{\"a\":1 \"b\":1}", .notJSON, 7), ("{\"a\"1}", .notJSON, 4), ("{a:1}", .notJSON, 1),
        ]
        var reader = Reader()
        for (text, code, position) in table {
            let fault = reader.input(text).fault
            #expect(fault?.code == code, "\(text.debugDescription)")
            #expect(fault?.position == position, "\(text.debugDescription)")
        }
    }

    @Test func noValueIsToldFromAnEmptyOne() {
        var decoder = RecordDecoder()
        #expect(throws: Malformation(.nullPayload, at: 0)) { try decoder.decodeBids(nil) }
        #expect(throws: Malformation(.nullPayload, at: 0)) { try decoder.decodeDecision(nil) }
        let empty = UnsafeRawBufferPointer(start: nil, count: 0)
        #expect(throws: Malformation(.notJSON, at: 0)) { try decoder.decodeBids(empty) }
    }

    @Test func aRecordIsNestedToThirtyTwoLevelsAndNoDeeper() {
        var reader = Reader()
        for (opening, closing) in [("[", "]"), (#"{"a":"#, "}"), (#"{"b":1,"a":["#, "]}")] {
            let step = opening.contains("[") && opening.contains("{") ? 2 : 1
            for levels in 29...33 where (levels - 1) % step == 0 {
                let count = (levels - 1) / step
                let inner = step == 1 && opening == #"{"a":"# ? "1" : ""
                let text =
                    #"{"type":"y","x":"# + String(repeating: opening, count: count) + inner
                    + String(repeating: closing, count: count) + "}"
                let fault = reader.input(text).fault
                #expect(fault?.code == (levels <= 32 ? .unknownType : .tooDeep), "\(levels)")
            }
        }
        // The bracket of the level too deep is named, and nothing past it is looked at.
        let deep = String(repeating: "[", count: 10_000)
        #expect(reader.input(#"{"x":"# + deep).fault == Malformation(.tooDeep, at: 5 + 31))
        #expect(reader.input(deep).fault == Malformation(.tooDeep, at: 32))
    }

    @Test func aRecordHasSixteenKibibytesAndNoMore() {
        var reader = Reader()
        let start = #"{"type":"cancel","bid":"b","offering":"o","account":"a","x":""#
        for count in [16_383, 16_384, 16_385, 65_536] {
            let filling = String(repeating: "x", count: count - start.utf8.count - 2)
            let reading = reader.input(start + filling + "\"}")
            if count <= 16_384 {
                #expect(reading.fault == nil)
            } else {
                #expect(reading.fault == Malformation(.tooLong, at: 16_384))
            }
        }
    }
}
