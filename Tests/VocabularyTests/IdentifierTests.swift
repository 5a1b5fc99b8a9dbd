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

    @Test(arguments: [
        "loan-7/b-1/1", "loan-7/b-1/2147483647", "o/b/refund/12/1", "o/o/backstop/2",
        "o/o/backstop/refund/1/2", "o/distribution/interest/2026-12/a-42/1",
        "o/distribution/principal/end/a-42/3", "o/payee/disburse/a-42/1",
        // Ids that look like the fixed words of other forms.
        "o/distribution/1", "o/refund/1", "o/payee/refund/1/1", "o/distribution/refund/1/1",
        "distribution/distribution/backstop/refund/1/1", "payee/payee/backstop/1",
        "o/distribution/interest/refund/1/1", "o/o/1", "o/o/refund/1/1",
    ])
    func readsBackWhatItWrites(_ text: String) {
        #expect(parse(text)?.description == text)
        var obligation = parse(text)?.obligation.description ?? ""
        #expect("\(obligation)/\(parse(text)?.number ?? 0)" == text)
        let read = obligation.withUTF8 { PaymentID(obligation: UnsafeRawBufferPointer($0)) }
        #expect(read == parse(text)?.obligation)
    }

    /// The fixed words as ids, too: no two payments share a text.
    @Test func formsNeverReadAsOneAnother() {
        let ids: [Identifier] = [
            "o", "refund", "distribution", "interest", "payee", "disburse", "backstop", "1",
        ]
        var texts: [String: PaymentID] = [:]
        for offering in ids {
            for subject in ids {
                var kinds: [PaymentID.Kind] = [.collection, .refund(1), .disbursement]
                kinds += ids.map { .distribution(.interest, $0) }
                for kind in kinds {
                    let id = PaymentID(
                        offering: offering, subject: subject, kind: kind, number: 1)
                    #expect(texts.updateValue(id, forKey: id.description) == nil)
                    #expect(parse(id.description) == id)
                }
            }
            for kind in [PaymentID.Kind.collection, .refund(1)] {
                let id = PaymentID(offering: offering, bid: .backstop, kind: kind, number: 1)
                #expect(texts.updateValue(id, forKey: id.description) == nil)
                #expect(parse(id.description) == id)
            }
        }
    }

    @Test(arguments: [
        "", "/", "loan-7", "loan-7/b-1", "loan-7/b-1/", "loan-7/b-1/0", "loan-7/b-1/01",
        "loan-7/b-1/-1", "loan-7/b-1/2147483648", "loan-7/b-1/1/1", "loan-7//1", "o/b/refund/",
        "o/b/refund/12",
        "o/backstop/backstop/1", "o/distribution/other/d/a/1", "o/payee/disburse/1",
        "o/b/c/d/e/f/1", "o/distribution/interest/d/a", "o/payee/disburse/a",
        "o/b/refund/0", "o/b/refund/x", "o/b c/1", "o/b/99999999999",
    ])
    func refusesWhatIsNotDerived(_ text: String) {
        #expect(parse(text) == nil)
    }
}
