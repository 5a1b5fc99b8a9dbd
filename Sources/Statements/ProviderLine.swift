import Payments
import Vocabulary

/// A payment as a provider's statement has it.
package struct ProviderLine: Hashable, Sendable {
    /// Where it stands: the line of a file, or the entry of a document, from 1.
    package var number: Int
    /// Our idempotency key as the provider repeats it, at most 255 bytes; nil where it has none.
    package var key: String?
    /// The provider's own id of the payment, or ours, at most 255 bytes.
    package var reference: String?
    /// 1 to 2^53 - 1.
    package var amount: MinorUnits
    package var currency: CurrencyCode
    /// Which way the payment went that the line is about; a returned one came back the other way.
    package var direction: MoneyDirection
    /// Whether the money moved, or came back.
    package var kind: StatementLine.Kind
    package var booked: StatementMoment

    package init(
        number: Int, key: String?, reference: String? = nil, amount: MinorUnits,
        currency: CurrencyCode, direction: MoneyDirection, kind: StatementLine.Kind,
        booked: StatementMoment
    ) {
        self.number = number
        self.key = key
        self.reference = reference
        self.amount = amount
        self.currency = currency
        self.direction = direction
        self.kind = kind
        self.booked = booked
    }

    /// What it does to the balance of the account at the provider.
    package var movement: Int64 {
        (direction == .collect) == (kind == .booked) ? amount.rawValue : -amount.rawValue
    }
}

/// What an account holds, as its statement opens or closes.
package struct StatementBalance: Hashable, Sendable {
    /// Negative where the account is overdrawn.
    package var amount: MinorUnits
    package var currency: CurrencyCode
    package var moment: StatementMoment

    package init(amount: MinorUnits, currency: CurrencyCode, moment: StatementMoment) {
        self.amount = amount
        self.currency = currency
        self.moment = moment
    }
}

/// One piece of a statement, in its order.
package enum StatementItem: Hashable, Sendable {
    case line(ProviderLine)
    case opening(StatementBalance, number: Int)
    case closing(StatementBalance, number: Int)
    /// What the statement says that it covers, where it says so beside its balances.
    case period(from: Timestamp, to: Timestamp)
    /// A line of another kind, or not booked yet: it says nothing.
    case ignored(number: Int)
    /// A line that can't be read, and what is wrong with it.
    case wrong(number: Int, String)
}

/// Why a file is no statement at all, in a sentence.
package struct StatementFault: Error, Hashable, Sendable {
    package var sentence: String
}

/// What is wrong with a text, in words that go on a sentence which names it.
struct WrongText: Error, Hashable {
    var words: String
    init(_ words: String) { self.words = words }
}
