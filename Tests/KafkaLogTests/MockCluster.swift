import CKafka

/// librdkafka's mock cluster of one broker: for answers that a real broker gives too seldom to be
/// waited for. It simulates no transactions, so it shows nothing but what an error leads to.
final class MockCluster {
    struct Refused: Error {}

    /// What a client asks for, as the protocol numbers it.
    enum Request: Int16 {
        case produce = 0
        case syncGroup = 14
        case initProducerID = 22
        case addPartitions = 24
        case endTransaction = 26
    }

    private let helper: OpaquePointer
    private let cluster: OpaquePointer
    let brokers: String

    init(topics: [String]) throws {
        guard let helper = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), nil, 0),
            let cluster = rd_kafka_mock_cluster_new(helper, 1)
        else { throw Refused() }
        self.helper = helper
        self.cluster = cluster
        brokers = String(cString: rd_kafka_mock_cluster_bootstraps(cluster))
        for topic in topics { rd_kafka_mock_topic_create(cluster, topic, 1, 1) }
    }

    deinit {
        rd_kafka_mock_cluster_destroy(cluster)
        rd_kafka_destroy(helper)
    }

    /// The next requests of this kind are answered with these errors, one each.
    func refuse(_ request: Request, _ errors: [rd_kafka_resp_err_t]) {
        var errors = errors
        rd_kafka_mock_push_request_errors_array(
            cluster, request.rawValue, errors.count, &errors)
    }

    /// Every answer takes so long on its way from now on.
    func answerAfter(milliseconds: Int32) {
        rd_kafka_mock_broker_set_rtt(cluster, 1, milliseconds)
    }
}
