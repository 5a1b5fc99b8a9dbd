import Foundation
import KafkaLog
import Testing

/// The broker to test against.
package enum Broker {
    /// `HOST:PORT`, where there is one.
    package static let address = ProcessInfo.processInfo.environment["FAIRFILL_TEST_KAFKA"]
}

extension KafkaLog {
    /// Deletes a topic and waits until it is gone, a while after the deletion was answered.
    package func deleteAndWait(topic: String) throws {
        try delete(topic: topic)
        let isGone = try eventually(within: 30) {
            try !topics().contains { $0.specification.name == topic }
        }
        try #require(isGone)
    }
}
