import Payments
import Testing
import Vocabulary

/// Commands that come again, twice, or otherwise.
@Suite struct RepeatCases {
    private let one = "o/b-1/1"

    @Test("case 19: a job that is run twice pays once")
    func case19() throws {
        let bench = try CaseBench()
        let ids = (0..<5).map { "o/b-\($0)/1" }
        for run in 1...2 {
            for (number, id) in ids.enumerated() { try bench.order(id, "a-\(number)") }
            try bench.payAll()
            for id in ids { #expect(try bench.results(of: id) == ["paid"], "run \(run)") }
        }
        try bench.expectPaid(ids, requests: 1)
    }

    @Test("case 20: two commands of one obligation never come to more than is due")
    func case20() throws {
        let bench = try CaseBench()
        try bench.order("o/distribution/interest/d/anna/1", due: 100)
        try bench.order("o/distribution/interest/d/anna/2", due: 100)
        try bench.payAll()
        try bench.expectPaid(["o/distribution/interest/d/anna/1"], requests: 1)
        let second = "o/distribution/interest/d/anna/2"
        #expect(try bench.results(of: second) == ["inDoubt:overObligation"])
        #expect(try bench.posts(second) == 0)
        #expect(bench.attention == [.parked(.overObligation)])
    }

    @Test("case 21: another amount under the same id changes nothing")
    func case21() throws {
        let bench = try CaseBench()
        try bench.order(one, amount: 100, due: 500)
        let other = CaseBench.command(one, amount: 300, due: 500)
        try bench.append([CaseBench.text(other)], to: .paymentCommands)
        try bench.payAll()
        #expect(bench.attention == [.conflict])
        try bench.expectPaid([one], requests: 1)
    }

    @Test("case 22: a command that is delivered three times is paid and answered once")
    func case22() throws {
        let bench = try CaseBench()
        for _ in 1...3 { try bench.order(one) }
        try bench.payAll()
        #expect(try bench.results(of: one) == ["paid"])
        try bench.expectPaid([one], requests: 1)
    }

    @Test("case 50: a command that can't be is kept aside, and the lane goes on")
    func case50() throws {
        let bench = try CaseBench()
        let right = CaseBench.text(CaseBench.command("o/b-9/1"))
        try bench.append(
            [
                "no JSON", "{}", "[]", right.replacing(#""kind":"collect""#, with: #""kind":"x""#),
                right.replacing("b-9/1", with: "b-2/1")
                    .replacing(#""amount":100"#, with: #""amount":-1"#),
                right.replacing("b-9/1", with: "b-3/1")
                    .replacing(#""amount":100"#, with: #""amount":99999999999999999999"#),
                right.replacing("b-9/1", with: "b-4/1").replacing("CNY", with: "yuan"),
            ], to: .paymentCommands)
        try bench.order(one)
        try bench.payAll()
        #expect(try bench.read(.invalid).count == 7)
        try bench.expectPaid([one], requests: 1)
        #expect(try bench.client.requests().count == 1)
    }

    @Test("case 51: one slow account holds up nobody, and keeps its order")
    func case51() throws {
        let bench = try CaseBench(
            #"[{"match":{"account":"slow"},"action":"hang","times":2}]"#
        ) { $0.httpDeadlineMilliseconds = 2_000 }
        let slow = (0..<3).map { "o/s-\($0)/1" }
        let others = (0..<150).map { "o/b-\($0)/1" }
        for id in slow { try bench.order(id, "slow") }
        for (number, id) in others.enumerated() { try bench.order(id, "a-\(number)") }
        let payer = bench.payer(inFlight: 8)
        let start = bench.clock.now
        try bench.run(payer) {
            others.allSatisfy { payer.payment(CaseBench.id($0))?.state == .paid }
        }
        // No time had to go by, and the slow one has not even begun its second.
        #expect(bench.clock.now == start)
        #expect(bench.gateway.sendings.allSatisfy { $0.key != CaseBench.key(slow[1]) })
        #expect(try bench.run(payer) == .finished)
        try bench.expectPaid(others + slow, requests: 1)
        let keys = slow.map { CaseBench.key($0) }
        let order = try bench.client.ledger().movements.map(\.key)
            .filter { keys.contains($0) }
        #expect(order == keys)
    }
}
