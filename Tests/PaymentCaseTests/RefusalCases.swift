import Payments
import Testing
import Vocabulary

/// Refusals: to come later, to go elsewhere, for good; and what a channel lies about.
@Suite struct RefusalCases {
    private let one = "o/b-1/1"

    /// By the payer's clock, how long after the first sending each came.
    private func pauses(_ bench: CaseBench, _ id: String) -> [Int64] {
        let sent = bench.gateway.sendings.filter { $0.key == CaseBench.key(id) }.map(\.at)
        return sent.map { $0 - sent[0] }
    }

    @Test("case 11: a 429 with Retry-After: 7 is sent again after 7 s")
    func case11() throws {
        let bench = try CaseBench(
            #"[{"action":"status","phase":"before","status":429,"retryAfter":7,"times":1}]"#)
        try bench.order(one)
        try bench.payAll()
        let sent = pauses(bench, one)
        #expect(sent.count == 2 && sent.last ?? 0 >= 7_000, "\(sent)")
        try bench.expectPaid([one], requests: 2)
    }

    @Test("case 12: a 429 to a repeat proves nothing of the first request")
    func case12() throws {
        let bench = try CaseBench(
            #"[{"action":"drop","phase":"before","times":1},"#
                + #"{"action":"status","phase":"before","status":429,"times":1}]"#
        ) { $0.notFoundIsFinal = false }
        try bench.order(one, due: 100)
        let payer = bench.payer()
        try bench.run(payer) {
            bench.gateway.sendings.count == 2
                && payer.payment(CaseBench.id(one))?.state == .unknown
        }
        let statuses = try bench.client.requests().filter { $0.method == "POST" }.map(\.status)
        #expect(statuses == [nil, 429])
        // What is due is reserved meanwhile.
        try bench.order("o/b-1/2", due: 100)
        try bench.run(payer) { payer.payment(CaseBench.id("o/b-1/2")) != nil }
        #expect(payer.payment(CaseBench.id("o/b-1/2"))?.state == .parked(.overObligation))
        #expect(try bench.run(payer) == .finished)
        try bench.expectPaid([one], requests: 3)
        #expect(try bench.results(of: "o/b-1/2").last == "inDoubt:overObligation")
    }

    @Test("case 13: Retry-After as a date, in the past, in ten years, and as garbage")
    func case13() throws {
        // What the bank says, and the least and the largest pause in seconds.
        let said: [(String, ClosedRange<Int64>)] = [
            (#"{"date":60}"#, 50...90), (#"{"date":-60}"#, 1...10), ("315360000", 3_600...4_800),
            (#""soon""#, 1...10), ("-5", 1...10), (#""99999999999999999999""#, 1...4_800),
        ]
        let faults = said.enumerated().map {
            #"{"match":{"account":"a-\#($0.offset)"},"action":"status","phase":"before","#
                + #""status":429,"retryAfter":\#($0.element.0),"times":1}"#
        }
        for number in said.indices {
            let bench = try CaseBench("[\(faults[number])]")
            let id = "o/b-\(number)/1"
            try bench.order(id, "a-\(number)")
            try bench.payAll()
            let sent = pauses(bench, id)
            let seconds = (sent.last ?? 0) / 1_000
            #expect(sent.count == 2 && said[number].1.contains(seconds), "\(said[number]): \(sent)")
            try bench.expectPaid([id], requests: 2)
        }
    }

    @Test("case 14, in part: an hour of 401 declines nothing, and all is paid afterwards")
    func case14() throws {
        let bench = try CaseBench(
            #"[{"action":"status","phase":"before","status":401,"forMs":3600000}]"#
        ) { $0.notExecutedStatuses = [401] }
        let ids = (0..<3).map { "o/b-\($0)/1" }
        for (number, id) in ids.enumerated() { try bench.order(id, "a-\(number)") }
        try bench.payAll()
        for id in ids {
            #expect(pauses(bench, id).last ?? 0 >= 3_500_000)
            #expect(try bench.results(of: id) == ["paid"])
        }
        try bench.expectPaid(ids)
    }

    @Test("case 15: a redirect to another bank is not followed")
    func case15() throws {
        let elsewhere = try CaseBench()
        for phase in ["after", "before"] {
            let bench = try CaseBench(
                #"[{"action":"status","phase":"\#(phase)","status":302,"times":1,"#
                    + #""location":"\#(elsewhere.address)/v1/payments"}]"#)
            try bench.order(one)
            try bench.payAll()
            try bench.expectPaid([one], requests: phase == "after" ? 1 : 2)
        }
        #expect(try elsewhere.client.requests().isEmpty)
    }

    @Test("case 16: a decline is told once, and a declined payout keeps its room")
    func case16() throws {
        let bench = try CaseBench(#"[{"action":"decline"}]"#)
        let interest = "o/distribution/interest/d/anna/1"
        try bench.order(one, "ben")
        try bench.order(interest)
        try bench.payAll()
        for id in [one, interest] {
            #expect(try bench.results(of: id).count { $0 == "declined" } == 1, "\(id)")
            #expect(try bench.posts(id) == 1, "\(id)")
        }
        // A collection may be asked for again, and a payout not before a statement is there.
        try bench.client.setFaults("[]")
        try bench.order("o/b-1/2", "ben")
        let again = "o/distribution/interest/d/anna/2"
        try bench.order(again)
        try bench.payAll()
        #expect(try bench.results(of: "o/b-1/2") == ["paid"])
        #expect(try bench.results(of: again) == ["inDoubt:overObligation"])
        #expect(try bench.posts(again) == 0)
        try bench.expectConserved()
    }

    /// Two jobs pay interest and principal at once; the first channel says that it failed, and has
    /// paid; a second one is ready.
    private func story(lookups: String) throws -> (bench: CaseBench, second: CaseBench) {
        let second = try CaseBench()
        let bench = try CaseBench(#"[{"action":"lie"}\#(lookups)]"#)
        for kind in ["interest", "principal"] {
            for job in 1...2 {
                try bench.order("o/distribution/\(kind)/d/anna/\(job)", due: 100)
            }
        }
        let payer = bench.payer(others: [("second", try second.way(to: second.address))])
        #expect(try bench.run(payer) == .finished)
        #expect(try second.client.requests().isEmpty, "it went over the second channel")
        let ledger = try bench.client.ledger()
        #expect(ledger.movements.map(\.reference).sorted() == [
            "o/distribution/interest/d/anna/1", "o/distribution/principal/d/anna/1",
        ])
        return (bench, second)
    }

    @Test("case 18: a channel lies, a second one is ready, two jobs run at once")
    func case18() throws {
        // The lookup tells the truth.
        let (honest, _) = try story(lookups: "")
        for kind in ["interest", "principal"] {
            let id = "o/distribution/\(kind)/d/anna/"
            #expect(try honest.results(of: id + "1").last == "paid")
            #expect(try honest.results(of: id + "2") == ["inDoubt:overObligation"])
        }
        #expect(honest.attention.count { $0 == .contradiction } == 2)
        try honest.expectConserved()

        // The lookup lies, too: the obligation stays reserved until the statement tells.
        let (liar, _) = try story(lookups: #",{"action":"lookupLies"}"#)
        let paid = ["interest", "principal"].map { "o/distribution/\($0)/d/anna/1" }
        for id in paid { #expect(try liar.results(of: id).last == "declined") }
        for id in paid { try liar.showLine(id) }
        try liar.payAll()
        for id in paid { #expect(try liar.results(of: id).last == "conflict") }
        #expect(liar.attention.count { $0 == .contradiction } == 2)
        for kind in ["interest", "principal"] {
            let other = "o/distribution/\(kind)/d/anna/2"
            #expect(try liar.results(of: other) == ["inDoubt:overObligation"])
        }
        try liar.expectConserved()
    }
}
