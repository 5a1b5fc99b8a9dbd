import CKafka
import CommandRunning
import EventLog
import Foundation
import KafkaLog
import LogConformance
import Testing

/// Batches that a client can't unpack, as anybody may send them who may write a topic.
@Suite(.serialized, .enabled(if: Broker.address != nil, "no broker here"))
struct UnreadableBatchTests {
    /// Each batch of these comes back as one entry, with exactly its own offsets; what is around
    /// it comes as usual, and so does whatever is read from inside of one on.
    @Test func costsItsOwnOffsets() throws {
        let brokers = try #require(Broker.address)
        let log = try KafkaLog(brokers: brokers)
        let topic = "t-\(UUID().uuidString)"
        defer { try? log.delete(topic: topic) }
        try log.create(.plain(topic, partitions: 1))
        let sender = try Sender(brokers, topic)
        for count in [0, 1, 0, 7, 5, 0, 40, 1, 1] {
            if count == 0 { try sender.send(records: 1, bytesEach: 20) } else {
                try sender.send(records: count, bytesEach: (20 << 20) / count + 4_000)
            }
        }
        let partition = TopicPartition(topic, 0)
        let all = ["0", "1-1", "2", "3-9", "10-14", "15", "16-55", "56-56", "57-57"]
        #expect(try Entries.read(log, partition, from: 0) == all)
        #expect(try Entries.read(log, partition, from: 6) == ["6-9"] + all[4...])
        #expect(try Entries.read(log, partition, from: 57) == ["57-57"])
        // What comes later is seen, though the last one was the end.
        try sender.send(records: 1, bytesEach: 20)
        #expect(try Entries.read(log, partition, from: 56) == ["56-56", "57-57", "58"])
    }
}

/// A client that packs with zstd whatever it is given, into one batch a call.
private final class Sender {
    struct Failed: Error { var words: String }
    private let client: OpaquePointer
    private let topic: OpaquePointer

    init(_ brokers: String, _ name: String) throws {
        let configuration = rd_kafka_conf_new()
        for (name, value) in [
            ("bootstrap.servers", brokers), ("compression.codec", "zstd"), ("linger.ms", "60000"),
            ("message.max.bytes", "1000000000"), ("batch.size", "1000000000"),
            ("queue.buffering.max.kbytes", "1000000"), ("enable.idempotence", "true"),
        ] { rd_kafka_conf_set(configuration, name, value, nil, 0) }
        guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0),
            let topic = rd_kafka_topic_new(client, name, nil)
        else { throw Failed(words: "no client") }
        self.client = client
        self.topic = topic
    }

    deinit {
        rd_kafka_topic_destroy(topic)
        rd_kafka_destroy(client)
    }

    func send(records: Int, bytesEach: Int) throws {
        var zeros = [UInt8](repeating: 0, count: bytesEach)
        for _ in 0..<records {
            // 2: the client makes a copy.
            guard rd_kafka_produce(topic, 0, 2, &zeros, zeros.count, nil, 0, nil) == 0 else {
                throw Failed(words: String(cString: rd_kafka_err2str(rd_kafka_last_error())))
            }
        }
        guard rd_kafka_flush(client, 30_000) == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw Failed(words: "not sent in 30 s")
        }
    }
}
