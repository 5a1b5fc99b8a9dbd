import EventLog
import Foundation
import Kafka

/// Appends with acknowledgement of all brokers in sync; what is resent stands in the log once.
final class KafkaAppender: LogAppender {
    private let log: KafkaLog
    private var client: Client
    private let outcomes = Outcomes()

    init(_ log: KafkaLog) throws(LogError) {
        self.log = log
        client = try Self.client(of: log, outcomes)
    }

    private static func client(
        of log: KafkaLog, _ outcomes: Outcomes
    ) throws(LogError) -> Client {
        try log.client(.producer, KafkaSettings.appender, reports: outcomes)
    }

    func append(_ records: borrowing OutgoingRecords) throws(LogError) -> [AppendOutcome] {
        guard !records.isEmpty else { return [] }
        try log.check(records.destinations)
        let partitions = records.destinations
        // One that has ended takes nothing more; what it was asked to append was answered.
        if client.finalError != nil { client = try Self.client(of: log, outcomes) }
        outcomes.expect(records.count)
        let topics = partitions.map { client.handle(ofTopic: $0.topic) }
        for index in 0..<records.count {
            let record = records[index]
            let destination = record.destination.index
            do throws(KafkaError) {
                try client.produce(
                    record, to: topics[destination], partitions[destination], tag: index + 1)
            } catch {
                outcomes.delivered(tag: index + 1, offset: -1, appendTime: -1, error: error)
            }
        }
        // Every record is reported, at the latest when its own time-out is over.
        while !client.flush(milliseconds: 1_000) {}
        let words = client.lastWords
        // Once the client has ended, the records only say that they were dropped.
        let end = client.finalError
        var known: [TopicPartition: LogError] = [:]
        func refusal(_ error: KafkaError, of partition: TopicPartition) -> LogError {
            let found = log.failures.logError(error, "\(partition)", .write, words: words)
            guard found.code == .timedOut else { return found }
            // Asked once: a cluster that is away would let each record wait for its own answer.
            if let known = known[partition] { return known }
            let explained = log.explained(found, [partition])
            known[partition] = explained
            return explained
        }
        return outcomes.take().enumerated().map { index, outcome in
            let partition = partitions[records[index].destination.index]
            if let error = outcome.error {
                return .refused(refusal(end ?? error, of: partition))
            }
            guard outcome.offset >= 0 else {
                return .refused(
                    LogError(
                        .timedOut, "what became of a record for \(partition) was not reported",
                        isRetriable: true))
            }
            return .appended(
                Receipt(
                    partition: partition, offset: LogOffset(outcome.offset),
                    appendTime: outcome.appendTime))
        }
    }

    func close() {}
}

/// What became of each record of one call.
final class Outcomes: DeliveryReports, @unchecked Sendable {
    struct Outcome {
        var offset: Int64 = -1
        var appendTime: Int64 = -1
        var error: KafkaError?
    }

    private let lock = NSLock()
    private var outcomes: [Outcome] = []

    func expect(_ count: Int) {
        lock.lock()
        outcomes = Array(repeating: Outcome(), count: count)
        lock.unlock()
    }

    func delivered(tag: Int, offset: Int64, appendTime: Int64, error: KafkaError?) {
        lock.lock()
        if tag > 0, tag <= outcomes.count {
            outcomes[tag - 1] = Outcome(offset: offset, appendTime: appendTime, error: error)
        }
        lock.unlock()
    }

    func take() -> [Outcome] {
        lock.lock()
        defer { lock.unlock() }
        return outcomes
    }
}

extension Client {
    /// Hands over one record of a buffer; waits while the client's queue is full.
    func produce(
        _ record: OutgoingRecords.Record, to topic: TopicHandle, _ partition: TopicPartition,
        tag: Int
    ) throws(KafkaError) {
        // The headers are made anew for each try: the client takes them even where it fails.
        while try !produce(
            to: topic, partition: partition.partition, key: record.key, value: record.value,
            headers: HeaderList(record), tag: tag)
        {
            poll(milliseconds: 5)
        }
    }
}

extension HeaderList {
    /// A record's headers; nil where it has none.
    fileprivate init?(_ record: OutgoingRecords.Record) {
        self.init(Headers(encoded: record.headers))
    }

    /// These headers; nil where there are none.
    init?(_ headers: Headers) {
        guard !headers.isEmpty else { return nil }
        self.init(capacity: 4)
        headers.forEach { name, value in
            add(name, value)
            return true
        }
    }
}
