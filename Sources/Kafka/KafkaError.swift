import CKafka

/// What librdkafka says went wrong.
package struct KafkaError: Error, Sendable, CustomStringConvertible {
    /// What it is; programs decide by this and by the three flags, never by words.
    package var code: Code
    /// In words, for people.
    package var message: String
    /// The client is of no more use: destroy it.
    package var isFatal = false
    /// The same call may succeed later.
    package var isRetriable = false
    /// The transaction must be aborted.
    package var requiresAbort = false

    /// The error of this number, in the library's own words unless others are given.
    package init(_ code: rd_kafka_resp_err_t, _ message: String? = nil) {
        self.init(Code(code), message)
    }

    /// The error of this code, in the library's own words unless others are given.
    package init(_ code: Code, _ message: String? = nil) {
        self.code = code
        self.message = message ?? String(cString: rd_kafka_err2str(code.number))
    }

    /// Takes over an error object, which is destroyed; nil where there is none.
    init?(taking error: OpaquePointer?) {
        guard let error else { return nil }
        self.init(rd_kafka_error_code(error), String(cString: rd_kafka_error_string(error)))
        isFatal = rd_kafka_error_is_fatal(error) != 0
        isRetriable = rd_kafka_error_is_retriable(error) != 0
        requiresAbort = rd_kafka_error_txn_requires_abort(error) != 0
        rd_kafka_error_destroy(error)
    }

    package var description: String { "\(message) (\(code.name))" }
}

extension KafkaError {
    /// Whether a batch can't be unpacked: its compression is broken or unknown, or it unpacks to
    /// more than `receive.message.max.bytes`. The client says so of the batch's first offset,
    /// again and again, and reads on behind the batch where it is told to.
    package var isAboutUnpacking: Bool {
        code == .badCompression || code == .badMessage || code == .notImplemented
    }
}
