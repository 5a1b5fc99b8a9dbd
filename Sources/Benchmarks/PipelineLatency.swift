import CommandLine
import EventLog
import FairfillClient
import Foundation
import Messages
import Synchronization
import Vocabulary
import Workers

/// How soon a bid's decision can be read, with bids coming at a steady rate that does not
/// depend on the answers: an open loop, measured from the moment at which a bid was to be sent.
struct PipelineLatency {
    let bench: Bench
    let target: BenchTarget
    let rate: Int
    private static let millisecond: UInt64 = 1_000_000
    private static let seconds = 10

    func measure() throws(Failure) {
        var found: [Latency] = []
        for number in 1...bench.repeats {
            let progress = bench.progress("pipeline.latency-\(rate)", number)
            defer { progress.end() }
            found.append(Latency(nanoseconds: try run(progress)))
        }
        try bench.print(
            BenchRow(
                name: "pipeline.latency-\(rate)",
                title: "a bid to its decision, \(grouped(rate)) a second",
                figure: .milliseconds(found)))
    }

    private func run(_ progress: BenchProgress) throws(Failure) -> [UInt64] {
        let made = try target.make()
        defer { target.remove(made) }
        // As long as asked for by the number of bids, but not without end.
        let bids = min(bench.bids, rate * Self.seconds)
        let sale = PipelineSale(.grab, bids: bids, partitions: 1, on: made)
        let connection = LogConnection(log: made.log, environment: sale.environment)
        try sale.open(on: connection)

        let lane = AllocatorDriver(
            AllocatorConfiguration(environment: sale.environment, partition: 0),
            log: try target.reopen(made), clock: { .now }) { _ in }
        let allocating = Threads(1) { _ in _ = lane.run() }
        let watcher = DecisionWatcher(
            try target.reopen(made), connection.partition(.decisions, 0), bids: bids)
        let watching = Threads(1) { _ in watcher.run() }
        defer {
            lane.stop()
            watcher.stop()
            allocating.wait()
            watching.wait()
        }
        // The first bids are not to wait until the lane is alive.
        try watcher.waitForLife()
        let sent = try send(sale, connection, progress)
        let seen = try watcher.waitForAll(milliseconds: 30_000)
        return zip(seen, sent).map { $0 > $1 ? $0 - $1 : 0 }
    }

    /// Sends each bid at its moment, those of a millisecond at once; answers the moments.
    private func send(
        _ sale: PipelineSale, _ connection: LogConnection, _ progress: BenchProgress
    ) throws(Failure) -> [UInt64] {
        let appender = try logged { () throws(LogError) in try connection.log.openAppender() }
        defer { appender.close() }
        var records = OutgoingRecords(capacityBytes: 1 << 18)
        let destination = records.destination(connection.partition(.bids, 0))
        let headers = connection.headers
        let start = BenchClock.now + 10 * Self.millisecond
        var moments: [UInt64] = []
        moments.reserveCapacity(sale.bids)
        var number = 0
        while number < sale.bids {
            let now = BenchClock.now
            records.removeAll()
            while number < sale.bids {
                let moment = start + UInt64(number) * 1_000_000_000 / UInt64(rate)
                guard moment <= now else { break }
                moments.append(moment)
                let bid = BenchRecords.bid(number, for: sale.offerings[0])
                records.append(of: bid.offering, to: destination, headers: headers) {
                    RecordEncoder.encode(bid, into: $0)
                }
                number += 1
            }
            guard !records.isEmpty else {
                usleep(500)
                continue
            }
            for outcome in try logged({ () throws(LogError) in try appender.append(records) }) {
                if case .refused(let error) = outcome { throw Failure(error) }
            }
            try progress.update(number, of: sale.bids)
        }
        return moments
    }
}

/// Follows the decisions on its own thread, and notes when each bid's came.
private final class DecisionWatcher: @unchecked Sendable {
    private let log: any EventLog
    private let decisions: TopicPartition
    private let bids: Int
    private let condition = NSCondition()
    private var seen: [UInt64] = []
    private var isAlive = false
    private var failure: Failure?
    private let mustStop = Atomic<Bool>(false)

    init(_ log: any EventLog, _ decisions: TopicPartition, bids: Int) {
        self.log = log
        self.decisions = decisions
        self.bids = bids
    }

    func stop() { mustStop.store(true, ordering: .relaxed) }

    func run() {
        do throws(LogError) {
            let reader = try log.openReader([ReadStart(decisions, from: 0)])
            defer { reader.close() }
            var batch = RecordBatch()
            var decoder = RecordDecoder()
            while !mustStop.load(ordering: .relaxed) {
                batch.removeAll()
                if try reader.read(0, into: &batch, limit: 5_000) == 0 {
                    try reader.wait(timeoutMilliseconds: 100)
                    continue
                }
                let now = BenchClock.now
                condition.lock()
                for index in 0..<batch.count {
                    guard let record = try? decoder.decodeDecision(batch.value(index)) else {
                        continue
                    }
                    switch record.content {
                    case .epochStarted: isAlive = true
                    case .decision(let decision):
                        if decision.source.topic == .bids, decision.n == 0 { seen.append(now) }
                    }
                }
                condition.broadcast()
                condition.unlock()
            }
        } catch {
            condition.lock()
            failure = Failure(error)
            condition.broadcast()
            condition.unlock()
        }
    }

    func waitForLife() throws(Failure) {
        try wait(milliseconds: 30_000) { isAlive }
    }

    func waitForAll(milliseconds: Int) throws(Failure) -> [UInt64] {
        try wait(milliseconds: milliseconds) { seen.count >= bids }
        return seen
    }

    private func wait(milliseconds: Int, until isThere: () -> Bool) throws(Failure) {
        let end = Date(timeIntervalSinceNow: Double(milliseconds) / 1_000)
        condition.lock()
        defer { condition.unlock() }
        while !isThere() {
            if let failure { throw failure }
            guard Interruption.signal == 0, Date() < end else {
                throw Failure(.tryAgain, "the decisions did not come")
            }
            _ = condition.wait(until: Date(timeIntervalSinceNow: 0.1))
        }
    }
}
