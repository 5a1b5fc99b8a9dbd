import Kafka

/// What an error that a transaction met means for it: judged here alone, by what the error is and
/// how it arrived, never by its words (TheLog.md, A batch).
package enum TransactionVerdict: Hashable, Sendable {
    /// The transactional id has another epoch than this producer's: another writer took over, or
    /// the coordinator ended a transaction that took too long. The book tells which.
    case fenced
    /// Nothing of the transaction is visible or will be: abort it.
    case mustAbort
    /// It may be committed or not, and the same call will tell.
    case undecided
    /// This producer is of no more use, and the book tells what became of the transaction.
    case failed

    /// - Parameters:
    ///   - error: what the call answered.
    ///   - end: the error that ended the client, if one did: from then on calls only say that it
    ///     ended.
    package init(_ error: KafkaError, end: KafkaError?) {
        // Each of the flags counts before the next one: an error may carry several.
        if error.isFatal || end != nil {
            self = Self.fencing.contains((end ?? error).code) ? .fenced : .failed
        } else if error.requiresAbort {
            self = .mustAbort
        } else if error.isRetriable {
            self = .undecided
        } else {
            self = Self.fencing.contains(error.code) ? .fenced : .failed
        }
    }

    private static let fencing: Set<KafkaError.Code> = [
        .fenced, .producerFenced, .invalidProducerEpoch,
    ]

    /// Whether a record of a failed transaction was only dropped with the others, and so does not
    /// know the reason.
    static func isBystander(_ error: KafkaError) -> Bool {
        error.code == .purgedFromQueue || error.code == .purgedUnderWay
    }
}
