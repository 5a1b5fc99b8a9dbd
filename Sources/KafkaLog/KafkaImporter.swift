import EventLog
import Foundation
import Kafka

/// On Kafka records keep their times while their topic lets clients say when. So a copy goes into
/// topics of that kind, which nobody compacts meanwhile, and they become what they are to be at
/// its end (TheLog.md, The SQLite log).
extension KafkaLog: ImportingLog {
    /// The brokers give offsets without leaving one out.
    package var takesGaps: Bool { false }

    package func beginImport(of topics: [TopicSpecification]) throws(LogError) {
        for topic in topics {
            do throws(LogError) {
                try create(topic, KafkaSettings.importedTopic)
            } catch {
                guard error.code == .alreadyExists else { throw error }
            }
        }
        try set(topics) { _ in KafkaSettings.importedTopic }
    }

    package func openImporter() throws(LogError) -> any LogImporter { try KafkaImporter(self) }

    package func endImport(of topics: [TopicSpecification]) throws(LogError) {
        try set(topics) {
            KafkaSettings.topic + [
                ("cleanup.policy", $0.cleanup.rawValue),
                ("retention.ms", "\($0.retentionMilliseconds ?? -1)"),
            ]
        }
    }

    /// Sets what differs, and returns once the brokers show it.
    private func set(
        _ topics: [TopicSpecification], _ wanted: (TopicSpecification) -> KafkaSettings.List
    ) throws(LogError) {
        var isChanged = false
        for topic in topics where try !shows(topic, wanted(topic)) {
            isChanged = true
            try ask("topic \(topic.name)", .alterConfigs) { () throws(KafkaError) in
                try committed.alter(
                    topic: topic.name, wanted(topic), milliseconds: Self.answerMilliseconds)
            }
            var left = 200
            while try !shows(topic, wanted(topic)) {
                guard left > 0 else {
                    throw LogError(
                        .timedOut,
                        "topic \(topic.name) was set to \(KafkaSettings.text(wanted(topic))), and "
                            + "\(brokers) does not show it yet", isRetriable: true)
                }
                left -= 1
                usleep(50_000)
            }
        }
        // One broker shows it; a leader that has not heard of it yet would give its own times.
        if isChanged { usleep(500_000) }
    }

    private func shows(
        _ topic: TopicSpecification, _ wanted: KafkaSettings.List
    ) throws(LogError) -> Bool {
        let found = try ask("the settings of \(topic.name)", .describeConfigs) {
            () throws(KafkaError) in
            try committed.settings(
                wanted.map(\.name), ofTopics: [topic.name], milliseconds: Self.answerMilliseconds)
        }
        return found[topic.name] == wanted.map { $0.value }
    }
}

/// Brings records of another log into a cluster: plain idempotent appends, a batch at a time.
final class KafkaImporter: LogImporter {
    private let log: KafkaLog
    private let client: Client
    private let outcomes = Outcomes()

    init(_ log: KafkaLog) throws(LogError) {
        self.log = log
        client = try log.client(.producer, KafkaSettings.importer, reports: outcomes)
    }

    func append(
        _ batch: borrowing RecordBatch, to partition: TopicPartition, from first: LogOffset,
        upTo last: LogOffset
    ) throws(LogError) {
        try log.check([partition])
        guard last.rawValue - first.rawValue == Int64(batch.count) else {
            throw LogError(.misconfigured, "\(partition): a gap can't be made on Kafka")
        }
        outcomes.expect(batch.count)
        let topic = client.handle(ofTopic: partition.topic)
        do throws(KafkaError) {
            for index in 0..<batch.count {
                // The headers are made anew for each try: the client takes them.
                while try !client.produce(
                    to: topic, partition: partition.partition, key: batch.key(index),
                    value: batch.value(index), headers: HeaderList(batch.headers(index)),
                    time: batch.appendTime(index), tag: index + 1)
                {
                    client.poll(milliseconds: 5)
                }
            }
        } catch {
            throw log.failures.logError(error, "\(partition)", .write, words: client.lastWords)
        }
        // Every record is reported, at the latest when its own time-out is over.
        while !client.flush(milliseconds: 1_000) {}
        for (index, outcome) in outcomes.take().enumerated() {
            if let error = outcome.error {
                throw log.failures.logError(error, "\(partition)", .write, words: client.lastWords)
            }
            guard outcome.offset == batch.offset(index).rawValue else {
                throw .otherWriter(
                    partition, end: LogOffset(outcome.offset), expected: batch.offset(index))
            }
            guard outcome.appendTime == batch.appendTime(index) else {
                throw LogError(
                    .misconfigured,
                    "\(partition): the broker gave the record at \(batch.offset(index)) the time "
                        + "\(outcome.appendTime) and not \(batch.appendTime(index)), which it "
                        + "brought; delete the topics of this "
                        + "copy, and copy again")
            }
        }
    }

    func close() {}
}
