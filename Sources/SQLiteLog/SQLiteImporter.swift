import EventLog
import SQLite

extension SQLiteLog: ImportingLog {
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

    package func openImporter() throws(LogError) -> any LogImporter {
        SQLiteImporter(self, try writable())
    }

    package func endImport(of topics: [TopicSpecification]) throws(LogError) {}
}

/// Brings records of another log into the file: a batch is one transaction, so a copy that is
/// killed leaves whole batches.
final class SQLiteImporter: LogImporter {
    private let log: SQLiteLog
    private let store: LogStore

    init(_ log: SQLiteLog, _ store: LogStore) {
        self.log = log
        self.store = store
    }

    func append(
        _ batch: borrowing RecordBatch, to partition: TopicPartition, from first: LogOffset,
        upTo last: LogOffset
    ) throws(LogError) {
        guard last.rawValue <= Schema.largestOffset else {
            throw LogError(
                .tooLarge,
                "\(partition) has offset \(last), and a file holds "
                    + "\(Schema.largestOffset) a partition")
        }
        try store.take(
            batch, to: partition, id: try log.partitionID(partition), from: first.rawValue,
            upTo: last.rawValue)
    }

    func close() {}
}
