import CKafka
import KafkaLog
import Testing

/// The properties on which exactness depends. librdkafka's defaults lose records or show what was
/// never committed, and an operator's own properties may not bring them back.
@Suite struct SettingsTests {
    typealias List = KafkaSettings.List

    /// What an operator might have taken from a page about speed.
    static let harmful: List = [
        ("acks", "0"), ("enable.idempotence", "false"), ("isolation.level", "read_uncommitted"),
        ("auto.offset.reset", "latest"), ("enable.auto.commit", "true"),
        ("enable.auto.offset.store", "true"), ("enable.partition.eof", "false"),
        ("transaction.timeout.ms", "900000"), ("transactional.id", "mine"),
        ("allow.auto.create.topics", "true"), ("bootstrap.servers", "elsewhere:1"),
        ("queued.min.messages", "1"), ("fetch.wait.max.ms", "500"), ("linger.ms", "500"),
        ("socket.nagle.disable", "false"), ("group.id", "theirs"),
        ("delivery.report.only.error", "true"), ("receive.message.max.bytes", "1000000000"),
        ("fetch.message.max.bytes", "500000000"), ("fetch.max.bytes", "900000000"),
        ("queued.max.messages.kbytes", "2000000"),
    ]

    @Test(arguments: [[], harmful])
    func readersSeeCommittedRecordsOnlyAndMoveNowhereByThemselves(operators: List) throws {
        let found = try Properties(KafkaSettings.common("here:1", operators) + KafkaSettings.reader)
        #expect(found["isolation.level"] == "read_committed")
        #expect(found["auto.offset.reset"] == "error")
        #expect(found["enable.auto.commit"] == "false")
        #expect(found["enable.auto.offset.store"] == "false")
        #expect(found["enable.partition.eof"] == "true")
        #expect(found["fetch.min.bytes"] == "1")
        #expect(found["fetch.wait.max.ms"] == "10")
        #expect(found["queued.min.messages"] == "100000")
        #expect(found["queued.max.messages.kbytes"] == "32768")
        #expect(found["fetch.message.max.bytes"] == "1048576")
        #expect(found["receive.message.max.bytes"] == "16777216")
        try expectCommon(found)
    }

    @Test(arguments: [[], harmful])
    func aWriterIsIdempotentAndAcknowledgedByAllUnderItsOwnId(operators: List) throws {
        let found = try Properties(
            KafkaSettings.common("here:1", operators) + KafkaSettings.writer("dev-allocator-3"))
        #expect(found["transactional.id"] == "dev-allocator-3")
        #expect(found["transaction.timeout.ms"] == "30000")
        try expectProducer(found)
    }

    @Test(arguments: [[], harmful.filter { $0.name != "transactional.id" }])
    func anAppenderIsIdempotentAndAcknowledgedByAll(operators: List) throws {
        let found = try Properties(
            KafkaSettings.common("here:1", operators) + KafkaSettings.appender)
        #expect(found["message.timeout.ms"] == "60000")
        #expect(found["transactional.id"] == nil)
        try expectProducer(found)
    }

    /// Which end is answered follows from the isolation level of whoever asks.
    @Test(arguments: ["read_committed", "read_uncommitted"])
    func anAskerHasTheLevelThatItAsksAt(isolation: String) throws {
        let found = try Properties(
            KafkaSettings.common("here:1", Self.harmful)
                + KafkaSettings.asker(isolation: isolation))
        #expect(found["isolation.level"] == isolation)
        try expectCommon(found)
    }

    @Test func topicsStampRecordsAsTheyAreAppended() {
        #expect(KafkaSettings.topic.map(\.name) == ["message.timestamp.type", "compression.type"])
        #expect(KafkaSettings.topic.map(\.value) == ["LogAppendTime", "producer"])
    }

    private func expectProducer(_ found: Properties) throws {
        #expect(found["enable.idempotence"] == "true")
        // As the library writes "all".
        #expect(found["acks"] == "-1")
        #expect(found["delivery.report.only.error"] == "false")
        #expect(found["linger.ms"] == "0")
        #expect(found["compression.codec"] == "lz4")
        try expectCommon(found)
    }

    private func expectCommon(_ found: Properties) throws {
        #expect(found["bootstrap.servers"] == "here:1")
        #expect(found["allow.auto.create.topics"] == "false")
        #expect(found["socket.nagle.disable"] == "true")
    }
}

/// Properties as the library holds them once all of a list are set.
private final class Properties {
    struct Refused: Error { var name: String }
    private let configuration = rd_kafka_conf_new()

    init(_ settings: KafkaSettings.List) throws {
        for (name, value) in settings {
            let result = rd_kafka_conf_set(configuration, name, value, nil, 0)
            guard result == RD_KAFKA_CONF_OK else { throw Refused(name: name) }
        }
    }

    deinit { rd_kafka_conf_destroy(configuration) }

    subscript(name: String) -> String? {
        var text = [CChar](repeating: 0, count: 512)
        var count = text.count
        let result = rd_kafka_conf_get(configuration, name, &text, &count)
        guard result == RD_KAFKA_CONF_OK else { return nil }
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
