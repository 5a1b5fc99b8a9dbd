import Messages
import Testing
import Vocabulary

/// What a malformed record names all the same: what of its offering, bid and account can be read.
@Suite struct ReadableNameTests {
    static let cases: [(InputTopic, String, [Identifier?])] = [
        (
            .bids, #"{"type":"bid","bid":"b1","offering":"o","account":"a","shares":1.5}"#,
            ["o", "b1", "a"]
        ),
        // A member at fault names nothing, one that comes first at fault no less than a later one.
        (.bids, #"{"type":"bid","bid":"b 1","offering":"o","account":"a"}"#, ["o", nil, "a"]),
        (.bids, #"{"type":"bid","bid":7,"offering":null,"account":"a"}"#, [nil, nil, "a"]),
        (
            .bids, #"{"type":"bid","bid":"b1","offering":"o","account":"a","offering":"o"}"#,
            [nil, "b1", "a"]
        ),
        (.bids, #"{"bid":"b1","offering":"o"}"#, ["o", "b1", nil]),
        (.bids, #"{"type":"buy","bid":"b1","offering":"o"}"#, ["o", "b1", nil]),
        (.bids, #"{"type":"cancel","bid":"b1","offering":"o\u0031"}"#, ["o1", "b1", nil]),
        (.bids, "{}", [nil, nil, nil]),
        // What is no whole object is not read in part.
        (
            .bids, #"{"type":"bid","bid":"b1","offering":"o","account":"a","shares":"#,
            [nil, nil, nil]
        ),
        (.bids, #"{"type":"bid","bid":"b1","offering":"o"}{}"#, [nil, nil, nil]),
        (.bids, #"[{"bid":"b1","offering":"o"}]"#, [nil, nil, nil]),
        (.bids, "", [nil, nil, nil]),
        // Commands list neither bid nor account, and results no bid.
        (
            .offeringCommands,
            #"{"type":"offering.close","offering":"o","bid":"b1","account":"a"}"#, ["o", nil, nil]
        ),
        (
            .offeringCommands,
            #"{"type":"offering.open","command":"c","offering":"o","shares":1,"price":1,"#
                + #""currency":"XXX","backstop":{"account":"a"}}"#, ["o", nil, nil]
        ),
        (
            .paymentResults,
            #"{"type":"paid","command":"o/b1/1","result":0,"offering":"o","account":"a","#
                + #""bid":"b1","amount":1}"#, ["o", nil, "a"]
        ),
    ]

    @Test(arguments: cases)
    func names(_ topic: InputTopic, _ text: String, _ names: [Identifier?]) {
        var decoder = RecordDecoder()
        // What was read before names nothing.
        let other = #"{"type":"bid","bid":"x","offering":"x","account":"x","shares":1}"#
        let before = Array(other.utf8)
        _ = before.withUnsafeBytes { try? decoder.decode($0, from: .bids) }
        let read = Array(text.utf8).withUnsafeBytes { bytes -> ReadableNames? in
            guard (try? decoder.decode(bytes, from: topic)) == nil else { return nil }
            return decoder.readableNames(from: topic)
        }
        #expect(read.map { [$0.offering, $0.bid, $0.account] } == names)
    }

    @Test func whatHasNoValueNamesNothing() {
        var decoder = RecordDecoder()
        #expect((try? decoder.decode(nil, from: .bids)) == nil)
        #expect(decoder.readableNames(from: .bids) == ReadableNames())
    }

    /// Results count from 1.
    @Test func resultsCountFromOne() {
        func fault(_ result: String) -> Malformation? {
            var decoder = RecordDecoder()
            let text =
                #"{"type":"declined","command":"o/b/1","result":\#(result),"offering":"o","#
                + #""account":"a"}"#
            return Array(text.utf8).withUnsafeBytes { bytes -> Malformation? in
                do throws(Malformation) {
                    _ = try decoder.decodePaymentResult(bytes)
                    return nil
                } catch {
                    return error
                }
            }
        }
        #expect(fault("0") == Malformation(.outOfRange, member: .result, at: 46))
        #expect(fault("1") == nil)
        #expect(fault("9007199254740991") == nil)
    }
}
