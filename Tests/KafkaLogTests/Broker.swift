import CKafka
import CommandRunning
import EventLog
import Foundation
import KafkaLog

extension Broker {
    /// What a broker refused.
    struct Refusal: Error { var words: String }

    /// Deletes what a check made, as far as that is possible.
    static func deleteTopics(beginningWith prefix: String, on log: KafkaLog) {
        guard let topics = try? log.topics() else { return }
        for topic in topics where topic.specification.name.hasPrefix(prefix) {
            try? log.delete(topic: topic.specification.name)
        }
    }

    /// Lets the broker drop the records before an offset. Retention does the same, minutes later;
    /// nothing but a test has a reason to ask for it.
    static func deleteRecords(
        of partition: TopicPartition, before offset: LogOffset, brokers: String
    ) throws {
        let configuration = rd_kafka_conf_new()
        rd_kafka_conf_set(configuration, "bootstrap.servers", brokers, nil, 0)
        guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0) else {
            throw Refusal(words: "no client")
        }
        defer { rd_kafka_destroy(client) }
        let list = rd_kafka_topic_partition_list_new(1)
        defer { rd_kafka_topic_partition_list_destroy(list) }
        rd_kafka_topic_partition_list_add(list, partition.topic, partition.partition)
            .pointee.offset = offset.rawValue
        var wanted: [OpaquePointer?] = [rd_kafka_DeleteRecords_new(list)]
        defer { rd_kafka_DeleteRecords_destroy(wanted[0]) }
        let queue = rd_kafka_queue_new(client)
        defer { rd_kafka_queue_destroy(queue) }
        rd_kafka_DeleteRecords(client, &wanted, 1, nil, queue)
        guard let event = rd_kafka_queue_poll(queue, 30_000) else {
            throw Refusal(words: "no answer")
        }
        defer { rd_kafka_event_destroy(event) }
        guard rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR,
            let result = rd_kafka_event_DeleteRecords_result(event),
            let offsets = rd_kafka_DeleteRecords_result_offsets(result)
        else { throw Refusal(words: String(cString: rd_kafka_event_error_string(event))) }
        let code = offsets.pointee.elems[0].err
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw Refusal(words: String(cString: rd_kafka_err2str(code)))
        }
    }
}
