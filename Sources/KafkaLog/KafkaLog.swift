import EventLog
import Foundation
import Kafka

/// A log on Apache Kafka, through librdkafka: for many machines (TheLog.md).
package final class KafkaLog: EventLog, @unchecked Sendable {
    package let url: String
    package let clusterID: String
    let brokers: String
    let failures: KafkaFailures
    let operators: KafkaSettings.List
    let patience: CommitPatience
    /// Asks for the end of what is committed, and all else that a client can be asked.
    let committed: Client
    /// Asks for the end of what is written, committed or not.
    private let written: Client
    private let lock = NSLock()
    /// How many partitions each topic has; guarded by `lock`.
    private var known: [String: Int32] = [:]

    /// What lanes read by; guarded by `sharing`.
    private var shared: SharedConsumer?
    private let sharing = NSLock()

    /// How long a question may take.
    static let answerMilliseconds: Int32 = 10_000
    /// How long one about an end may take, before the partition's leader is looked for anew.
    private static let endMilliseconds: Int32 = 1_500
    /// How long it is put again, where brokers say or show that they are not ready.
    private static let endPatienceMilliseconds: UInt64 = 4_000

    /// Connects to the cluster.
    ///
    /// - Parameters:
    ///   - brokers: `HOST:PORT[,HOST:PORT...]`.
    ///   - properties: librdkafka's, such as `security.protocol`; ours win over them.
    package convenience init(
        brokers: String, properties: [(name: String, value: String)] = []
    ) throws(LogError) {
        try self.init(brokers: brokers, properties: properties, patience: CommitPatience())
    }

    package init(
        brokers: String, properties: [(name: String, value: String)] = [],
        patience: CommitPatience
    ) throws(LogError) {
        self.patience = patience
        url = "kafka:\(brokers)"
        self.brokers = brokers
        operators = properties
        failures = KafkaFailures(brokers: brokers, properties)
        let failures = failures
        func ask(_ isolation: String) throws(LogError) -> Client {
            do throws(KafkaError) {
                return try Client(
                    .producer,
                    KafkaSettings.common(brokers, properties)
                        + KafkaSettings.asker(isolation: isolation))
            } catch {
                throw failures.misconfigured(error)
            }
        }
        committed = try ask("read_committed")
        written = try ask("read_uncommitted")
        clusterID = try Self.connect(committed, failures)
    }

    /// The cluster's id. A refusal is final once no broker is left that could take us; what may be
    /// one, or a broker that just comes up, gets a while; what does not answer, the whole time.
    private static func connect(
        _ client: Client, _ failures: KafkaFailures
    ) throws(LogError) -> String {
        for waited in 0..<answerMilliseconds / 100 {
            if let id = client.clusterID(milliseconds: 100) { return id }
            client.poll()
            guard client.hasLostAllBrokers, let refusal = failures.refusal(of: client),
                refusal.isSure || waited >= 30
            else { continue }
            throw refusal.error
        }
        throw failures.refusal(of: client)?.error ?? failures.unreachable(client.lastWords)
    }

    /// A client with these settings besides those of the log.
    func client(
        _ kind: Client.Kind, _ settings: KafkaSettings.List, reports: DeliveryReports? = nil,
        assignments: AssignmentReports? = nil
    ) throws(LogError) -> Client {
        do throws(KafkaError) {
            return try Client(
                kind, KafkaSettings.common(brokers, operators) + settings, reports: reports,
                assignments: assignments)
        } catch {
            throw failures.misconfigured(error)
        }
    }

    /// Asks the cluster something about `subject`, for which it takes `right`.
    func ask<Answer>(
        _ subject: String, _ right: KafkaRight = .describe,
        _ question: () throws(KafkaError) -> Answer
    ) throws(LogError) -> Answer {
        do throws(KafkaError) {
            return try question()
        } catch {
            throw failures.logError(error, subject, right, words: committed.lastWords)
        }
    }

    // MARK: Topics

    /// Refuses a partition that is not there. Naming it to a producer could make its topic.
    func check(_ partitions: [TopicPartition]) throws(LogError) {
        for partition in partitions where !isKnown(partition) {
            try lookAtTopics()
            guard isKnown(partition) else {
                try refuseHidden(partition.topic)
                throw failures.unknownTopic("\(partition)")
            }
        }
    }

    /// Which of partitions that were there is gone: it may come back.
    private func missing(among partitions: [TopicPartition]) throws(LogError) -> LogError? {
        try lookAtTopics()
        guard let partition = partitions.first(where: { !isKnown($0) }) else { return nil }
        return failures.unknownTopic("\(partition)", isRetriable: true)
    }

    /// Throws where a topic that is not shown may be there, and is not for us to see. Asked by
    /// name, and by a consumer: it makes no topic by that.
    private func refuseHidden(_ topic: String) throws(LogError) {
        let client = try client(.consumer, [])
        do throws(KafkaError) {
            try client.lookFor(topic: topic, milliseconds: Self.answerMilliseconds)
        } catch {
            let found = failures.logError(error, topic, .describe, words: client.lastWords)
            if found.code == .notPermitted { throw found }
        }
    }

    private func isKnown(_ partition: TopicPartition) -> Bool {
        lock.lock()
        defer { lock.unlock() }
        return partition.partition >= 0 && partition.partition < known[partition.topic] ?? 0
    }

    @discardableResult
    private func lookAtTopics() throws(LogError) -> [TopicMetadata] {
        let found = try ask("the topics") { () throws(KafkaError) in
            try committed.allTopics(milliseconds: Self.answerMilliseconds)
        }
        lock.lock()
        known = Dictionary(found.map { ($0.name, $0.partitions) }) { $1 }
        lock.unlock()
        return found
    }

    package func topics() throws(LogError) -> [TopicDescription] {
        try describe(lookAtTopics().filter { !$0.name.hasPrefix("__") })
    }

    package func topics(named names: [String]) throws(LogError) -> [TopicDescription] {
        let found = try lookAtTopics().filter { names.contains($0.name) }
        for name in names where !found.contains(where: { $0.name == name }) {
            try refuseHidden(name)
        }
        return try describe(found)
    }

    private func describe(_ topics: [TopicMetadata]) throws(LogError) -> [TopicDescription] {
        let found = topics.sorted { $0.name < $1.name }
        guard !found.isEmpty else { return [] }
        let names = [
            "cleanup.policy", "retention.ms", "max.message.bytes", "message.timestamp.type",
            "compression.type",
        ]
        let settings = try ask("the topics' settings", .describeConfigs) {
            () throws(KafkaError) in
            try committed.settings(
                names, ofTopics: found.map(\.name), milliseconds: Self.answerMilliseconds)
        }
        return found.compactMap { topic in
            guard let values = settings[topic.name] else { return nil }
            let retention = values[1].flatMap { Int64($0) } ?? -1
            return TopicDescription(
                specification: TopicSpecification(
                    name: topic.name, partitions: topic.partitions,
                    cleanup: values[0]?.contains("compact") == true ? .compact : .delete,
                    retentionMilliseconds: retention < 0 ? nil : retention,
                    maxMessageBytes: values[2].flatMap { Int($0) } ?? 0),
                timestampType: values[3] == "LogAppendTime" ? .logAppendTime : .createTime,
                repacking: values[4] == "producer" ? nil : values[4])
        }
    }

    package func create(_ topic: TopicSpecification) throws(LogError) {
        try create(
            topic,
            KafkaSettings.topic + [
                ("cleanup.policy", topic.cleanup.rawValue),
                ("retention.ms", "\(topic.retentionMilliseconds ?? -1)"),
            ])
    }

    /// Makes a topic with settings beside those that every one has.
    func create(
        _ topic: TopicSpecification, _ more: KafkaSettings.List
    ) throws(LogError) {
        let settings =
            more.filter { $0.name != "retention.bytes" } + [
                // A topic that keeps everything by time must not lose it by size.
                ("retention.bytes", "-1"),
                ("max.message.bytes", "\(topic.maxMessageBytes)"),
            ]
        try ask("topic \(topic.name)", .create) { () throws(KafkaError) in
            try committed.createTopic(
                topic.name, partitions: topic.partitions, settings: settings,
                milliseconds: Self.answerMilliseconds)
        }
        // A broker answers before every broker knows: until then a reader would be told that
        // there is no such topic.
        let last = TopicPartition(topic.name, topic.partitions - 1)
        for _ in 0..<500 {
            try lookAtTopics()
            if isKnown(last), (try? bounds(of: [last], .committed)) != nil { return }
            usleep(20_000)
        }
        throw LogError(
            .timedOut, "topic \(topic.name) was made, and \(brokers) does not show it yet",
            isRetriable: true)
    }

    /// Deletes a topic with all its records: for tests and benches that made it.
    package func delete(topic name: String) throws(LogError) {
        try ask("topic \(name)", .delete) { () throws(KafkaError) in
            try committed.deleteTopic(name, milliseconds: Self.answerMilliseconds)
        }
    }

    /// Deletes all topics of an environment that was made for a while, as far as that is possible.
    package func deleteTopics(of environment: String) {
        guard let topics = try? topics() else { return }
        for topic in topics where topic.specification.name.hasPrefix("\(environment).") {
            try? delete(topic: topic.specification.name)
        }
    }

    /// Whether the brokers decide who may do what; nil where they don't say.
    package func hasAuthorizer() throws(LogError) -> Bool? {
        try ask("the access lists") { () throws(KafkaError) in
            try committed.hasAuthorizer(milliseconds: Self.answerMilliseconds)
        }
    }

    // MARK: Ends

    package func bounds(
        of partitions: [TopicPartition], _ end: EndKind
    ) throws(LogError) -> [Bounds] {
        let starts = try ask(.start, of: partitions, end)
        let ends = try ask(.end, of: partitions, end)
        return zip(starts, ends).map { Bounds(start: $0, end: $1) }
    }

    package func ends(
        of partitions: [TopicPartition], _ end: EndKind
    ) throws(LogError) -> [LogOffset] {
        try ask(.end, of: partitions, end)
    }

    /// Asks the leaders; where one is gone, finds out who leads now and asks again. The client by
    /// itself goes on asking the broker that it knows.
    private func ask(
        _ edge: Client.Edge, of partitions: [TopicPartition], _ end: EndKind
    ) throws(LogError) -> [LogOffset] {
        guard !partitions.isEmpty else { return [] }
        try check(partitions)
        let asker = end == .committed ? committed : written
        let pairs = partitions.map { (topic: $0.topic, partition: $0.partition) }
        let start = DispatchTime.now().uptimeNanoseconds
        asker.poll()
        while true {
            do throws(KafkaError) {
                return try asker.offsets(of: edge, pairs, milliseconds: Self.endMilliseconds)
                    .map { LogOffset($0) }
            } catch {
                let subject = partitions.map { "\($0)" }.joined(separator: ", ")
                let found = failures.logError(error, subject, .describe, words: asker.lastWords)
                if found.code == .notPermitted, partitions.count > 1 {
                    // One of them is refused, and the operator must know which.
                    for partition in partitions { _ = try ask(edge, of: [partition], end) }
                }
                if found.code == .unknownTopic { throw try missing(among: partitions) ?? found }
                let waited = (DispatchTime.now().uptimeNanoseconds - start) / 1_000_000
                guard found.isRetriable, waited < Self.endPatienceMilliseconds else {
                    throw explained(found, partitions)
                }
            }
            _ = try? asker.allTopics(milliseconds: Self.endMilliseconds)
            usleep(50_000)
        }
    }

    // MARK: Brokers that are away

    /// An error that says which of these partitions has no leader, or copies that are missing:
    /// where a call was not answered in time, that is mostly why.
    func explained(_ error: LogError, _ partitions: [TopicPartition]) -> LogError {
        guard error.code == .timedOut || error.code == .unreachable else { return error }
        var error = error
        guard let topics = try? committed.allTopics(milliseconds: Self.endMilliseconds) else {
            return error
        }
        for partition in partitions {
            guard let topic = topics.first(where: { $0.name == partition.topic }),
                let state = topic.states[partition.partition]
            else { continue }
            if state.leader == nil {
                error.message += "; just now no broker leads \(partition)"
            } else if state.copiesInSync < state.copies {
                error.message += "; just now \(state.copiesInSync) of \(state.copies) copies of "
                    + "\(partition) are whole"
            }
        }
        return error
    }

    // MARK: Handles

    package func openReader(_ starts: [ReadStart]) throws(LogError) -> any LogReader {
        try check(starts.map(\.partition))
        return try KafkaReader(self, starts)
    }

    /// A consumer that has taken these partitions for a reader.
    func sharedConsumer(for partitions: [TopicPartition]) throws(LogError) -> SharedConsumer {
        sharing.lock()
        defer { sharing.unlock() }
        if let shared, shared.take(partitions) { return shared }
        let made = SharedConsumer(try client(.consumer, KafkaSettings.sharedReader))
        _ = made.take(partitions)
        shared = made
        return made
    }

    package func openAppender() throws(LogError) -> any LogAppender { try KafkaAppender(self) }

    package func openWriter(transactionalIDs: [String]) throws(LogError) -> any LogWriter {
        try KafkaWriter(self, transactionalIDs)
    }
}
