import EventLog
import KafkaLog
import MemoryLog
import SQLiteLog

extension LogName {
    /// Opens the log that a URL names.
    ///
    /// - Parameters:
    ///   - url: `sqlite:PATH` or `kafka:HOST:PORT[,HOST:PORT...]`, or `memory:` for a new one.
    ///   - option: what it was given by, for messages.
    ///   - create: whether a file that is missing is made.
    ///   - properties: librdkafka's.
    ///   - notice: is told what people should know of a log that is opened none the less.
    package static func open(
        _ url: String, of option: String, create: Bool,
        properties: () throws(ClientError) -> [(name: String, value: String)],
        notice: @escaping @Sendable (String) -> Void
    ) throws(ClientError) -> any EventLog {
        switch LogName(url) {
        case .sqlite(let path):
            return try logged { () throws(LogError) in
                try SQLiteLog.open(path: path, create: create, notice: notice)
            }
        case .memory:
            guard create else {
                throw ClientError(
                    .usage,
                    "\(option) \(url): it lives in one process only, so it would be empty; use "
                        + "sqlite:PATH")
            }
            return MemoryLog()
        case .kafka(let brokers):
            // Such as kafka:USER:PASSWORD@HOST: every message about the log names the brokers.
            guard !brokers.contains("@") else {
                throw ClientError(
                    .usage,
                    "\(option): a log on Kafka is kafka:HOST:PORT[,HOST:PORT...], without a user "
                        + "or a password; those are sasl.username and sasl.password")
            }
            guard !brokers.hasPrefix("/") else {
                throw ClientError(
                    .usage,
                    "\(option) \(url): a log on Kafka is kafka:HOST:PORT[,HOST:PORT...], without "
                        + "slashes")
            }
            let properties = try properties()
            return try logged { () throws(LogError) in
                try KafkaLog(brokers: brokers, properties: properties)
            }
        case nil:
            throw ClientError(
                .usage,
                "\(option) \(url): a log is named sqlite:PATH or kafka:HOST:PORT[,HOST:PORT...]")
        }
    }
}
