import Vocabulary

/// One payment as it is asked of a provider. The same command always gives the same key and the
/// same bytes (Payments.md).
package struct ProviderRequest: Hashable, Sendable {
    /// `Idempotency-Key`: 32 hex digits, kept in the journal and never derived anew.
    package var key: String
    package var direction: MoneyDirection
    package var amount: MinorUnits
    package var currency: CurrencyCode
    /// The account as the provider knows it.
    package var accountToken: String
    /// The command's id.
    package var reference: String
    /// The bytes of the body, as they were written into the journal.
    package var body: [UInt8]
    /// When the sending window ends, by the clock of the wall: a provider that honours an expiry
    /// executes nothing after it. No part of the body, which is the same each time.
    package var expiresAt: Timestamp?

    package init(
        key: String, direction: MoneyDirection, amount: MinorUnits, currency: CurrencyCode,
        accountToken: String, reference: String, body: [UInt8]
    ) {
        self.key = key
        self.direction = direction
        self.amount = amount
        self.currency = currency
        self.accountToken = accountToken
        self.reference = reference
        self.body = body
    }
}

/// A payment as a provider's record shows it.
package struct ProviderRecord: Hashable, Sendable {
    /// How it stands, in the provider's words. `failed`: no money moved and none ever will.
    package enum Status: String, Sendable, CaseIterable {
        case pending, succeeded, failed, cancelled, reversed
    }

    /// The provider's own id.
    package var id: String
    package var key: String
    package var status: Status
    package var amount: MinorUnits
    package var currency: String
    /// The command, the direction and the account, where the record names them.
    package var reference: String?
    package var direction: String?
    package var accountToken: String?
    /// Why it failed; nil where it did not, or nobody says.
    package var failureCode: String?

    package init(
        id: String, key: String, status: Status, amount: MinorUnits, currency: String,
        reference: String? = nil, direction: String? = nil, accountToken: String? = nil,
        failureCode: String? = nil
    ) {
        self.id = id
        self.key = key
        self.status = status
        self.amount = amount
        self.currency = currency
        self.reference = reference
        self.direction = direction
        self.accountToken = accountToken
        self.failureCode = failureCode
    }
}

/// What came of sending a payment once, as seen from here. What it means is another question:
/// `Classification` answers it.
package enum SendingAnswer: Hashable, Sendable {
    /// An answer of the provider: its status, the record where the body is one, the problem type
    /// where it is one (`urn:...` or a word), and how many seconds to wait where it says so.
    case answered(
        status: Int, record: ProviderRecord?, problem: String?, retryAfterSeconds: Int64?)
    case failed(TransportFailure, FailureDetails = FailureDetails())
}

/// What is known of an exchange that brought no answer, for people and for pauses: it proves
/// nothing.
package struct FailureDetails: Hashable, Sendable {
    /// The status of an answer that came only in part, or can't be read.
    package var status: Int?
    package var retryAfterSeconds: Int64?
    package var cause: TransportCause?

    package init(
        status: Int? = nil, retryAfterSeconds: Int64? = nil, cause: TransportCause? = nil
    ) {
        self.status = status
        self.retryAfterSeconds = retryAfterSeconds
        self.cause = cause
    }
}

/// What went wrong on the way, in a word that people know.
package enum TransportCause: String, Hashable, Sendable, CaseIterable {
    case nameNotResolved, connectionRefused, notConnected
    /// This machine has no port left for another connection to the provider.
    case noPortLeft
    case proxy, tls, certificateNotTrusted
    /// Our own certificate, its key or the authorities' file can't be used.
    case certificateUnusable
    case timedOut, connectionLost, answerTooLong
    /// The answer is not the contract's: no HTTP, no JSON, or no record.
    case notTheContract
    case windowClosed
}

/// Why no answer came.
package enum TransportFailure: String, Hashable, Sendable, CaseIterable {
    /// The window for sending had closed before the first byte: nothing was sent.
    case windowClosed
    /// No connection to send anything on: no byte left.
    case notConnected
    /// The same where connections are shared: proves nothing.
    case notConnectedReused
    case timedOut
    case connectionLost
    /// An answer came that can't be read, or only half of it.
    case unreadable
    case other
}

/// What a lookup by key says.
package enum LookupAnswer: Hashable, Sendable {
    case found(ProviderRecord)
    /// No such payment. `isComplete` says whether the provider's view is; if not, it proves
    /// nothing.
    case notFound(isComplete: Bool)
    /// Nobody knows: ask again.
    case failed(TransportFailure?, status: Int?, cause: TransportCause? = nil)
}

/// A way to a provider: one channel. It sends and looks up, and decides nothing.
///
/// Answers come on any thread, exactly once each.
package protocol PaymentGateway: Sendable {
    /// Sends a payment once. `mayBegin` is asked at the last moment before the body's first byte
    /// goes out; once it answers false, nothing whole is ever sent. The answer is `.windowClosed`
    /// where nothing at all was sent, else `.other`.
    func send(
        _ request: ProviderRequest, mayBegin: @escaping @Sendable () -> Bool,
        answer: @escaping @Sendable (SendingAnswer) -> Void)

    /// Asks for the payment under this key.
    func lookUp(key: String, answer: @escaping @Sendable (LookupAnswer) -> Void)
}
