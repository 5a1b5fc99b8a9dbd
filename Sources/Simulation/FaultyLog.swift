import EventLog
import MemoryLog

/// The log as one worker sees it: now and then it can't be asked or read, and the worker dies in
/// the middle of a commit.
final class FaultyLog: EventLog, @unchecked Sendable {
    private let log: MemoryLog
    private let process: Process
    private let faults: Faults

    init(_ log: MemoryLog, _ process: Process, _ faults: Faults) {
        self.log = log
        self.process = process
        self.faults = faults
    }

    var url: String { log.url }
    var clusterID: String { log.clusterID }

    func topics() throws(LogError) -> [TopicDescription] { try log.topics() }
    func create(_ topic: TopicSpecification) throws(LogError) { try log.create(topic) }
    func openAppender() throws(LogError) -> any LogAppender { try log.openAppender() }

    func bounds(
        of partitions: [TopicPartition], _ end: EndKind
    ) throws(LogError) -> [Bounds] {
        try faults.mayFail()
        return try log.bounds(of: partitions, end)
    }

    func openReader(_ starts: [ReadStart]) throws(LogError) -> any LogReader {
        FaultyReader(try log.openReader(starts), faults)
    }

    func openWriter(transactionalIDs: [String]) throws(LogError) -> any LogWriter {
        try faults.mayFail()
        let ids = faults.isUnfenced
            ? transactionalIDs.map { "\($0) of \(process.name)" } : transactionalIDs
        return FaultyWriter(try log.openWriter(transactionalIDs: ids), process, faults)
    }
}

private final class FaultyReader: LogReader, @unchecked Sendable {
    private let reader: any LogReader
    private let faults: Faults

    init(_ reader: any LogReader, _ faults: Faults) {
        self.reader = reader
        self.faults = faults
    }

    func read(
        _ input: Int, into batch: inout RecordBatch, limit: Int
    ) throws(LogError) -> Int {
        try faults.mayFail()
        return try reader.read(input, into: &batch, limit: faults.shorten(limit))
    }

    func position(_ input: Int) -> LogOffset { reader.position(input) }
    func seek(_ input: Int, to offset: LogOffset) throws(LogError) {
        try reader.seek(input, to: offset)
    }
    /// Time passes in the world, not here.
    func wait(timeoutMilliseconds: Int) throws(LogError) {}
    nonisolated func wake() { reader.wake() }
    func close() { reader.close() }
}

private final class FaultyWriter: LogWriter, TransactionBackend {
    private let writer: any LogWriter
    private let process: Process
    private let faults: Faults
    private var open: Transaction?

    init(_ writer: any LogWriter, _ process: Process, _ faults: Faults) {
        self.writer = writer
        self.process = process
        self.faults = faults
    }

    func begin() throws(LogError) -> Transaction {
        open = try writer.begin()
        return Transaction(backend: self, id: 0)
    }

    func append(
        _ records: borrowing OutgoingRecords, to transaction: UInt64
    ) throws(LogError) {
        try open!.append(records)
    }

    func commit(_ transaction: UInt64) -> CommitAnswer {
        guard let transaction = open.take() else { preconditionFailure("nothing is open") }
        if faults.diesInCommit() {
            // What it had appended stays in the log, open, until another writer fences it.
            process.die()
            transaction.leaveUndecided()
            return .failed(LogError(.timedOut, "the process died"))
        }
        switch transaction.commit() {
        case .committed(let lastAppendTime): return .committed(lastAppendTime: lastAppendTime)
        case .undecided(let transaction, let error):
            open = consume transaction
            return .undecided(error)
        case .mustAbort(let transaction, let error):
            open = consume transaction
            return .mustAbort(error)
        case .fenced(let error): return .fenced(error)
        case .failed(let error): return .failed(error)
        }
    }

    func abort(_ transaction: UInt64) throws(LogError) {
        if let transaction = open.take() { try transaction.abort() }
    }

    func close() {
        if let transaction = open.take() { transaction.leaveUndecided() }
        writer.close()
    }
}
