import EventLog

extension MemoryLog: ImportingLog {
    package var takesGaps: Bool { true }

    package func beginImport(of topics: [TopicSpecification]) throws(LogError) {
        for topic in topics {
            do throws(LogError) {
                try create(topic)
            } catch {
                guard error.code == .alreadyExists else { throw error }
            }
        }
    }

    package func openImporter() throws(LogError) -> any LogImporter { MemoryImporter(self) }

    package func endImport(of topics: [TopicSpecification]) throws(LogError) {}
}

/// Brings records of another log into the memory log.
final class MemoryImporter: LogImporter {
    private let log: MemoryLog
    init(_ log: MemoryLog) { self.log = log }

    func append(
        _ batch: borrowing RecordBatch, to topicPartition: TopicPartition, from first: LogOffset,
        upTo last: LogOffset
    ) throws(LogError) {
        log.lock()
        defer { log.unlockAndWake() }
        let partition = try log.lockedState.partition(topicPartition)
        let isUntouched = partition.start == 0 && partition.end == 0
        guard isUntouched || partition.end == first.rawValue else {
            throw .otherWriter(topicPartition, end: LogOffset(partition.end), expected: first)
        }
        log.lockedState.topics[topicPartition.topic]!.partitions[Int(topicPartition.partition)]
            .take(batch, from: first.rawValue, upTo: last.rawValue)
    }

    func close() {}
}
