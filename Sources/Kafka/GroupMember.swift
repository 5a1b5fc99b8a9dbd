import CKafka
import Foundation

/// Hears which partitions a consumer's group gives it and asks back.
package protocol AssignmentReports: AnyObject, Sendable {
    /// They are its own from now on.
    func assigned(_ partitions: [Int32])
    /// They go to others once this has returned. `isLost`: they may have gone already.
    func revoked(_ partitions: [Int32], isLost: Bool)
    /// The client did not take what the group decided, and would hear of nothing more.
    func failed(_ error: KafkaError)
}

/// The membership of a consumer in its group, for the sake of the assignment alone: nothing is
/// fetched. Used by one thread; reports come on it, inside `serve` and `leave`.
package final class GroupMember {
    private let client: Client
    private var hasLeft = false

    /// Joins; the first assignment comes by `serve`. The client must have been made with
    /// assignment reports, and with a cooperative strategy: then partitions that stay are not
    /// disturbed by those that move.
    package init(_ client: Client, topic: String) throws(KafkaError) {
        self.client = client
        let list = rd_kafka_topic_partition_list_new(1)!
        defer { rd_kafka_topic_partition_list_destroy(list) }
        rd_kafka_topic_partition_list_add(list, topic, -1)
        let code = rd_kafka_subscribe(client.handle, list)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(code) }
    }

    deinit { leave() }

    /// Stays in touch for this long, or until something happened.
    package func serve(milliseconds: Int32) throws(KafkaError) {
        guard let message = rd_kafka_consumer_poll(client.handle, milliseconds) else { return }
        defer { rd_kafka_message_destroy(message) }
        // A record that was fetched before the pause took hold is nobody's.
        let code = message.pointee.err
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR, code != RD_KAFKA_RESP_ERR__PARTITION_EOF
        else { return }
        throw KafkaError(code, rd_kafka_message_errstr(message).map { String(cString: $0) })
    }

    /// Leaves the group. Twice is harmless.
    package func leave() {
        guard !hasLeft else { return }
        hasLeft = true
        guard !client.wasAssigned else {
            rd_kafka_consumer_close(client.handle)
            return
        }
        // Between joining and its first assignment the library (2.0.2) aborts the process where it
        // destroys a member with a cooperative strategy (its issue 4312), and may wait forever
        // where the assignment comes while it closes (4527). So the member says goodbye, for at
        // most a while, and its handle is left to the end of the process.
        client.silenceAssignments()
        let closing = Closing(client)
        if !closing.finish(withinSeconds: 3) || !client.wasAssigned { client.leaveHandle() }
    }

    /// Takes over or gives up what the group decided, after the reports were delivered.
    static func rebalance(
        _ handle: OpaquePointer, _ code: rd_kafka_resp_err_t,
        _ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>,
        _ reports: (any AssignmentReports)?
    ) {
        let partitions = (0..<Int(list.pointee.cnt)).map { list.pointee.elems[$0].partition }
        let error: OpaquePointer?
        if code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            for index in 0..<Int(list.pointee.cnt) {
                list.pointee.elems[index].offset = Int64(RD_KAFKA_OFFSET_END)
            }
            error = rd_kafka_incremental_assign(handle, list)
            rd_kafka_pause_partitions(handle, list)
            if error == nil { reports?.assigned(partitions) }
        } else {
            reports?.revoked(partitions, isLost: rd_kafka_assignment_lost(handle) != 0)
            error = rd_kafka_incremental_unassign(handle, list)
        }
        if let failure = KafkaError(taking: error) { reports?.failed(failure) }
    }
}

/// The farewell of a consumer from its group, on its own thread.
private final class Closing: @unchecked Sendable {
    private let client: Client
    private let done = DispatchSemaphore(value: 0)

    init(_ client: Client) { self.client = client }

    /// Answers whether it came to its end.
    func finish(withinSeconds seconds: Int) -> Bool {
        let thread = Thread { [self] in
            rd_kafka_consumer_close(client.handle)
            done.signal()
        }
        thread.name = "kafka-close"
        thread.start()
        return done.wait(timeout: .now() + .seconds(seconds)) == .success
    }
}

extension Client {
    /// Commits offsets for the group that the client is named after, of which it must be no
    /// member, and waits for no answer: the next ones come soon enough.
    package func commit(_ offsets: [Assignment]) {
        guard !offsets.isEmpty else { return }
        let list = rd_kafka_topic_partition_list_new(Int32(offsets.count))!
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for offset in offsets {
            rd_kafka_topic_partition_list_add(list, offset.topic, offset.partition)
                .pointee.offset = offset.offset
        }
        rd_kafka_commit(handle, list, 1)
    }
}
