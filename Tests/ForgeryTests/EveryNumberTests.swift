import Testing

import Audit
import Vocabulary

/// Every number of every decision is one more, and the chain is sealed anew.
@Suite struct EveryNumberTests {
    /// What only the inputs can tell, at least in some decision of the story: the numbers and the
    /// times of their records, and what was asked for and changed nothing.
    static let unseen: Set<String> = [
        "opened price", "opened waitlistShares", "rejected asked",
        "rejected expectedPartition", "rejected from", "rejected result", "released result",
        "settled result",
        "refunding result", "refunded result", "paidOut result", "payoutDeclined result",
        "paymentReturned result", "paymentReturned amount",
    ]
    /// What nobody recounts yet: which bids a correction is about and from when they count, where
    /// no end lies between.
    static let notRecounted: Set<String> = [
        "clockCorrected from", "clockCorrected to", "clockCorrected countsAt",
    ]
    static let ofSources: Set<String> = ["offset", "at"]

    @Test func isFoundOrCannotBeTold() throws {
        let decisions = try TrueHistory.whole()
        var unfound: Set<String> = []
        var told = 0
        for (index, body) in bodies(decisions).enumerated() {
            for number in numbers(of: body) {
                told += 1
                let report = audit(resealed(decisions, index, body.adding(1, to: number)))
                let name = String(decoding: body[number.name], as: UTF8.self)
                if report.totalFindings == 0, !Self.ofSources.contains(name) {
                    unfound.insert("\(decisions[index].event.type) \(name)")
                }
            }
        }
        let expected = Self.unseen.union(Self.notRecounted)
        #expect(unfound == expected, "\(unfound.symmetricDifference(expected).sorted())")
        #expect(told > 500)
    }

    /// The decisions as bytes, up to their seals.
    private func bodies(_ decisions: [Decision]) -> [[UInt8]] {
        sealed([.epoch(1)] + decisions.map(Line.decision)).dropFirst().map { record in
            let end = record.count - ",\"epoch\":1,\"hash\":\"\"}".utf8.count - 64
            return Array(record[..<end])
        }
    }

    private func resealed(
        _ decisions: [Decision], _ index: Int, _ body: [UInt8]
    ) -> [[UInt8]] {
        var sealer = Sealer()
        var records = [sealer.seal(.epoch(1))]
        for position in decisions.indices {
            records.append(
                position == index ? sealer.seal(body) : sealer.seal(.decision(decisions[position])))
        }
        return records
    }

    /// Where the names and the values of the numbers of a record are.
    private func numbers(of body: [UInt8]) -> [(name: Range<Int>, value: Range<Int>)] {
        var found: [(name: Range<Int>, value: Range<Int>)] = []
        for colon in body.indices.dropLast() where body[colon] == UInt8(ascii: ":") {
            var end = colon + 1
            while end < body.count, isDigit(body[end]) { end += 1 }
            guard end > colon + 1, body[colon - 1] == UInt8(ascii: "\"") else { continue }
            let start = body[..<(colon - 1)].lastIndex(of: UInt8(ascii: "\""))!
            found.append((start + 1..<colon - 1, colon + 1..<end))
        }
        return found
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}

extension [UInt8] {
    fileprivate func adding(
        _ more: Int64, to number: (name: Range<Int>, value: Range<Int>)
    ) -> [UInt8] {
        let value = Int64(String(decoding: self[number.value], as: UTF8.self))! + more
        return self[..<number.value.lowerBound] + Array("\(value)".utf8)
            + self[number.value.upperBound...]
    }
}
