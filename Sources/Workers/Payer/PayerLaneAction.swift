import EventLog
import Payments
import Vocabulary

/// What a payer's lane wants done next. The driver does so and comes back with a
/// `PayerLaneEvent`.
public enum PayerLaneAction: Sendable {
    /// Ask for the last mark of the journal, and after that for the bounds of the journal and of
    /// the commands. -> `.bounds`
    ///
    /// Once the payer before is fenced, the journal is read to the end of what is written: what
    /// it committed at last may be visible only a moment later.
    case askBounds(isFenced: Bool)
    /// Fill the journal buffer from this offset. -> `.journalRead`
    case readJournal(from: LogOffset)
    /// Read the one command at this offset again. -> `.commandRead`
    case readCommand(at: LogOffset)
    /// Look for an answer to any command of the partition. -> `.answerFound`
    case findAnswer
    /// Look for a rebuild of exactly this damage on which two people agreed. -> `.rebuildFound`
    case findRebuild(JournalDamage)
    /// Collect the orders from this offset on, and what was answered. -> `.lostCollected`
    case collectLost(from: LogOffset)
    /// Open the writer: fences the payer before. -> `.writerOpened`
    case openWriter
    /// Close the writer; then look at the end of the journal as `.askBookEnd` does, without an end
    /// that is known. -> `.bookEnd`
    case giveWriterBack
    /// Ask for the end of the journal. Where it is another than the one that is known, fill the
    /// journal buffer with the last records before it, else empty it. -> `.bookEnd`
    case askBookEnd(known: LogOffset?, isFenced: Bool)
    /// Take the answers that came, and, unless nil, fill the command buffer from this offset.
    /// -> `.gathered`
    case gather(commandsFrom: LogOffset?)
    /// Commit the lane's records in one transaction. -> `.committed` or `.commitFailed`
    case commit
    /// Begin these; their answers are for a later `.gathered`. -> `.begun`
    case begin([PayerAction])
    /// Nothing to do: come back when an answer or a command may be there, or after this long.
    /// -> `.woken`
    case wait(milliseconds: Int)
    /// Do nothing for a time drawn between these, even if something comes. -> `.woken`
    case pause(leastMilliseconds: Int, mostMilliseconds: Int)
    /// The lane is done, or can't go on.
    case stop(LaneEnd)
}

/// What happened, in answer to a `PayerLaneAction`.
public enum PayerLaneEvent: Sendable {
    case started
    /// `mark` is 0 where there is none.
    case bounds(mark: Int64, journal: Bounds, commands: Bounds)
    /// The reader of the journal stands at this offset now.
    case journalRead(position: LogOffset)
    case writerOpened
    /// Where the journal ends; its last record is in the buffer, where it was read.
    case bookEnd(LogOffset)
    /// The append time of the command there; nil where none is.
    case commandRead(appendTime: Timestamp?)
    case answerFound(PaymentAnswers.Place?)
    case rebuildFound(ApprovedRebuild?)
    case lostCollected(LostOrders)
    /// Answers of the provider, in the order in which they came, and where the reader of the
    /// commands stands now.
    case gathered([ProviderAnswer], position: LogOffset?)
    /// The append time of the transaction's last record.
    case committed(lastAppendTime: Int64)
    case commitFailed(CommitFailure)
    case begun
    case woken
    /// The action could not be done.
    case failed(LogError)
}

/// What came of a `PayerAction` that was begun.
public enum ProviderAnswer: Sendable {
    case sent(PaymentID, attempt: Int64, SendingAnswer)
    /// `askedAt`, by the clock of the driver, is from before it was asked.
    case lookedUp(PaymentID, askedAt: Timestamp, LookupAnswer)
}

/// What a payer's lane tells people while it works.
public enum PayerNotice: Sendable {
    /// Reading the journal: how far, of how much.
    case recovering(offset: Int64, of: Int64)
    /// Alive: pays from here on. How many commands it knows.
    case live(epoch: Epoch, commands: Int)
    /// Its state comes near its share of the memory: past that it stands still.
    case memoryIsHigh(MemoryUse, share: Int)
    /// An action failed and is tried again.
    case retrying(LogError)
    /// A commit failed; the lane reads the journal again.
    case recoveringAfter(CommitFailure)
    /// The log answers again; it took this long.
    case atWorkAgain(milliseconds: Int64)
    /// A command that can't be read, at this offset.
    case unreadable(LogOffset, Malformation)
    /// A command that names a partition that there is not, or stands in another than its
    /// account's, at this offset.
    case misplaced(LogOffset, PaymentID)
    /// The journal goes on behind what it lost: so many commands count as sent once.
    case rebuilt(ApprovedRebuild, commands: Int)
    /// Commands between these offsets can't be unpacked.
    case unpackable(TopicPartition, from: LogOffset, through: LogOffset)
    /// A command that is meant for another environment, at this offset.
    case wrongEnvironment(LogOffset)
    /// The provider gave no proof of what it did, or none was possible: the command and how it
    /// stands now.
    case doubtful(PaymentID, PaymentState)
    /// The provider could not be asked about this command, which is in doubt; it is asked again.
    case cannotAsk(PaymentID)
    /// A person must look at this.
    case attention(PaymentAttention)
    /// How many commands were answered so far: paid, declined, and in doubt just now.
    case settled(paid: Int, declined: Int, inDoubt: Int)
}
