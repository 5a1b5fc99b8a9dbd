import EventLog
import Foundation

/// Commits a lane's batches, one after the other, in the order handed over.
protocol BatchCommitter: AnyObject {
    /// Takes a batch to commit through `writer`; the one before was answered.
    func submit(_ batch: BatchBox, to writer: any LogWriter)

    /// The answer to the batch submitted; waits for it, and calls `remark` with the milliseconds
    /// that it has waited where that is long.
    func answer(_ remark: (Int) -> Void) -> CommitResult

    func close()
}

/// A batch that passes from a lane to its committer and back.
final class BatchBox {
    var batch: OutgoingBatch
    init(_ configuration: AllocatorConfiguration) { batch = OutgoingBatch(configuration) }
}

extension BatchBox {
    /// Writes the batch in one transaction.
    func commit(to writer: any LogWriter) -> CommitResult {
        TransactionCommit.commit(batch.records, to: writer)
    }
}

/// Commits on the caller's own thread: for stepping through a lane.
final class InlineCommitter: BatchCommitter {
    private var result: CommitResult?

    func submit(_ batch: BatchBox, to writer: any LogWriter) {
        result = batch.commit(to: writer)
    }

    func answer(_ remark: (Int) -> Void) -> CommitResult {
        guard let answer = result.take() else { preconditionFailure("no batch was submitted") }
        return answer
    }

    func close() {}
}

/// Commits on its own thread, so that the lane decides the next batch meanwhile.
final class ThreadedCommitter: BatchCommitter, @unchecked Sendable {
    private let condition = NSCondition()
    private var work: (BatchBox, any LogWriter)?
    private var result: CommitResult?
    private var isBusy = false
    private var isClosed = false
    private let name: String
    /// Whether a thread waits for work: one that had none for a while is gone.
    private var isThere = false
    private static let idleSeconds = 5.0

    init(name: String) { self.name = name }

    private func run() {
        condition.lock()
        while true {
            let end = Date(timeIntervalSinceNow: Self.idleSeconds)
            while work == nil, !isClosed, condition.wait(until: end) {}
            guard let (batch, writer) = work.take() else { break }
            isBusy = true
            condition.unlock()
            let answer = batch.commit(to: writer)
            condition.lock()
            isBusy = false
            result = answer
            condition.broadcast()
        }
        isThere = false
        condition.unlock()
    }

    func submit(_ batch: BatchBox, to writer: any LogWriter) {
        condition.lock()
        precondition(work == nil && result == nil, "one batch at a time")
        work = (batch, writer)
        if !isThere {
            isThere = true
            let thread = Thread { [self] in run() }
            thread.name = name
            thread.start()
        }
        condition.broadcast()
        condition.unlock()
    }

    func answer(_ remark: (Int) -> Void) -> CommitResult {
        let start = Date()
        let patience = Double(Standstill.patienceMilliseconds) / 1_000
        var next = start.addingTimeInterval(patience)
        condition.lock()
        defer { condition.unlock() }
        while result == nil {
            guard !condition.wait(until: next) else { continue }
            remark(Int(Date().timeIntervalSince(start) * 1_000))
            next = Date(timeIntervalSinceNow: 3 * patience)
        }
        return result.take()!
    }

    /// Lets a commit under way come to its end: the writer is closed next.
    func close() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        while work != nil || isBusy { condition.wait() }
        condition.unlock()
    }
}
