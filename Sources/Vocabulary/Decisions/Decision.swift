/// What the allocator says about one input record: a record of `decisions`, but for the epoch and
/// the hash, which belong to the chain and not to the rules (TheLog.md, A decision).
public struct Decision: Hashable, Sendable {
    public var sequence: DecisionNumber
    /// nil where the input named none that could be read, and where it is about the whole
    /// partition.
    public var offering: Identifier?
    public var event: DecisionEvent
    /// The offering's counters after it; nil where the partition knows no such offering.
    public var counters: Counters?
    public var source: Source
    /// 0, 1, ... within the group of decisions that one input causes.
    public var n: Int64

    public init(
        sequence: DecisionNumber, offering: Identifier?, event: DecisionEvent, counters: Counters?,
        source: Source, n: Int64
    ) {
        self.sequence = sequence
        self.offering = offering
        self.event = event
        self.counters = counters
        self.source = source
        self.n = n
    }
}

/// Where an offering's shares are: free + reserved + settled == shares, always.
public struct Counters: Hashable, Sendable {
    public var free: Shares
    public var reserved: Shares
    public var settled: Shares

    public init(free: Shares, reserved: Shares, settled: Shares) {
        self.free = free
        self.reserved = reserved
        self.settled = settled
    }
}

/// `type` of a record of `decisions`. `epochStarted` is a control record and no decision.
public enum DecisionType: String, Sendable, CaseIterable {
    case reserved, waitlisted, rejected, repeated, promoted, settled, released
    case cancelRequested, cancelled, expired
    case inDoubt
    case opened, paused, resumed, fullyReserved, reopened, filled
    case refunding, refunded
    case paymentReturned, paidOut, payoutDeclined, repaying
    case scheduled, amended, closing, closedShort, cancelling, offeringCancelled, distributed
    case certificate, archived
    case clockCorrected, paymentsRecommanded
    case epochStarted

    /// Whether it is about the whole partition, and so names no offering.
    public var isOfPartition: Bool { self == .clockCorrected || self == .paymentsRecommanded }
}

/// The first decision about a bid that got shares or a place: all of the bid's content, and what
/// became of it.
public struct Placement: Hashable, Sendable {
    public var bid: Identifier
    public var account: Identifier
    public var asked: Shares
    public var allOrNone: Bool
    /// Reserved at once; 0 where all of it waits.
    public var shares: Shares
    public var waiting: Shares
    /// Shares ever queued in the offering up to and including this bid; on the wire where a
    /// part waits. `queued` less the `served` of progress is how far away the bid is at most.
    public var queued: Shares
    /// What was taken off the bid.
    public var cut: Cut?

    public init(
        bid: Identifier, account: Identifier, asked: Shares, allOrNone: Bool, shares: Shares,
        waiting: Shares, queued: Shares, cut: Cut? = nil
    ) {
        self.bid = bid
        self.account = account
        self.asked = asked
        self.allOrNone = allOrNone
        self.shares = shares
        self.waiting = waiting
        self.queued = queued
        self.cut = cut
    }
}

/// Shares taken off a bid on arrival: by the account's cap, by the waitlist's room, or by both;
/// then `shares` is the sum and `reason` the last one.
public struct Cut: Hashable, Sendable {
    public var shares: Shares
    public var reason: Reason

    public init(shares: Shares, reason: Reason) {
        self.shares = shares
        self.reason = reason
    }
}

/// A refusal, of any input.
public struct Rejection: Hashable, Sendable {
    /// What was refused, with all of it that could be read.
    public enum Subject: Hashable, Sendable {
        case bid(bid: Identifier, account: Identifier, asked: Shares, allOrNone: Bool)
        case cancellation(bid: Identifier, account: Identifier)
        /// An offering command, and what it asks for; nil of an `open`, which spends no id.
        indirect case command(Identifier, OfferingCommand.Action? = nil)
        /// A command of the whole partition, and what it asks for.
        indirect case partitionCommand(PartitionCommand)
        indirect case payment(PaymentID?, result: Int64)
        /// `reason` is malformed. The bid and the account are named where these could be read.
        indirect case unreadable(
            Malformation, bid: Identifier? = nil, account: Identifier? = nil)
        /// A batch of records that nobody can unpack, from the source's offset to this one;
        /// `reason` is malformed. The decision's time is the book time that stands: the records'
        /// own can't be read.
        case batch(last: Offset)
    }

    public var subject: Subject
    public var reason: Reason
    /// With badTerms and unsupported: the member that is wrong.
    public var member: Member?
    /// With misrouted: where the offering lives.
    public var expectedPartition: Partition?

    public init(
        _ subject: Subject, _ reason: Reason, member: Member? = nil,
        expectedPartition: Partition? = nil
    ) {
        self.subject = subject
        self.reason = reason
        self.member = member
        self.expectedPartition = expectedPartition
    }
}

extension DecisionEvent {
    /// The last offset of the batch that it refuses since nobody can unpack it; nil for all else.
    public var lastOfBatch: Offset? {
        guard case .rejected(let rejection) = self, case .batch(let last) = rejection.subject
        else { return nil }
        return last
    }
}

extension Rejection {
    /// What is wrong with a record that could not be read.
    public var malformation: Malformation? {
        if case .unreadable(let fault, _, _) = subject { fault } else { nil }
    }
}

extension Rejection.Subject {
    /// A command that is refused, with all that it asks for. The terms of an `open` are left out:
    /// it spends no id, so nobody needs them again.
    public init(_ command: OfferingCommand) {
        if case .open = command.action {
            self = .command(command.command)
        } else {
            self = .command(command.command, command.action)
        }
    }
}

/// The same input came again: what was decided the first time, and how it stands now.
/// It moves no counter.
public enum Repetition: Hashable, Sendable {
    /// `was`: the first decision's type, and the reason where it was a refusal.
    case bid(
        bid: Identifier, account: Identifier, of: DecisionNumber, was: DecisionType,
        reason: Reason?,
        now: Standing)
    /// `refused`: why, where the first decision was a refusal.
    case command(Identifier, of: DecisionNumber, refused: Reason? = nil)
    /// A result with the same number as the last one acted on, or a lower one.
    indirect case payment(PaymentID, result: Int64, last: Int64)
}

/// How a bid stands: shares by part.
public struct Standing: Hashable, Sendable {
    public var reserved: Shares
    public var settled: Shares
    public var waiting: Shares

    public init(reserved: Shares, settled: Shares, waiting: Shares) {
        self.reserved = reserved
        self.settled = settled
        self.waiting = waiting
    }
}

/// Shares that went to a bid that waited.
public struct Promotion: Hashable, Sendable {
    public var bid: Identifier
    public var account: Identifier
    public var shares: Shares
    /// What of the bid still waits.
    public var waiting: Shares

    public init(bid: Identifier, account: Identifier, shares: Shares, waiting: Shares) {
        self.bid = bid
        self.account = account
        self.shares = shares
        self.waiting = waiting
    }
}

/// One reservation of a bid, and the payment result that moved it.
public struct PaidPart: Hashable, Sendable {
    public var bid: Identifier
    public var account: Identifier
    public var shares: Shares
    /// The k of the collection `<offering>/<bid>/<k>`.
    public var number: Int32
    /// The number of the payment result.
    public var result: Int64

    public init(
        bid: Identifier, account: Identifier, shares: Shares, number: Int32, result: Int64
    ) {
        self.bid = bid
        self.account = account
        self.shares = shares
        self.number = number
        self.result = result
    }
}

/// Why shares were given back.
public enum ReleaseReason: String, Sendable, CaseIterable {
    case declined, recalled, failedByPerson
    /// Of paid shares of an offering that is cancelled: the bank took their money back.
    case returned
}

/// The part of a bid that waited, and waits no longer.
public struct WaitingPart: Hashable, Sendable {
    public var bid: Identifier
    public var account: Identifier
    public var shares: Shares

    public init(bid: Identifier, account: Identifier, shares: Shares) {
        self.bid = bid
        self.account = account
        self.shares = shares
    }
}

/// A reserved part of a bid whose payment is recalled.
public struct RecallRequest: Hashable, Sendable {
    public var bid: Identifier
    public var account: Identifier
    public var shares: Shares
    /// The k of the collection `<offering>/<bid>/<k>`.
    public var number: Int32

    public init(bid: Identifier, account: Identifier, shares: Shares, number: Int32) {
        self.bid = bid
        self.account = account
        self.shares = shares
        self.number = number
    }
}

/// Why an offering is cancelled.
public enum Cancelling: Hashable, Sendable {
    /// An operator asked for it.
    case command(Identifier, reason: String?)
    /// Less than `minimumShares` is paid.
    case shortfall
}
