// What people and statements say, as the journal has it. `source` is the offset of the record in
// `payment-resolutions`; the payer goes on behind it.

/// A person's proposal, which another one may approve.
public struct PaymentProposed: Hashable, Sendable {
    public var proposal: ResolutionProposal
    public var source: Offset
    public var at: Timestamp

    public init(proposal: ResolutionProposal, source: Offset, at: Timestamp) {
        self.proposal = proposal
        self.proposal.at = at
        self.source = source
        self.at = at
    }
}

/// An approval that counts once nothing of the command can be under way.
public struct PaymentAgreed: Hashable, Sendable {
    public var command: PaymentID
    public var resolution: Identifier
    public var actor: Identifier
    public var source: Offset
    public var at: Timestamp

    public init(
        command: PaymentID, resolution: Identifier, actor: Identifier, source: Offset,
        at: Timestamp
    ) {
        self.command = command
        self.resolution = resolution
        self.actor = actor
        self.source = source
        self.at = at
    }
}

/// What two people say acts. Every attempt before it stays in the journal.
public struct PaymentResolved: Hashable, Sendable {
    /// With `notExecuted`: what the command is sent with from here on.
    public struct Revision: Hashable, Sendable {
        /// The provider's new idempotency key.
        public var key: Identifier
        public var channel: Identifier
        /// The account as the provider knows it, at most 255 bytes.
        public var accountToken: String
        /// The request's body, at most 2 KiB.
        public var body: String

        public init(key: Identifier, channel: Identifier, accountToken: String, body: String) {
            self.key = key
            self.channel = channel
            self.accountToken = accountToken
            self.body = body
        }
    }

    public var command: PaymentID
    public var resolution: Identifier
    public var verdict: PaymentVerdict
    public var proposedBy: Identifier
    public var approvedBy: Identifier
    /// The provider's id of the payment.
    public var reference: String?
    public var revision: Revision?
    /// The offset of the approval.
    public var source: Offset
    public var result: Int64?
    public var at: Timestamp

    public init(
        command: PaymentID, resolution: Identifier, verdict: PaymentVerdict,
        proposedBy: Identifier, approvedBy: Identifier, reference: String? = nil,
        revision: Revision? = nil, source: Offset, result: Int64? = nil, at: Timestamp
    ) {
        self.command = command
        self.resolution = resolution
        self.verdict = verdict
        self.proposedBy = proposedBy
        self.approvedBy = approvedBy
        self.reference = reference
        self.revision = revision
        self.source = source
        self.result = result
        self.at = at
    }
}

/// Why a record of `payment-resolutions` changes nothing, as the value of `reason` on the wire.
public enum ResolutionRefusal: String, Sendable, CaseIterable {
    /// More is known of the payment than when it was looked at.
    case wrongVersion = "wrongVersion"
    /// The one who proposed it can't approve it.
    case sameActor = "sameActor"
    case unknownCommand = "unknownCommand"
    /// No proposal of that name is open.
    case unknownResolution = "unknownResolution"
    /// As the payment stands this can't be said of it.
    case wrongState = "wrongState"
    /// It was never sent.
    case neverSent = "neverSent"
    /// An attempt is under way.
    case underWay = "underWay"
    /// `paid` needs the provider's id of the payment.
    case noReference = "noReference"
    /// There would be more than is due.
    case overObligation = "overObligation"
    /// No account token is known.
    case unknownAccount = "unknownAccount"
    /// The channel is not among those of the payer.
    case channelMissing = "channelMissing"
    /// The statement is another channel's.
    case otherChannel = "otherChannel"
    /// The line has another key.
    case otherKey = "otherKey"
    /// The line has another amount, currency or direction.
    case otherContent = "otherContent"
    /// The statement does not cover the command's time.
    case notCovered = "notCovered"
    /// It contradicts what is final.
    case contradiction = "contradiction"
}

/// A record of `payment-resolutions` that changes nothing.
public struct PaymentUnresolved: Hashable, Sendable {
    public var command: PaymentID
    public var resolution: Identifier?
    public var reason: ResolutionRefusal
    public var source: Offset
    public var at: Timestamp

    public init(
        command: PaymentID, resolution: Identifier? = nil, reason: ResolutionRefusal,
        source: Offset, at: Timestamp
    ) {
        self.command = command
        self.resolution = resolution
        self.reason = reason
        self.source = source
        self.at = at
    }
}

/// What a line of a statement shows.
public struct PaymentStatement: Hashable, Sendable {
    /// As the value of `class` on the wire.
    public enum Class: String, Sendable, CaseIterable {
        case paid = "paid", returned = "returned"
        /// Another amount, currency or direction.
        case mismatch = "mismatch"
        /// It counts once the attempt that is under way has ended.
        case awaited = "awaited"
    }

    public var command: PaymentID
    public var `class`: Class
    public var line: StatementLine.Kind
    public var statement: Identifier
    public var reference: String?
    public var source: Offset
    public var result: Int64?
    public var at: Timestamp

    public init(
        command: PaymentID, class: Class, line: StatementLine.Kind, statement: Identifier,
        reference: String? = nil, source: Offset, result: Int64? = nil, at: Timestamp
    ) {
        self.command = command
        self.`class` = `class`
        self.line = line
        self.statement = statement
        self.reference = reference
        self.source = source
        self.result = result
        self.at = at
    }
}

/// A closed statement without a line proves the provider's decline.
public struct PaymentProven: Hashable, Sendable {
    public var command: PaymentID
    public var statement: Identifier
    public var source: Offset
    public var result: Int64?
    public var at: Timestamp

    public init(
        command: PaymentID, statement: Identifier, source: Offset, result: Int64? = nil,
        at: Timestamp
    ) {
        self.command = command
        self.statement = statement
        self.source = source
        self.result = result
        self.at = at
    }
}

/// An operator's brake, put on or taken off.
public struct PaymentBrake: Hashable, Sendable {
    /// Which brake, and what becomes of it.
    public enum Kind: Hashable, Sendable {
        case pause(PaymentPause)
        case resumption(PaymentPause)
        case limit(OutflowLimit)
        case refusedResumption(RefusedResumption)

        var at: Timestamp {
            get {
                switch self {
                case .pause(let record), .resumption(let record): record.at
                case .limit(let record): record.at
                case .refusedResumption(let record): record.at
                }
            }
            set {
                switch self {
                case .pause(var record):
                    record.at = newValue
                    self = .pause(record)
                case .resumption(var record):
                    record.at = newValue
                    self = .resumption(record)
                case .limit(var record):
                    record.at = newValue
                    self = .limit(record)
                case .refusedResumption(var record):
                    record.at = newValue
                    self = .refusedResumption(record)
                }
            }
        }
    }

    public var kind: Kind
    public var source: Offset
    public var at: Timestamp

    public init(kind: Kind, source: Offset, at: Timestamp) {
        self.kind = kind
        self.kind.at = at
        self.source = source
        self.at = at
    }
}

/// A recall of a command that was sent, or may have been: it waits for what becomes of it.
public struct PaymentRecallNoted: Hashable, Sendable {
    public var recall: PaymentRecall
    public var source: CommandSource
    public var at: Timestamp

    public init(recall: PaymentRecall, source: CommandSource, at: Timestamp) {
        self.recall = recall
        self.source = source
        self.at = at
    }
}

/// A command that can't be carried out because of what it says: it is never taken up.
public struct PaymentInvalid: Hashable, Sendable {
    public var command: PaymentID
    /// The partition to answer to.
    public var partition: Partition
    public var account: Identifier
    public var source: CommandSource
    public var result: Int64
    public var at: Timestamp

    public init(
        command: PaymentID, partition: Partition, account: Identifier, source: CommandSource,
        result: Int64, at: Timestamp
    ) {
        self.command = command
        self.partition = partition
        self.account = account
        self.source = source
        self.result = result
        self.at = at
    }
}
