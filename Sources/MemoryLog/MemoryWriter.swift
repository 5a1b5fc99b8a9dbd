import EventLog

/// Appends outside transactions.
final class MemoryAppender: LogAppender {
    private let log: MemoryLog
    init(_ log: MemoryLog) { self.log = log }

    func append(_ records: borrowing OutgoingRecords) throws(LogError) -> [AppendOutcome] {
        let now = log.now()
        log.lock()
        defer { log.unlockAndWake() }
        try log.lockedState.faults.check(.append)
        return try log.lockedState.append(records, .committed, now: now).map { .appended($0) }
    }

    func close() {}
}

/// The writer of transactions.
final class MemoryWriter: LogWriter, TransactionBackend {
    private let log: MemoryLog
    private let id: UInt64
    private var open: UInt64?
    private var lastAppendTime: Int64 = 0

    init(_ log: MemoryLog, id: UInt64) {
        self.log = log
        self.id = id
    }

    private var fenced: LogError {
        LogError(.fenced, "a newer writer has taken over these transactional ids")
    }

    func begin() throws(LogError) -> Transaction {
        precondition(open == nil, "one transaction at a time")
        let transaction = try log.withState { state, _ throws(LogError) in
            guard !state.dead.contains(id) else { throw fenced }
            let transaction = state.makeID()
            state.open[transaction] = id
            return transaction
        }
        open = transaction
        lastAppendTime = 0
        return Transaction(backend: self, id: transaction)
    }

    func append(
        _ records: borrowing OutgoingRecords, to transaction: UInt64
    ) throws(LogError) {
        let now = log.now()
        log.lock()
        defer { log.unlockAndWake() }
        guard !log.lockedState.dead.contains(id) else { throw fenced }
        try log.lockedState.faults.check(.append)
        let receipts = try log.lockedState.append(records, .open(transaction), now: now)
        lastAppendTime = receipts.last?.appendTime ?? lastAppendTime
    }

    func commit(_ transaction: UInt64) -> CommitAnswer {
        let now = log.now()
        log.lock()
        defer { log.unlockAndWake() }
        guard !log.lockedState.dead.contains(id) else {
            open = nil
            return .fenced(fenced)
        }
        let lost = LogError(.timedOut, "the commit was not answered", isRetriable: true)
        switch log.lockedState.faults.nextCommit(of: transaction) {
        case .commit:
            log.lockedState.end(transaction, commits: true, now: now)
            open = nil
            return .committed(lastAppendTime: lastAppendTime)
        case .undecided:
            return .undecided(lost)
        case .mustAbort:
            return .mustAbort(lost)
        case .fail(let isCommitted):
            log.lockedState.end(transaction, commits: isCommitted, now: now)
            log.lockedState.kill(id, now: now)
            open = nil
            return .failed(lost)
        case .fence:
            log.lockedState.kill(id, now: now)
            open = nil
            return .fenced(fenced)
        }
    }

    func abort(_ transaction: UInt64) throws(LogError) {
        try log.withState { state, now throws(LogError) in
            if state.open[transaction] != nil { state.end(transaction, commits: false, now: now) }
        }
        if open == transaction { open = nil }
    }

    func close() {
        if let open { try? abort(open) }
    }
}
