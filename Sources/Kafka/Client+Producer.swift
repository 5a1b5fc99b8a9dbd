import CKafka

/// A topic as a client knows it. Valid as long as the client.
package struct TopicHandle {
    let handle: OpaquePointer
}

/// Headers of one record on its way out. `produce` takes them even where it fails.
package struct HeaderList {
    fileprivate let handle: OpaquePointer

    package init(capacity: Int) { handle = rd_kafka_headers_new(capacity) }

    /// Adds a header; name and value are copied. nil is a header without a value.
    package func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) {
        // An empty name needs an address, too.
        let text = (name.baseAddress ?? UnsafeRawPointer(handle)).assumingMemoryBound(
            to: CChar.self)
        guard let value else {
            rd_kafka_header_add(handle, text, name.count, nil, 0)
            return
        }
        // A value without bytes is not a missing one: any address tells it from NULL.
        let bytes = value.baseAddress ?? UnsafeRawPointer(handle)
        rd_kafka_header_add(handle, text, name.count, bytes, value.count)
    }
}

extension Client {
    /// Hands a record to the client, which copies and sends it; false where its queue is full:
    /// poll, and try again. With a time, in milliseconds since 1970 UTC, the record keeps that on
    /// a topic whose clients say when.
    package func produce(
        to topic: TopicHandle, partition: Int32, key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?, headers: HeaderList? = nil, time: Int64? = nil,
        tag: Int = 0
    ) throws(KafkaError) -> Bool {
        let opaque = UnsafeMutableRawPointer(bitPattern: tag)
        let code: rd_kafka_resp_err_t
        if let time {
            code = fairfill_produce_at(
                handle, topic.handle, partition, Self.address(key), key?.count ?? 0,
                Self.address(value), value?.count ?? 0, headers?.handle, time, opaque)
        } else {
            code = fairfill_produce(
                handle, topic.handle, partition, Self.address(key), key?.count ?? 0,
                Self.address(value), value?.count ?? 0, headers?.handle, opaque)
        }
        if code == RD_KAFKA_RESP_ERR_NO_ERROR { return true }
        if let headers { rd_kafka_headers_destroy(headers.handle) }
        if code == RD_KAFKA_RESP_ERR__QUEUE_FULL { return false }
        throw KafkaError(code)
    }

    /// NULL is a missing part; an empty one has an address.
    private static func address(_ part: UnsafeRawBufferPointer?) -> UnsafeRawPointer? {
        guard let part else { return nil }
        return part.baseAddress ?? UnsafeRawPointer(bitPattern: 1)
    }

    /// How many records wait for their report.
    package var outstanding: Int { Int(rd_kafka_outq_len(handle)) }

    /// Sends what waits without lingering, and serves reports until none is outstanding or the
    /// time is over. False where it was over.
    package func flush(milliseconds: Int32) -> Bool {
        rd_kafka_flush(handle, milliseconds) == RD_KAFKA_RESP_ERR_NO_ERROR
    }

    /// Drops what was not sent yet; its reports say so.
    package func purge() {
        rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
    }

    /// The error that ended this client, or nil.
    package var finalError: KafkaError? {
        var text = [CChar](repeating: 0, count: 512)
        let code = rd_kafka_fatal_error(handle, &text, text.count)
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        var error = KafkaError(code, Self.string(text))
        error.isFatal = true
        return error
    }

    // MARK: Transactions

    /// Fences older producers of the transactional id, and ends what they left open.
    package func initTransactions(milliseconds: Int32) throws(KafkaError) {
        try check(rd_kafka_init_transactions(handle, milliseconds))
    }

    /// Begins a transaction; local, no broker is asked.
    package func beginTransaction() throws(KafkaError) {
        try check(rd_kafka_begin_transaction(handle))
    }

    /// Flushes and commits. Timed out, it may be called again; nothing else may.
    package func commitTransaction(milliseconds: Int32) throws(KafkaError) {
        try check(rd_kafka_commit_transaction(handle, milliseconds))
    }

    /// Aborts; what was not sent is dropped. Timed out, it may be called again.
    package func abortTransaction(milliseconds: Int32) throws(KafkaError) {
        try check(rd_kafka_abort_transaction(handle, milliseconds))
    }

    private func check(_ error: OpaquePointer?) throws(KafkaError) {
        if let error = KafkaError(taking: error) { throw error }
    }
}
