import EventLog
import Foundation
import Messages
import Vocabulary

/// Writes to `attention` what keeps lanes of this process from their work, on its own thread:
/// where the log is what ails them, an append may take a minute, and no lane waits for it.
///
/// What goes on is written once, and again where the reason is another. What can't be written now
/// is tried again for as long as the process lives: the log that ails a lane may be this one.
package final class AttentionRecords: @unchecked Sendable {
    private enum Record {
        case lane(StandstillAttention)
        case topic(TopicAttention)
    }

    /// What a record about a topic is about.
    private struct Subject: Hashable {
        var kind: TopicAttention.Kind
        var topic: Topic
        var partition: Partition

        init(_ attention: TopicAttention) {
            kind = attention.kind
            topic = attention.topic
            partition = attention.partition
        }
    }

    private let log: any EventLog
    private let environment: Environment
    private let condition = NSCondition()
    private var waiting: [Record] = []
    private var isClosed = false
    private var isBusy = false
    private let backoff: Backoff
    /// Why each lane stands still, as it was written last.
    private var lanes: [LanePost: LaneEnd] = [:]
    /// When each subject was written about last, and whether that is over.
    private var subjects: [Subject: (at: Timestamp, isOver: Bool)] = [:]

    /// Records that wait at most.
    private static let most = 4_096
    /// Transactions that come one after the other are written about once in this time a topic.
    private static let calmMilliseconds: Int64 = 60_000

    /// `backoff` is how long it waits to write again what could not be written.
    package init(_ log: any EventLog, _ environment: Environment, backoff: Backoff = Backoff()) {
        self.log = log
        self.environment = environment
        self.backoff = backoff
        let thread = Thread { [self] in run() }
        thread.name = "attention"
        thread.start()
    }

    /// Takes note of what happened to a lane, by the worker's clock; returns at once. Answers
    /// whether that was news: not of a lane that stands still for the reason that is known.
    @discardableResult
    package func hear(_ notice: SeatNotice, at now: Timestamp) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        switch notice {
        case .standsStill(let post, let end, _, _):
            if let before = lanes[post], before.isTheSame(as: end) { return false }
            guard let sentence = end.sentence else { return true }
            lanes[post] = end
            put(
                .lane(
                    StandstillAttention(
                        worker: post.role, partition: post.partition, detail: sentence, at: now)))
        case .atWorkAgain(let post, _, _), .takenOver(let post, _, _):
            lanes[post] = nil
        }
        return true
    }

    /// Takes note of what keeps lanes from a partition; returns at once.
    package func hear(_ attention: TopicAttention) {
        condition.lock()
        defer { condition.unlock() }
        let subject = Subject(attention)
        if let (at, isOver) = subjects[subject] {
            guard isOver, attention.at.rawValue - at.rawValue >= Self.calmMilliseconds else {
                return
            }
        }
        subjects[subject] = (attention.at, false)
        put(.topic(attention))
    }

    /// A partition can be read on.
    package func movesOn(_ topic: Topic, _ partition: Partition) {
        condition.lock()
        defer { condition.unlock() }
        for subject in subjects.keys
        where subject.topic == topic && subject.partition == partition {
            subjects[subject]?.isOver = true
        }
    }

    private func put(_ record: Record) {
        guard waiting.count < Self.most else { return }
        waiting.append(record)
        condition.broadcast()
    }

    /// Lets what waits be written, for at most so long.
    package func close(withinMilliseconds milliseconds: Int) {
        let end = Date(timeIntervalSinceNow: Double(milliseconds) / 1_000)
        condition.lock()
        while !waiting.isEmpty || isBusy, condition.wait(until: end) {}
        isClosed = true
        condition.broadcast()
        condition.unlock()
    }

    private func run() {
        var pause = backoff
        condition.lock()
        while true {
            while waiting.isEmpty, !isClosed { condition.wait() }
            guard !waiting.isEmpty, !isClosed else { break }
            let records = waiting
            waiting.removeAll()
            isBusy = true
            condition.unlock()
            let isWritten = (try? write(records)) != nil
            condition.lock()
            isBusy = false
            condition.broadcast()
            if isWritten {
                pause = backoff
            } else {
                waiting.insert(contentsOf: records.prefix(Self.most - waiting.count), at: 0)
                let due = Date(timeIntervalSinceNow: Double(pause.next()) / 1_000)
                while !isClosed, condition.wait(until: due) {}
            }
        }
        condition.unlock()
    }

    private func write(_ waiting: [Record]) throws(LogError) {
        let appender = try log.openAppender()
        defer { appender.close() }
        var records = OutgoingRecords()
        let headers = Headers.encode(
            [("\(HeaderName.environment)", Array(environment.name.utf8))])
        for record in waiting {
            let (partition, key): (Partition, String) = switch record {
            case .lane(let it): (it.partition, "\(it.worker.rawValue)/\(it.partition)")
            case .topic(let it): (it.partition, "\(it.topic.name)/\(it.partition)")
            }
            // A partition that the environment doesn't have has no place in its topics.
            let isThere = partition.rawValue < environment.partitions
            let target = TopicPartition(
                Topic.attention.fullName(environment: environment.name),
                isThere ? Int32(partition.rawValue) : 0)
            let destination = records.destination(target)
            var bytes = key
            bytes.withUTF8 { key in
                headers.withUnsafeBytes { headers in
                    records.append(
                        to: destination, key: UnsafeRawBufferPointer(key), headers: headers,
                        largestValue: RecordEncoder.largestSmallRecord
                    ) { buffer in
                        switch record {
                        case .lane(let it): RecordEncoder.encode(it, into: buffer)
                        case .topic(let it): RecordEncoder.encode(it, into: buffer)
                        }
                    }
                }
            }
        }
        for outcome in try appender.append(records) {
            if case .refused(let error) = outcome, error.isRetriable { throw error }
        }
    }
}

extension LaneEnd {
    /// Whether both say the same to people: how much too large a state is differs each time.
    func isTheSame(as other: LaneEnd) -> Bool {
        switch (self, other) {
        case (.overMemory(let one), .overMemory(let other)): one.share == other.share
        default: self == other
        }
    }

    /// Why, for people; nil where the lane was done.
    package var sentence: String? {
        switch self {
        case .finished: nil
        case .fenced(let sentence), .invariant(let sentence): sentence
        case .log(let error): error.message
        case .overMemory(let reason): reason.sentence
        }
    }
}
