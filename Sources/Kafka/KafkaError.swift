import CKafka

/// What librdkafka says went wrong.
public struct KafkaError: Error, Sendable, CustomStringConvertible {
    /// Its number, as `rd_kafka_resp_err_t` has it: positive from a broker, negative from here.
    public var number: Int32
    /// Its name, such as `_TIMED_OUT`.
    public var name: String
    /// In words, for people.
    public var message: String
    /// The client is of no more use: destroy it.
    public var isFatal = false
    /// The same call may succeed later.
    public var isRetriable = false
    /// The transaction must be aborted.
    public var requiresAbort = false

    /// The error of this number, in the library's own words unless others are given.
    public init(_ code: rd_kafka_resp_err_t, _ message: String? = nil) {
        number = code.rawValue
        name = String(cString: rd_kafka_err2name(code))
        self.message = message ?? String(cString: rd_kafka_err2str(code))
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

    public var description: String { "\(message) (\(name))" }

    /// Whether it is the error of this number.
    public func isError(_ code: rd_kafka_resp_err_t) -> Bool { number == code.rawValue }
}

extension KafkaError {
    /// Whether a batch can't be unpacked: its compression is broken, or it unpacks to more than
    /// `receive.message.max.bytes`. The client says so of the batch's first offset, again and
    /// again, and reads on behind the batch where it is told to.
    public var isAboutUnpacking: Bool {
        isError(RD_KAFKA_RESP_ERR__BAD_COMPRESSION) || isError(RD_KAFKA_RESP_ERR__BAD_MSG)
    }

    /// The answer did not come in time.
    public static var timedOut: KafkaError { KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT) }
}
