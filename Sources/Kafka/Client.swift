import CKafka
import Foundation

/// A client of a cluster: librdkafka's handle, its settings, and the last things that it said.
///
/// It may be used from several threads, as librdkafka's handles may.
public final class Client: @unchecked Sendable {
    /// What the client is for.
    public enum Kind: Sendable { case producer, consumer }

    let handle: OpaquePointer
    private let words: Words
    private let reports: DeliveryReports?
    private let lock = NSLock()
    private var topics: [String: OpaquePointer] = [:]

    /// - Parameters:
    ///   - settings: librdkafka's properties; a later one of the same name wins.
    ///   - reports: hears what became of each record that was produced.
    public init(
        _ kind: Kind, _ settings: [(name: String, value: String)],
        reports: DeliveryReports? = nil
    ) throws(KafkaError) {
        let configuration = rd_kafka_conf_new()!
        words = Words()
        self.reports = reports
        do throws(KafkaError) {
            for (name, value) in settings {
                try Self.set(configuration, name, value)
            }
        } catch {
            rd_kafka_conf_destroy(configuration)
            throw error
        }
        // The callbacks find what they write to by this pointer; both objects live as long as
        // the client, which is destroyed before they are let go.
        rd_kafka_conf_set_opaque(
            configuration, Unmanaged.passUnretained(words).toOpaque())
        rd_kafka_conf_set_log_cb(configuration) { client, _, kind, text in
            guard let client, let text, let opaque = rd_kafka_opaque(client) else { return }
            // What it thinks of its settings explains no failure.
            if let kind, strcmp(kind, "CONFWARN") == 0 { return }
            Unmanaged<Words>.fromOpaque(opaque).takeUnretainedValue().add(String(cString: text))
        }
        if let reports {
            words.reports = reports
            rd_kafka_conf_set_dr_msg_cb(configuration) { _, message, opaque in
                guard let message, let opaque else { return }
                Unmanaged<Words>.fromOpaque(opaque).takeUnretainedValue().reports?.take(message)
            }
        }
        var text = [CChar](repeating: 0, count: 512)
        let type = kind == .producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER
        guard let made = rd_kafka_new(type, configuration, &text, text.count) else {
            rd_kafka_conf_destroy(configuration)
            throw KafkaError(rd_kafka_last_error(), Self.string(text))
        }
        handle = made
    }

    deinit {
        for topic in topics.values { rd_kafka_topic_destroy(topic) }
        Destruction(handle, words).finish(withinSeconds: 5)
    }

    private static func set(
        _ configuration: OpaquePointer, _ name: String, _ value: String
    ) throws(KafkaError) {
        var text = [CChar](repeating: 0, count: 512)
        let result = rd_kafka_conf_set(configuration, name, value, &text, text.count)
        guard result == RD_KAFKA_CONF_OK else {
            throw KafkaError(RD_KAFKA_RESP_ERR__INVALID_ARG, Self.string(text))
        }
    }

    static func string(_ text: [CChar]) -> String {
        String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The last that the client said, such as why it can't connect; empty where all is well.
    public var lastWords: String { words.last }

    /// Serves callbacks; waits at most this long for the first.
    public func poll(milliseconds: Int32 = 0) { rd_kafka_poll(handle, milliseconds) }

    /// The cluster's id, or nil where no broker answered in time.
    public func clusterID(milliseconds: Int32) -> String? {
        guard let id = rd_kafka_clusterid(handle, milliseconds) else { return nil }
        defer { rd_kafka_mem_free(handle, id) }
        return String(cString: id)
    }

    /// The topic of this name, made once: by name, the first use costs up to a second. Whether it
    /// exists is not asked.
    public func handle(ofTopic name: String) -> TopicHandle {
        lock.lock()
        defer { lock.unlock() }
        if let known = topics[name] { return TopicHandle(handle: known) }
        let made = rd_kafka_topic_new(handle, name, nil)!
        topics[name] = made
        return TopicHandle(handle: made)
    }
}

/// The end of a client, which a thread of its own waits for: the library (2.0.2) may join its own
/// threads for ever where a topic was deleted under a consumer (seen), and whoever lets go of a
/// client then would hang with it.
private final class Destruction: @unchecked Sendable {
    private let handle: OpaquePointer
    /// What the callbacks write to must outlive the handle.
    private let words: Words
    private let done = DispatchSemaphore(value: 0)

    init(_ handle: OpaquePointer, _ words: Words) {
        self.handle = handle
        self.words = words
    }

    func finish(withinSeconds seconds: Int) {
        let thread = Thread { [self] in
            rd_kafka_destroy(handle)
            done.signal()
        }
        thread.name = "kafka-destroy"
        thread.start()
        _ = done.wait(timeout: .now() + .seconds(seconds))
    }
}

/// The last words of a client, kept for its error messages.
private final class Words: @unchecked Sendable {
    private let lock = NSLock()
    private var text = ""
    var reports: DeliveryReports?

    func add(_ words: String) {
        lock.lock()
        text = words
        lock.unlock()
    }

    var last: String {
        lock.lock()
        defer { lock.unlock() }
        return text
    }
}

/// Hears what became of each record that a producer sent.
public protocol DeliveryReports: AnyObject, Sendable {
    /// Called by whichever thread polls. `tag` is what the record was produced with.
    func delivered(tag: Int, offset: Int64, appendTime: Int64, error: KafkaError?)
}

extension DeliveryReports {
    fileprivate func take(_ message: UnsafePointer<rd_kafka_message_t>) {
        let failed = message.pointee.err != RD_KAFKA_RESP_ERR_NO_ERROR
        delivered(
            tag: Int(bitPattern: message.pointee._private), offset: message.pointee.offset,
            appendTime: rd_kafka_message_timestamp(message, nil),
            error: failed ? KafkaError(message.pointee.err) : nil)
    }
}
