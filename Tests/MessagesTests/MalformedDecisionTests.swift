import Testing

import Messages
import Vocabulary

@Suite struct MalformedDecisionTests {
    private let reserved = sealed(goldenDecisions[0].0)

    @Test func theLastTwoMembersStandExactlyWhereTheHashEnds() {
        let ending = #","epoch":3,"hash":"\#(someHash)"}"#
        let hashed = String(reserved.dropLast(ending.count))
        var reader = Reader()
        #expect(reader.decision(hashed + ending).fault == nil)
        for wrong in [
            // Something that no hash covers.
            #","epoch":3,"x":1,"hash":"\#(someHash)"}"#,
            #","epoch":3,"hash":"\#(someHash)","x":1}"#,
            #","hash":"\#(someHash)","epoch":3}"#,
            #", "epoch":3,"hash":"\#(someHash)"}"#,
            #","epoch": 3,"hash":"\#(someHash)"}"#,
            #","epoch":3 ,"hash":"\#(someHash)"}"#,
            #","epoch":3,"hash":"\#(someHash)" }"#,
            #","epoch":3,"hash":"\#(someHash)"} "#,
            #","\u0065poch":3,"hash":"\#(someHash)"}"#,
        ] {
            let fault = reader.decision(hashed + wrong).fault
            #expect(fault?.code == .badValue, "\(wrong)")
        }
        let early = #"{"epoch":3,"# + hashed.dropFirst() + #","hash":"\#(someHash)"}"#
        #expect(reader.decision(early).fault?.code == .badValue)
        for wrong in [
            someHash.uppercased(), String(someHash.dropLast()), someHash + "0",
            "g" + someHash.dropFirst(), "\\u0030" + someHash.dropFirst(), "",
        ] {
            let text = reserved.replacing(someHash, with: wrong)
            #expect(reader.decision(text).fault?.code == .badValue, "\(wrong)")
        }
    }

    @Test func membersThatAreWrong() {
        let settled = sealed(goldenDecisions.first { $0.0.event.type == .settled }!.0)
        let waiting = sealed(goldenDecisions[1].0)
        let table: [(String, String, String, Malformation.Code)] = [
            (reserved, #""type":"reserved""#, #""type":"taken""#, .unknownType),
            (reserved, #""seq":812"#, #""seq":-1"#, .outOfRange),
            (reserved, #""seq":812,"#, #""seq":812,"seq":812,"#, .duplicateMember),
            (reserved, #""free":99700,"#, "", .missingMember),
            (reserved, #""settled":0,"#, "", .missingMember),
            (reserved, #""topic":"bids""#, #""topic":"decisions""#, .badValue),
            (reserved, #""n":0"#, #""n":"0""#, .wrongType),
            (reserved, #""allOrNone":false,"#, "", .missingMember),
            (reserved, #""waiting":0"#, #""waiting":1"#, .missingMember),
            (reserved, "\"loan-7\"", "\"loan 7\"", .badIdentifier),
            (waiting, "waitlistFull", "WaitlistFull", .badValue),
            (waiting, #"{"shares":50,"#, "{", .missingMember),
            (waiting, #"{"shares":50,"#, #"{"shares":50,"shares":50,"#, .duplicateMember),
            (settled, "loan-7/b-1/1", "loan-7/b-2/1", .badValue),
            (settled, "loan-7/b-1/1", "loan-8/b-1/1", .badValue),
            (settled, "loan-7/b-1/1", "loan-7/b-1/refund/1", .badValue),
            (settled, #""offering":"loan-7","#, "", .badValue),
        ]
        var reader = Reader()
        for (text, right, wrong, code) in table {
            #expect(reader.decision(text).fault == nil)
            let changed = text.replacing(right, with: wrong, maxReplacements: 1)
            #expect(changed != text)
            #expect(reader.decision(changed).fault?.code == code, "\(changed)")
        }
    }

    /// Members of other types, and members that a later version may add, change nothing.
    @Test func membersThatAreNotListedAreIgnored() {
        var reader = Reader()
        for (decision, _) in goldenDecisions {
            let text = sealed(decision)
            let more = #"{"later":{"free":[1]},"later":2,"obligation":null,"# + text.dropFirst()
            guard case .record(let record) = reader.decision(more) else {
                Issue.record("\(more)")
                continue
            }
            #expect(record.content == .decision(decision))
            #expect(
                record.hashedCount
                    == more.utf8.count - #","epoch":3,"hash":"\#(someHash)"}"#.utf8.count)
        }
    }

    @Test func everyWordOfEveryListIsReadBack() {
        var reader = Reader()
        var decision = goldenDecisions[3].0
        func check() {
            guard case .record(let record) = reader.decision(sealed(decision)) else {
                Issue.record("\(reader.decision(sealed(decision)))")
                return
            }
            #expect(record.content == .decision(decision))
        }
        for reason in Reason.allCases {
            decision.event = .rejected(Rejection(.cancellation(bid: "b", account: "a"), reason))
            check()
        }
        for member in Member.allCases where member.isOfInputs {
            // Of a batch that can't be unpacked another offset is told, and no member.
            for code in Malformation.Code.allCases where code != .unreadable {
                decision.event = .rejected(
                    Rejection(
                        .unreadable(Malformation(code, member: member, at: 16_384)), .malformed,
                        member: member))
                check()
            }
        }
        for was in DecisionType.allCases {
            decision.event = .repeated(
                .bid(
                    bid: "b", account: "a", of: 1, was: was, reason: nil,
                    now: Standing(reserved: 1, settled: 2, waiting: 3)))
            check()
        }
        decision.source = resultSource
        for reason in ReleaseReason.allCases {
            decision.event = .bid(.released(
                PaidPart(bid: "b", account: "a", shares: 1, number: 1, result: 1), reason))
            check()
        }
        decision.source = commandSource
        for remainder in RemainderRule.allCases {
            var terms = OfferingTerms(shares: 1, price: 1, currency: "XXX")
            terms.remainder = remainder
            terms.distributions = AllowedDistributions(interest: [], principal: ["x"])
            decision.event = .offering(.opened(command: "c", terms))
            check()
        }
    }
}
