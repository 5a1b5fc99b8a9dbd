/// A way in which the bank fails, on purpose.
struct Fault: Sendable {
    /// Before money moves, while it does, or after it moved.
    enum Phase: String, Sendable {
        case before = "before"
        /// The answer goes wrong at once, and the money moves `ms` later.
        case during = "during"
        case after = "after"
    }

    /// What a `Retry-After` header says.
    enum RetryAfter: Sendable {
        /// As it stands: seconds, or anything else.
        case text(String)
        /// The date of this many seconds from now, or ago.
        case date(Int64)
    }

    var action: FaultAction
    var phase = Phase.after
    var subject = FaultAction.Subject.payment

    // What it strikes; nil: all.
    var key: String?
    var accounts: [String]?
    var direction: String?
    /// The `purpose` of the payment.
    var kind: String?
    /// Whether the request's body comes in chunks.
    var isChunked: Bool?
    /// The nth request that would match, from 1.
    var nth: Int64?
    /// How likely it is for a key, 0 to 1; the same key always has the same answer.
    var probability = 1.0
    /// How often at most; nil: always.
    var times: Int64?
    /// How long after it was set, in milliseconds; nil: for good.
    var lifetime: Int64?

    // How it is done.
    var milliseconds: Int64 = 0
    /// Whether `ms` was given: without it, a payment is pending until it is told otherwise.
    var hasMilliseconds = false
    var status: Int64 = 500
    var retryAfter: RetryAfter?
    /// The problem's type.
    var type = "sandbox"
    var location: String?
    /// What a pending payment becomes.
    var then = Payment.Status.succeeded
    var bytes: Int64 = 100_000_000
}
