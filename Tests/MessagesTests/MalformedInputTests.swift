import Testing

import Messages
import SeededNumbers
import Vocabulary

/// Objects whose members are not what their type lists.
@Suite struct MalformedInputTests {
    /// Where `part` begins in `text`, plus `offset`.
    private func position(of part: String, in text: String, plus offset: Int = 0) -> Int {
        guard let range = text.firstRange(of: part) else { preconditionFailure("\(part)") }
        return text.utf8.distance(from: text.startIndex, to: range.lowerBound) + offset
    }

    private let bid =
        #"{"type":"bid","bid":"b-1","offering":"loan-7","account":"a-42","shares":300,"#
        + #""allOrNone":false}"#

    /// Each line replaces a value of the bid above; the fault is where the value begins.
    @Test func valuesOfABidThatAreWrong() {
        let long = String(repeating: "x", count: 65)
        let table: [(Member, String, String, Malformation.Code)] = [
            (.type, "\"bid\"", "\"bids\"", .unknownType),
            (.type, "\"bid\"", "\"\"", .unknownType),
            (.type, "\"bid\"", "\"offering.open\"", .unknownType),
            (.type, "\"bid\"", "\"reserved\"", .unknownType),
            (.type, "\"bid\"", "null", .wrongType), (.type, "\"bid\"", "1", .wrongType),
            (.bid, "\"b-1\"", "1", .wrongType), (.bid, "\"b-1\"", "null", .wrongType),
            (.bid, "\"b-1\"", "[\"b-1\"]", .wrongType), (.bid, "\"b-1\"", "{}", .wrongType),
            (.bid, "\"b-1\"", "\"\"", .badIdentifier), (.bid, "\"b-1\"", "\"b 1\"", .badIdentifier),
            (.bid, "\"b-1\"", "\"b/1\"", .badIdentifier),
            (.bid, "\"b-1\"", "\"b\\u0000\"", .badIdentifier),
            (.bid, "\"b-1\"", "\"é\"", .badIdentifier),
            (.bid, "\"b-1\"", "\"\(long)\"", .badIdentifier),
            (.offering, "\"loan-7\"", "\"\(long)\"", .badIdentifier),
            (.offering, "\"loan-7\"", "7", .wrongType),
            (.account, "\"a-42\"", "\"a+42\"", .badIdentifier),
            (.account, "\"a-42\"", "true", .wrongType),
            (.shares, "300", "-1", .outOfRange), (.shares, "300", "-0", .outOfRange),
            (.shares, "300", "1.0", .outOfRange), (.shares, "300", "1e3", .outOfRange),
            (.shares, "300", "3E2", .outOfRange), (.shares, "300", "300.0", .outOfRange),
            (.shares, "300", "9007199254740992", .outOfRange),
            (.shares, "300", "99999999999999999", .outOfRange),
            (.shares, "300", "18446744073709551916", .outOfRange),
            (.shares, "300", String(repeating: "9", count: 400), .outOfRange),
            (.shares, "300", "\"300\"", .wrongType), (.shares, "300", "null", .wrongType),
            (.shares, "300", "true", .wrongType), (.shares, "300", "[]", .wrongType),
            (.allOrNone, "false", "0", .wrongType), (.allOrNone, "false", "null", .wrongType),
            (.allOrNone, "false", "\"false\"", .wrongType),
        ]
        var reader = Reader()
        for (member, right, wrong, code) in table {
            let name = "\"\(member)\":"
            let text = bid.replacing(name + right, with: name + wrong)
            let expected = Malformation(
                code, member: member,
                at: position(of: name, in: text, plus: name.utf8.count))
            #expect(reader.input(text).fault == expected, "\(text)")
        }
    }

    @Test func integersAreReadUpToTheLargest() {
        let numbers: [Int64] = [
            0, 1, 9, 10, 99, 1_234_567, 9_999_999, 10_000_000, 12_345_678, 99_999_999,
            100_000_000, 123_456_789, 1_234_567_890_123, 99_999_999_999_999, 123_456_789_012_345,
            1_000_000_000_000_000, 9_007_199_254_740_990, 9_007_199_254_740_991,
        ]
        var reader = Reader()
        for number in numbers {
            for text in [
                bid.replacing("300", with: "\(number)"),
                bid.replacing("300", with: " \(number) "),
                // At the very end, where nothing more than the brace can be read with it.
                #"{"bid":"b-1","offering":"loan-7","account":"a-42","type":"bid","shares":"#
                    + "\(number)}",
            ] {
                let expected = Bid(
                    bid: "b-1", offering: "loan-7", account: "a-42", shares: Shares(number))
                #expect(reader.input(text) == .record(.bid(expected)), "\(text)")
            }
        }
    }

    @Test func aMemberThatIsMissingIsSeenAtTheClosingBrace() {
        var reader = Reader()
        let parts: [(Member, String)] = [
            (.type, #""type":"bid","#), (.bid, #""bid":"b-1","#),
            (.offering, #""offering":"loan-7","#), (.account, #""account":"a-42","#),
            (.shares, #""shares":300,"#),
        ]
        for (member, part) in parts {
            let text = bid.replacing(part, with: "") + " "
            let expected = Malformation(.missingMember, member: member, at: text.utf8.count - 2)
            #expect(reader.input(text).fault == expected, "\(text)")
        }
        let optional = bid.replacing(#","allOrNone":false"#, with: "")
        #expect(reader.input(optional) == reader.input(bid))
    }

    @Test func aListedMemberThatComesTwiceIsRefusedInEachSpelling() {
        var reader = Reader()
        for (member, value) in [
            (Member.type, "\"bid\""), (.bid, "\"b-1\""), (.offering, "\"loan-7\""),
            (.account, "\"a-42\""), (.shares, "300"), (.allOrNone, "false"),
        ] {
            let escaped = member.rawValue.utf8.map { byte in
                "\\u00" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
            }
            let partly = String(member.rawValue.dropLast()) + (escaped.last ?? "")
            for name in [member.rawValue, escaped.joined(), partly] {
                for value in [value, "null", "[{}]"] {
                    let after = bid.dropLast() + ",\"\(name)\":\(value),\"\(name)\":1}"
                    let expected = Malformation(
                        .duplicateMember, member: member, at: bid.utf8.count)
                    #expect(reader.input(String(after)).fault == expected, "\(after)")
                }
            }
        }
        // The first second one is named.
        let twice = bid.dropLast() + #","shares":1,"bid":"b-1"}"#
        #expect(
            reader.input(String(twice)).fault
                == Malformation(.duplicateMember, member: .shares, at: bid.utf8.count))
    }

    @Test func whatIsNotListedIsIgnoredAndMayComeTwice() {
        var reader = Reader()
        // `price`, `seq` and `closesAt` are members of other records; here they are nothing.
        let others = #""price":"x","price":-1,"seq":null,"closesAt":1.5,"":0,"":0,"Bid":1,"#
        let text = "{" + others + bid.dropFirst()
        #expect(reader.input(text) == reader.input(bid))
        // `shares` belongs to a bid and not to its cancellation.
        let cancel =
            #"{"shares":1,"shares":"x","type":"cancel","bid":"b","offering":"o","account":"a"}"#
        #expect(
            reader.input(cancel)
                == .record(.cancellation(BidCancellation(bid: "b", offering: "o", account: "a"))))
    }

    @Test func membersMayComeInAnyOrderWithAnySpaceAndSpelledWithEscapes() {
        var reader = Reader()
        let members = [
            #""type":"bid""#, #""\u0062id" : "\u0062-\u0031""#, "\"offering\"\n:\t\"loan-7\"\r",
            #""acc\u006funt":"a-42""#, #""shares":300"#, #""allOrNone":false"#,
        ]
        let expected = reader.input(bid)
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<720 {
            let text = "\n{ " + members.shuffled(using: &generator).joined(separator: " , ") + "}\t"
            #expect(reader.input(text) == expected, "\(text)")
        }
    }

    @Test func faultsAreLookedForInTheirOrder() {
        var reader = Reader()
        let ladder: [(String, Malformation.Code, Member?)] = [
            (#"{"type":"x","type":1,"bid":"","bid":"","shares":-1,"y":01}"#, .badNumber, nil),
            (
                #"{"type":"x","type":1,"bid":"","bid":"","shares":-1,"y":0}"#, .duplicateMember,
                .type
            ),
            (#"{"type":"x","bid":"","bid":"","shares":-1}"#, .unknownType, .type),
            (#"{"bid":"","bid":"","shares":-1}"#, .missingMember, .type),
            (#"{"type":"bid","shares":-1,"bid":"","bid":""}"#, .duplicateMember, .bid),
            (#"{"type":"bid","shares":-1,"bid":""}"#, .badIdentifier, .bid),
            (#"{"type":"bid","shares":-1,"bid":"b"}"#, .missingMember, .offering),
        ]
        for (text, code, member) in ladder {
            let fault = reader.input(text).fault
            #expect(fault?.code == code, "\(text)")
            #expect(fault?.member == member, "\(text)")
        }
    }

    @Test func linesOfAFileMayLeaveOutWhatIsMeant() {
        var reader = Reader()
        let line = bid.replacing(#""type":"bid","#, with: "")
        let bidReading = reader.read(line.utf8) {
            try $0.decodeBids($1, typeMayBeAbsent: true)
        }
        #expect(bidReading == reader.input(bid))
        let cancel = #"{"type":"cancel","bid":"b","offering":"o","account":"a"}"#
        let cancelReading = reader.read(cancel.utf8) {
            try $0.decodeBids($1, typeMayBeAbsent: true)
        }
        #expect(cancelReading == reader.input(cancel))
        let wrong = #"{"type":null,"bid":"b"}"#
        let wrongReading = reader.read(wrong.utf8) {
            try $0.decodeBids($1, typeMayBeAbsent: true)
        }
        #expect(wrongReading.fault?.code == .wrongType)

        let open = #"{"offering":"o","shares":1,"price":2,"currency":"XXX"}"#
        let openReading = reader.read(open.utf8) {
            try $0.decodeOfferingCommand($1, typeMayBeAbsent: true, defaultCommand: "line-1")
        }
        let terms = OfferingTerms(shares: 1, price: 2, currency: "XXX")
        #expect(
            openReading
                == .record(
                    .command(
                        OfferingCommand(command: "line-1", offering: "o", action: .open(terms)))))
        let withoutDefault = reader.read(open.utf8) {
            try $0.decodeOfferingCommand($1, typeMayBeAbsent: true)
        }
        #expect(withoutDefault.fault?.member == .command)
        #expect(reader.input(open, from: .offeringCommands).fault?.member == .type)
    }
}

@Suite struct MalformedCommandTests {
    /// Each line changes the command or result that stands before it in one place.
    @Test func termsAndResultsThatAreWrong() {
        let open = goldenInputs[3].2
        let distribute = goldenInputs[11].2
        let repay = goldenInputs[10].2
        let paid = goldenInputs[14].2
        let derived = String(repeating: "x", count: 130)
        let table: [(InputTopic, String, String, String, Malformation.Code, Member)] = [
            (.offeringCommands, open, #""CNY""#, #""cny""#, .badValue, .currency),
            (.offeringCommands, open, #""CNY""#, #""CN""#, .badValue, .currency),
            (.offeringCommands, open, #""CNY""#, #""CNYX""#, .badValue, .currency),
            (.offeringCommands, open, #""CNY""#, "156", .wrongType, .currency),
            (.offeringCommands, open, #""hold""#, #""Hold""#, .badValue, .remainder),
            (.offeringCommands, open, #""hold""#, "null", .wrongType, .remainder),
            (.offeringCommands, open, #""lot":10"#, #""lot":null"#, .wrongType, .lot),
            (.offeringCommands, open, #""lot":10"#, #""lot":-10"#, .outOfRange, .lot),
            (.offeringCommands, open, #""price":10000"#, #""price":1.5"#, .outOfRange, .price),
            (.offeringCommands, open, #""rules":1"#, #""rules":"1""#, .wrongType, .rules),
            (.offeringCommands, open, #"{"account":"rich-1","#, "[{", .notJSON, .backstop),
            (.offeringCommands, open, #"{"account":"rich-1","#, "{", .missingMember, .account),
            (.offeringCommands, open, #""rich-1","#, #""rich 1","#, .badIdentifier, .account),
            (
                .offeringCommands, open, #""account":"rich-1","#,
                #""account":"r","account":"r","#, .duplicateMember, .account
            ),
            (
                .offeringCommands, open, #""maxShares":9"#, #""maxShares":99"#, .outOfRange,
                .maxShares
            ),
            (.offeringCommands, open, #"["2026-12","#, #"["2026/12","#, .badIdentifier, .interest),
            (.offeringCommands, open, #"["2026-12","#, "[2026,", .wrongType, .interest),
            (.offeringCommands, open, #"["end"]"#, #""end""#, .wrongType, .principal),
            (.offeringCommands, open, #""payee":""#, #""payee":"/"#, .badIdentifier, .payee),
            (
                .offeringCommands, open, #""command":"c-1""#, #""command":"""#, .badIdentifier,
                .command
            ),
            (.offeringCommands, distribute, "interest", "Interest", .badValue, .kind),
            (.offeringCommands, distribute, "416700", "416700.0", .outOfRange, .amount),
            (.offeringCommands, repay, "loan-7/b-1/1", "", .badIdentifier, .payment),
            (.offeringCommands, repay, "loan-7/b-1/1", "loan-7/b 1/1", .badIdentifier, .payment),
            (
                .offeringCommands, repay, "loan-7/b-1/1", derived + "/" + derived, .badIdentifier,
                .payment
            ),
            (.paymentResults, paid, #","amount":3000000"#, "", .missingMember, .amount),
            (.paymentResults, paid, "3000000", "\"3000000\"", .wrongType, .amount),
            (.paymentResults, paid, #""paid""#, #""Paid""#, .unknownType, .type),
            (.paymentResults, paid, #""result":1"#, #""result":-1"#, .outOfRange, .result),
            (.paymentResults, paid, "loan-7/b-1/1", "loan-7 b-1", .badIdentifier, .command),
            (.paymentResults, paid, "}", #","reference":7}"#, .wrongType, .reference),
            (
                .paymentResults, paid, "}", #","reference":"a","reference":"b"}"#,
                .duplicateMember, .reference
            ),
        ]
        var reader = Reader()
        for (topic, text, right, wrong, code, member) in table {
            #expect(reader.input(text, from: topic).fault == nil)
            let changed = text.replacing(right, with: wrong, maxReplacements: 1)
            let fault = reader.input(changed, from: topic).fault
            #expect(fault?.code == code, "\(changed)")
            if code != .notJSON { #expect(fault?.member == member, "\(changed)") }
        }
    }

    @Test func idsThatAreNotDerivedAnswerNobody() {
        var reader = Reader()
        let longest = String(repeating: "x", count: 260)
        for id in ["x", "/", "loan-7/b-1/0", "loan-7/b-1/01", "a/b/c/d", longest] {
            let repay = goldenInputs[10].2.replacing("loan-7/b-1/1", with: id)
            #expect(
                reader.input(repay, from: .offeringCommands)
                    == .record(
                        .command(
                            OfferingCommand(
                                command: "c-1", offering: "loan-7", action: .repay(payment: nil)))))
            let paid = goldenInputs[14].2.replacing("loan-7/b-1/1", with: id)
            guard
                case .record(.paymentResult(let result)) = reader.input(
                    paid, from: .paymentResults)
            else {
                Issue.record("\(paid)")
                continue
            }
            #expect(result.payment == nil)
        }
    }

    @Test func everyKindOfResultIsRead() {
        var reader = Reader()
        for kind in PaymentResult.Kind.allCases {
            let text = goldenInputs[14].2
                .replacing("\"paid\"", with: "\"\(kind.rawValue)\"")
                .replacing("}", with: #","reference":"p\u00e4y_01"}"#)
            let expected = PaymentResult(
                kind: kind, payment: PaymentID(offering: "loan-7", bid: "b-1", number: 1),
                result: 1, offering: "loan-7", account: "a-42", amount: 3_000_000)
            #expect(reader.input(text, from: .paymentResults) == .record(.paymentResult(expected)))
        }
    }

    @Test func aReasonHasAtMostAThousandAndTwentyFourBytes() {
        var reader = Reader()
        for (unit, count, isRead) in [
            ("x", 1_024, true), ("x", 1_025, false), ("é", 512, true), ("é", 513, false),
            ("\\u0041", 1_024, true), ("\\ud83d\\ude00", 256, true), ("\\ud83d\\ude00", 257, false),
        ] {
            let text =
                #"{"type":"offering.cancel","command":"c","offering":"o","reason":""#
                + String(repeating: unit, count: count) + "\"}"
            let fault = reader.input(text, from: .offeringCommands).fault
            #expect((fault == nil) == isRead, "\(unit) \(count)")
            if !isRead { #expect(fault?.code == .badValue && fault?.member == .reason) }
        }
    }
}
