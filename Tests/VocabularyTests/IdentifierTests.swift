import Testing

import Vocabulary

@Suite struct IdentifierTests {
    @Test func everyByteIsAllowedExactlyWhereTheRuleSaysSo() {
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-".utf8)
        for byte in UInt8.min...UInt8.max {
            #expect(Identifier.allows(byte) == allowed.contains(byte), "byte \(byte)")
        }
    }

    @Test func lengthsAreOneToSixtyFour() {
        #expect(Identifier(parsing: "") == nil)
        for count in 1...64 {
            let text = String(repeating: "x", count: count)
            #expect(Identifier(parsing: text)?.description == text)
        }
        #expect(Identifier(parsing: String(repeating: "x", count: 65)) == nil)
    }

    @Test func equalityAndHashLookAtEveryByte() throws {
        let base = String(repeating: "a", count: 64)
        for index in 0..<64 {
            var bytes = Array(base.utf8)
            bytes[index] = UInt8(ascii: "b")
            let other = try #require(Identifier(parsing: String(decoding: bytes, as: UTF8.self)))
            let id = try #require(Identifier(parsing: base))
            #expect(other != id)
            #expect(other.hash(seed: 7) != id.hash(seed: 7))
            #expect(id < other)
        }
        #expect(Identifier(parsing: "ab") != Identifier(parsing: "a"))
    }
}

@Suite struct PaymentIDTests {
    func parse(_ text: String) -> PaymentID? {
        var text = text
        return text.withUTF8 { PaymentID(UnsafeRawBufferPointer($0)) }
    }

    @Test(arguments: ["loan-7/b-1/1", "loan-7/b-1/2147483647", "o/b/refund/12"])
    func readsBackWhatItWrites(_ text: String) {
        #expect(parse(text)?.description == text)
    }

    @Test(arguments: [
        "", "/", "loan-7", "loan-7/b-1", "loan-7/b-1/", "loan-7/b-1/0", "loan-7/b-1/01",
        "loan-7/b-1/-1", "loan-7/b-1/2147483648", "loan-7/b-1/1/1", "loan-7//1", "o/b/refund/",
        "o/b/refund/0", "o/b/refund/x", "o/b c/1", "o/b/99999999999",
    ])
    func refusesWhatIsNotDerived(_ text: String) {
        #expect(parse(text) == nil)
    }
}
