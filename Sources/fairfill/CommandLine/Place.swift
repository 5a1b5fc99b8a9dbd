import EventLog
import Foundation
import MemoryLog
import Messages
import SQLiteLog
import Vocabulary

/// The log and the environment that a command works on.
struct Place {
    let log: any EventLog
    let environment: Environment

    var name: String { environment.name }

    /// The partition of a topic in this environment.
    func partition(_ topic: Topic, _ partition: Partition) -> TopicPartition {
        TopicPartition(topic.fullName(environment: name), Int32(partition.rawValue))
    }

    /// Every partition of a topic.
    func partitions(_ topic: Topic) -> [TopicPartition] {
        (0..<environment.partitions).map { partition(topic, Partition(rawValue: $0)) }
    }

    /// Where the records of an offering or an account live.
    func home(of id: Identifier) -> Partition {
        Partitioner.partition(of: id, count: environment.partitions)
    }

    /// The header that says which environment a record is meant for.
    var headers: [UInt8] {
        Headers.encode([("\(HeaderName.environment)", Array(name.utf8))])
    }
}

extension Arguments {
    var environmentName: String { text("env") ?? "dev" }
    var logURL: String { text("log") ?? "sqlite:fairfill.db" }

    /// Opens the log that `--log` names.
    func openLog(create: Bool = false) throws(Failure) -> any EventLog {
        try checkProperties()
        try checkEnvironmentName()
        let url = logURL
        if url.hasPrefix("sqlite:"), url.count > 7 {
            let path = String(url.dropFirst(7))
            return try logged { () throws(LogError) in
                try SQLiteLog.open(path: path, create: create)
            }
        }
        if url == "memory:" {
            guard create else {
                throw Failure(
                    .usage,
                    "a memory: log lives in one process only, so fairfill \(command.name) would "
                        + "find it empty; use sqlite:PATH")
            }
            return MemoryLog()
        }
        if url.hasPrefix("kafka:") {
            throw Failure(
                .configuration,
                "--log \(url): this version has no Kafka log yet; use sqlite:PATH")
        }
        throw Failure(.usage, "--log \(url): a log is named sqlite:PATH")
    }

    private func checkEnvironmentName() throws(Failure) {
        let name = environmentName
        let isFine = !name.isEmpty && name.utf8.count <= 64
            && name.utf8.allSatisfy { Identifier.allows($0) && $0 != UInt8(ascii: ":") }
        guard isFine else {
            throw Failure(
                .usage,
                "--env \(name): an environment's name is 1 to 64 characters of A-Z a-z 0-9 . _ -")
        }
    }

    /// Refuses secrets on the command line and settings that exactness depends on.
    private func checkProperties() throws(Failure) {
        for property in texts("property") {
            guard let equals = property.firstIndex(of: "=") else {
                throw Failure(.usage, "-X takes key=value")
            }
            let key = String(property[..<equals])
            if LibrdkafkaProperty.secrets.contains(key) {
                throw Failure(
                    .usage,
                    "-X \(key): a secret on the command line shows in every process list; put "
                        + "\(key)=... into a file that only you may read and name it with -F")
            }
            if let reason = LibrdkafkaProperty.refused[key] {
                throw Failure(.usage, "-X \(key) is not yours to set: \(reason)")
            }
            guard logURL.hasPrefix("kafka:") else {
                throw Failure(
                    .usage, "-X \(key) is for logs on Kafka, and the log is \(logURL)")
            }
        }
    }

    /// The log, with the environment's record read and checked.
    func openPlace() throws(Failure) -> Place {
        let log = try openLog()
        guard let environment = try EnvironmentRecord.read(log, environmentName) else {
            throw Failure(
                .configuration,
                "\(log.url) has no environment '\(environmentName)'; make it with: "
                    + "fairfill topics create --env \(environmentName), or name another with --env")
        }
        guard environment.cluster == log.clusterID else {
            throw Failure(
                .configuration,
                "the environment '\(environment.name)' in \(log.url) was made on another log "
                    + "(\(environment.cluster), and this one is \(log.clusterID)): it is a copy "
                    + "of a file; refusing to work on it")
        }
        return Place(log: log, environment: environment)
    }
}

/// librdkafka's properties that a command line may not set.
enum LibrdkafkaProperty {
    static let secrets: Set<String> = [
        "sasl.password", "ssl.key.password", "ssl.key.pem", "ssl.keystore.password",
    ]

    static let refused: [String: String] = [
        "isolation.level": "every reader reads committed records only",
        "enable.auto.commit": "the next input is read from the book of record",
        "enable.idempotence": "without it a resent record stands in the log twice",
        "transactional.id": "it is the partition's, so that a second writer fences the first",
        "auto.offset.reset": "an offset that is gone must stop the worker, not move it",
        "acks": "an acknowledged record must survive its broker",
        "partitioner": "an offering's records must all be on one partition",
        "transaction.timeout.ms": "it decides how long a dead writer holds readers back",
        "bootstrap.servers": "the brokers stand in --log kafka:HOST:PORT",
    ]
}

/// The one record of the topic `environment`.
enum EnvironmentRecord {
    /// The newest environment record, or nil where there is none.
    static func read(_ log: any EventLog, _ name: String) throws(Failure) -> Environment? {
        let place = TopicPartition(Topic.environment.fullName(environment: name), 0)
        let known = try logged { () throws(LogError) in try log.topics() }
        guard known.contains(where: { $0.specification.name == place.topic }) else { return nil }
        var found: Environment?
        var fault: Malformation?
        var decoder = RecordDecoder()
        try logged { () throws(LogError) in
            let bounds = try log.bounds(of: [place], .committed)[0]
            let reader = try log.openReader([ReadStart(place, from: bounds.start)])
            defer { reader.close() }
            var batch = RecordBatch(capacityBytes: 1 << 12)
            while reader.position(0) < bounds.end {
                batch.removeAll()
                try reader.read(0, into: &batch, limit: 100)
                for index in 0..<batch.count {
                    do throws(Malformation) {
                        found = try decoder.decodeEnvironment(batch.value(index))
                        fault = nil
                    } catch { fault = error }
                }
            }
        }
        if let fault {
            throw Failure(
                .configuration,
                "the environment record in \(place.topic) can't be read: \(fault.code.rawValue) "
                    + "at byte \(fault.position)")
        }
        return found
    }
}
