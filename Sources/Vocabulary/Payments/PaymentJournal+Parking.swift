/// A command that people must look at.
public struct PaymentParking: Hashable, Sendable {
    public var command: PaymentID
    public var reason: PaymentDoubt
    public var result: Int64?
    public var at: Timestamp

    public init(
        command: PaymentID, reason: PaymentDoubt, result: Int64? = nil, at: Timestamp
    ) {
        self.command = command
        self.reason = reason
        self.result = result
        self.at = at
    }
}

/// A command that the cap had held and that has room now.
public struct PaymentAdmission: Hashable, Sendable {
    public var command: PaymentID
    public var at: Timestamp

    public init(command: PaymentID, at: Timestamp) {
        self.command = command
        self.at = at
    }
}

/// A command that waits in its lane behind one in doubt.
public struct PaymentWaiting: Hashable, Sendable {
    public var command: PaymentID
    /// The one in doubt.
    public var behind: PaymentID
    public var result: Int64
    public var at: Timestamp

    public init(command: PaymentID, behind: PaymentID, result: Int64, at: Timestamp) {
        self.command = command
        self.behind = behind
        self.result = result
        self.at = at
    }
}

/// An order not to pay: a record of `payment-commands` of type `recall`.
public struct PaymentRecall: Hashable, Sendable {
    public var command: PaymentID
    /// The partition to answer to.
    public var partition: Partition
    public var account: Identifier

    public init(command: PaymentID, partition: Partition, account: Identifier) {
        self.command = command
        self.partition = partition
        self.account = account
    }
}

/// A recall that was granted.
public struct PaymentRecalled: Hashable, Sendable {
    public var recall: PaymentRecall
    public var source: CommandSource
    public var result: Int64
    public var at: Timestamp

    public init(
        recall: PaymentRecall, source: CommandSource, result: Int64, at: Timestamp
    ) {
        self.recall = recall
        self.source = source
        self.result = result
        self.at = at
    }
}

/// A command that came under the id of another, with other content. It is for people to look at
/// and answers nothing: a `conflict` in payment-results is money that came after all.
public struct PaymentConflict: Hashable, Sendable {
    public var command: PaymentID
    public var source: CommandSource
    public var at: Timestamp

    public init(command: PaymentID, source: CommandSource, at: Timestamp) {
        self.command = command
        self.source = source
        self.at = at
    }
}

/// What `payment-commands` orders.
public enum PaymentOrder: Hashable, Sendable {
    case payment(PaymentCommand)
    case recall(PaymentRecall)

    public var command: PaymentID {
        switch self {
        case .payment(let command): command.id
        case .recall(let recall): recall.command
        }
    }

    public var account: Identifier {
        switch self {
        case .payment(let command): command.account
        case .recall(let recall): recall.account
        }
    }

    /// The partition to answer to.
    public var partition: Partition {
        switch self {
        case .payment(let command): command.partition
        case .recall(let recall): recall.partition
        }
    }
}

/// An answer of the payer: a record of `payment-results` with all that it says.
public struct PaymentAnswer: Hashable, Sendable {
    public var result: PaymentResult
    /// The partition of `payment-results` to write it to.
    public var partition: Partition
    /// The provider's id of the payment, at most 255 bytes.
    public var reference: String?
    /// Why it is in doubt; always there with `inDoubt`.
    public var reason: PaymentDoubt?

    public init(
        result: PaymentResult, partition: Partition, reference: String? = nil,
        reason: PaymentDoubt? = nil
    ) {
        self.result = result
        self.partition = partition
        self.reference = reference
        self.reason = reason
    }
}
