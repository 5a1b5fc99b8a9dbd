import EventLog
import Synchronization

/// A reader of the memory log.
final class MemoryReader: LogReader, @unchecked Sendable {
    private let log: MemoryLog
    private let partitions: [TopicPartition]
    private var positions: [LogOffset]
    private let isWoken = Atomic<Bool>(false)

    init(_ log: MemoryLog, _ starts: [ReadStart]) {
        self.log = log
        partitions = starts.map(\.partition)
        positions = starts.map(\.offset)
    }

    func read(
        _ input: Int, into batch: inout RecordBatch, limit: Int
    ) throws(LogError) -> Int {
        let before = batch.count
        let topicPartition = partitions[input]
        let from = positions[input]
        log.lock()
        defer { log.unlock() }
        try log.lockedState.faults.check(.read)
        let partition = try log.lockedState.partition(topicPartition)
        guard from.rawValue >= partition.start, from.rawValue <= partition.end else {
            throw LogError(
                .offsetOutOfRange,
                "\(topicPartition) holds offsets \(partition.start) to \(partition.end), "
                    + "not \(from)")
        }
        positions[input] = LogOffset(
            partition.read(from: from.rawValue, into: &batch, limit: limit))
        return batch.count - before
    }

    func position(_ input: Int) -> LogOffset { positions[input] }

    func seek(_ input: Int, to offset: LogOffset) throws(LogError) {
        positions[input] = offset
    }

    func wait(timeoutMilliseconds: Int) throws(LogError) {
        log.wait(timeoutMilliseconds: timeoutMilliseconds) { state in
            isWoken.load(ordering: .acquiring) || hasMore(state)
        }
        isWoken.store(false, ordering: .releasing)
    }

    private func hasMore(_ state: MemoryLog.State) -> Bool {
        for (input, topicPartition) in partitions.enumerated() {
            guard let partition = try? state.partition(topicPartition) else { return true }
            if partition.lastStableOffset != positions[input].rawValue { return true }
        }
        return false
    }

    nonisolated func wake() {
        isWoken.store(true, ordering: .releasing)
        log.wakeAll()
    }

    func close() {}
}
