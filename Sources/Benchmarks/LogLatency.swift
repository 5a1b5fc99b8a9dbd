import CommandLine
import EventLog
import FairfillClient
import Foundation
import Synchronization

/// How soon a record can be read: one thread appends records one by one, another waits for them.
struct LogLatency {
    let bench: Bench
    let log: any EventLog
    let partition: TopicPartition
    /// More make the tail of the figures surer, and each takes a few milliseconds.
    private static let mostSamples = 2_000

    func measure() throws(Failure) {
        var appends: [Latency] = []
        var reads: [Latency] = []
        for number in 1...bench.repeats {
            let progress = bench.progress("log.readable", number)
            defer { progress.end() }
            let samples = try run(min(bench.bids, Self.mostSamples), progress)
            appends.append(Latency(nanoseconds: samples.append))
            reads.append(Latency(nanoseconds: samples.readable))
        }
        try bench.print(
            BenchRow(
                name: "log.append-1", title: "append one", figure: .milliseconds(appends)))
        try bench.print(
            BenchRow(
                name: "log.readable", title: "append one, until another thread has read it",
                figure: .milliseconds(reads)))
    }

    private func run(
        _ count: Int, _ progress: BenchProgress
    ) throws(Failure) -> (append: [UInt64], readable: [UInt64]) {
        let end = try logged { () throws(LogError) in
            try log.bounds(of: [partition], .committed)[0].end
        }
        let watcher = LogWatcher(log, partition, from: end, count: count)
        let thread = Threads(1) { _ in watcher.run() }
        defer {
            watcher.stop()
            thread.wait()
        }
        let appender = try logged { () throws(LogError) in try log.openAppender() }
        defer { appender.close() }
        var starts: [UInt64] = []
        var appended: [UInt64] = []
        var records = OutgoingRecords()
        let destination = records.destination(partition)
        let value = [UInt8](repeating: 32, count: 200)
        for number in 0..<count {
            try progress.update(number, of: count)
            records.removeAll()
            value.withUnsafeBytes { records.append(to: destination, key: nil, value: $0) }
            starts.append(BenchClock.now)
            for outcome in try logged({ () throws(LogError) in try appender.append(records) }) {
                if case .refused(let error) = outcome { throw Failure(error) }
            }
            appended.append(BenchClock.now - starts[number])
            // The next one comes when this one has been read: none waits behind another.
            try watcher.wait(for: number + 1)
        }
        let seen = watcher.moments
        return (appended, zip(seen, starts).map { $0 - $1 })
    }
}

/// Reads on its own thread, and notes when each record came.
private final class LogWatcher: @unchecked Sendable {
    private let log: any EventLog
    private let partition: TopicPartition
    private let start: LogOffset
    private let count: Int
    private let condition = NSCondition()
    private var seen: [UInt64] = []
    private var failure: Failure?
    private let mustStop = Atomic<Bool>(false)

    init(
        _ log: any EventLog, _ partition: TopicPartition, from start: LogOffset, count: Int
    ) {
        self.log = log
        self.partition = partition
        self.start = start
        self.count = count
    }

    /// When each record was read, on the clock of `BenchClock`.
    var moments: [UInt64] {
        condition.lock()
        defer { condition.unlock() }
        return seen
    }

    func stop() { mustStop.store(true, ordering: .releasing) }

    func run() {
        do throws(LogError) {
            let reader = try log.openReader([ReadStart(partition, from: start)])
            defer { reader.close() }
            var batch = RecordBatch()
            var found = 0
            while found < count, !mustStop.load(ordering: .acquiring) {
                batch.removeAll()
                if try reader.read(0, into: &batch, limit: 100) == 0 {
                    try reader.wait(timeoutMilliseconds: 100)
                    continue
                }
                let now = BenchClock.now
                found += batch.count
                condition.lock()
                seen.append(contentsOf: repeatElement(now, count: batch.count))
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

    /// Returns once so many records were read.
    func wait(for number: Int) throws(Failure) {
        condition.lock()
        defer { condition.unlock() }
        while seen.count < number {
            if let failure { throw failure }
            if Interruption.signal != 0 { return }
            _ = condition.wait(until: Date(timeIntervalSinceNow: 0.1))
        }
    }
}
