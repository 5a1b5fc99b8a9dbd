/// Something about a payment that a person must look at: a record of `attention`.
public struct PaymentAttention: Hashable, Sendable {
    /// What happened.
    public enum Kind: Hashable, Sendable {
        /// People must decide how it goes on.
        case parked(PaymentDoubt)
        /// A command came under the id of another.
        case conflict
        /// Money moved although it was said that none did, or came back although it was paid.
        case contradiction
        /// An answer to an attempt that is no longer waited for: it changes nothing.
        case lateAnswer(PaymentOutcome.Class)
        /// A record of `payment-resolutions` changed nothing.
        case unresolved(ResolutionRefusal)
        /// It is larger than its payer may pay out in a day; the whole limit that would do, and its
        /// currency.
        case overLimit(MinorUnits, CurrencyCode)
    }

    public var kind: Kind
    public var command: PaymentID
    public var account: Identifier

    public init(kind: Kind, command: PaymentID, account: Identifier) {
        self.kind = kind
        self.command = command
        self.account = account
    }
}
