import CKafka
import Foundation

/// Where a consumer begins in a partition, or how far it has come.
package struct Assignment: Sendable {
    package var topic: String
    package var partition: Int32
    /// Absolute; asking for "the end" would cost half a second.
    package var offset: Int64
    package init(topic: String, partition: Int32, offset: Int64) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
    }
}

/// Something that a partition's queue held. Its parts are valid while it is looked at.
package enum QueueItem {
    case record(
        offset: Int64, appendTime: Int64, key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?, headers: RecordHeaders)
    /// Everything up to this offset has been passed, what readers never see included.
    case end(offset: Int64)
    /// `offset` is where: of a batch that can't be unpacked, its first one.
    case failed(KafkaError, offset: Int64)
}

/// The headers of a record that was read.
package struct RecordHeaders {
    fileprivate let handle: OpaquePointer?

    package var isEmpty: Bool { handle == nil }

    /// Calls `body` with each header in order; the value is nil where the header has none.
    package func forEach(_ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer?) -> Void) {
        guard let handle else { return }
        var index = 0
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var count = 0
        while rd_kafka_header_get_all(handle, index, &name, &value, &count)
            == RD_KAFKA_RESP_ERR_NO_ERROR
        {
            if let name {
                body(
                    UnsafeRawBufferPointer(start: name, count: strlen(name)),
                    value.map { UnsafeRawBufferPointer(start: $0, count: count) })
            }
            index += 1
        }
    }
}

/// How much of a partition a consumer keeps that was not taken yet, before it fetches no more.
package struct QueueCapacity: Sendable {
    /// `queued.min.messages`.
    package var records: Int
    /// `queued.max.messages.kbytes`.
    package var kilobytes: Int
    package init(records: Int, kilobytes: Int) {
        self.records = records
        self.kilobytes = kilobytes
    }
}

/// Queues of a consumer, one a partition, so that a backlog in one hides nothing of another.
/// Used by one thread.
package final class PartitionQueues {
    private let client: Client
    private let topics: [String]
    private let partitions: [Int32]
    private var queues: [OpaquePointer] = []
    private let capacity: QueueCapacity
    private let isShared: Bool
    private let room: UnsafeMutablePointer<UnsafeMutablePointer<rd_kafka_message_t>?>
    /// What was taken out of the client's queue and not looked at yet is counted by nobody.
    private static let roomCount = 1_000

    /// Assigns the partitions to the consumer and takes their queues.
    ///
    /// - Parameters:
    ///   - capacity: what the client was set to.
    ///   - wakeDescriptor: one byte is written to it when a queue is no longer empty.
    ///   - isShared: whether others read other partitions by the same client.
    package init(
        _ client: Client, _ starts: [Assignment], capacity: QueueCapacity, wakeDescriptor: Int32,
        isShared: Bool = false
    ) throws(KafkaError) {
        self.client = client
        self.isShared = isShared
        self.capacity = capacity
        topics = starts.map(\.topic)
        partitions = starts.map(\.partition)
        room = .allocate(capacity: Self.roomCount)
        let list = rd_kafka_topic_partition_list_new(Int32(starts.count))!
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for start in starts {
            rd_kafka_topic_partition_list_add(list, start.topic, start.partition)
                .pointee.offset = start.offset
            let queue = rd_kafka_queue_get_partition(
                client.handle, start.topic, start.partition)!
            rd_kafka_queue_forward(queue, nil)
            rd_kafka_queue_io_event_enable(queue, wakeDescriptor, [1], 1)
            queues.append(queue)
        }
        guard !isShared else {
            if let error = KafkaError(taking: rd_kafka_incremental_assign(client.handle, list)) {
                throw error
            }
            return
        }
        let code = rd_kafka_assign(client.handle, list)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(code) }
    }

    deinit {
        close()
        room.deallocate()
    }

    /// Takes what is in a partition's queue now, at most `limit`, without waiting.
    package func take(_ index: Int, limit: Int, _ body: (QueueItem) -> Void) -> Int {
        guard !queues.isEmpty else { return 0 }
        let count = rd_kafka_consume_batch_queue(
            queues[index], 0, room, min(limit, Self.roomCount))
        guard count > 0 else { return 0 }
        var bytes = 0
        for position in 0..<count {
            guard let message = room[position] else { continue }
            bytes += message.pointee.len
            body(Self.arrival(message))
            rd_kafka_message_destroy(message)
        }
        refill(index, taken: count, recordBytes: bytes / count)
        return count
    }

    /// Lets the client fetch again for a queue that may have been full and is half empty now.
    ///
    /// A client that found a queue full sleeps until something happens on its connection to the
    /// leader, or for a second, however soon the queue is read empty. Any question to the leader
    /// is something, and its answer is not waited for. (It wakes nobody where an operator lets
    /// partitions be read from followers.)
    private func refill(_ index: Int, taken: Int, recordBytes: Int) {
        guard !Library.hasQueueBackoff else { return }
        let length = Int(rd_kafka_queue_length(queues[index]))
        func isLong(_ length: Int) -> Bool {
            length > capacity.records / 2
                || length * recordBytes > capacity.kilobytes * 1_024 / 2
        }
        guard isLong(length + taken), !isLong(length) else { return }
        _ = try? client.offsets(
            of: .end, [(topics[index], partitions[index])], milliseconds: 1)
    }

    private static func arrival(_ message: UnsafeMutablePointer<rd_kafka_message_t>) -> QueueItem {
        let found = message.pointee
        if found.err == RD_KAFKA_RESP_ERR__PARTITION_EOF { return .end(offset: found.offset) }
        guard found.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let words = rd_kafka_message_errstr(message).map { String(cString: $0) }
            return .failed(KafkaError(found.err, words), offset: found.offset)
        }
        var headers: OpaquePointer?
        if rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR {
            headers = nil
        }
        return .record(
            offset: found.offset, appendTime: rd_kafka_message_timestamp(message, nil),
            key: found.key.map { UnsafeRawBufferPointer(start: $0, count: found.key_len) },
            value: found.payload.map { UnsafeRawBufferPointer(start: $0, count: found.len) },
            headers: RecordHeaders(handle: headers))
    }

    /// Lets a partition go on from another offset.
    package func seek(_ index: Int, to offset: Int64, milliseconds: Int32) throws(KafkaError) {
        let list = rd_kafka_topic_partition_list_new(1)!
        defer { rd_kafka_topic_partition_list_destroy(list) }
        let element = rd_kafka_topic_partition_list_add(list, topics[index], partitions[index])!
        element.pointee.offset = offset
        if let error = KafkaError(
            taking: rd_kafka_seek_partitions(client.handle, list, milliseconds))
        {
            throw error
        }
        guard element.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(element.pointee.err)
        }
    }

    /// Serves the client's own callbacks, which come by another queue.
    package func serve() {
        if let message = rd_kafka_consumer_poll(client.handle, 0) {
            rd_kafka_message_destroy(message)
        }
    }

    /// Gives up the queues. Twice is harmless.
    package func close() {
        guard !queues.isEmpty else { return }
        for queue in queues {
            rd_kafka_queue_io_event_enable(queue, -1, nil, 0)
            rd_kafka_queue_destroy(queue)
        }
        queues = []
        guard !isShared else { return unassign() }
        rd_kafka_assign(client.handle, nil)
        rd_kafka_consumer_close(client.handle)
    }

    /// Gives these partitions back, and leaves those of others alone.
    private func unassign() {
        let list = rd_kafka_topic_partition_list_new(Int32(topics.count))!
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for (topic, partition) in zip(topics, partitions) {
            rd_kafka_topic_partition_list_add(list, topic, partition)
        }
        // What was not assigned need not be given back.
        _ = KafkaError(taking: rd_kafka_incremental_unassign(client.handle, list))
    }
}
