import Vocabulary

/// What a payer has to do next. Entries and answers are written in one transaction, and only
/// when that is committed are the actions begun. The book has applied the entries already: if
/// the transaction fails, the book is thrown away and built anew from the journal.
package struct PayerStep: Hashable, Sendable {
    package var entries: [JournalEntry] = []
    package var answers: [PaymentAnswer] = []
    package var attention: [PaymentAttention] = []
    package var actions: [PayerAction] = []

    package init() {}

    /// Puts another step behind this one, for one transaction.
    package mutating func append(_ other: PayerStep) {
        entries += other.entries
        answers += other.answers
        attention += other.attention
        actions += other.actions
    }
}

/// Something to begin once a step is committed.
package enum PayerAction: Hashable, Sendable {
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
package struct JournalFault: Error, Hashable, Sendable {
    /// What is wrong with the entry.
    package enum Kind: Hashable, Sendable {
        case unknownCommand, commandTwice, wrongState, wrongAttempt, wrongEpoch, wrongResult
        case notRepeatedTruly, overObligation, laneIsTaken
        /// A channel that no binding names, a second binding of one, another one than before, or
        /// another key.
        case wrongChannel
        /// A resolution that nobody proposed, or that one person alone made.
        case wrongResolution
        /// Lost entries that no rebuild speaks of.
        case notRebuilding
    }

    package var kind: Kind
    package var command: PaymentID?

    package init(_ kind: Kind, _ command: PaymentID? = nil) {
        self.kind = kind
        self.command = command
    }
}
