import CommandLine
import EventLog
import Messages
import Synchronization
import Vocabulary

/// The front ends: several threads that append what the crowd sends, each through its own
/// appender, and keep the receipts. They append and leave; none ever waits for a decision.
final class FrontEnds: Sendable {
    static let count = 4
    /// A front end sends what came within this time as one batch.
    static let batchMicroseconds: Int64 = 8_000

    private let log: any EventLog
    private let bids: TopicPartition
    private let appendedCount = Atomic<Int>(0)
    private let isStopped = Atomic<Bool>(false)
    private let kept: Mutex<Kept>

    private struct Kept {
        /// By the index of the request in the crowd.
        var receipts: [LogOffset?]
        var failure: DemoFailure?
    }

    init(_ log: any EventLog, bids: TopicPartition, crowd: Crowd) {
        self.log = log
        self.bids = bids
        kept = Mutex(Kept(receipts: Array(repeating: nil, count: crowd.requests.count)))
    }

    /// Records acknowledged so far.
    var appended: Int { appendedCount.load(ordering: .relaxed) }

    /// Where each request of the crowd stands in the log; nil: it was not acknowledged.
    var receipts: [LogOffset?] { kept.withLock { $0.receipts } }

    /// Why one of them gave up.
    var failure: DemoFailure? { kept.withLock { $0.failure } }

    /// They stop before their next batch.
    func stop() { isStopped.store(true, ordering: .relaxed) }

    func start(_ crowd: Crowd, clock: StoryClock) -> Threads {
        Threads(Self.count) { [self] number in
            do throws(LogError) {
                try serve(crowd, number, clock)
            } catch {
                kept.withLock {
                    $0.failure = $0.failure ?? DemoFailure("a front end can't append: \(error)")
                }
            }
        }
    }

    /// Every fourth request is this front end's.
    private func serve(_ crowd: Crowd, _ number: Int, _ clock: StoryClock) throws(LogError) {
        let appender = try log.openAppender()
        defer { appender.close() }
        var records = OutgoingRecords()
        let destination = records.destination(bids)
        var batch: [Int] = []
        var next = number
        while next < crowd.requests.count, !isStopped.load(ordering: .relaxed) {
            clock.sleep(until: crowd.requests[next].at + Self.batchMicroseconds)
            let now = clock.now
            batch.removeAll(keepingCapacity: true)
            records.removeAll()
            while next < crowd.requests.count, crowd.requests[next].at <= now {
                Self.add(crowd.requests[next].content, to: &records, destination)
                batch.append(next)
                next += Self.count
            }
            keep(try appender.append(records), of: batch)
        }
    }

    private static func add(
        _ content: Crowd.Content, to records: inout OutgoingRecords,
        _ destination: OutgoingRecords.Destination
    ) {
        Terms.offering.withBytes { key in
            switch content {
            case .bid(let bid, _):
                records.append(
                    to: destination, key: key, largestValue: RecordEncoder.largestRecord
                ) { RecordEncoder.encode(bid, into: $0) }
            case .garbage(let index):
                guard let bytes = Crowd.garbage[index] else {
                    return records.append(to: destination, key: key, value: nil)
                }
                bytes.withUnsafeBytes { records.append(to: destination, key: key, value: $0) }
            }
        }
    }

    private func keep(_ outcomes: [AppendOutcome], of batch: [Int]) {
        kept.withLock { kept in
            for (index, outcome) in zip(batch, outcomes) {
                switch outcome {
                case .appended(let receipt): kept.receipts[index] = receipt.offset
                case .refused(let error):
                    kept.failure = kept.failure ?? DemoFailure("an append was refused: \(error)")
                }
            }
        }
        appendedCount.add(batch.count, ordering: .relaxed)
    }
}
