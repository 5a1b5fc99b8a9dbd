import EventLog

/// Faults that a memory log was told to show, each once.
struct MemoryFaults {
    private var failures: [(operation: MemoryLog.Operation, error: LogError)] = []
    private var commitFault: (fault: MemoryLog.CommitFault, after: Int)?
    /// A transaction whose commit is undecided, and whether it comes to be committed.
    private var undecided: (transaction: UInt64, commits: Bool)?

    enum CommitStep { case commit, undecided, mustAbort, fail(isCommitted: Bool), fence }

    mutating func add(_ operation: MemoryLog.Operation, _ error: LogError) {
        failures.append((operation, error))
    }

    mutating func add(_ fault: MemoryLog.CommitFault, after commits: Int) {
        commitFault = (fault, commits)
    }

    var isCommitFaultWaiting: Bool { commitFault != nil }

    /// Throws the next failure of this operation, if there is one.
    mutating func check(_ operation: MemoryLog.Operation) throws(LogError) {
        guard let index = failures.firstIndex(where: { $0.operation == operation }) else { return }
        throw failures.remove(at: index).error
    }

    /// What becomes of a commit now.
    mutating func nextCommit(of transaction: UInt64) -> CommitStep {
        if let (waiting, commits) = undecided, waiting == transaction {
            undecided = nil
            return commits ? .commit : .fail(isCommitted: false)
        }
        guard let (fault, after) = commitFault else { return .commit }
        guard after == 0 else {
            commitFault = (fault, after - 1)
            return .commit
        }
        commitFault = nil
        switch fault {
        case .undecidedThenCommitted, .undecidedThenLost:
            undecided = (transaction, fault == .undecidedThenCommitted)
            return .undecided
        case .aborts: return .mustAbort
        case .failsCommitted: return .fail(isCommitted: true)
        case .failsLost: return .fail(isCommitted: false)
        case .fencedByNobody: return .fence
        }
    }
}

extension MemoryLog {
    /// What a commit can be made to answer.
    package enum CommitFault: CaseIterable, Sendable {
        /// No answer; asked again, it is committed.
        case undecidedThenCommitted
        /// No answer; asked again, it failed, and nothing of it is visible.
        case undecidedThenLost
        /// It must be aborted.
        case aborts
        /// It says that it failed, though all of it is visible.
        case failsCommitted
        /// It failed, and nothing of it is visible.
        case failsLost
        /// It says fenced, though nobody took over.
        case fencedByNobody
    }

    /// What can be made to fail.
    package enum Operation: Sendable { case bounds, read, append, openWriter }

    /// Lets a commit fail, after this many that don't.
    package func failCommit(_ fault: CommitFault, afterCommits commits: Int) {
        lock()
        lockedState.faults.add(fault, after: commits)
        unlock()
    }

    /// Whether a commit fault that was asked for did not strike yet.
    package var isCommitFaultWaiting: Bool {
        lock()
        defer { unlock() }
        return lockedState.faults.isCommitFaultWaiting
    }

    /// Lets the next call of this kind throw.
    package func failNext(_ operation: Operation, with error: LogError) {
        lock()
        lockedState.faults.add(operation, error)
        unlock()
    }

    /// Deletes a topic and makes it again, empty.
    package func recreate(topic name: String) {
        lock()
        if let count = lockedState.topics[name]?.partitions.count {
            lockedState.topics[name]?.partitions = Array(
                repeating: MemoryPartition(), count: count)
        }
        unlockAndWake()
    }

    /// Forgets the records before `offset`, as retention does.
    package func cut(topic name: String, partition: Int, before offset: Int64) {
        lock()
        lockedState.topics[name]?.partitions[partition].cut(before: offset)
        unlock()
    }
}
