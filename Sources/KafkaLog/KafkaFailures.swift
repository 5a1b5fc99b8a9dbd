import EventLog
import Kafka

/// What an error of the client means for users of the log.
struct KafkaFailures: Sendable {
    /// `HOST:PORT[,HOST:PORT...]`, for messages.
    let brokers: String
    /// Who the brokers take us for, as far as it is known here.
    private let principal: String

    init(brokers: String, _ properties: KafkaSettings.List) {
        self.brokers = brokers
        let user = properties.last { $0.name == "sasl.username" }
        principal = user.map { "User:\($0.value)" } ?? "this client's principal"
    }

    /// The error of a call about `subject`, such as a topic, that takes `right`. `words` is the
    /// client's last remark.
    func logError(
        _ error: KafkaError, _ subject: String, _ right: KafkaRight, words: String = ""
    ) -> LogError {
        let said = words.isEmpty ? "" : "; the client says: \(words)"
        switch error.code {
        case .transport, .allBrokersDown, .resolve:
            return unreachable(words.isEmpty ? error.description : words)
        case .tls, .authentication, .saslAuthentication:
            return refused("\(subject): \(words.isEmpty ? error.message : words)")
        case .topicAuthorization, .groupAuthorization, .transactionalIDAuthorization:
            return lacking("the right \(right.rawValue)", subject, error)
        case .clusterAuthorization:
            return lacking(
                "the right \(right.rawValue), or one on the cluster that goes with it,", subject,
                error)
        case .unknownTopic, .unknownTopicHere, .unknownPartition:
            return unknownTopic(subject, isRetriable: true)
        case .topicExists:
            return LogError(.alreadyExists, "\(subject) exists already at \(brokers)")
        case .offsetOutOfRange, .noOffset:
            return LogError(
                .offsetOutOfRange, "\(subject) does not hold the offset asked for (\(error))")
        case .messageTooLarge, .invalidMessageSize, .batchTooLarge:
            return LogError(
                .tooLarge, "\(subject) does not take so large a record (max.message.bytes)")
        case .fencedInstance:
            return LogError(
                .fenced, "another process has joined \(subject) under the same group.instance.id "
                    + "(\(error.message)); give each its own")
        // Whether anybody took over is not said by this: a transaction that outlives its time is
        // answered the same way. The book tells.
        case .fenced, .producerFenced, .invalidProducerEpoch:
            return LogError(
                .fenced,
                "\(subject) is no longer this writer's (\(error.message)): another one has begun, "
                    + "or a transaction took too long")
        // An id that was quiet for transactional.id.expiration.ms, 7 days by default, or records
        // that the brokers have dropped: nobody took over.
        case .invalidProducerIDMapping, .unknownProducerID:
            return LogError(
                .io,
                "the cluster has forgotten this writer of \(subject), as it does with one that was "
                    + "quiet for long (\(error.message)); a new one takes its place",
                isRetriable: true)
        // The sequence of a producer broke: a new one begins another.
        case .outOfOrderSequence, .invalidTransactionState:
            return LogError(.io, "\(subject): \(error)\(said)", isRetriable: true)
        case .callTimedOut, .messageTimedOut, .requestTimedOut, .timedOutInQueue:
            return LogError(
                .timedOut, "\(brokers) did not answer about \(subject) in time\(said)",
                isRetriable: true)
        case .invalidReplicationFactor, .invalidConfig, .invalidPartitions, .policyViolation,
            .invalidArgument, .unsupportedFormat, .unsupportedFeature:
            return LogError(.misconfigured, "\(subject): \(error)")
        // What passes while leaders and coordinators move. The client retries most of it by
        // itself and marks it so only on some ways.
        case .notEnoughReplicas, .notEnoughReplicasAfterAppend, .leaderNotAvailable, .notLeader,
            .replicaNotAvailable, .brokerNotAvailable, .network, .storage, .offsetNotAvailable,
            .fencedLeaderEpoch, .unknownLeaderEpoch, .coordinatorLoading, .coordinatorNotAvailable,
            .notCoordinator, .concurrentTransactions, .notController, .waitsForCoordinator,
            .waitsForCache, .failed:
            return LogError(
                .timedOut, "\(subject) has too few brokers just now (\(error)); trying again "
                    + "helps once they are back", isRetriable: true)
        default:
            return LogError(.io, "\(subject): \(error)\(said)", isRetriable: error.isRetriable)
        }
    }

    private func lacking(_ right: String, _ subject: String, _ error: KafkaError) -> LogError {
        LogError(
            .notPermitted,
            "\(subject): \(principal) lacks \(right) there (\(error.message)); an "
                + "administrator of the cluster grants it, see deploy/kafka-acls --help")
    }

    /// Why the brokers don't talk to a client, where that is no matter of reaching them, and
    /// whether that is sure; nil where it may be.
    func refusal(of client: Client) -> (error: LogError, isSure: Bool)? {
        if let refusal = client.refusal {
            let error = refused(
                refusal.message, certificateVerdict: client.certificateVerdict)
            // A broker that goes down in the middle of a handshake looks like one without TLS.
            let isSure = !["Disconnected", "unexpected eof", "transport error"].contains {
                refusal.message.contains($0)
            }
            return (error, isSure)
        }
        let words = client.lastWords
        // A broker refuses a client's certificate once that takes the connection for made.
        if words.contains("SSL alert number") { return (refused(words), true) }
        // The library's guess at why a broker closes the connection at once.
        return words.contains("security.protocol") ? (refused(words), false) : nil
    }

    private func refused(_ words: String, certificateVerdict: Int32 = 0) -> LogError {
        LogError(
            .notPermitted,
            "\(brokers) refuses the connection: \(Refusal.plain(words)); "
                + Refusal.advice(words, certificateVerdict: certificateVerdict))
    }

    /// A property that the client doesn't take, or can't follow.
    func misconfigured(_ error: KafkaError) -> LogError {
        var mend = ""
        if error.message.contains("ssl.key.location failed") {
            mend = "; if the key is encrypted, ssl.key.password must be its password"
        } else if error.message.contains("kerberos") {
            mend = "; sasl.mechanism is GSSAPI unless it is set (SCRAM-SHA-512, PLAIN)"
        }
        return LogError(.misconfigured, "a librdkafka property: \(error.message)\(mend)")
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
            "no broker answers at \(brokers)"
                + (words.isEmpty ? "" : " (\(Refusal.plain(words)))") + "; check the "
                + "address, and that the cluster is up", isRetriable: true)
    }
}
