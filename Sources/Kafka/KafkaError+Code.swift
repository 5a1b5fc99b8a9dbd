import CKafka

extension KafkaError {
    /// What an error is: its number, as `rd_kafka_resp_err_t` has it, positive where a broker gave
    /// it and negative where the library did. Those that anything is decided by have names here.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package var rawValue: Int32

        package init(rawValue: Int32) { self.rawValue = rawValue }

        init(_ code: rd_kafka_resp_err_t) { rawValue = code.rawValue }

        /// As the library writes it, such as `_TIMED_OUT`.
        package var name: String { String(cString: rd_kafka_err2name(number)) }

        var number: rd_kafka_resp_err_t { rd_kafka_resp_err_t(rawValue: rawValue) }
    }
}

extension KafkaError.Code {
    // What the library itself says, of the way to the brokers.
    package static let badCompression = Self(RD_KAFKA_RESP_ERR__BAD_COMPRESSION)
    /// Of a record: a codec or a format that the client doesn't know.
    package static let notImplemented = Self(RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED)
    package static let badMessage = Self(RD_KAFKA_RESP_ERR__BAD_MSG)
    package static let transport = Self(RD_KAFKA_RESP_ERR__TRANSPORT)
    package static let allBrokersDown = Self(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
    package static let resolve = Self(RD_KAFKA_RESP_ERR__RESOLVE)
    package static let tls = Self(RD_KAFKA_RESP_ERR__SSL)
    package static let authentication = Self(RD_KAFKA_RESP_ERR__AUTHENTICATION)
    package static let callTimedOut = Self(RD_KAFKA_RESP_ERR__TIMED_OUT)
    package static let timedOutInQueue = Self(RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE)
    package static let messageTimedOut = Self(RD_KAFKA_RESP_ERR__MSG_TIMED_OUT)
    package static let waitsForCoordinator = Self(RD_KAFKA_RESP_ERR__WAIT_COORD)
    package static let waitsForCache = Self(RD_KAFKA_RESP_ERR__WAIT_CACHE)
    package static let failed = Self(RD_KAFKA_RESP_ERR__FAIL)

    // What it says of how it is used.
    package static let invalidArgument = Self(RD_KAFKA_RESP_ERR__INVALID_ARG)
    package static let unsupportedFeature = Self(RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE)
    package static let wrongState = Self(RD_KAFKA_RESP_ERR__STATE)
    package static let purgedFromQueue = Self(RD_KAFKA_RESP_ERR__PURGE_QUEUE)
    package static let purgedUnderWay = Self(RD_KAFKA_RESP_ERR__PURGE_INFLIGHT)
    package static let fenced = Self(RD_KAFKA_RESP_ERR__FENCED)
    package static let noOffset = Self(RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET)
    package static let unknownTopicHere = Self(RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC)
    package static let unknownPartition = Self(RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION)

    // What brokers say of who may do what.
    package static let saslAuthentication = Self(RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED)
    package static let topicAuthorization = Self(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
    package static let groupAuthorization = Self(RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED)
    package static let transactionalIDAuthorization =
        Self(RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED)
    package static let clusterAuthorization = Self(RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED)

    // Of topics, records and settings.
    package static let unknownTopic = Self(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
    package static let topicExists = Self(RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
    package static let offsetOutOfRange = Self(RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE)
    package static let messageTooLarge = Self(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
    package static let invalidMessageSize = Self(RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE)
    package static let batchTooLarge = Self(RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE)
    package static let invalidReplicationFactor =
        Self(RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR)
    package static let invalidConfig = Self(RD_KAFKA_RESP_ERR_INVALID_CONFIG)
    package static let invalidPartitions = Self(RD_KAFKA_RESP_ERR_INVALID_PARTITIONS)
    package static let policyViolation = Self(RD_KAFKA_RESP_ERR_POLICY_VIOLATION)
    package static let unsupportedFormat =
        Self(RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT)

    // Of producers, their ids and epochs.
    package static let producerFenced = Self(RD_KAFKA_RESP_ERR_PRODUCER_FENCED)
    package static let invalidProducerEpoch = Self(RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH)
    package static let invalidProducerIDMapping =
        Self(RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING)
    package static let unknownProducerID = Self(RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID)
    package static let outOfOrderSequence =
        Self(RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER)
    package static let invalidTransactionState = Self(RD_KAFKA_RESP_ERR_INVALID_TXN_STATE)
    package static let fencedInstance = Self(RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID)

    // Of what passes while leaders and coordinators move.
    package static let requestTimedOut = Self(RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT)
    package static let notEnoughReplicas = Self(RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS)
    package static let notEnoughReplicasAfterAppend =
        Self(RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND)
    package static let leaderNotAvailable = Self(RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE)
    package static let notLeader = Self(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION)
    package static let replicaNotAvailable = Self(RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE)
    package static let brokerNotAvailable = Self(RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE)
    package static let network = Self(RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION)
    package static let storage = Self(RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR)
    package static let offsetNotAvailable = Self(RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE)
    package static let fencedLeaderEpoch = Self(RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH)
    package static let unknownLeaderEpoch = Self(RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH)
    package static let coordinatorLoading =
        Self(RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS)
    package static let coordinatorNotAvailable =
        Self(RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE)
    package static let notCoordinator = Self(RD_KAFKA_RESP_ERR_NOT_COORDINATOR)
    package static let concurrentTransactions = Self(RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS)
    package static let notController = Self(RD_KAFKA_RESP_ERR_NOT_CONTROLLER)
}
