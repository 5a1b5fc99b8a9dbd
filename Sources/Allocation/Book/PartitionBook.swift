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
package struct PartitionBook: Sendable {
    /// The partition: payment commands name it as the one to answer to.
    package let partition: Partition
    /// The number of the last decision; 0 where there is none yet.
    package internal(set) var sequence: DecisionNumber = 0
    /// The largest append time of a bid, or deadline, that was decided: what all rules go by
    /// (TheLog.md, Book time).
    package internal(set) var bookTime: Timestamp = 0
    /// How long after its end an offering is archived; nil: never.
    package let archiveAfter: Milliseconds?
    /// The versions of the rules that its offerings may be sold under.
    let rules: RulesByVersion

    /// In order of opening.
    var offerings: [OfferingBook] = []
    var table = OfferingTable()
    /// The offering that was looked up last: most inputs are about the same one as the one before.
    private var lastFound = 0

    /// The offering of the input at hand, or of the last one.
    var lastTouched: Int? { lastFound < offerings.count ? lastFound : nil }

    var deadlines = DeadlineTable()
    /// What operators asked of the whole partition, and the bids that they had counted anew.
    var partitionCommands = PartitionCommandTable()
    var corrections = ClockCorrections()
    /// Where a group that has more to come goes on.
    private var unfinished: UnfinishedGroup?

    /// The empty book.
    package init(partition: Partition, archiveAfter: Milliseconds? = nil) {
        self.init(partition: partition, archiveAfter: archiveAfter, rules: .released)
    }

    /// The empty book of offerings that are sold under `rules`.
    package init(partition: Partition, archiveAfter: Milliseconds? = nil, rules: RulesByVersion) {
        self.partition = partition
        self.rules = rules
        self.archiveAfter = archiveAfter
    }

    /// The next moment at which the clock brings something about: opensAt, closesAt, or the time
    /// to archive. It must be decided before the first bid at or past it (TheLog.md, Book time).
    package var nextDeadline: Timestamp? { deadlines.next }

    /// The source of what the deadline `at` causes.
    package func source(ofDeadline at: Timestamp) -> Source {
        Source(
            topic: .clock, partition: partition, offset: Offset(rawValue: at.rawValue), at: at)
    }

    /// Decides `input`, and appends its decisions and payment commands to `group`. Every input has
    /// at least one decision.
    ///
    /// After `limit` decisions, 2 at least, the call ends with `.more`; then `resume` must be
    /// called before anything else is decided.
    package mutating func decide(
        _ input: consuming Input, from source: Source, into group: inout DecisionGroup, limit: Int
    ) throws(InvariantViolation) -> GroupProgress {
        precondition(unfinished == nil, "the group before this input is not complete")
        precondition(limit >= 2, "a release and its cancellation are not separated")
        let first = group.decisions.count
        group.goOn(from: source, in: partition, sequence: sequence + 1, n: 0)
        if source.topic == .bids || source.topic == .clock {
            bookTime = max(bookTime, time(of: source))
        }
        corrections.pass(source)
        let touched: Int?
        switch consume input {
        case .record(.bid(let bid)): touched = try decideBid(bid, from: source, into: &group)
        case .record(.paymentResult(let result)):
            touched = try decideResult(result, from: source, into: &group)
        case .record(.cancellation(let cancellation)):
            touched = try decideCancellation(cancellation, from: source, into: &group)
        case .record(.command(let command)):
            touched = decideCommand(command, from: source, into: &group)
        case .record(.partitionCommand(let command)):
            decidePartitionCommand(command, into: &group)
            touched = nil
        case .rejected(let rejection, let offering):
            touched = decideUnreadable(rejection, of: offering, from: source, into: &group)
        case .deadline:
            return try finish(
                nil, deadlines.due(at: source.at, by: offerings)[...], from: source, into: &group,
                last: first + limit)
        }
        guard let touched else {
            sequence = group.nextSequence - 1
            return .complete
        }
        return try finish(touched, [], from: source, into: &group, last: first + limit)
    }

    /// Goes on with the group that the last call left unfinished.
    package mutating func resume(
        into group: inout DecisionGroup, limit: Int
    ) throws(InvariantViolation) -> GroupProgress {
        guard let unfinished else { preconditionFailure("no group is unfinished") }
        precondition(limit >= 1, "a call makes one decision at least")
        let last = group.decisions.count + limit
        group.goOn(
            from: unfinished.source, in: partition, sequence: sequence + 1, n: unfinished.n)
        self.unfinished = nil
        return try finish(
            unfinished.offering, unfinished.rest, from: unfinished.source, into: &group,
            last: last)
    }

    // Each function below answers the offering whose book the input may have moved.

    private mutating func decideUnreadable(
        _ rejection: Rejection, of offering: Identifier?, from source: Source,
        into group: inout DecisionGroup
    ) -> Int? {
        if case .partitionCommand(let command) = rejection.subject {
            reject(rejection, of: command, into: &group)
            return nil
        }
        let index = offering.flatMap { noteInput(of: $0, from: source) }
        if let index { offerings[index].inputCounts.note(rejection.reason) }
        group.append(.rejected(rejection), of: offering, index.map { offerings[$0].counters })
        return index
    }

    private mutating func decideBid(
        _ bid: Bid, from source: Source, into group: inout DecisionGroup
    ) throws(InvariantViolation) -> Int? {
        guard let index = noteInput(of: bid.offering, from: source) else {
            reject(OfferingBook.subject(bid), .unknownOffering, bid.offering, into: &group)
            return nil
        }
        try offerings[index].decideBid(bid, at: bookTime, into: &group)
        return index
    }

    private mutating func decideResult(
        _ result: PaymentResult, from source: Source, into group: inout DecisionGroup
    ) throws(InvariantViolation) -> Int? {
        guard let index = noteInput(of: result.offering, from: source) else {
            let subject = Rejection.Subject.payment(result.payment, result: result.result)
            reject(subject, .unknownCommand, result.offering, into: &group)
            return nil
        }
        try offerings[index].decideResult(result, into: &group)
        return index
    }

    private mutating func decideCancellation(
        _ cancellation: BidCancellation, from source: Source, into group: inout DecisionGroup
    ) throws(InvariantViolation) -> Int? {
        guard let index = noteInput(of: cancellation.offering, from: source) else {
            let subject = Rejection.Subject.cancellation(
                bid: cancellation.bid, account: cancellation.account)
            reject(subject, .unknownOffering, cancellation.offering, into: &group)
            return nil
        }
        try offerings[index].decideCancellation(cancellation, into: &group)
        return index
    }

    /// Draws the consequences in the offering at hand, then decides the deadlines of the rest.
    private mutating func finish(
        _ first: Int?, _ rest: ArraySlice<Int>, from source: Source,
        into group: inout DecisionGroup, last: Int
    ) throws(InvariantViolation) -> GroupProgress {
        var (next, rest) = (first, rest)
        while true {
            if let offering = next {
                let progress = try offerings[offering].drawConsequences(into: &group, limit: last)
                sequence = group.nextSequence - 1
                if progress == .more {
                    unfinished = UnfinishedGroup(
                        offering: offering, rest: rest, source: source, n: group.nextN)
                    return .more
                }
                noteDeadline(of: offering, time(of: source))
            }
            guard let offering = rest.first else { return .complete }
            if let done = next, group.decisions.count >= last {
                // The one that is done has nothing more to say; the next begins a call.
                unfinished = UnfinishedGroup(
                    offering: done, rest: rest, source: source, n: group.nextN)
                return .more
            }
            rest = rest.dropFirst()
            offerings[offering].decideDeadline(into: &group)
            next = offering
        }
    }

    /// When the clock moves an offering next, as its book stands after a decision.
    @inline(__always)
    mutating func noteDeadline(of offering: Int, _ at: Timestamp) {
        offerings[offering].noteIfOver(at: max(bookTime, at))
        deadlines.set(
            offerings[offering].deadline(archiveAfter: archiveAfter), of: offering)
    }

    func index(of offering: Identifier) -> Int? {
        table.find(offering)
    }

    /// Counts the input from `source` for the certificate of the offering that it is about, and
    /// answers where that offering stands; nil if it is unknown.
    @inline(__always)
    mutating func noteInput(of offering: Identifier, from source: Source) -> Int? {
        if !(lastFound < offerings.count && offerings[lastFound].identifier == offering) {
            guard let index = index(of: offering) else { return nil }
            lastFound = index
        }
        offerings[lastFound].inputCounts.note(source)
        return lastFound
    }

    private func reject(
        _ subject: Rejection.Subject, _ reason: Reason, _ offering: Identifier,
        into group: inout DecisionGroup
    ) {
        group.append(.rejected(Rejection(subject, reason)), of: offering, nil)
    }
}

/// Where a group goes on, boxed: there rarely is one, and every input asks.
private final class UnfinishedGroup: Equatable, Sendable {
    let offering: Int
    /// Offerings whose deadline has come as well, and is not decided yet.
    let rest: ArraySlice<Int>
    let source: Source
    let n: Int64

    init(offering: Int, rest: ArraySlice<Int>, source: Source, n: Int64) {
        self.offering = offering
        self.rest = rest
        self.source = source
        self.n = n
    }

    static func == (left: UnfinishedGroup, right: UnfinishedGroup) -> Bool {
        left === right
            || left.offering == right.offering && left.rest == right.rest
                && left.source == right.source && left.n == right.n
    }
}

extension PartitionBook: Equatable {
    /// Whether both books hold the same: the same bids in the same order with the same fates.
    package static func == (left: PartitionBook, right: PartitionBook) -> Bool {
        left.partition == right.partition && left.sequence == right.sequence
            && left.bookTime == right.bookTime && left.archiveAfter == right.archiveAfter
            && left.offerings == right.offerings && left.deadlines == right.deadlines
            && left.unfinished == right.unfinished && left.corrections == right.corrections
            && left.partitionCommands == right.partitionCommands
    }
}
