import Payments
import Vocabulary

/// A payment as the payer knows it, as far as a statement can agree or disagree.
package struct ReconciledPayment: Hashable, Sendable {
    /// How it stands here, as far as money is concerned.
    package enum Standing: String, Sendable, CaseIterable {
        /// It moved money.
        case paid = "paid"
        /// It moved money, and it came back.
        case returned = "returned"
        /// It may have moved money.
        case inDoubt = "inDoubt"
        /// The provider says that it moved none.
        case declined = "declined"
        /// It moved none: never sent, recalled, refused, or so decided by people.
        case unmoved = "unmoved"
    }

    /// What became of the shares that it pays for, as the allocator decided last.
    package enum Decided: String, Sendable, CaseIterable {
        case settled = "settled"
        case released = "released"
    }

    package var id: PaymentID
    /// The payer's.
    package var partition: Partition = 0
    package var account: Identifier
    package var key: String?
    /// The provider's id of it.
    package var reference: String?
    package var channel: Identifier?
    package var amount: MinorUnits
    package var currency: CurrencyCode
    package var direction: MoneyDirection
    package var due: MinorUnits
    package var standing: Standing
    /// Whether the provider declined it, confirmed or not.
    package var isDecline: Bool
    /// The first leave to send; nil where it was never sent.
    package var firstSentAt: Timestamp?
    /// From when on nothing of it can be under way; nil where it was never sent.
    package var quietFrom: Timestamp?
    /// Of a collection; nil where nothing is decided yet.
    package var decided: Decided?

    package init(
        id: PaymentID, account: Identifier, key: String?, reference: String? = nil,
        channel: Identifier?, amount: MinorUnits, currency: CurrencyCode,
        direction: MoneyDirection, due: MinorUnits, standing: Standing, isDecline: Bool = false,
        firstSentAt: Timestamp? = nil, quietFrom: Timestamp? = nil
    ) {
        self.id = id
        self.account = account
        self.key = key
        self.reference = reference
        self.channel = channel
        self.amount = amount
        self.currency = currency
        self.direction = direction
        self.due = due
        self.standing = standing
        self.isDecline = isDecline
        self.firstSentAt = firstSentAt
        self.quietFrom = quietFrom
    }
}

extension ReconciledPayment {
    /// A payment of a payer's book; nil of one that was recalled before it came, which has no key.
    ///
    /// - Parameters:
    ///   - payment: the payment.
    ///   - book: the book that it is of.
    ///   - profile: what the provider of its channel guarantees.
    package init?(_ payment: Payment, of book: PaymentBook, profile: ProviderProfile) {
        guard let intent = payment.intent else { return nil }
        self.init(
            id: payment.id, account: payment.account, key: "\(intent.key)",
            reference: payment.reference, channel: payment.channel, amount: intent.command.amount,
            currency: intent.command.currency, direction: intent.command.kind.direction,
            due: intent.command.due, standing: Standing(payment.state),
            isDecline: payment.state == .declined || payment.state.doubt == .declineUnconfirmed,
            firstSentAt: payment.firstSentAt)
        guard let sending = payment.lastSending else { return }
        let delay = profile.httpDeadlineMilliseconds + profile.lookupVisibilityDelayMilliseconds
        // What an earlier owner sent is counted from the fence, as the payer does.
        quietFrom =
            sending.epoch == book.epoch
            ? sending.windowEndsAt + Milliseconds(delay)
            : max(
                sending.windowEndsAt,
                book.epochStartedAt + Milliseconds(profile.sendingWindowMilliseconds))
                + Milliseconds(delay)
    }
}

extension ReconciledPayment.Standing {
    /// How a state stands.
    package init(_ state: PaymentState) {
        if state == .paid {
            self = .paid
        } else if state == .parked(.returned) {
            self = .returned
        } else if state == .declined {
            self = .declined
        } else if case .sending = state {
            self = .inDoubt
        } else {
            self = state.doubt == nil ? .unmoved : .inDoubt
        }
    }
}
