import EventLog
import Foundation
import Kafka

/// A consumer that the lanes of a process read their inputs by: one of each lane's own would cost
/// ten descriptors, four threads and a hundred requests a second, idle as it is.
///
/// A reader that met an error may not find its way back by itself, and neither may the consumer
/// behind it. So once one has, the next reader gets another consumer; this one
/// goes with the last that reads by it.
final class SharedConsumer: @unchecked Sendable {
    let client: Client
    private let lock = NSLock()
    private var taken: Set<TopicPartition> = []
    private var isDoubted = false

    init(_ client: Client) { self.client = client }

    /// Takes these partitions for one reader; false where another has one of them, or something
    /// was wrong before.
    func take(_ partitions: [TopicPartition]) -> Bool {
        lock.withLock {
            guard !isDoubted, taken.isDisjoint(with: partitions) else { return false }
            taken.formUnion(partitions)
            return true
        }
    }

    /// Their reader reads them no more.
    func giveBack(_ partitions: [TopicPartition]) { lock.withLock { taken.subtract(partitions) } }

    /// Nobody begins to read by it any more.
    func doubt() { lock.withLock { isDoubted = true } }
}

extension KafkaLog {
    package func openSharedReader(_ starts: [ReadStart]) throws(LogError) -> any LogReader {
        let partitions = starts.map(\.partition)
        try check(partitions)
        let consumer = try sharedConsumer(for: partitions)
        do throws(LogError) {
            return try KafkaReader(self, starts, by: consumer)
        } catch {
            consumer.doubt()
            consumer.giveBack(partitions)
            throw error
        }
    }
}
