import Kafka

extension KafkaLog {
    /// Where the lines go that librdkafka writes to help find a fault (its property
    /// `debug`); standard error unless it is set. It is called on the library's threads, which do
    /// nothing else meanwhile: it must not wait.
    package static func hearClients(_ hear: @escaping @Sendable (String) -> Void) {
        Library.hear(hear)
    }
}
