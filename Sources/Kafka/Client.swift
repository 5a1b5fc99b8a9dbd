import CKafka
import Foundation

/// A client of a cluster: librdkafka's handle, its settings, and the last things that it said.
///
/// It may be used from several threads, as librdkafka's handles may.
package final class Client: @unchecked Sendable {
    /// What the client is for.
    package enum Kind: Sendable { case producer, consumer }

    let handle: OpaquePointer
    private let words: Words
    private let reports: DeliveryReports?
    private let lock = NSLock()
    private var topics: [String: OpaquePointer] = [:]
    /// How late its threads may be woken. Before each of its timers, one a second at least, the
    /// library's main thread goes round and round for the last millisecond, since it waits for
    /// whole ones only: woken this much later it finds the timer due instead, and a client that
    /// has nothing to do takes a third of the processor time.
    private static let timerSlackNanoseconds: UInt = 2_000_000
    /// Whether the handle stays when the client goes.
    private var isLeft = false

    /// - Parameters:
    ///   - settings: librdkafka's properties; a later one of the same name wins.
    ///   - reports: hears what became of each record that was produced.
    ///   - assignments: hears what the consumer's group gives it.
    package init(
        _ kind: Kind, _ settings: [(name: String, value: String)],
        reports: DeliveryReports? = nil, assignments: AssignmentReports? = nil
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
        // The callbacks find what they write to by this pointer; it lives until the client's
        // handle is destroyed (`Destruction`).
        rd_kafka_conf_set_opaque(
            configuration, Unmanaged.passUnretained(words).toOpaque())
        rd_kafka_conf_set_log_cb(configuration) { client, level, kind, text in
            guard let client, let text, let opaque = rd_kafka_opaque(client) else { return }
            // What it thinks of its settings explains no failure.
            if let kind, strcmp(kind, "CONFWARN") == 0 { return }
            Unmanaged<Words>.fromOpaque(opaque).takeUnretainedValue()
                .add(String(cString: text), isDebug: level >= 7)
        }
        rd_kafka_conf_set_error_cb(configuration) { _, code, text, opaque in
            guard let text, let opaque else { return }
            Unmanaged<Words>.fromOpaque(opaque).takeUnretainedValue()
                .add(KafkaError(rd_kafka_resp_err_t(rawValue: code), String(cString: text)))
        }
        // OpenSSL's verdict about a broker's certificate stays as it is; the callback only keeps
        // what it was, which the library's own words leave out.
        _ = rd_kafka_conf_set_ssl_cert_verify_cb(configuration) {
            _, _, _, verdict, _, _, _, _, _, opaque in
            guard let verdict else { return 0 }
            if verdict.pointee == 0 { return 1 }
            if let opaque {
                Unmanaged<Words>.fromOpaque(opaque).takeUnretainedValue()
                    .add(certificateVerdict: verdict.pointee)
            }
            return 0
        }
        if let reports {
            words.reports = reports
            rd_kafka_conf_set_dr_msg_cb(configuration) { _, message, opaque in
                guard let message, let opaque else { return }
                Unmanaged<Words>.fromOpaque(opaque).takeUnretainedValue().reports?.take(message)
            }
        }
        if let assignments {
            words.assignments = assignments
            rd_kafka_conf_set_rebalance_cb(configuration) { client, code, list, opaque in
                guard let client, let list, let opaque else { return }
                let words = Unmanaged<Words>.fromOpaque(opaque).takeUnretainedValue()
                words.wasAssigned = true
                GroupMember.rebalance(client, code, list, words.assignments)
            }
        }
        var text = [CChar](repeating: 0, count: 512)
        let type = kind == .producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER
        guard
            let made = fairfill_new(
                type, configuration, Self.timerSlackNanoseconds, &text, text.count)
        else {
            rd_kafka_conf_destroy(configuration)
            let said = Self.string(text)
            let before = words.last
            throw KafkaError(
                rd_kafka_last_error(), before.isEmpty ? said : "\(said) (\(before))")
        }
        handle = made
    }

    deinit {
        guard !isLeft else {
            // Its callbacks may still come.
            _ = Unmanaged.passRetained(words)
            return
        }
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

    /// Whether the consumer's group gave it anything yet, be it no partition.
    var wasAssigned: Bool { words.wasAssigned }

    /// Tells nobody any more what the consumer's group decides.
    func silenceAssignments() { words.assignments = nil }

    /// Leaves the handle to the end of the process instead of destroying it.
    func leaveHandle() { isLeft = true }

    static func string(_ text: [CChar]) -> String {
        String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The last that the client said, such as why it can't connect; empty where all is well.
    package var lastWords: String { words.last }

    /// Why a broker can't be talked to, where that is no matter of waiting: TLS or SASL failed.
    package var refusal: KafkaError? { words.refusal }

    /// Whether every broker that the client knows could not be talked to, at least once.
    package var hasLostAllBrokers: Bool { words.hasLostAllBrokers }

    /// What OpenSSL had against a broker's certificate: its `X509_V_ERR_` number, or 0.
    package var certificateVerdict: Int32 { words.certificateVerdict }

    /// Serves callbacks; waits at most this long for the first.
    package func poll(milliseconds: Int32 = 0) { rd_kafka_poll(handle, milliseconds) }

    /// The cluster's id, or nil where no broker answered in time.
    package func clusterID(milliseconds: Int32) -> String? {
        guard let id = rd_kafka_clusterid(handle, milliseconds) else { return nil }
        defer { rd_kafka_mem_free(handle, id) }
        return String(cString: id)
    }

    /// The topic of this name, made once: by name, the first use costs up to a second. Whether it
    /// exists is not asked.
    package func handle(ofTopic name: String) -> TopicHandle {
        lock.lock()
        defer { lock.unlock() }
        if let known = topics[name] { return TopicHandle(handle: known) }
        let made = rd_kafka_topic_new(handle, name, nil)!
        topics[name] = made
        return TopicHandle(handle: made)
    }
}

/// The end of a client, which its own thread waits for: the library (2.0.2) may join its own
/// threads forever where a topic was deleted under a consumer (seen), and a caller that lets go of
/// a client then would hang with it.
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
    private var refused: KafkaError?
    private var allDown = false
    private var verdict: Int32 = 0
    var reports: DeliveryReports?
    var assignments: AssignmentReports?
    private var hasAssignment = false
    var wasAssigned: Bool {
        get { lock.withLock { hasAssignment } }
        set { lock.withLock { hasAssignment = newValue } }
    }

    /// What is said to help find a fault (the property `debug`) goes where the library's
    /// remarks go.
    func add(_ words: String, isDebug: Bool) {
        guard !isDebug else {
            return Library.say("librdkafka: \(words)")
        }
        lock.withLock { text = words }
    }

    func add(_ error: KafkaError) {
        lock.withLock {
            switch error.code {
            case .allBrokersDown: allDown = true
            case .tls, .authentication: refused = error
            default: break
            }
        }
    }

    func add(certificateVerdict: Int32) { lock.withLock { verdict = certificateVerdict } }

    var last: String { lock.withLock { text } }
    var refusal: KafkaError? { lock.withLock { refused } }
    var hasLostAllBrokers: Bool { lock.withLock { allDown } }
    var certificateVerdict: Int32 { lock.withLock { verdict } }
}

/// Hears what became of each record that a producer sent.
package protocol DeliveryReports: AnyObject, Sendable {
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
