import EventLog
import Payments
import Vocabulary

/// What only a payer's lane wants done; what comes of it is a `PayerOutcome`.
package enum PayerWork: Sendable {
    /// Ask for the last mark of the journal, and after that for the bounds of the journal and of
    /// the commands. -> `.bounds`
    ///
    /// Once the payer before is fenced, the journal is read to the end of what is written: what
    /// it committed at last may be visible only a moment later.
    case askBounds(isFenced: Bool)
    /// Read the one command at this offset again. -> `.commandRead`
    case readCommand(at: LogOffset)
    /// Look for an answer to any command of the partition. -> `.answerFound`
    case findAnswer
    /// Look for a rebuild of exactly this damage on which two people agreed. -> `.rebuildFound`
    case findRebuild(JournalDamage)
    /// Collect the orders from this offset on, and what was answered. -> `.lostCollected`
    case collectLost(from: LogOffset)
    /// Take the answers that came, and, unless nil, fill the buffers of the commands and of the
    /// resolutions from these offsets. -> `.gathered`
    case gather(PayerPositions?)
    /// Commit the lane's records in one transaction. -> `LaneEvent.committed` or `.commitFailed`
    case commit
    /// Begin these; their answers are for a later `.gathered`. -> `.begun`
    case begin([PayerAction])
}

/// How far a payer has read its inputs.
package struct PayerPositions: Hashable, Sendable {
    package var commands: LogOffset
    package var resolutions: LogOffset
}

/// What came of a `PayerWork`.
package enum PayerOutcome: Sendable {
    /// `mark` is 0 where there is none.
    case bounds(mark: Int64, journal: Bounds, commands: Bounds, resolutions: Bounds)
    /// The append time of the command there; nil where none is.
    case commandRead(appendTime: Timestamp?)
    case answerFound(PaymentAnswers.Place?)
    case rebuildFound(ApprovedRebuild?)
    case lostCollected(LostOrders)
    /// Answers of the provider, in the order in which they came, and where the reader stands now.
    case gathered([ProviderAnswer], PayerPositions?)
    case begun
}

/// What came of a `PayerAction` that was begun.
package enum ProviderAnswer: Sendable {
    case sent(PaymentID, attempt: Int64, SendingAnswer)
    /// `askedAt`, by the clock of the lane's driver, is from before it was asked.
    case lookedUp(PaymentID, askedAt: Timestamp, LookupAnswer)
}
