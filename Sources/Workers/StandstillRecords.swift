import EventLog
import Foundation
import Messages
import Synchronization
import Vocabulary

/// Writes to `attention` which lanes of this process stand still, on a thread of its own: where
/// the log is what ails them, an append may take a minute, and no lane waits for it.
///
/// A lane that stands still is written once, and again where the reason is another. What can't be
/// written is dropped: people are told on standard error in any case.
public final class StandstillRecords: @unchecked Sendable {
    private let log: any EventLog
    private let environment: Environment
    private let condition = NSCondition()
    private var waiting: [StandstillAttention] = []
    private var isClosed = false
    private var isBusy = false
    /// Why each lane stands still, as it was written last.
    private var written: [LanePost: LaneEnd] = [:]

    /// Records that wait at most: one a lane.
    private static let most = 4_096

    public init(_ log: any EventLog, _ environment: Environment) {
        self.log = log
        self.environment = environment
        let thread = Thread { [self] in run() }
        thread.name = "attention"
        thread.start()
    }

    /// Takes note of what happened to a lane, by the worker's clock; returns at once.
    public func hear(_ notice: SeatNotice, at now: Milliseconds) {
        condition.lock()
        defer { condition.unlock() }
        switch notice {
        case .standsStill(let post, let end, _, _):
            guard written[post].map({ !$0.isTheSame(as: end) }) ?? true, let sentence = end.sentence, waiting.count < Self.most
            else { return }
            written[post] = end
            waiting.append(
                StandstillAttention(
                    worker: post.role, partition: post.partition, detail: sentence, at: now))
            condition.broadcast()
        case .atWorkAgain(let post, _, _), .takenOver(let post, _, _):
            written[post] = nil
        }
    }

    /// Lets what waits be written, for at most so long.
    public func close(withinMilliseconds milliseconds: Int) {
        let end = Date(timeIntervalSinceNow: Double(milliseconds) / 1_000)
        condition.lock()
        while !waiting.isEmpty || isBusy, condition.wait(until: end) {}
        isClosed = true
        condition.broadcast()
        condition.unlock()
    }

    private func run() {
        condition.lock()
        while true {
            while waiting.isEmpty, !isClosed { condition.wait() }
            guard !waiting.isEmpty, !isClosed else { break }
            let records = waiting
            waiting.removeAll()
            isBusy = true
            condition.unlock()
            try? write(records)
            condition.lock()
            isBusy = false
            condition.broadcast()
        }
        condition.unlock()
    }

    private func write(_ attentions: [StandstillAttention]) throws(LogError) {
        let appender = try log.openAppender()
        defer { appender.close() }
        var records = OutgoingRecords()
        let headers = Headers.encode(
            [("\(HeaderName.environment)", Array(environment.name.utf8))])
        for attention in attentions {
            // A partition that the environment doesn't have has no place in its topics.
            let isThere = attention.partition.rawValue < environment.partitions
            let place = TopicPartition(
                Topic.attention.fullName(environment: environment.name),
                isThere ? Int32(attention.partition.rawValue) : 0)
            let destination = records.destination(place)
            var key = "\(attention.worker.rawValue)/\(attention.partition)"
            key.withUTF8 { key in
                headers.withUnsafeBytes { headers in
                    records.append(
                        to: destination, key: UnsafeRawBufferPointer(key), headers: headers,
                        largestValue: RecordEncoder.largestSmallRecord
                    ) { RecordEncoder.encode(attention, into: $0) }
                }
            }
        }
        _ = try appender.append(records)
    }
}

extension LaneEnd {
    /// Whether both say the same to people: how much too large a state is differs each time.
    public func isTheSame(as other: LaneEnd) -> Bool {
        switch (self, other) {
        case (.overMemory(let one), .overMemory(let other)): one.share == other.share
        default: self == other
        }
    }

    /// Why, for people; nil where the lane was done.
    public var sentence: String? {
        switch self {
        case .finished: nil
        case .fenced(let sentence), .invariant(let sentence): sentence
        case .log(let error): error.message
        case .overMemory(let reason): reason.sentence
        }
    }
}
