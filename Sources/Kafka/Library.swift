import CKafka
import Foundation

/// The librdkafka that this process runs with.
package enum Library {
    /// As it names itself, such as `2.0.2`.
    package static var version: String { String(cString: rd_kafka_version_str()) }

    /// Before 2.6.1 it sends the nonce of SCRAM once too often. Brokers before 4.0 don't mind;
    /// newer ones refuse the right password (librdkafka's pull request 4895).
    package static var garblesSCRAM: Bool { rd_kafka_version() < 0x0206_01ff }

    /// From 2.2.0 on a queue that was full is left alone for `fetch.queue.backoff.ms`, a second
    /// by default, and nothing cuts that short.
    package static var hasQueueBackoff: Bool { rd_kafka_version() >= 0x0202_0000 }

    /// Where the remarks of all clients go that help find a fault; standard
    /// error unless it is set. It is called on the library's own threads, so it must not wait.
    package static func hear(_ hear: @escaping @Sendable (String) -> Void) {
        lock.withLock { hearer = hear }
    }

    static func say(_ text: String) {
        if let hear = lock.withLock({ hearer }) { return hear(text) }
        let line = Array("\(text)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
    }

    private static let lock = NSLock()
    nonisolated(unsafe) private static var hearer: (@Sendable (String) -> Void)?
}
