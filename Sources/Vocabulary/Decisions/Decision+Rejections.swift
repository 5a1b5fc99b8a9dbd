// What decisions say about inputs that are refused, or came before.

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
