import EventLog

/// Destinations of a buffer as numbers of the file's partitions; looked up once.
struct Destinations {
    private var known: [TopicPartition] = []
    private(set) var ids: [Int64] = []

    mutating func follow(
        _ destinations: [TopicPartition], _ log: SQLiteLog
    ) throws(LogError) {
        guard destinations != known else { return }
        var found: [Int64] = []
        for partition in destinations { found.append(try log.partitionID(partition)) }
        ids = found
        known = destinations
    }
}

/// Appends outside transactions of the log; each call is one of the file, so all of it is taken or
/// nothing.
final class SQLiteAppender: LogAppender {
    private let log: SQLiteLog
    private let store: LogStore
    private var destinations = Destinations()

    init(_ log: SQLiteLog, _ store: LogStore) {
        self.log = log
        self.store = store
    }

    func append(_ records: borrowing OutgoingRecords) throws(LogError) -> [AppendOutcome] {
        guard !records.isEmpty else { return [] }
        try destinations.follow(records.destinations, log)
        let partitions = records.destinations
        var found: [(Int, LogOffset)] = Array(repeating: (0, 0), count: records.count)
        for index in 0..<records.count { found[index].0 = records[index].destination.index }
        let time = try store.append(records, to: destinations.ids, by: []) { index, offset, _ in
            found[index].1 = offset
        }
        return found.map { destination, offset in
            .appended(
                Receipt(partition: partitions[destination], offset: offset, appendTime: time))
        }
    }

    func close() {}
}

/// The writer of transactions. Records wait in memory until the commit, which writes them in one
/// short transaction of the file.
final class SQLiteWriter: LogWriter, TransactionBackend {
    private let log: SQLiteLog
    private let store: LogStore
    private let epochs: [WriterEpoch]
    private var destinations = Destinations()
    private var pending = OutgoingRecords(capacityBytes: 1 << 20)
    private var transaction: UInt64 = 0
    private var isOpen = false
    private var isFenced = false

    init(_ log: SQLiteLog, _ store: LogStore, _ epochs: [WriterEpoch]) {
        self.log = log
        self.store = store
        self.epochs = epochs
    }

    func begin() throws(LogError) -> Transaction {
        precondition(!isOpen, "one transaction at a time")
        guard !isFenced else { throw epochs[0].fenced(by: epochs[0].epoch + 1) }
        transaction += 1
        isOpen = true
        pending.removeAll()
        return Transaction(backend: self, id: transaction)
    }

    func append(_ records: borrowing OutgoingRecords, to transaction: UInt64) throws(LogError) {
        precondition(isOpen && transaction == self.transaction)
        pending.append(records)
    }

    func commit(_ transaction: UInt64) -> CommitAnswer {
        precondition(isOpen && transaction == self.transaction)
        do throws(LogError) {
            try destinations.follow(pending.destinations, log)
            let time = try store.append(
                pending, to: destinations.ids, by: epochs, receive: { _, _, _ in })
            isOpen = false
            return .committed(lastAppendTime: time)
        } catch {
            switch error.code {
            case .fenced:
                isOpen = false
                isFenced = true
                return .fenced(error)
            case .io, .corrupt:
                // The disk failed under the commit: whether it holds it, the file alone tells.
                isOpen = false
                return .failed(error)
            default:
                return .mustAbort(error)
            }
        }
    }

    func abort(_ transaction: UInt64) throws(LogError) {
        guard isOpen, transaction == self.transaction else { return }
        isOpen = false
        pending.removeAll()
    }

    func close() { isOpen = false }
}
