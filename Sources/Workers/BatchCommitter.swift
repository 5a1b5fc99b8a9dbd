import EventLog
import Foundation

/// Commits a lane's batches, one after the other, in the order handed over.
protocol BatchCommitter: AnyObject {
    /// Takes a batch to commit through `writer`; the one before was answered.
    func submit(_ batch: BatchBox, to writer: any LogWriter)

    /// The answer to the batch submitted; waits for it.
    func answer() -> CommitResult

    func close()
}

typealias CommitResult = Result<Int64, CommitFailure>

/// A batch that passes from a lane to its committer and back.
final class BatchBox {
    var batch: OutgoingBatch
    init(_ configuration: LaneConfiguration) { batch = OutgoingBatch(configuration) }
}

extension BatchBox {
    /// How long an undecided commit is asked about before the book is read instead (log.md).
    static var undecidedMilliseconds: Int { 30_000 }

    /// Writes the batch in one transaction.
    func commit(to writer: any LogWriter) -> CommitResult {
        do throws(LogError) {
            var transaction = try writer.begin()
            do throws(LogError) {
                try transaction.append(batch.records)
            } catch {
                try? transaction.abort()
                throw error
            }
            return Self.decide(transaction.commit())
        } catch {
            return .failure(error.code == .fenced ? .fenced(error) : .aborted(error))
        }
    }

    private static func decide(_ first: consuming CommitOutcome) -> CommitResult {
        let start = DispatchTime.now()
        var outcome = first
        var undecided: LogError?
        while true {
            switch consume outcome {
            case .committed(let lastAppendTime):
                // A late answer to the first try may still be under way: the writer is not to be
                // used again, and the book tells the rest.
                if let undecided { return .failure(.unknown(undecided)) }
                return .success(lastAppendTime)
            case .fenced(let error):
                return .failure(.fenced(error))
            case .failed(let error):
                return .failure(.unknown(error))
            case .mustAbort(let transaction, let error):
                try? transaction.abort()
                return .failure(.aborted(error))
            case .undecided(let transaction, let error):
                let waited = DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds
                guard waited / 1_000_000 < UInt64(undecidedMilliseconds) else {
                    // Dropping the transaction would abort it, and the outcome is open: it stays
                    // with the writer, which is closed before the book is read.
                    transaction.leaveUndecided()
                    return .failure(.unknown(error))
                }
                undecided = error
                outcome = transaction.commit()
            }
        }
    }
}

/// Commits on the caller's own thread: for stepping through a lane.
final class InlineCommitter: BatchCommitter {
    private var result: CommitResult?

    func submit(_ batch: BatchBox, to writer: any LogWriter) {
        result = batch.commit(to: writer)
    }

    func answer() -> CommitResult {
        guard let answer = result.take() else { preconditionFailure("no batch was submitted") }
        return answer
    }

    func close() {}
}

/// Commits on a thread of its own, so that the lane decides the next batch meanwhile.
final class ThreadedCommitter: BatchCommitter, @unchecked Sendable {
    private let condition = NSCondition()
    private var work: (BatchBox, any LogWriter)?
    private var result: CommitResult?
    private var isBusy = false
    private var isClosed = false

    init(name: String) {
        let thread = Thread { [self] in run() }
        thread.name = name
        thread.start()
    }

    private func run() {
        condition.lock()
        while true {
            while work == nil, !isClosed { condition.wait() }
            guard let (batch, writer) = work.take() else { break }
            isBusy = true
            condition.unlock()
            let answer = batch.commit(to: writer)
            condition.lock()
            isBusy = false
            result = answer
            condition.broadcast()
        }
        condition.unlock()
    }

    func submit(_ batch: BatchBox, to writer: any LogWriter) {
        condition.lock()
        precondition(work == nil && result == nil, "one batch at a time")
        work = (batch, writer)
        condition.broadcast()
        condition.unlock()
    }

    func answer() -> CommitResult {
        condition.lock()
        defer { condition.unlock() }
        while result == nil { condition.wait() }
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
