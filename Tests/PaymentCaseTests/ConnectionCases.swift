import MemoryLog
import Payments
import Testing
import Vocabulary
import Workers

/// Connections that die, processes that sleep, clocks that jump.
@Suite struct ConnectionCases {
    private let one = "o/b-1/1"
    private let two = "o/b-2/1"

    @Test("case 52: a log's clock that jumps by an hour either way sends nothing early")
    func case52() throws {
        for jump in [3_600_000, -3_600_000] as [Int64] {
            let clock = SteppedClock(1_700_000_000_000)
            let ahead = SteppedClock(0)
            let log = MemoryLog { clock.now + ahead.now }
            let bench = try CaseBench(
                #"[{"action":"drop","phase":"before","times":1}]"#, log: log, clock: clock)
            try bench.order(one)
            let payer = bench.payer()
            try bench.run(payer) { bench.gateway.sendings.count == 1 }
            ahead.advance(jump)
            #expect(try bench.run(payer) == .finished)
            let sent = bench.gateway.sendings.map(\.at)
            let quiet = bench.profile.sendingWindowMilliseconds
                + bench.profile.httpDeadlineMilliseconds
            #expect(sent.count == 2 && sent[1] - sent[0] >= quiet, "\(sent)")
            #expect(sent[1] - sent[0] < quiet + 60_000, "\(sent)")
            try bench.expectPaid([one], requests: 2)
            // A successor behind the jump sends nothing again.
            ahead.advance(-2 * jump)
            try bench.payAll()
            try bench.expectPaid([one], requests: 2)
        }
    }

    @Test("case 56: executed, then socket and listener close, on a connection that was kept")
    func case56() throws {
        let bench = try CaseBench(
            #"[{"match":{"account":"ben"},"action":"hang"}]"#, keepsLedger: true
        ) {
            $0.reusesConnections = true
        }
        try bench.order(one)
        let payer = bench.payer()
        try bench.run(payer) { payer.payment(CaseBench.id(one))?.state == .paid }
        try bench.order(two, "ben")
        try bench.run(bench.payer()) {
            try bench.gateway.sendings.count == 2 && bench.client.ledger().movements.count == 2
        }
        bench.stopBank()
        try bench.startBank()
        try bench.payAll()
        #expect(try bench.client.ledger().movements.count == 2)
        #expect(try bench.results(of: two).last == "paid")
        try bench.expectConserved()
    }

    @Test("case 57: a process that sleeps for an hour behind SENDING sends nothing late")
    func case57() throws {
        let bench = try CaseBench()
        try bench.order(one)
        let payer = bench.payer()
        func mayBeSent() throws -> Bool {
            try bench.read(.paymentJournal).contains { $0.contains(#""type":"sending""#) }
        }
        for _ in 0..<500 where try !mayBeSent() { try #require(payer.step() == nil) }
        #expect(bench.gateway.sendings.isEmpty)
        try bench.pass(3_600_000)
        try bench.run(payer) { bench.gateway.sendings.count == 1 && bench.gateway.underWay == 0 }
        guard case .failed(.windowClosed, _)? = bench.gateway.sendings.first?.answer else {
            Issue.record("\(bench.gateway.sendings)")
            return
        }
        #expect(try bench.client.requests().isEmpty, "it sent after its window")
        #expect(try bench.run(payer) == .finished)
        try bench.expectPaid([one], requests: 1)
    }

    @Test("case 58: a payment never takes the connection that a lookup left")
    func case58() throws {
        let bench = try CaseBench(
            #"[{"match":{"account":"anna"},"action":"drop"}]"#, keepsLedger: true)
        try bench.order(one)
        let payer = bench.payer(stopsAtEnd: false)
        try bench.run(payer) { payer.payment(CaseBench.id(one))?.state == .paid }
        #expect(!bench.gateway.lookups.isEmpty)
        // The connection that the lookup left dies with the bank; the bank is there again.
        bench.stopBank()
        try bench.startBank()
        try bench.order(two, "ben")
        try bench.run(payer) { payer.payment(CaseBench.id(two))?.state == .paid }
        guard case .answered(status: 201, _, _, _)? = bench.gateway.sendings.last?.answer else {
            Issue.record("\(bench.gateway.sendings)")
            return
        }
        #expect(bench.gateway.sendings.count == 2)
        try bench.expectConserved()
    }
}
