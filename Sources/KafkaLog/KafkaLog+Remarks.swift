import Kafka

extension KafkaLog {
    /// Where the lines go that librdkafka writes for whoever looks for a fault (its property
    /// `debug`); standard error until it is told. It is called on the library's threads, which do
    /// nothing else meanwhile: it must not wait.
    public static func hearClients(_ hear: @escaping @Sendable (String) -> Void) {
        Library.hear(hear)
    }
}
