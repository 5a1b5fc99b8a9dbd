import Vocabulary

/// The book of one partition: all its offerings, and the number of its last decision.
///
/// A pure value: the same inputs in the same order give the same decisions, on any machine. One
/// input and everything that it causes is a *group*; nothing else is decided inside one.
///
///     var group = DecisionGroup()
///     var progress = try book.decide(input, from: source, into: &group, limit: 1_000)
///     // take what is in the group, then
///     while progress == .more {
///         group.removeAll()
///         progress = try book.resume(into: &group, limit: 1_000)
///     }
public struct PartitionBook: Sendable {
    /// The partition: payment commands name it as the one to answer to.
    public let partition: Partition
    /// The number of the last decision; 0 where there is none yet.
    public internal(set) var sequence: Sequence = 0

    /// In order of opening.
    var offerings: [OfferingBook] = []
    var table = OfferingTable()
    /// The offering that was looked up last: most inputs are about the same one as the one before.
    private var lastFound = 0
    /// Where a group that has more to come goes on.
    private var unfinished: UnfinishedGroup?

    private struct UnfinishedGroup: Equatable, Sendable {
        let offering: Int
        let source: Source
        let n: Int64
    }

    /// The empty book.
    public init(partition: Partition) {
        self.partition = partition
    }

    /// Decides `input`, and appends its decisions and payment commands to `group`. Every input has
    /// at least one decision.
    ///
    /// After `limit` decisions, 2 at least, the call ends with `.more`; then `resume` must be
    /// called before anything else is decided.
    public mutating func decide(
        _ input: Input, from source: Source, into group: inout DecisionGroup, limit: Int
    ) throws(InvariantViolation) -> GroupProgress {
        precondition(unfinished == nil, "the group before this input is not complete")
        precondition(limit >= 2, "a release and its cancellation are not separated")
        let last = group.decisions.count + limit
        group.goOn(from: source, in: partition, sequence: sequence + 1, n: 0)
        let touched = try decide(input, into: &group)
        guard let touched else {
            sequence = group.nextSequence - 1
            return .complete
        }
        return try finish(touched, from: source, into: &group, last: last)
    }

    /// Goes on with the group that the last call left unfinished.
    public mutating func resume(
        into group: inout DecisionGroup, limit: Int
    ) throws(InvariantViolation) -> GroupProgress {
        guard let unfinished else { preconditionFailure("no group is unfinished") }
        precondition(limit >= 1, "a call makes one decision at least")
        let last = group.decisions.count + limit
        group.goOn(
            from: unfinished.source, in: partition, sequence: sequence + 1, n: unfinished.n)
        self.unfinished = nil
        return try finish(unfinished.offering, from: unfinished.source, into: &group, last: last)
    }

    /// Answers the offering whose book the input may have moved.
    private mutating func decide(
        _ input: Input, into group: inout DecisionGroup
    ) throws(InvariantViolation) -> Int? {
        // Looked at first and alone, since nearly all inputs are bids.
        if case .record(.bid(let bid)) = input { return try decide(bid, into: &group) }
        switch input {
        case .record(.bid): return nil
        case .record(.paymentResult(let result)): return try decide(result, into: &group)
        case .record(.cancellation(let cancellation)):
            return try decide(cancellation, into: &group)
        case .record(.command(let command)): decide(command, into: &group)
        case .refused(let rejection, let offering):
            let counters = offering.flatMap(index(of:)).map { offerings[$0].counters }
            group.append(.rejected(rejection), of: offering, counters)
        }
        return nil
    }

    private mutating func decide(
        _ bid: Bid, into group: inout DecisionGroup
    ) throws(InvariantViolation) -> Int? {
        guard let index = find(bid.offering) else {
            reject(OfferingBook.subject(bid), .unknownOffering, bid.offering, into: &group)
            return nil
        }
        try offerings[index].decide(bid, into: &group)
        return index
    }

    private mutating func decide(
        _ result: PaymentResult, into group: inout DecisionGroup
    ) throws(InvariantViolation) -> Int? {
        guard let index = find(result.offering) else {
            let subject = Rejection.Subject.payment(result.payment, result: result.result)
            reject(subject, .unknownCommand, result.offering, into: &group)
            return nil
        }
        try offerings[index].decide(result, into: &group)
        return index
    }

    private mutating func decide(
        _ cancellation: BidCancellation, into group: inout DecisionGroup
    ) throws(InvariantViolation) -> Int? {
        guard let index = find(cancellation.offering) else {
            let subject = Rejection.Subject.cancellation(
                bid: cancellation.bid, account: cancellation.account)
            reject(subject, .unknownOffering, cancellation.offering, into: &group)
            return nil
        }
        try offerings[index].decide(cancellation, into: &group)
        return index
    }

    private mutating func finish(
        _ offering: Int, from source: Source, into group: inout DecisionGroup, last: Int
    ) throws(InvariantViolation) -> GroupProgress {
        let progress = try offerings[offering].drawConsequences(into: &group, limit: last)
        sequence = group.nextSequence - 1
        if progress == .more {
            unfinished = UnfinishedGroup(offering: offering, source: source, n: group.nextN)
        }
        return progress
    }

    func index(of offering: Identifier) -> Int? {
        table.find(offering)
    }

    private mutating func find(_ offering: Identifier) -> Int? {
        if lastFound < offerings.count && offerings[lastFound].identifier == offering {
            return lastFound
        }
        guard let index = index(of: offering) else { return nil }
        lastFound = index
        return index
    }

    private func reject(
        _ subject: Rejection.Subject, _ reason: Reason, _ offering: Identifier,
        into group: inout DecisionGroup
    ) {
        group.append(.rejected(Rejection(subject, reason)), of: offering, nil)
    }
}

extension PartitionBook: Equatable {
    /// Whether both books hold the same: the same bids in the same order with the same fates.
    public static func == (left: PartitionBook, right: PartitionBook) -> Bool {
        left.partition == right.partition && left.sequence == right.sequence
            && left.offerings == right.offerings && left.unfinished == right.unfinished
    }
}
