import JSON
import Testing

/// JSON for programs: no space, and each text as it was.
@Suite struct JSONBytesTests {
    @Test func nothingIsWrittenThatIsNotNeeded() {
        let value: JSONValue = [
            "a": [1, true, .null, .number("1.50")], "b": ["c": "d"], "e": .array([]),
        ]
        #expect(
            String(decoding: value.bytes, as: UTF8.self)
                == #"{"a":[1,true,null,1.50],"b":{"c":"d"},"e":[]}"#)
    }

    @Test func everyTextIsReadAgain() {
        let scalars = (0..<0x100 as Range<UInt32>).compactMap(Unicode.Scalar.init)
        let text = String(String.UnicodeScalarView(scalars))
            + "元\u{1F600}"
        let value: JSONValue = [text: .string(text)]
        #expect(JSONValue(parsing: value.bytes) == value)
        #expect(value.bytes.allSatisfy { $0 >= 32 })
    }
}
