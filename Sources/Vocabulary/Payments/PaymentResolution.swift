/// What people, operators' brakes and statements say about payments: a record of
/// `payment-resolutions`, on the partition of the commands that it is about. Names are claims:
/// those who may write the topic are trusted with them (Payments.md).
public enum PaymentResolution: Hashable, Sendable {
    /// About a journal that lost its tail.
    case rebuild(RebuildResolution)
    /// One person says what became of a payment; nothing happens yet.
    case proposal(ResolutionProposal)
    /// Another person agrees.
    case approval(ResolutionApproval)
    /// A line of a provider's statement.
    case line(StatementLine)
    /// A closed statement without a line.
    case absence(StatementAbsence)
    case pause(PaymentPause)
    /// A pause is over.
    case resumption(PaymentPause)
    case limit(OutflowLimit)
    case refusedResumption(RefusedResumption)
    /// A person has looked at a record of `attention`; no payer acts on it.
    case acknowledgement(AttentionAcknowledgement)

    /// The partition of `payment-commands` that it is about; of an acknowledgement that of
    /// `attention`.
    public var partition: Partition {
        switch self {
        case .rebuild(let record): record.damage.partition
        case .proposal(let record): record.partition
        case .approval(let record): record.partition
        case .line(let record): record.partition
        case .absence(let record): record.partition
        case .pause(let record), .resumption(let record): record.partition
        case .limit(let record): record.partition
        case .refusedResumption(let record): record.partition
        case .acknowledgement(let record): record.partition
        }
    }
}

/// What a person found out about a payment, as the value of `decision` on the wire.
public enum PaymentVerdict: String, Sendable, CaseIterable {
    /// It was executed.
    case paid = "paid"
    /// Nothing moved, and it is given up: reserved shares are released.
    case failedByPerson = "failedByPerson"
    /// Nothing moved, and it is to be sent again under a new key.
    case notExecuted = "notExecuted"
    /// It was executed, and the whole amount was given back.
    case returned = "returned"
    /// It was never executed and not given up: it takes its turn again.
    case retry = "retry"
}

/// What one person says about a payment. It acts once another person approves it.
public struct ResolutionProposal: Hashable, Sendable {
    /// Its name, by which it is approved.
    public var resolution: Identifier
    public var partition: Partition
    public var command: PaymentID
    public var account: Identifier
    public var verdict: PaymentVerdict
    /// How many entries of the journal were about the payment when it was looked at: with another
    /// number this proposal is about another story.
    public var version: Int64
    /// What was seen where, at most 1,000 bytes.
    public var evidence: String
    /// The provider's id of the payment, at most 255 bytes; always there with `paid`.
    public var reference: String?
    /// With `notExecuted`: the channel to send it over; nil: the one that it was sent over.
    public var channel: Identifier?
    public var actor: Identifier
    public var at: Timestamp

    public init(
        resolution: Identifier, partition: Partition, command: PaymentID, account: Identifier,
        verdict: PaymentVerdict, version: Int64, evidence: String, reference: String? = nil,
        channel: Identifier? = nil, actor: Identifier, at: Timestamp
    ) {
        self.resolution = resolution
        self.partition = partition
        self.command = command
        self.account = account
        self.verdict = verdict
        self.version = version
        self.evidence = evidence
        self.reference = reference
        self.channel = channel
        self.actor = actor
        self.at = at
    }
}

/// Another person approves a proposal.
public struct ResolutionApproval: Hashable, Sendable {
    public var resolution: Identifier
    public var partition: Partition
    public var command: PaymentID
    /// That of the proposal.
    public var version: Int64
    public var actor: Identifier
    public var at: Timestamp

    public init(
        resolution: Identifier, partition: Partition, command: PaymentID, version: Int64,
        actor: Identifier, at: Timestamp
    ) {
        self.resolution = resolution
        self.partition = partition
        self.command = command
        self.version = version
        self.actor = actor
        self.at = at
    }
}
