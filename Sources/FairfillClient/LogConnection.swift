import EventLog
import Messages
import Vocabulary

/// A log that is open, and the environment in it that is worked on.
///
/// It may be used from several threads and tasks at once.
public final class LogConnection: Sendable {
    package let log: any EventLog
    /// The environment's record: its partitions, its purpose, its clocks.
    public let environment: Environment
    /// Asked wherever something waits or repeats: whether it should end early.
    package let shouldStop: @Sendable () -> Bool
    let sender = Sender()

    package init(
        log: any EventLog, environment: Environment,
        shouldStop: @escaping @Sendable () -> Bool
    ) {
        self.log = log
        self.environment = environment
        self.shouldStop = shouldStop
    }

    /// The environment's name: the prefix of its topics.
    public var name: String { environment.name }

    /// The partition of a topic in this environment.
    package func partition(_ topic: Topic, _ partition: Partition) -> TopicPartition {
        TopicPartition(topic.fullName(environment: name), Int32(partition.rawValue))
    }

    /// Every partition of a topic.
    package func partitions(_ topic: Topic) -> [TopicPartition] {
        (0..<environment.partitions).map { partition(topic, Partition(rawValue: $0)) }
    }

    /// Where the records of an offering or an account live.
    public func home(of id: Identifier) -> Partition {
        Partitioner.partition(of: id, count: environment.partitions)
    }

    /// The header that says which environment a record is meant for.
    package var headers: [UInt8] {
        Headers.encode([("\(HeaderName.environment)", Array(name.utf8))])
    }
}

extension LogConnection {
    /// Reads the environment's record from a log that is open, and checks that it belongs there
    /// and is not newer than this program; the rules that it was decided by may be older.
    package convenience init(
        to log: any EventLog, environmentName: String, shouldStop: @escaping @Sendable () -> Bool
    ) throws(ClientError) {
        let environment = try EnvironmentRecord.read(log, environmentName, shouldStop: shouldStop)
        guard let environment else {
            throw ClientError(
                .configuration,
                "\(log.url) has no environment '\(environmentName)'; make it with: "
                    + "fairfill topics create --env \(environmentName), or name another with --env")
        }
        try EnvironmentRecord.refuseCopy(environment, log)
        try EnvironmentRecord.refuseNewer(environment)
        self.init(log: log, environment: environment, shouldStop: shouldStop)
    }

    /// Refuses a name that no environment can have; `option` is what it was given by.
    package static func checkEnvironmentName(
        _ name: String, of option: String
    ) throws(ClientError) {
        let isFine = !name.isEmpty && name.utf8.count <= 64
            && name.utf8.allSatisfy { Identifier.allows($0) && $0 != UInt8(ascii: ":") }
        guard isFine else {
            throw ClientError(
                .usage,
                "\(option) \(name): an environment's name is 1 to 64 characters of "
                    + "A-Z a-z 0-9 . _ -")
        }
    }
}
