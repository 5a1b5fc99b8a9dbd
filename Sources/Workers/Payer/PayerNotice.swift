import EventLog
import Messages
import Payments
import Vocabulary

/// What a payer's lane tells people while it works.
package enum PayerNotice: LaneRemarks, Sendable {
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
    /// A record of `payment-resolutions` that can't be read, at this offset: it changes nothing.
    case unreadableResolution(LogOffset, Malformation)
    /// One that is about another partition or environment.
    case foreignResolution(LogOffset)
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
