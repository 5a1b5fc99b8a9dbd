/// librdkafka's properties, as far as Fairfill sets them itself.
package enum KafkaProperties {
    /// Those that nobody else may set, each with the reason.
    package static let refused: [String: String] = [
        "isolation.level": "every reader reads committed records only",
        "enable.auto.commit": "the next input is read from the book of record",
        "enable.idempotence": "without it a resent record stands in the log twice",
        "transactional.id": "it is the partition's, so that a second writer fences the first",
        "auto.offset.reset": "an offset that is gone must stop the worker, not move it",
        "acks": "an acknowledged record must survive its broker",
        "partitioner": "an offering's records must all be on one partition",
        "transaction.timeout.ms": "it decides how long a dead writer holds readers back",
        "bootstrap.servers": "the brokers stand in --log kafka:HOST:PORT",
    ]
}
