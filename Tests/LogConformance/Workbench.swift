import EventLog

/// A log under test, and short words for what the checks do with it.
package final class Workbench {
    /// The log; each check makes topics of its own in it.
    package let log: any EventLog
    /// Opens the same log again, as another process would.
    private let reopen: () throws -> any EventLog
    /// Lets go of the records of a partition before an offset, as retention does.
    let cut: (TopicPartition, LogOffset) throws -> Void
    private let prefix: String
    private var made = 0

    /// - Parameter prefix: no other topic or transactional id of the log begins with it.
    package init(
        _ log: any EventLog, prefix: String, reopen: @escaping () throws -> any EventLog,
        cut: @escaping (_ partition: TopicPartition, _ offset: LogOffset) throws -> Void
    ) {
        self.log = log
        self.prefix = prefix
        self.reopen = reopen
        self.cut = cut
    }

    func otherHandle() throws -> any EventLog { try reopen() }

    /// A name that nothing else has.
    func newName() -> String {
        made += 1
        return "\(prefix)-\(made)"
    }

    /// Makes a topic and answers its name.
    func newTopic(partitions: Int32 = 1) throws -> String {
        let name = newName()
        try log.create(.plain(name, partitions: partitions))
        return name
    }

    /// Makes a topic of one partition.
    func newPartition() throws -> TopicPartition { TopicPartition(try newTopic(), 0) }

    /// Appends values outside transactions; every one must be taken.
    @discardableResult
    func append(_ values: [String], to partition: TopicPartition) throws -> [Receipt] {
        let appender = try log.openAppender()
        defer { appender.close() }
        var records = OutgoingRecords()
        records.add(values, to: partition)
        return try appender.append(records).map { try $0.receipt() }
    }

    /// Every record that readers see, once all that is written has been decided upon. A commit
    /// may be answered a moment before readers see its records, so this reads to the end of what
    /// is written; it never returns while a transaction is open there.
    func read(_ partition: TopicPartition) throws -> [Seen] {
        let reader = try log.openReader([ReadStart(partition, from: 0)])
        defer { reader.close() }
        return try read(reader, upTo: try bounds(partition, .written).end)
    }

    /// Every record that readers see now, open transactions or not.
    func readNow(_ partition: TopicPartition) throws -> [Seen] {
        let reader = try log.openReader([ReadStart(partition, from: 0)])
        defer { reader.close() }
        return try read(reader, upTo: try bounds(partition, .committed).end)
    }

    /// Reads until the reader's position is at least `end`.
    func read(_ reader: any LogReader, _ input: Int = 0, upTo end: LogOffset) throws -> [Seen] {
        var batch = RecordBatch()
        var seen: [Seen] = []
        var idle = 0
        while reader.position(input) < end {
            batch.removeAll()
            if try reader.read(input, into: &batch, limit: 1_000) == 0 {
                idle += 1
                try expect(idle < 1_000, "position \(reader.position(input)) never reached \(end)")
                try reader.wait(timeoutMilliseconds: 20)
            }
            for index in 0..<batch.count { seen.append(Seen(batch, index)) }
        }
        return seen
    }

    func bounds(_ partition: TopicPartition, _ end: EndKind = .written) throws -> Bounds {
        try log.bounds(of: [partition], end)[0]
    }

    func values(_ partition: TopicPartition) throws -> [String] { try read(partition).map(\.text) }
}

/// A record as a reader saw it, copied out of the batch.
struct Seen: Equatable {
    var offset: LogOffset
    var appendTime: Int64
    var key: [UInt8]?
    var headers: [UInt8]
    var value: [UInt8]?

    init(_ batch: borrowing RecordBatch, _ index: Int) {
        offset = batch.offset(index)
        appendTime = batch.appendTime(index)
        key = batch.key(index).map { Array($0) }
        headers = Array(batch.headers(index).encoded)
        value = batch.value(index).map { Array($0) }
    }

    /// The value, which the check wrote as text.
    var text: String { value.map { String(decoding: $0, as: UTF8.self) } ?? "-" }
}

extension TopicSpecification {
    /// A topic that keeps everything.
    package static func plain(_ name: String, partitions: Int32) -> TopicSpecification {
        TopicSpecification(
            name: name, partitions: partitions, cleanup: .delete, retentionMilliseconds: nil,
            maxMessageBytes: 1 << 20)
    }
}

extension OutgoingRecords {
    /// Adds records without keys.
    mutating func add(_ values: [String], to partition: TopicPartition) {
        let to = destination(partition)
        for value in values {
            var value = value
            value.withUTF8 { append(to: to, key: nil, value: UnsafeRawBufferPointer($0)) }
        }
    }
}

extension AppendOutcome {
    /// Where the record stands; throws why it was refused.
    func receipt() throws -> Receipt {
        switch self {
        case .appended(let receipt): return receipt
        case .refused(let error): throw error
        }
    }
}

extension LogWriter {
    /// Begins a transaction that holds these values.
    func begin(_ values: [String], to partition: TopicPartition) throws -> Transaction {
        var transaction = try begin()
        var records = OutgoingRecords()
        records.add(values, to: partition)
        try transaction.append(records)
        return transaction
    }

    /// Writes these values in a transaction, which must be committed.
    func write(_ values: [String], to partition: TopicPartition) throws {
        let transaction = try begin(values, to: partition)
        try transaction.commit().mustBeCommitted()
    }
}

extension CommitOutcome {
    /// Throws what came instead.
    consuming func mustBeCommitted() throws {
        switch consume self {
        case .committed: return
        case .undecided(let transaction, let error):
            transaction.leaveUndecided()
            throw error
        case .mustAbort(let transaction, let error):
            try transaction.abort()
            throw error
        case .fenced(let error): throw error
        case .failed(let error): throw error
        }
    }
}
