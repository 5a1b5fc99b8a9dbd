/// What an input record says, once decoded.
public enum InputRecord: Hashable, Sendable {
    case bid(Bid)
    case cancellation(BidCancellation)
    indirect case command(OfferingCommand)
    case paymentResult(PaymentResult)
    indirect case partitionCommand(PartitionCommand)

    /// nil where it is about the whole partition.
    public var offering: Identifier? {
        switch self {
        case .bid(let bid): bid.offering
        case .cancellation(let cancellation): cancellation.offering
        case .command(let command): command.offering
        case .paymentResult(let result): result.offering
        case .partitionCommand: nil
        }
    }
}

/// What an operator asks for: a record of `offering-commands`.
public struct OfferingCommand: Hashable, Sendable {
    /// What is to be done with the offering; its name is the value of `type` on the wire.
    public enum Action: Hashable, Sendable {
        indirect case open(OfferingTerms)
        case close, pause, resume
        case amend(closesAt: Timestamp)
        case cancel(reason: String?)
        /// The obligation, or its last command; nil: an id that this system does not derive.
        indirect case repay(payment: PaymentID?)
        indirect case distribute(
            distribution: Identifier, kind: DistributionKind, amount: MinorUnits)
    }

    public var command: Identifier
    public var offering: Identifier
    public var action: Action

    public init(command: Identifier, offering: Identifier, action: Action) {
        self.command = command
        self.offering = offering
        self.action = action
    }
}

/// What a distribution pays to those who hold shares.
public enum DistributionKind: String, Sendable, CaseIterable {
    case interest = "interest", principal = "principal"
}

/// What became of a payment command: a record of `payment-results`.
public struct PaymentResult: Hashable, Sendable {
    /// What became of it, as the value of `type` on the wire.
    public enum Kind: String, Sendable, CaseIterable {
        case paid = "paid", declined = "declined", recalled = "recalled"
        case failedByPerson = "failedByPerson", inDoubt = "inDoubt", conflict = "conflict"
        case returned = "returned"
    }

    public var kind: Kind
    /// The command it answers; nil where that is an id this system does not derive.
    public var payment: PaymentID?
    /// 1, 2, ... within the command: a later answer has a higher number.
    public var result: Int64
    public var offering: Identifier
    public var account: Identifier
    /// What was paid; always there with `paid`.
    public var amount: MinorUnits?
    /// With `declined`: a closed statement, or two people, say that nothing moved.
    public var isProven: Bool

    public init(
        kind: Kind, payment: PaymentID?, result: Int64, offering: Identifier, account: Identifier,
        amount: MinorUnits? = nil, isProven: Bool = false
    ) {
        self.kind = kind
        self.payment = payment
        self.result = result
        self.offering = offering
        self.account = account
        self.amount = amount
        self.isProven = isProven
    }
}
