import EventLog
import Foundation
import KafkaLog
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
        try checkKafkaProperties([logURL])
        return try openLog(logURL, of: "log", create: create)
    }

    /// Opens the log that an option names.
    func openLog(
        _ url: String, of option: String, create: Bool
    ) throws(Failure) -> any EventLog {
        try checkEnvironmentName()
        switch LogName(url) {
        case .sqlite(let path):
            return try logged { () throws(LogError) in
                try SQLiteLog.open(path: path, create: create) { Remark.say($0) }
            }
        case .memory:
            guard create else {
                throw Failure(
                    .usage,
                    "a memory: log lives in one process only, so fairfill \(command.name) would "
                        + "find it empty; use sqlite:PATH")
            }
            return MemoryLog()
        case .kafka(let brokers):
            // Such as kafka:USER:PASSWORD@HOST: every message about the log names the brokers.
            guard !brokers.contains("@") else {
                throw Failure(
                    .usage,
                    "--\(option): a log on Kafka is kafka:HOST:PORT[,HOST:PORT...], without a user "
                        + "or a password; those are sasl.username and sasl.password")
            }
            guard !brokers.hasPrefix("/") else {
                throw Failure(
                    .usage,
                    "--\(option) \(url): a log on Kafka is kafka:HOST:PORT[,HOST:PORT...], without "
                        + "slashes")
            }
            let properties = try kafkaProperties()
            return try logged { () throws(LogError) in
                try KafkaLog(brokers: brokers, properties: properties)
            }
        case nil:
            throw Failure(
                .usage,
                "--\(option) \(url): a log is named sqlite:PATH or kafka:HOST:PORT[,HOST:PORT...]")
        }
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

    /// The log, with the environment's record read and checked: one whose decisions were made by
    /// other rules than today's is refused.
    func openPlace() throws(Failure) -> Place {
        let place = try openPlace(on: openLog())
        try EnvironmentRecord.refuseOlder(place.environment, place.log)
        return place
    }

    /// A log that is open, with the environment's record read and checked, whatever rules it was
    /// decided by.
    func openPlace(on log: any EventLog) throws(Failure) -> Place {
        guard let environment = try EnvironmentRecord.read(log, environmentName) else {
            throw Failure(
                .configuration,
                "\(log.url) has no environment '\(environmentName)'; make it with: "
                    + "fairfill topics create --env \(environmentName), or name another with --env")
        }
        try EnvironmentRecord.refuseCopy(environment, log)
        try EnvironmentRecord.refuseNewer(environment)
        return Place(log: log, environment: environment)
    }
}
