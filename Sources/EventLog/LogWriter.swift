/// The single writer behind one set of transactional ids. Used by one thread.
package protocol LogWriter: AnyObject {
    /// Begins a transaction. At most one at a time is open.
    func begin() throws(LogError) -> Transaction

    func close()
}

/// An open transaction: a value that can't be copied, and is used up by its end. Records enter
/// the log through it only; dropped, it aborts.
package struct Transaction: ~Copyable {
    private let backend: any TransactionBackend
    private let id: UInt64
    private var isOpen = true

    /// For logs: an open transaction that `backend` knows as `id`.
    package init(backend: any TransactionBackend, id: UInt64) {
        self.backend = backend
        self.id = id
    }

    /// Adds records, in order, after those that it holds already. What throws has spoiled the
    /// transaction: abort it.
    package mutating func append(_ records: borrowing OutgoingRecords) throws(LogError) {
        try backend.append(records, to: id)
    }

    /// Makes all of it visible at once, durably, or says what became of it.
    package consuming func commit() -> CommitOutcome {
        let answer = backend.commit(id)
        switch answer {
        case .committed(let lastAppendTime):
            isOpen = false
            return .committed(lastAppendTime: lastAppendTime)
        case .undecided(let error):
            return .undecided(self, error)
        case .mustAbort(let error):
            return .mustAbort(self, error)
        case .fenced(let error):
            isOpen = false
            return .fenced(error)
        case .failed(let error):
            isOpen = false
            return .failed(error)
        }
    }

    /// Ends it; nothing of it ever appears.
    package consuming func abort() throws(LogError) {
        isOpen = false
        try backend.abort(id)
    }

    /// Gives it up while its outcome is open: neither committed nor aborted by us. The writer
    /// must be closed then, and the log read to learn what became of it.
    package consuming func leaveUndecided() { isOpen = false }

    deinit { if isOpen { try? backend.abort(id) } }
}

/// What became of a commit.
package enum CommitOutcome: ~Copyable {
    /// Durable and visible. The append time of its last record, 0 where it held none.
    case committed(lastAppendTime: Int64)
    /// No answer yet: decide nothing further, and commit again until it is decided. Never abort.
    case undecided(Transaction, LogError)
    /// Nothing of it is visible: abort, forget what was decided in it, recover.
    case mustAbort(Transaction, LogError)
    /// A newer writer has begun; nothing of it is visible and never will be.
    case fenced(LogError)
    /// This writer is of no more use, and the log alone tells whether it is committed: recover
    /// with a new one.
    case failed(LogError)
}

/// What a log does behind a `Transaction`.
package protocol TransactionBackend: AnyObject {
    func append(_ records: borrowing OutgoingRecords, to transaction: UInt64) throws(LogError)
    func commit(_ transaction: UInt64) -> CommitAnswer
    func abort(_ transaction: UInt64) throws(LogError)
}

/// `CommitOutcome` as a log gives it; after `undecided` it is asked to commit again, after
/// `mustAbort` to abort, and after the others the transaction is over.
package enum CommitAnswer: Sendable {
    case committed(lastAppendTime: Int64)
    case undecided(LogError)
    case mustAbort(LogError)
    case fenced(LogError)
    case failed(LogError)
}
