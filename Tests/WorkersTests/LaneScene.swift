import EventLog
import Messages
import SchemaConformance
import Testing
import Vocabulary
import Workers

/// A log with an environment on it, and what tests do to it: append inputs, run lanes, read what
/// the lanes wrote.
struct LaneScene {
    private(set) var log: any EventLog
    var environment: Environment
    var partition: Partition = 0

    init(_ log: any EventLog, partitions: Int64 = 1) throws {
        self.log = log
        environment = Environment(
            name: "t", cluster: log.clusterID, partitions: partitions, purpose: .test)
        for topic in Topic.allCases {
            try log.create(
                TopicSpecification(
                    name: topic.fullName(environment: "t"), partitions: Int32(partitions),
                    cleanup: .delete, retentionMilliseconds: nil, maxMessageBytes: 1 << 20))
        }
    }

    /// The same environment, as another log shows it.
    func on(_ other: any EventLog) -> LaneScene {
        var scene = self
        scene.log = other
        return scene
    }

    func topicPartition(_ topic: Topic) -> TopicPartition {
        TopicPartition(topic.fullName(environment: "t"), Int32(partition.rawValue))
    }

    // MARK: Inputs

    /// Appends values to a topic, in order, with these headers and this key.
    func append(
        _ values: [String?], to topic: Topic, key: [UInt8]? = nil,
        headers: [(name: String, value: [UInt8]?)] = []
    ) throws {
        let appender = try log.openAppender()
        defer { appender.close() }
        var records = OutgoingRecords()
        let destination = records.destination(topicPartition(topic))
        let encoded = Headers.encode(headers)
        // An empty key is none that is missing.
        func withKey(_ body: (UnsafeRawBufferPointer?) -> Void) {
            guard let key else { return body(nil) }
            key.withUnsafeBytes { body($0) }
        }
        for value in values {
            encoded.withUnsafeBytes { headers in
                withKey { key in
                    guard var value else {
                        records.append(to: destination, key: key, headers: headers, value: nil)
                        return
                    }
                    value.withUTF8 {
                        records.append(
                            to: destination, key: key, headers: headers,
                            value: UnsafeRawBufferPointer($0))
                    }
                }
            }
        }
        for outcome in try appender.append(records) {
            if case .refused(let error) = outcome { throw error }
        }
    }

    func open(_ offering: String, shares: Int64, terms: String = "") throws {
        try append(
            [
                """
                {"type":"offering.open","command":"open-\(offering)","offering":"\(offering)",\
                "shares":\(shares),"price":100,"currency":"CNY"\(terms)}
                """
            ], to: .offeringCommands)
    }

    func bid(_ id: String, _ account: String, _ shares: Int64, of offering: String = "o") throws {
        try append([Self.bid(id, account, shares, of: offering)], to: .bids)
    }

    static func bid(
        _ id: String, _ account: String, _ shares: Int64, of offering: String = "o"
    ) -> String {
        """
        {"type":"bid","bid":"\(id)","offering":"\(offering)","account":"\(account)",\
        "shares":\(shares)}
        """
    }

    static func result(
        _ type: String, _ payment: String, _ account: String, amount: Int64, result: Int = 1
    ) -> String {
        """
        {"type":"\(type)","command":"\(payment)","result":\(result),"offering":"o",\
        "account":"\(account)","amount":\(amount)}
        """
    }

    // MARK: Lanes

    func configuration(
        largestBatch: Int = 10_000, stopsAtEnd: Bool = true
    ) -> AllocatorConfiguration {
        AllocatorConfiguration(
            environment: environment, partition: partition, largestBatch: largestBatch,
            progressIntervalMilliseconds: 0, stopsAtEnd: stopsAtEnd)
    }

    func driver(
        largestBatch: Int = 10_000, stopsAtEnd: Bool = true,
        clock: @escaping @Sendable () -> Timestamp = { .now },
        observer: @escaping (AllocatorNotice) -> Void = { _ in }
    ) -> AllocatorDriver {
        AllocatorDriver(
            configuration(largestBatch: largestBatch, stopsAtEnd: stopsAtEnd), log: log,
            clock: clock, isInline: true, observer: observer)
    }

    /// Runs a lane until all that is there is decided.
    func decideAll(largestBatch: Int = 10_000) throws {
        let end = driver(largestBatch: largestBatch).run()
        #expect(end == .finished)
    }

    // MARK: What was written

    /// Every record of a topic partition as text; each must be what its schema says.
    func read(_ topic: Topic) throws -> [String] {
        try records(topic).map(\.value)
    }

    func records(
        _ topic: Topic
    ) throws -> [(offset: Int64, key: String?, headers: [String: String], value: String)] {
        let topicPartition = topicPartition(topic)
        let bounds = try log.bounds(of: [topicPartition], .committed)[0]
        let reader = try log.openReader([ReadStart(topicPartition, from: bounds.start)])
        defer { reader.close() }
        var batch = RecordBatch()
        var found: [(offset: Int64, key: String?, headers: [String: String], value: String)] = []
        while reader.position(0) < bounds.end {
            batch.removeAll()
            try reader.read(0, into: &batch, limit: 1_000)
            for index in 0..<batch.count {
                var headers: [String: String] = [:]
                batch.headers(index).forEach { name, value in
                    headers[String(decoding: name, as: UTF8.self)] =
                        value.map { String(decoding: $0, as: UTF8.self) }
                    return true
                }
                let value = batch.value(index).map { String(decoding: $0, as: UTF8.self) }
                // Of a crowd the first: they are all alike.
                if found.count < 500, let fault = RecordCheck.fault(value, in: topic) {
                    Issue.record("\(fault)")
                }
                found.append(
                    (
                        batch.offset(index).rawValue,
                        batch.key(index).map { String(decoding: $0, as: UTF8.self) }, headers,
                        value ?? "null"
                    ))
            }
        }
        return found
    }

    /// The book of record, decoded.
    func book() throws -> [DecisionRecord] {
        var decoder = RecordDecoder()
        return try read(.decisions).map { line in
            var line = line
            return try line.withUTF8 { try decoder.decodeDecision(UnsafeRawBufferPointer($0)) }
        }
    }

    /// The decisions without the control records.
    func decisions() throws -> [Decision] {
        try book().compactMap {
            if case .decision(let decision) = $0.content { decision } else { nil }
        }
    }

    /// The hash of the last decision, and how many decisions there are.
    func head() throws -> Head {
        let book = try book()
        let last = book.last { if case .decision = $0.content { true } else { false } }
        return Head(
            hash: last.map { "\($0.hash)" } ?? "", decisions: try decisions().count)
    }

    struct Head: Equatable {
        var hash: String
        var decisions: Int
    }

    /// Empties everything that lanes write, so that the same inputs can be decided anew.
    static var outputs: [Topic] {
        [.decisions, .paymentCommands, .progress, .attention, .invalid]
    }
}
