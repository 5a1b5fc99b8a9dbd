import Messages
import Vocabulary

/// Something about money that is not as it must be.
package struct MoneyFinding: Sendable {
    /// What kind of thing; the raw values are stable.
    package enum Code: String, Sendable, CaseIterable {
        /// The record can't be read.
        case unreadable
        // Of the journal by itself.
        /// Entries are missing, double or out of order.
        case wrongNumber
        /// The journal ends below its mark.
        case lostTail
        /// An epoch that is not higher than the one before it.
        case wrongEpoch
        /// A command was taken up a second time.
        case takenUpTwice
        /// An entry is about a command that was never taken up.
        case unknownCommand
        /// A sending that is not the next one, or an outcome without its sending.
        case wrongAttempt
        /// Sent under another key than it was taken up with, or over another channel.
        case otherKey
        /// One key for two commands.
        case sharedKey
        /// One person did what takes two.
        case notByTwo
        /// Paid, and never sent.
        case neverSent
        /// It was final, or its money may have moved, and the entry passes over that.
        case contradiction
        /// The number of an answer is not the next one, or a final entry has none.
        case wrongResult
        // Of journal and commands.
        /// The journal has another command than payment-commands at that place.
        case otherContent
        /// The journal took up what nobody commanded.
        case notCommanded
        /// Two commands of one obligation say different things of what is due.
        case otherDue
        /// More of an obligation is paid than is due.
        case overDue
        // Of journal and results.
        /// The journal gave an answer that is not in payment-results.
        case notAnswered
        /// An answer that no entry of the journal gave.
        case notJournaled
        /// An answer that stands there more than once.
        case answeredTwice
        /// An answer that says something else than the journal.
        case otherAnswer
        // Of results and decisions.
        /// A decision names an answer that is not there, or that says something else.
        case withoutProof
        /// A decision moves other shares or money than were paid.
        case otherShares
        /// Money came, and no decision says what for.
        case notDecided
        // Of the journal and a bank.
        /// Money moved more than once under one command.
        case movedTwice
        /// Another amount, currency or direction than commanded.
        case otherMovement
        /// A movement that no command explains.
        case unexplained
        /// Money moved though the journal says that none did.
        case movedUnpaid
        /// The money came back, and the journal does not know it.
        case movedBack
        /// The journal says paid, and the bank has no movement.
        case notMoved
    }

    /// Where to look.
    package enum Location: Hashable, Sendable {
        case record(Topic, Partition, Offset)
        /// What a bank's ledger or statement has, in words that name the file and the place.
        case movement(String)
    }

    package var code: Code
    package var location: Location
    /// The command or obligation that it is about, where one could be read.
    package var command: String?
    /// In plain words; it names the other records that prove it.
    package var sentence: String
}

/// A payment as a bank's ledger or statement has it.
package struct BankMovement: Sendable {
    /// The file, and the place in it, for people.
    package var place: String
    /// Our key as the bank repeats it; nil where it has none.
    package var key: String?
    /// The bank's id of the payment, or ours.
    package var reference: String?
    package var amount: MinorUnits
    package var currency: CurrencyCode
    /// Which way the payment went; what came back went the other way.
    package var direction: MoneyDirection
    /// Whether the money came back.
    package var isReturn: Bool

    package init(
        place: String, key: String?, reference: String?, amount: MinorUnits,
        currency: CurrencyCode, direction: MoneyDirection, isReturn: Bool
    ) {
        self.place = place
        self.key = key
        self.reference = reference
        self.amount = amount
        self.currency = currency
        self.direction = direction
        self.isReturn = isReturn
    }
}
