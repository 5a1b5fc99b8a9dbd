import Vocabulary

/// How a command stands.
package enum PaymentState: Hashable, Sendable {
    /// Taken up, and never sent.
    case ready
    /// Under way in this epoch, as the attempt of that number.
    case sending(attempt: Int64)
    /// Nobody knows whether it was executed: only the provider's record can tell.
    case unknown
    /// Accepted by the provider, to be done later.
    case pending
    /// The provider refused it; no lookup has said so yet.
    case declinedUnconfirmed
    /// Proven not to have been executed; to be sent again from that moment on.
    case retryWait(until: Timestamp)
    case paid
    case declined
    /// The same, and a closed statement proves it.
    case declinedProven
    case recalled
    /// Two people say that nothing moved, and gave it up.
    case failedByPerson
    /// Paid after all, though it was final that nothing had moved.
    case conflict
    /// Paid, and the whole amount was given back.
    case returned
    case parked(PaymentDoubt)

    /// Whether the state is final: in exceptional cases only, people can change it.
    package var isFinal: Bool {
        switch self {
        case .paid, .declined, .declinedProven, .recalled, .failedByPerson, .conflict, .returned:
            true
        case .ready, .sending, .unknown, .pending, .declinedUnconfirmed, .retryWait, .parked:
            false
        }
    }

    /// Why it is in doubt; nil where it is not. Commands behind it are answered accordingly.
    package var doubt: PaymentDoubt? {
        switch self {
        case .unknown: .outcomeUnknown
        case .pending: .pending
        case .declinedUnconfirmed: .declineUnconfirmed
        case .parked(let doubt) where doubt.mayHaveMoved: doubt
        default: nil
        }
    }

    /// Whether no other command of the account may be sent meanwhile.
    var holdsLane: Bool {
        switch self {
        case .sending, .retryWait: true
        default: doubt != nil
        }
    }

    /// Whether its amount counts against what is due. A payout that was declined counts: a
    /// channel may lie, and paying again would then pay twice (Payments.md).
    func countsAgainstDue(_ direction: MoneyDirection) -> Bool {
        switch self {
        case .ready, .sending, .retryWait, .paid, .conflict: true
        case .declined: direction == .payout
        case .recalled, .declinedProven, .failedByPerson, .returned: false
        default: doubt != nil
        }
    }
}

/// All that a payer knows of one command.
package struct Payment: Hashable, Sendable {
    package internal(set) var id: PaymentID
    /// The command as it was taken up; nil where it was recalled before it came. The body is
    /// kept no longer than it may be sent.
    package internal(set) var intent: PaymentIntent?
    package internal(set) var account: Identifier
    /// The partition to answer to.
    package internal(set) var partition: Partition
    package internal(set) var state = PaymentState.ready
    /// How many leaves to send were written.
    package internal(set) var attempts: Int64 = 0
    /// How many of them while an earlier one was in doubt.
    package internal(set) var repeats: Int64 = 0
    package internal(set) var firstSentAt: Timestamp?
    package internal(set) var lastSending: PaymentSending?
    /// Since when it has been in doubt without a break.
    package internal(set) var doubtSince: Timestamp?
    /// The provider's id of the payment.
    package internal(set) var reference: String?
    /// The number of the last answer; 0 before the first.
    package internal(set) var lastResult: Int64 = 0
    /// The reason of the last answer if that was `inDoubt`.
    package internal(set) var lastReason: PaymentDoubt?
    /// How many entries of the journal are about it, without those that only note what was said:
    /// what a person names who says what became of it.
    package internal(set) var version: Int64 = 0

    init(_ id: PaymentID, account: Identifier, partition: Partition) {
        self.id = id
        self.account = account
        self.partition = partition
    }

    /// Why it is not settled; nil where it is, or simply takes its time.
    package var reason: PaymentDoubt? {
        if case .parked(let doubt) = state { return doubt }
        if state == .ready, lastReason == .behindDoubt { return .behindDoubt }
        return state.doubt
    }
}
