import Foundation
import Payments
import Synchronization
import Testing
import Vocabulary

/// Money that goes back, and keys that are cancelled.
@Suite struct RefundCases {
    private let one = "o/b-1/1"
    private let refund = "o/b-1/refund/1/1"

    @Test("case 45: a refund waits while its collection is in doubt")
    func case45() throws {
        let bench = try CaseBench(
            #"[{"action":"drop","times":1},{"action":"lookupFails","forMs":600000}]"#)
        try bench.order(one, amount: 300)
        let payer = bench.payer(stopsAtEnd: false)
        try bench.run(payer) { !bench.gateway.lookups.isEmpty }
        try bench.order(refund, amount: 200, due: 300, original: 1)
        try bench.run(payer) { payer.payment(CaseBench.id(refund)) != nil }
        #expect(try bench.posts(refund) == 0)
        try bench.run(payer) { payer.payment(CaseBench.id(refund))?.state == .paid }
        let asked = bench.gateway.asked
        let collected = asked.lastIndex { $0.isLookup && $0.key == CaseBench.key(one) }
        let returned = asked.firstIndex { !$0.isLookup && $0.key == CaseBench.key(refund) }
        #expect(
            try #require(collected) < #require(returned),
            "it was sent while the collection was in doubt")
        #expect(try bench.results(of: refund) == ["inDoubt:behindDoubt", "paid"])
        try bench.expectPaid([one, refund], requests: 1)
        #expect(try bench.client.ledger().balances["anna"] == -100)
    }

    @Test("case 46: a time-out of a refund after its execution is looked up")
    func case46() throws {
        let bench = try CaseBench(
            #"[{"match":{"direction":"payout"},"action":"hang","times":1}]"#
        ) { $0.httpDeadlineMilliseconds = 1_500 }
        try bench.order(one)
        try bench.order(refund, original: 1)
        try bench.payAll()
        try bench.expectPaid([one, refund], requests: 1)
        #expect(try bench.client.ledger().balances["anna"] == 0)
    }

    @Test("case 47: of a cancelled key and its payment one wins, and the payer knows which")
    func case47() throws {
        let bench = try CaseBench { $0.largestRetryAgeMilliseconds = 120_000 }
        let count = 10
        let ids = (0..<count).map { "o/b-\($0)/1" }
        for (number, id) in ids.enumerated() { try bench.order(id, "a-\(number)") }
        // The first was cancelled before anything came; somebody else cancels the rest meanwhile.
        let client = bench.client
        let cancelled = Mutex<Set<String>>([])
        @Sendable func cancel(_ id: String) throws {
            let answer = try client.send(
                "POST /v1/payments/cancel-by-key",
                #"{"idempotency_key":"\#(CaseBench.key(id))"}"#)
            if answer.body.contains(#""cancelled":true"#) {
                cancelled.withLock { _ = $0.insert(id) }
            }
        }
        try cancel(ids[0])
        let isDone = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            for id in ids.dropFirst().reversed() { try? cancel(id) }
            isDone.signal()
        }
        try bench.run(bench.payer(inFlight: 1))
        #expect(isDone.wait(timeout: .now() + 20) == .success)
        let (ledger, buried) = (try bench.client.ledger(), cancelled.withLock { $0 })
        #expect(buried.contains(ids[0]))
        for id in ids {
            let (moved, last) = (ledger.count(of: id), try bench.results(of: id).last)
            #expect(moved == (buried.contains(id) ? 0 : 1), "\(id)")
            #expect((last == "paid") == (moved == 1), "\(id) is \(last ?? "nothing")")
        }
        #expect(try bench.client.requests().contains { $0.status == 409 })
        try bench.expectConserved()
    }
}
