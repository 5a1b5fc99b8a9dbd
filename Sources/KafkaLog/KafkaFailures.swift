import EventLog
import Kafka

/// What an error of the client means for whoever uses the log.
struct KafkaFailures: Sendable {
    /// `HOST:PORT[,HOST:PORT...]`, for messages.
    let brokers: String

    /// The error of a call about `subject`, such as a topic. `words` is the client's last remark.
    func logError(_ error: KafkaError, _ subject: String, words: String = "") -> LogError {
        let said = words.isEmpty ? "" : "; the client says: \(words)"
        switch error.name {
        case "_TRANSPORT", "_ALL_BROKERS_DOWN", "_RESOLVE":
            return unreachable(words.isEmpty ? error.description : words)
        case "_SSL", "_AUTHENTICATION", "SASL_AUTHENTICATION_FAILED",
            "TOPIC_AUTHORIZATION_FAILED", "GROUP_AUTHORIZATION_FAILED",
            "CLUSTER_AUTHORIZATION_FAILED", "TRANSACTIONAL_ID_AUTHORIZATION_FAILED":
            return LogError(
                .notPermitted,
                "\(subject): the broker refuses it (\(error))\(said); check the principal's "
                    + "rights and the security.*, sasl.* and ssl.* properties")
        case "UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_TOPIC", "_UNKNOWN_PARTITION":
            return unknownTopic(subject, isRetriable: true)
        case "TOPIC_ALREADY_EXISTS":
            return LogError(.alreadyExists, "\(subject) exists already at \(brokers)")
        case "OFFSET_OUT_OF_RANGE", "_AUTO_OFFSET_RESET":
            return LogError(
                .offsetOutOfRange, "\(subject) does not hold the offset asked for (\(error))")
        case "MSG_SIZE_TOO_LARGE", "INVALID_MSG_SIZE", "RECORD_LIST_TOO_LARGE":
            return LogError(
                .tooLarge, "\(subject) does not take so large a record (max.message.bytes)")
        case "_FENCED", "PRODUCER_FENCED", "INVALID_PRODUCER_EPOCH", "INVALID_PRODUCER_ID_MAPPING":
            return LogError(
                .fenced, "a newer writer has taken over \(subject) (\(error.message))")
        case "_TIMED_OUT", "_MSG_TIMED_OUT", "REQUEST_TIMED_OUT", "_TIMED_OUT_QUEUE":
            return LogError(
                .timedOut, "\(brokers) did not answer about \(subject) in time\(said)",
                isRetriable: true)
        case "INVALID_REPLICATION_FACTOR", "INVALID_CONFIG", "INVALID_PARTITIONS",
            "POLICY_VIOLATION", "_INVALID_ARG", "UNSUPPORTED_FOR_MESSAGE_FORMAT",
            "_UNSUPPORTED_FEATURE":
            return LogError(.misconfigured, "\(subject): \(error)")
        // What passes while leaders and coordinators move. The client retries most of it by
        // itself and marks it so only on some ways.
        case "NOT_ENOUGH_REPLICAS", "NOT_ENOUGH_REPLICAS_AFTER_APPEND", "LEADER_NOT_AVAILABLE",
            "NOT_LEADER_FOR_PARTITION", "REPLICA_NOT_AVAILABLE", "BROKER_NOT_AVAILABLE",
            "NETWORK_EXCEPTION", "KAFKA_STORAGE_ERROR", "OFFSET_NOT_AVAILABLE",
            "FENCED_LEADER_EPOCH", "UNKNOWN_LEADER_EPOCH", "COORDINATOR_LOAD_IN_PROGRESS",
            "COORDINATOR_NOT_AVAILABLE", "NOT_COORDINATOR", "CONCURRENT_TRANSACTIONS",
            "NOT_CONTROLLER", "_WAIT_COORD", "_WAIT_CACHE", "_FAIL":
            return LogError(
                .timedOut, "\(subject) has too few brokers just now (\(error)); trying again "
                    + "helps once they are back", isRetriable: true)
        default:
            return LogError(.io, "\(subject): \(error)\(said)", isRetriable: error.isRetriable)
        }
    }

    /// The cluster has no such topic or partition.
    func unknownTopic(_ subject: String, isRetriable: Bool = false) -> LogError {
        LogError(
            .unknownTopic,
            "\(brokers) has no \(subject); make what is missing with: fairfill topics create",
            isRetriable: isRetriable)
    }

    /// No broker answers.
    func unreachable(_ words: String) -> LogError {
        LogError(
            .unreachable,
            "no broker answers at \(brokers)\(words.isEmpty ? "" : " (\(words))"); check the "
                + "address, and that the cluster is up", isRetriable: true)
    }
}
