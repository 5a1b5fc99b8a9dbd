/// What an attempt came to.
public struct PaymentOutcome: Hashable, Sendable {
    /// What the answer to one sending proves, as the value of `class` on the wire.
    public enum Class: String, Sendable, CaseIterable {
        case paid = "paid"
        /// Refused for good, says the answer; it counts once a lookup says so, too.
        case declined = "declined"
        /// Accepted, to be done later.
        case pending = "pending"
        /// Proof that this attempt moved nothing, with none before it in doubt.
        case notExecuted = "notExecuted"
        case unknown = "unknown"
        /// The request itself was refused, unexecuted: a mistake of ours.
        case rejected = "rejected"
        /// The provider knows the key with another content.
        case conflict = "conflict"
        /// Done, but of another key, amount or currency than asked for.
        case mismatch = "mismatch"
    }

    public var command: PaymentID
    public var attempt: Int64
    public var `class`: Class
    /// The provider's id of the payment, at most 255 bytes.
    public var reference: String?
    /// With `notExecuted`, when to try again.
    public var retryAt: Timestamp?
    /// What the provider said, for people.
    public var words: ProviderWords
    public var result: Int64?
    public var at: Timestamp

    public init(
        command: PaymentID, attempt: Int64, class: Class, reference: String? = nil,
        retryAt: Timestamp? = nil, words: ProviderWords = ProviderWords(), result: Int64? = nil,
        at: Timestamp
    ) {
        self.command = command
        self.attempt = attempt
        self.`class` = `class`
        self.reference = reference
        self.retryAt = retryAt
        self.words = words
        self.result = result
        self.at = at
    }
}

/// What a provider said with an answer: for people to read, never a secret. No rule looks at it.
public struct ProviderWords: Hashable, Sendable {
    /// The HTTP status; nil where no answer came.
    public var status: Int64?
    /// The problem type, at most 255 bytes.
    public var problem: String?
    /// Why, in a few words, at most 255 bytes.
    public var cause: String?

    public init(status: Int64? = nil, problem: String? = nil, cause: String? = nil) {
        self.status = status
        self.problem = problem
        self.cause = cause
    }
}

/// What a lookup by key came to; written where it changes something.
public struct PaymentLookup: Hashable, Sendable {
    /// What the answer proves, as the value of `class` on the wire.
    public enum Class: String, Sendable, CaseIterable {
        case paid = "paid", declined = "declined", pending = "pending"
        /// Paid, and given back since.
        case returned = "returned"
        /// A record of another key, amount or currency than asked for.
        case mismatch = "mismatch"
        /// No payment was seen: no proof, but the same key may be sent again.
        case notFound = "notFound"
        /// Proof that nothing moved and that nothing under way will move anything.
        case notExecuted = "notExecuted"
        case unknown = "unknown"
    }

    public var command: PaymentID
    public var `class`: Class
    public var reference: String?
    public var result: Int64?
    public var at: Timestamp

    public init(
        command: PaymentID, class: Class, reference: String? = nil, result: Int64? = nil,
        at: Timestamp
    ) {
        self.command = command
        self.`class` = `class`
        self.reference = reference
        self.result = result
        self.at = at
    }
}

/// Why a payment is not settled: `reason` of an answer `inDoubt`, and of a record `parked`.
/// The raw values never change their meaning.
public enum PaymentDoubt: String, Sendable, CaseIterable {
    // Never sent, or proven not to have been executed.
    /// What is reserved, paid or in doubt would come to more than is due.
    case overObligation = "overObligation"
    /// No account token is known.
    case unknownAccount = "unknownAccount"
    /// The provider refused the request as such.
    case rejected = "rejected"
    /// No attempt was executed for as long as it is tried.
    case unavailable = "unavailable"
    /// A command of its account before it is in doubt.
    case behindDoubt = "behindDoubt"
    /// The channel that it must go over is not among those that the payer was given.
    case channelMissing = "channelMissing"
    /// The command names what there is not, such as a partition to answer to.
    case malformed = "malformed"
    /// Its currency or an amount can't be.
    case invalid = "invalid"
    // Money may have moved.
    case outcomeUnknown = "outcomeUnknown", pending = "pending"
    case declineUnconfirmed = "declineUnconfirmed"
    /// The provider forgets keys, so that "not found" proves nothing any more.
    case keyExpired = "keyExpired"
    case repeatsExhausted = "repeatsExhausted"
    /// There is no way to ask.
    case noLookup = "noLookup"
    /// Looked for as long as is done automatically.
    case unresolved = "unresolved"
    case mismatch = "mismatch", keyReused = "keyReused", returned = "returned"
    /// The journal lost what became of it: it counts as sent once.
    case journalLost = "journalLost"

    /// Whether money may have moved.
    public var mayHaveMoved: Bool {
        switch self {
        case .overObligation, .unknownAccount, .rejected, .unavailable, .behindDoubt,
            .channelMissing, .malformed, .invalid:
            false
        default: true
        }
    }

    /// Whether the provider's record may still settle it without a person.
    public var isSettledByLookup: Bool {
        switch self {
        case .outcomeUnknown, .pending, .declineUnconfirmed, .keyExpired, .repeatsExhausted,
            .unresolved, .journalLost:
            true
        default: false
        }
    }
}
