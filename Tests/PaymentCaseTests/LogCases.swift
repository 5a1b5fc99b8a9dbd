import EventLog
import MemoryLog
import Payments
import Testing
import Vocabulary

/// A log that is not there when something must be written.
@Suite struct LogCases {
    private let one = "o/b-1/1"

    /// The log takes nothing any more from this commit on, for so many tries to open a writer.
    private func fail(_ log: MemoryLog, afterCommits commits: Int, tries: Int) {
        log.failCommit(.failsLost, afterCommits: commits)
        for _ in 0..<tries {
            log.failNext(
                .openWriter, with: LogError(.unreachable, "nobody answers", isRetriable: true))
        }
    }

    @Test("case 32: while SENDING can't be committed, no request is made")
    func case32() throws {
        let clock = SteppedClock(1_700_000_000_000)
        let log = MemoryLog { clock.now }
        let bench = try CaseBench(log: log, clock: clock)
        try bench.order(one)
        let payer = bench.payer()
        // The first commit is the epoch's.
        func isLive() throws -> Bool {
            try bench.read(.paymentJournal).contains { $0.contains(#""type":"epoch""#) }
        }
        for _ in 0..<500 where try !isLive() { try #require(payer.step() == nil) }
        fail(log, afterCommits: 0, tries: 600)
        let start = clock.now
        try bench.run(payer) {
            try bench.read(.paymentJournal).contains { $0.contains(#""type":"sending""#) }
                || !bench.gateway.sendings.isEmpty || clock.now - start > 60_000
        }
        #expect(clock.now - start > 60_000, "it was never down")
        #expect(bench.gateway.sendings.isEmpty, "it was sent before it was written")
        #expect(try bench.client.requests().isEmpty)
        #expect(try bench.run(payer) == .finished)
        try bench.expectPaid([one], requests: 1)
    }

    @Test("case 33: an outcome that can't be committed for ten minutes is not sent again")
    func case33() throws {
        let clock = SteppedClock(1_700_000_000_000)
        let log = MemoryLog { clock.now }
        let bench = try CaseBench(log: log, clock: clock)
        try bench.order(one)
        let payer = bench.payer()
        for _ in 0..<500 where bench.gateway.sendings.isEmpty {
            try #require(payer.step() == nil)
        }
        fail(log, afterCommits: 0, tries: 4_000)
        let start = clock.now
        try bench.run(payer) { clock.now - start >= 600_000 }
        #expect(clock.now - start >= 600_000, "it was never down")
        #expect(try bench.client.ledger().count(of: one) == 1)
        #expect(try bench.results(of: one).isEmpty)
        #expect(try bench.run(payer) == .finished)
        #expect(clock.now - start > 600_000)
        try bench.expectPaid([one], requests: 1)
    }
}
