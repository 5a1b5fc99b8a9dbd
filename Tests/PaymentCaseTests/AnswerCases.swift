import Payments
import Testing
import Vocabulary

/// Answers that don't come, come broken, or say that something went wrong.
@Suite struct AnswerCases {
    static let one = "o/b-1/1"

    /// A bank whose answer to the first request goes wrong like this; its payment is paid in the
    /// end, with so many requests.
    private func expectPaid(
        _ faults: String, requests: Int, deadline: Int64? = nil,
        _ change: (inout ProviderProfile) -> Void = { _ in }
    ) throws -> CaseBench {
        let bench = try CaseBench(faults) {
            if let deadline { $0.httpDeadlineMilliseconds = deadline }
            change(&$0)
        }
        try bench.order(Self.one)
        try bench.payAll()
        try bench.expectPaid([Self.one], requests: requests)
        return bench
    }

    @Test("case 01: a time-out after the execution is looked up")
    func case01() throws {
        let bench = try expectPaid(
            #"[{"action":"hang","times":1}]"#, requests: 1, deadline: 1_000)
        #expect(!bench.gateway.lookups.isEmpty)
    }

    @Test("case 02: a time-out before the execution is sent again under the same key")
    func case02() throws {
        _ = try expectPaid(
            #"[{"action":"hang","phase":"before","times":1}]"#, requests: 2, deadline: 1_000)
    }

    @Test("case 03: a 500 that is stored after the execution is looked up")
    func case03() throws {
        _ = try expectPaid(#"[{"action":"storeError","status":500}]"#, requests: 1)
        // Sent again, because lookups miss it at first, it is the same error under the same key.
        let bench = try expectPaid(
            #"[{"action":"storeError","status":500},\#(CaseBench.missedOnce)]"#, requests: 2
        ) { $0.notFoundIsFinal = false }
        let statuses = try bench.client.requests().filter { $0.method == "POST" }.map(\.status)
        #expect(statuses == [500, 500])
    }

    @Test("case 04: a 500 before the execution is sent again, and executed")
    func case04() throws {
        _ = try expectPaid(
            #"[{"action":"status","phase":"before","status":500,"times":1}]"#, requests: 2)
    }

    @Test("case 05: what can't be reached is tried until it can")
    func case05() throws {
        let other = try CaseBench()
        let authority = other.path("authority.pem")
        let secure = try CaseBench(authority: authority)
        // A port where nobody listens, a name that is none, a certificate that nobody trusts.
        let dead = try CaseBench()
        dead.stopBank()
        let addresses = [
            "http://127.0.0.1:\(dead.port)", "http://nobody.invalid",
            "https://127.0.0.1:\(secure.port)",
        ]
        for address in addresses {
            let bench = try CaseBench()
            try bench.order(Self.one)
            try bench.lead(to: address)
            let payer = bench.payer(others: [("second", try other.way(to: other.address))])
            try bench.run(payer) { bench.gateway.sendings.count >= 4 }
            #expect(bench.gateway.lookups.isEmpty, "\(address): it was not in doubt")
            #expect(try bench.client.requests().isEmpty)
            try bench.lead(to: bench.address)
            #expect(try bench.run(payer) == .finished, "\(address)")
            try bench.expectPaid([Self.one], requests: 1)
        }
        #expect(try other.client.requests().isEmpty, "it went over the second channel")
    }

    @Test("case 06: a reset behind the request is looked up")
    func case06() throws {
        _ = try expectPaid(#"[{"action":"reset","times":1}]"#, requests: 1)
    }

    @Test("case 07: half a body, or no JSON, with 200 is looked up")
    func case07() throws {
        let actions = ["half", "badJSON", "html", "halfHead", "hugeLength", "drop"]
        let faults = actions.enumerated().map {
            #"{"match":{"account":"a-\#($0.offset)"},"action":"\#($0.element)"}"#
        }
        let bench = try CaseBench("[\(faults.joined(separator: ","))]")
        let ids = actions.indices.map { "o/b-\($0)/1" }
        for (number, id) in ids.enumerated() {
            try bench.order(id, "a-\(number)")
        }
        try bench.payAll()
        try bench.expectPaid(ids, requests: 1)
    }

    @Test("case 08: an answer about another payment is left to people")
    func case08() throws {
        let actions = [
            "wrongAmount", "wrongCurrency", "wrongKey", "wrongDirection", "wrongReference",
            "wrongAccount",
        ]
        let faults = actions.enumerated().map {
            #"{"match":{"account":"a-\#($0.offset)"},"action":"\#($0.element)"}"#
        }
        let bench = try CaseBench("[\(faults.joined(separator: ","))]")
        for number in actions.indices { try bench.order("o/b-\(number)/1", "a-\(number)") }
        try bench.payAll()
        for (number, action) in actions.enumerated() {
            let id = "o/b-\(number)/1"
            #expect(try bench.results(of: id) == ["inDoubt:mismatch"], "\(action)")
            #expect(try bench.posts(id) == 1, "\(action)")
        }
        #expect(bench.attention.count { $0 == .parked(.mismatch) } == actions.count)
        try bench.expectConserved()
    }

    @Test("case 09: a 409 while the first request is under way is never a decline")
    func case09() throws {
        let bench = try CaseBench(
            #"[{"phase":"during","action":"drop","ms":120000,"times":1}]"#)
        try bench.order(Self.one)
        try bench.payAll()
        let statuses = try bench.client.requests().compactMap(\.status)
        #expect(statuses.contains(409), "\(statuses)")
        #expect(try !bench.results(of: Self.one).contains("declined"))
        try bench.expectPaid([Self.one])
    }

    @Test("case 10: a key that was used for another payment is left to people")
    func case10() throws {
        let bench = try CaseBench()
        let key = CaseBench.key(Self.one)
        // Somebody else's, of the same account, which the bank executed.
        let answer = try bench.client.send(
            "POST /v1/payments",
            #"{"direction":"collect","amount":7,"currency":"CNY","account_token":"anna","#
                + #""reference":"stranger"}"#, headers: ["Idempotency-Key: \(key)"])
        #expect(answer.status == 201)
        try bench.order(Self.one)
        try bench.payAll()
        #expect(try bench.results(of: Self.one) == ["inDoubt:keyReused"])
        #expect(bench.attention == [.parked(.keyReused)])
        let posts = try bench.client.requests().filter { $0.method == "POST" }
        #expect(posts.map(\.status) == [201, 422])
        let ledger = try bench.client.ledger()
        #expect(ledger.movements.map(\.reference) == ["stranger"] && ledger.sum == 0)
    }
}

extension CaseBench {
    /// Faults of lookups: what was paid is not found at the first one that can count, behind two
    /// that come too early, and the view says that it is complete.
    static let missedOnce =
        #"{"action":"lookupFails","times":2},{"action":"lookupFlaps","times":1}"#

    var address: String { "http://127.0.0.1:\(port)" }
}
