import EventLog
import Foundation

/// The append time of the last record, or why a transaction is not known to be committed.
typealias CommitResult = Result<Int64, CommitFailure>

/// Writes records in one transaction, and finds out what became of it.
enum TransactionCommit {
    /// How long a commit may take in all, asked about again and again, before the book is read
    /// instead (TheLog.md).
    static var undecidedMilliseconds: Int { 30_000 }

    static func commit(
        _ records: borrowing OutgoingRecords, to writer: any LogWriter
    ) -> CommitResult {
        do throws(LogError) {
            var transaction = try writer.begin()
            do throws(LogError) {
                try transaction.append(records)
            } catch {
                try? transaction.abort()
                throw error
            }
            let start = DispatchTime.now()
            return result(of: transaction.commit(), since: start)
        } catch {
            return .failure(error.code == .fenced ? .fenced(error) : .aborted(error))
        }
    }

    private static func result(
        of first: consuming CommitOutcome, since start: DispatchTime
    ) -> CommitResult {
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
