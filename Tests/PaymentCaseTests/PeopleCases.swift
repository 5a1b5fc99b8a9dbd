import Payments
import Testing
import Vocabulary

/// What people decide about payments that no machine may settle.
@Suite struct PeopleCases {
    private let one = "o/b-1/1"

    @Test("case 17: what was sent goes over a second channel only if two people say so")
    func case17() throws {
        let second = try CaseBench()
        let bench = try CaseBench(
            #"[{"action":"drop","phase":"before"}]"#, keepsLedger: true)
        try bench.order(one)
        let payer = bench.payer(
            stopsAtEnd: false, others: [("second", try second.way(to: second.address))])
        try bench.run(payer) {
            bench.gateway.sendings.count == 1 && bench.gateway.underWay == 0
        }
        bench.stopBank()
        try bench.run(payer, atMostHours: 48) {
            payer.payment(CaseBench.id(one))?.state == .parked(.unresolved)
        }
        let parked = try #require(payer.payment(CaseBench.id(one)))
        #expect(parked.state == .parked(.unresolved))
        #expect(try second.client.requests().isEmpty, "it changed its channel by itself")
        try bench.resolve(
            one, "notExecuted", version: parked.version, more: #""channel":"second","#)
        try bench.run(payer, atMostHours: 48) {
            payer.payment(CaseBench.id(one))?.state == .paid
        }
        #expect(try bench.results(of: one).last == "paid")
        let ledger = try second.client.ledger()
        #expect(ledger.movements.map(\.reference) == [one] && ledger.repeatedKeys == 0)
        #expect(try second.client.requests().count { $0.method == "POST" } == 1)
        try bench.startBank()
        #expect(try bench.client.ledger().movements.isEmpty)
    }

    @Test("case 48: a resolution that comes twice counts once, and a stale one not at all")
    func case48() throws {
        let bench = try CaseBench(#"[{"action":"wrongAmount"}]"#)
        try bench.order(one)
        let payer = bench.payer(stopsAtEnd: false)
        try bench.run(payer) { payer.payment(CaseBench.id(one))?.state == .parked(.mismatch) }
        let version = try #require(payer.payment(CaseBench.id(one))).version
        for _ in 1...2 {
            try bench.resolve(one, "paid", version: version, more: #""reference":"pay_1","#)
        }
        try bench.resolve(one, "failedByPerson", version: version, named: "r-2")
        try bench.run(payer) { bench.attention.contains { $0 == .unresolved(.wrongVersion) } }
        #expect(try bench.results(of: one) == ["inDoubt:mismatch", "paid"])
        #expect(bench.attention.contains(.unresolved(.wrongVersion)))
        try bench.expectPaid([one], requests: 1)
    }

    @Test("case 49: a person who tries a paid command again is refused, and its story stays")
    func case49() throws {
        let bench = try CaseBench(#"[{"action":"drop"}]"#) { $0 = ProviderProfile() }
        try bench.order(one)
        let payer = bench.payer(stopsAtEnd: false)
        try bench.run(payer) { payer.payment(CaseBench.id(one))?.state == .parked(.noLookup) }
        let parked = try #require(payer.payment(CaseBench.id(one)))
        let journal = try bench.read(.paymentJournal)
        try bench.resolve(one, "retry", version: parked.version)
        try bench.run(payer) { bench.attention.contains { $0 == .unresolved(.wrongState) } }
        #expect(bench.attention.contains(.unresolved(.wrongState)))
        #expect(payer.payment(CaseBench.id(one))?.attempts == 1)
        #expect(try Array(bench.read(.paymentJournal).prefix(journal.count)) == journal)
        #expect(try bench.posts(one) == 1)
        try bench.expectConserved()
    }
}
