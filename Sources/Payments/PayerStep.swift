import Vocabulary

/// What a payer has to do next. Entries and answers are written in one transaction, and only
/// when that is committed are the actions begun. The book has applied the entries already: if
/// the transaction fails, the book is thrown away and built anew from the journal.
public struct PayerStep: Hashable, Sendable {
    public var entries: [JournalEntry] = []
    public var answers: [PaymentAnswer] = []
    public var attention: [PaymentAttention] = []
    public var actions: [PayerAction] = []

    public init() {}

    /// Puts another step behind this one, for one transaction.
    public mutating func append(_ other: PayerStep) {
        entries += other.entries
        answers += other.answers
        attention += other.attention
        actions += other.actions
    }
}

/// Something to begin once a step is committed.
public enum PayerAction: Hashable, Sendable {
    /// Sends, if the first byte leaves before the window ends.
    case send(
        PaymentID, attempt: Int64, request: ProviderRequest, windowEndsAt: Timestamp,
        over: Identifier)
    /// Asks the provider behind this channel for the payment under this key.
    case lookUp(PaymentID, key: String, over: Identifier)
    /// Calls `resume` for the command at that moment.
    case wait(PaymentID, until: Timestamp)
}

/// A journal that no payer writes: an entry that does not follow from those before it.
public struct JournalFault: Error, Hashable, Sendable {
    /// What is wrong with the entry.
    public enum Kind: Hashable, Sendable {
        case unknownCommand, commandTwice, wrongState, wrongAttempt, wrongEpoch, wrongResult
        case notRepeatedTruly, overObligation, laneIsTaken
        /// A channel that no binding names, a second binding of one, another one than before, or
        /// another key.
        case wrongChannel
        /// Lost entries that no rebuild speaks of.
        case notRebuilding
    }

    public var kind: Kind
    public var command: PaymentID?

    public init(_ kind: Kind, _ command: PaymentID? = nil) {
        self.kind = kind
        self.command = command
    }
}
