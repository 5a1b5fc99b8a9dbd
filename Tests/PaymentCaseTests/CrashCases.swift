import EventLog
import Foundation
import MemoryLog
import Messages
import Payments
import Testing
import Vocabulary
import Workers

/// Payers that die, are taken over, or are told to end. One that died is never stepped again.
@Suite struct CrashCases {
    private let one = "o/b-1/1"

    /// Steps a payer until something holds, without letting time go by.
    private func step(
        _ payer: PayerDriver, until holds: () throws -> Bool,
        at location: SourceLocation = #_sourceLocation
    ) throws {
        for _ in 0..<20_000 {
            if try holds() { return }
            try #require(payer.step() == nil, sourceLocation: location)
            if payer.idleMilliseconds > 0 { usleep(500) }
        }
        Issue.record("it never held", sourceLocation: location)
    }

    private func journal(_ bench: CaseBench, has type: String) throws -> Bool {
        try bench.read(.paymentJournal).contains { $0.hasPrefix(#"{"type":"\#(type)""#) }
    }

    @Test("case 23: a death before INTENT: the command comes again")
    func case23() throws {
        let bench = try CaseBench()
        try bench.order(one)
        let first = bench.payer()
        try step(first) { try journal(bench, has: "epoch") }
        try #require(try !journal(bench, has: "intent"))
        try bench.payAll()
        try bench.expectPaid([one], requests: 1)
    }

    @Test("case 25: a death between SENDING and the first byte: asked for, then sent")
    func case25() throws {
        let bench = try CaseBench()
        try bench.order(one)
        let first = bench.payer()
        try step(first) { try journal(bench, has: "sending") }
        try #require(bench.gateway.sendings.isEmpty)
        let start = bench.clock.now
        try bench.payAll()
        #expect(bench.gateway.asked.first?.isLookup == true, "sent before it was asked for")
        let quiet = bench.profile.sendingWindowMilliseconds + bench.profile.httpDeadlineMilliseconds
        #expect(bench.gateway.sendings.map { $0.at - start >= quiet } == [true])
        try bench.expectPaid([one], requests: 1)
    }

    @Test("case 26: a death behind the execution, before OUTCOME: looked up, told once")
    func case26() throws {
        let bench = try CaseBench()
        try bench.order(one)
        let first = bench.payer()
        try step(first) { bench.gateway.sendings.count == 1 }
        for _ in 0..<20_000 where bench.gateway.answered == 0 { usleep(1_000) }
        try #require(bench.gateway.answered == 1)
        try #require(try bench.client.ledger().count(of: one) == 1)
        try bench.payAll()
        #expect(try bench.results(of: one).count { $0 == "paid" } == 1)
        try bench.expectPaid([one], requests: 1)
    }

    @Test("case 28: a death behind the result: nothing is sent or told again")
    func case28() throws {
        let bench = try CaseBench()
        try bench.order(one)
        let first = bench.payer()
        try step(first) { try bench.results(of: one) == ["paid"] }
        for _ in 1...3 { try bench.payAll() }
        #expect(try bench.results(of: one) == ["paid"])
        try bench.expectPaid([one], requests: 1)
    }

    @Test("case 29, in part: deaths anywhere, and faults of nearly every third request")
    func case29() throws {
        let clock = SteppedClock(1_700_000_000_000)
        let log = MemoryLog { clock.now }
        let faults = ["drop", "half", "reset"].map { #"{"match":{"p":0.08},"action":"\#($0)"}"# }
            + [#"{"match":{"p":0.08},"phase":"before","action":"status","status":503,"times":15}"#]
        let bench = try CaseBench(
            "[\(faults.joined(separator: ","))]", log: log, clock: clock)
        let ids = (0..<200).map { "o/b-\($0)/1" }
        for (number, id) in ids.enumerated() { try bench.order(id, "a-\(number % 50)") }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<25 {
            let dying = bench.payer()
            var left = Int.random(in: 1...120, using: &random)
            for _ in 0..<20_000 where left > 0 {
                if dying.step() != nil { break }
                if dying.idleMilliseconds == 0 {
                    left -= 1
                } else if bench.gateway.underWay > 0 {
                    usleep(500)
                } else {
                    left -= 1
                    try bench.pass(Int64(dying.idleMilliseconds))
                }
            }
            // Its answers die with it.
            for _ in 0..<20_000 where bench.gateway.underWay > 0 { usleep(1_000) }
        }
        try bench.payAll()
        try bench.expectPaid(ids)
        // The journal tells each successor the same.
        var states: [[Payment?]] = []
        for _ in 1...2 {
            let successor = bench.payer()
            #expect(try bench.run(successor) == .finished)
            states.append(ids.map { successor.payment(CaseBench.id($0)) })
        }
        #expect(states[0] == states[1])
        #expect(states[0].allSatisfy { $0?.state == .paid })
    }

    @Test("case 30: a payer that was taken over hears its answer late")
    func case30() throws {
        let bench = try CaseBench()
        try bench.order(one)
        let first = bench.payer()
        try step(first) { bench.gateway.sendings.count == 1 }
        try bench.payAll()
        try bench.expectPaid([one], requests: 1)
        let journal = try bench.read(.paymentJournal)
        let end = try bench.run(first)
        guard case .fenced? = end else {
            Issue.record("\(String(describing: end))")
            return
        }
        #expect(try bench.read(.paymentJournal) == journal)
        try bench.expectPaid([one], requests: 1)
    }

    @Test("case 31: of two payers of one partition one pays")
    func case31() throws {
        let bench = try CaseBench()
        let ids = (0..<6).map { "o/b-\($0)/1" }
        for (number, id) in ids.enumerated() { try bench.order(id, "a-\(number)") }
        let payers = [bench.payer(inFlight: 1), bench.payer(inFlight: 1)]
        var ends: [LaneEnd?] = [nil, nil]
        for _ in 0..<40_000 where ends.contains(nil) {
            for (number, payer) in payers.enumerated() where ends[number] == nil {
                ends[number] = payer.step()
            }
            if payers.allSatisfy({ $0.idleMilliseconds > 0 }) {
                if bench.gateway.underWay > 0 { usleep(500) } else { try bench.pass(200) }
            }
        }
        #expect(ends.count { $0 == .finished } == 1, "\(ends)")
        try bench.expectPaid(ids, requests: 1)
    }

    @Test("case 35: while the journal can't be read to its end, nothing is sent")
    func case35() throws {
        let clock = SteppedClock(1_700_000_000_000)
        let log = MemoryLog { clock.now }
        let bench = try CaseBench(log: log, clock: clock)
        let ids = (0..<30).map { "o/b-\($0)/1" }
        for (number, id) in ids.enumerated() { try bench.order(id, "a-\(number)") }
        let first = bench.payer(inFlight: 2)
        try bench.run(first) { bench.gateway.sendings.count >= 10 && bench.gateway.underWay == 0 }
        let sent = bench.gateway.sendings.count
        for _ in 0..<200 {
            log.failNext(.read, with: LogError(.timedOut, "it takes long", isRetriable: true))
        }
        let start = clock.now
        let second = bench.payer()
        try bench.run(second) { clock.now - start > 20_000 }
        #expect(!second.cameAlive && bench.gateway.sendings.count == sent)
        #expect(try bench.run(second) == .finished)
        try bench.expectPaid(ids, requests: 1)
    }

    @Test("case 54: another token, and another process: the same key and the same bytes")
    func case54() throws {
        let bench = try CaseBench(#"[{"action":"drop","phase":"before","times":1}]"#)
        try bench.order(one)
        let first = bench.payer()
        try bench.run(first) { bench.gateway.sendings.count == 1 && bench.gateway.underWay == 0 }
        try bench.lead(to: bench.address, token: "another")
        try bench.payAll()
        let sent = bench.gateway.sendings
        #expect(sent.count == 2 && Set(sent.map(\.key)).count == 1)
        #expect(Set(sent.map(\.body)).count == 1 && !sent[0].body.isEmpty)
        try bench.expectPaid([one], requests: 2)
    }

    @Test("case 55: told to end with calls open, it writes down what came of them")
    func case55() throws {
        let bench = try CaseBench(
            #"[{"match":{"account":"ben"},"action":"hang","times":1}]"#
        ) { $0.httpDeadlineMilliseconds = 2_000 }
        try bench.order(one)
        try bench.order("o/b-2/1", "ben")
        let payer = bench.payer(stopsAtEnd: false)
        try step(payer) { bench.gateway.sendings.count == 2 }
        payer.stop()
        #expect(try bench.run(payer) == .finished)
        let outcomes = try bench.read(.paymentJournal).count {
            $0.hasPrefix(#"{"type":"outcome""#)
        }
        #expect(outcomes == 2)
        try bench.payAll()
        try bench.expectPaid([one, "o/b-2/1"], requests: 1)
    }
}
