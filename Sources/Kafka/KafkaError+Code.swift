import CKafka

extension KafkaError {
    /// What an error is: its number, as `rd_kafka_resp_err_t` has it, positive where a broker gave
    /// it and negative where the library did. Those that anything is decided by have names here.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public var rawValue: Int32

        public init(rawValue: Int32) { self.rawValue = rawValue }

        init(_ code: rd_kafka_resp_err_t) { rawValue = code.rawValue }

        /// As the library writes it, such as `_TIMED_OUT`.
        public var name: String { String(cString: rd_kafka_err2name(number)) }

        var number: rd_kafka_resp_err_t { rd_kafka_resp_err_t(rawValue: rawValue) }
    }
}

extension KafkaError.Code {
    // What the library itself says, of the way to the brokers.
    public static let badCompression = Self(RD_KAFKA_RESP_ERR__BAD_COMPRESSION)
    /// Of a record: a codec or a format that the client doesn't know.
    public static let notImplemented = Self(RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED)
    public static let badMessage = Self(RD_KAFKA_RESP_ERR__BAD_MSG)
    public static let transport = Self(RD_KAFKA_RESP_ERR__TRANSPORT)
    public static let allBrokersDown = Self(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
    public static let resolve = Self(RD_KAFKA_RESP_ERR__RESOLVE)
    public static let tls = Self(RD_KAFKA_RESP_ERR__SSL)
    public static let authentication = Self(RD_KAFKA_RESP_ERR__AUTHENTICATION)
    public static let callTimedOut = Self(RD_KAFKA_RESP_ERR__TIMED_OUT)
    public static let timedOutInQueue = Self(RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE)
    public static let messageTimedOut = Self(RD_KAFKA_RESP_ERR__MSG_TIMED_OUT)
    public static let waitsForCoordinator = Self(RD_KAFKA_RESP_ERR__WAIT_COORD)
    public static let waitsForCache = Self(RD_KAFKA_RESP_ERR__WAIT_CACHE)
    public static let failed = Self(RD_KAFKA_RESP_ERR__FAIL)

    // What it says of how it is used.
    public static let invalidArgument = Self(RD_KAFKA_RESP_ERR__INVALID_ARG)
    public static let unsupportedFeature = Self(RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE)
    public static let wrongState = Self(RD_KAFKA_RESP_ERR__STATE)
    public static let purgedFromQueue = Self(RD_KAFKA_RESP_ERR__PURGE_QUEUE)
    public static let purgedUnderWay = Self(RD_KAFKA_RESP_ERR__PURGE_INFLIGHT)
    public static let fenced = Self(RD_KAFKA_RESP_ERR__FENCED)
    public static let noOffset = Self(RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET)
    public static let unknownTopicHere = Self(RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC)
    public static let unknownPartition = Self(RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION)

    // What brokers say of who may do what.
    public static let saslAuthentication = Self(RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED)
    public static let topicAuthorization = Self(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
    public static let groupAuthorization = Self(RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED)
    public static let transactionalIDAuthorization =
        Self(RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED)
    public static let clusterAuthorization = Self(RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED)

    // Of topics, records and settings.
    public static let unknownTopic = Self(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
    public static let topicExists = Self(RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
    public static let offsetOutOfRange = Self(RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE)
    public static let messageTooLarge = Self(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
    public static let invalidMessageSize = Self(RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE)
    public static let batchTooLarge = Self(RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE)
    public static let invalidReplicationFactor =
        Self(RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR)
    public static let invalidConfig = Self(RD_KAFKA_RESP_ERR_INVALID_CONFIG)
    public static let invalidPartitions = Self(RD_KAFKA_RESP_ERR_INVALID_PARTITIONS)
    public static let policyViolation = Self(RD_KAFKA_RESP_ERR_POLICY_VIOLATION)
    public static let unsupportedFormat =
        Self(RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT)

    // Of producers, their ids and epochs.
    public static let producerFenced = Self(RD_KAFKA_RESP_ERR_PRODUCER_FENCED)
    public static let invalidProducerEpoch = Self(RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH)
    public static let invalidProducerIDMapping =
        Self(RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING)
    public static let unknownProducerID = Self(RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID)
    public static let outOfOrderSequence =
        Self(RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER)
    public static let invalidTransactionState = Self(RD_KAFKA_RESP_ERR_INVALID_TXN_STATE)
    public static let fencedInstance = Self(RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID)

    // Of what passes while leaders and coordinators move.
    public static let requestTimedOut = Self(RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT)
    public static let notEnoughReplicas = Self(RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS)
    public static let notEnoughReplicasAfterAppend =
        Self(RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND)
    public static let leaderNotAvailable = Self(RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE)
    public static let notLeader = Self(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION)
    public static let replicaNotAvailable = Self(RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE)
    public static let brokerNotAvailable = Self(RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE)
    public static let network = Self(RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION)
    public static let storage = Self(RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR)
    public static let offsetNotAvailable = Self(RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE)
    public static let fencedLeaderEpoch = Self(RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH)
    public static let unknownLeaderEpoch = Self(RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH)
    public static let coordinatorLoading =
        Self(RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS)
    public static let coordinatorNotAvailable =
        Self(RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE)
    public static let notCoordinator = Self(RD_KAFKA_RESP_ERR_NOT_COORDINATOR)
    public static let concurrentTransactions = Self(RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS)
    public static let notController = Self(RD_KAFKA_RESP_ERR_NOT_CONTROLLER)
}
