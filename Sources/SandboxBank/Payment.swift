/// A payment as the bank knows it.
struct Payment: Equatable, Sendable {
    /// What became of it.
    enum Status: String, Sendable {
        case pending = "pending"
        case succeeded = "succeeded"
        /// Nothing moved.
        case failed = "failed"
        /// Nothing moved, and nothing will.
        case cancelled = "cancelled"
        /// Moved, and moved back.
        case reversed = "reversed"
    }

    /// From 1, in the order in which the bank took them.
    var number: Int64
    var key: String
    /// 1, or more for one that a bank executed under a key that it had used before.
    var copy: Int64
    var request: PaymentRequest
    var status: Status
    /// Milliseconds since 1970 UTC.
    var at: Int64
    /// When its status became what it is; nil while it is pending.
    var completedAt: Int64?
    var failure: String?
    /// The status of an error that answers every further request under its key.
    var storedError: Int64?
    /// What becomes of it by itself, and when.
    var next: (status: Status, at: Int64)?

    var id: String { "pay_\(number)" }

    static func == (one: Payment, other: Payment) -> Bool {
        one.number == other.number && one.status == other.status
    }
}

/// Money that moved: two entries that cancel out, one of the account and one of the platform.
struct Movement: Sendable {
    enum Kind: String, Sendable {
        case payment = "payment"
        /// Takes back what a payment moved.
        case reversal = "reversal"
    }

    var payment: Int64
    var kind: Kind
    var account: String
    var currency: String
    /// What the account got; the platform got its negative.
    var amount: Int64
    /// Milliseconds since 1970 UTC.
    var at: Int64
}
