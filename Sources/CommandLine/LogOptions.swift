import EventLog
import FairfillClient
import Vocabulary

extension Arguments {
    package var environmentName: String { text("env") ?? "dev" }
    package var logURL: String { text("log") ?? "sqlite:fairfill.db" }

    /// Opens the log that `--log` names.
    package func openLog(create: Bool = false) throws(Failure) -> any EventLog {
        try checkKafkaProperties([logURL])
        return try openLog(logURL, of: "log", create: create)
    }

    /// Opens the log that an option names.
    package func openLog(
        _ url: String, of option: String, create: Bool
    ) throws(Failure) -> any EventLog {
        try LogConnection.checkEnvironmentName(environmentName, of: "--env")
        if case .memory = LogName(url), !create {
            throw Failure(
                .usage,
                "a memory: log lives in one process only, so fairfill \(command.name) would "
                    + "find it empty; use sqlite:PATH")
        }
        return try LogName.open(
            url, of: "--\(option)", create: create,
            properties: { () throws(Failure) in try kafkaProperties() }
        ) { Remark.say($0) }
    }

    /// The log, with the environment's record read and checked: one whose decisions were made by
    /// other rules than today's is refused.
    package func connect() throws(Failure) -> LogConnection {
        let connection = try connect(to: openLog())
        try EnvironmentRecord.refuseOlder(connection.environment, connection.log)
        return connection
    }

    /// A log that is open, with the environment's record read and checked, of any version
    /// of the rules.
    package func connect(to log: any EventLog) throws(Failure) -> LogConnection {
        try LogConnection(
            to: log, environmentName: environmentName, shouldStop: Interruption.isRequested)
    }
}
