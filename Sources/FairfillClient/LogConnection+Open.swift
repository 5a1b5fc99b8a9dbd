extension LogConnection {
    /// How a log is opened.
    public struct Options: Sendable {
        /// The environment: the prefix of its topics.
        public var environmentName = "dev"
        /// librdkafka's properties, such as `security.protocol` and `sasl.password`. Those that
        /// exactness depends on are refused.
        public var kafkaProperties: [(name: String, value: String)] = []
        /// Asked again and again, on several threads, while `open` reads the environment's record,
        /// while `decision(about:)` waits and while decisions are followed. Once it answers true,
        /// these end early: the first two throw `tryAgain`, following just ends.
        public var shouldStop: @Sendable () -> Bool = { false }
        /// Is told what people should know of a log that is opened none the less, a sentence each.
        public var notice: @Sendable (String) -> Void = { _ in }

        public init(environmentName: String = "dev") { self.environmentName = environmentName }
    }

    /// Opens a log and reads its environment's record: one that is not there, belongs to another
    /// log, or was decided by other rules than this build's is refused.
    ///
    /// The topics themselves are looked at by `check`.
    ///
    /// - Parameters:
    ///   - url: `sqlite:PATH` or `kafka:HOST:PORT[,HOST:PORT...]`.
    ///   - options: the environment, and what else there is to say.
    public static func open(
        _ url: String, _ options: Options = Options()
    ) async throws(ClientError) -> LogConnection {
        try await onThread { (_) throws(ClientError) in
            try checkEnvironmentName(options.environmentName, of: "the environment")
            for property in options.kafkaProperties {
                guard let reason = KafkaProperties.refused[property.name] else { continue }
                throw ClientError(
                    .configuration, "\(property.name) is not yours to set: \(reason)")
            }
            let log = try LogName.open(
                url, of: "the log", create: false,
                properties: { () throws(ClientError) in options.kafkaProperties },
                notice: options.notice)
            let connection = try LogConnection(
                to: log, environmentName: options.environmentName, shouldStop: options.shouldStop)
            try EnvironmentRecord.refuseOlder(connection.environment, log)
            return connection
        }
    }
}
