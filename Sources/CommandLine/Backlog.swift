import EventLog
import FairfillClient
import Foundation
import Messages
import Payments
import Vocabulary

/// What waits in an environment: for an allocator, for a payer, and for the provider. A worker that
/// is gone, and that nobody misses, shows here.
///
/// What is decided and taken up is read off the ends of `decisions` and `payment-journal`, and what
/// waits is counted where it stands, so the cost goes with what waits and not with what was.
package struct Backlog {
    /// Records that wait.
    package struct Waiting: Equatable {
        package var count: Int64 = 0
        /// Whether they may be fewer: there are too many to count one by one.
        package var isAtMost = false
        /// When the oldest was appended.
        package var since: Timestamp?

        package init(count: Int64 = 0, isAtMost: Bool = false, since: Timestamp? = nil) {
            self.count = count
            self.isAtMost = isAtMost
            self.since = since
        }

        package static func += (sum: inout Waiting, other: Waiting) {
            sum.count += other.count
            sum.isAtMost = sum.isAtMost || other.isAtMost
            sum.since = [sum.since, other.since].compactMap { $0 }
                .min { $0.rawValue < $1.rawValue }
        }
    }

    /// Of one partition.
    package struct Lane {
        package let partition: Partition
        /// By `InputTopic`: commands, payment results, bids that no decision is about.
        package var undecided = [Waiting(), Waiting(), Waiting()]
        /// Of `payment-commands`: what no payer has taken up.
        package var untaken = Waiting()
        /// Commands taken up without a final answer; nil where the journal is too long to add up
        /// only for this.
        package var unpaid: Int?
    }

    /// How far the payer of a partition came.
    package struct Taken {
        /// The first offset of `payment-commands` that it has not taken up.
        package var next: Int64 = 0
        /// What waits from there on, if it was counted.
        package var untaken: Waiting?
        package var unpaid: Int?

        package init(next: Int64 = 0, untaken: Waiting? = nil, unpaid: Int? = nil) {
            self.next = next
            self.untaken = untaken
            self.unpaid = unpaid
        }
    }

    package private(set) var lanes: [Lane]

    /// How many records at the end of a topic are read first to find how far a worker came.
    private static let tail: Int64 = 500
    /// How many records that wait are counted one by one, a partition.
    private static let counted: Int64 = 10_000
    /// How many entries of all journals are added up.
    private static let journal: Int64 = 200_000

    private static let inputs: [Topic] = [.offeringCommands, .paymentResults, .bids]

    /// What waits now. `taken` is what a command that reads the journals anyway has found, by
    /// partition.
    package init(_ place: LogConnection, taken: [Taken]? = nil) throws(Failure) {
        lanes = (0..<place.environment.partitions).map { Lane(partition: Partition($0)) }
        let decided = try Self.decided(place)
        let taken = if let taken { taken } else { try Self.taken(place) }
        var spans: [(place: TopicPartition, from: Int64)] = []
        for lane in lanes {
            let index = Int(lane.partition.rawValue)
            for (topic, next) in zip(Self.inputs, decided[index]) {
                spans.append((place.partition(topic, lane.partition), next))
            }
            // What was counted is not read again.
            let next = taken[index].untaken == nil ? taken[index].next : .max
            spans.append((place.partition(.paymentCommands, lane.partition), next))
        }
        let waiting = try Self.count(spans, place.log)
        for index in lanes.indices {
            lanes[index].undecided = Array(waiting[(index * 4)..<(index * 4 + 3)])
            lanes[index].untaken = taken[index].untaken ?? waiting[index * 4 + 3]
            lanes[index].unpaid = taken[index].unpaid
        }
    }

    // MARK: How far the workers came

    /// The first offset of each input that is not decided, by partition.
    ///
    /// The inputs are merged by their append times. So where the last decisions are about other
    /// inputs only, what was appended up to them was decided before, and what came later was not.
    private static func decided(_ place: LogConnection) throws(Failure) -> [[Int64]] {
        let partitions = place.partitions(.decisions)
        let bounds = try ask(place.log, partitions)
        var next = partitions.map { _ in [Int64](repeating: 0, count: 3) }
        var last = partitions.map { _ in Int64?.none }
        var decoder = RecordDecoder()
        let starts = bounds.map { max($0.start.rawValue, $0.end.rawValue - tail) }
        try read(place.log, partitions, starts, bounds.map(\.end)) { (index, batch, record) in
            guard let found = try? decoder.decodeDecision(batch.value(record)),
                case .decision(let decision) = found.content
            else { return }
            let source = decision.source
            last[index] = max(last[index] ?? source.at.rawValue, source.at.rawValue)
            guard source.topic != .clock else { return }
            let input = Int(source.topic.rawValue)
            next[index][input] = max(next[index][input], source.offset.rawValue + 1)
        }
        // Those that the tail says nothing of.
        for (index, bounds) in bounds.enumerated() where starts[index] > bounds.start.rawValue {
            guard let last = last[index] else { continue }
            for input in 0..<3 where next[index][input] == 0 {
                next[index][input] = try first(
                    after: last, place.partition(inputs[input], Partition(Int64(index))),
                    place.log)
            }
        }
        return next
    }

    /// The first offset of a partition that was appended after a moment; its end where none was.
    private static func first(
        after moment: Int64, _ place: TopicPartition, _ log: any EventLog
    ) throws(Failure) -> Int64 {
        let bounds = try ask(log, [place])[0]
        var low = bounds.start.rawValue
        var high = bounds.end.rawValue
        while low < high {
            let middle = low + (high - low) / 2
            var found: (offset: Int64, at: Int64)?
            // One record is enough, and a read that was begun brings a few.
            try read(log, [place], [middle], [LogOffset(min(high, middle + 16))]) {
                (_, batch, record) in
                if found == nil {
                    found = (batch.offset(record).rawValue, batch.appendTime(record))
                }
            }
            if let found, found.at <= moment {
                low = max(found.offset, middle) + 1
            } else {
                high = middle
            }
        }
        return low
    }

    /// How far the payers came, by partition: off the whole journals, or, where they are long, off
    /// their ends.
    private static func taken(_ place: LogConnection) throws(Failure) -> [Taken] {
        let partitions = place.partitions(.paymentJournal)
        let bounds = try ask(place.log, partitions)
        let length = bounds.reduce(Int64(0)) { $0 + $1.end.rawValue - $1.start.rawValue }
        return try length <= journal
            ? whole(place.log, partitions, bounds) : ending(place.log, partitions, bounds)
    }

    private static func whole(
        _ log: any EventLog, _ partitions: [TopicPartition], _ bounds: [Bounds]
    ) throws(Failure) -> [Taken] {
        var found = partitions.map { _ in Taken() }
        var books = partitions.map { _ in PaymentBook(profile: ProviderProfile()) }
        var isWhole = partitions.map { _ in true }
        var decoder = RecordDecoder()
        try read(log, partitions, bounds.map(\.start.rawValue), bounds.map(\.end)) {
            (index, batch, record) in
            guard let entry = try? decoder.decodeJournal(batch.value(record)).entry else {
                isWhole[index] = false
                return
            }
            found[index].note(entry)
            guard isWhole[index] else { return }
            isWhole[index] = (try? books[index].apply(entry)) != nil
        }
        for index in found.indices where isWhole[index] {
            found[index].unpaid = books[index].unpaid
        }
        return found
    }

    private static func ending(
        _ log: any EventLog, _ partitions: [TopicPartition], _ bounds: [Bounds]
    ) throws(Failure) -> [Taken] {
        var found = partitions.map { _ in Taken() }
        var decoder = RecordDecoder()
        var ends = bounds.map(\.end.rawValue)
        var width = tail
        // Backwards, ever further, until each says where its payer stands.
        while zip(ends, bounds).contains(where: { $0 > $1.start.rawValue }) {
            let starts = zip(ends, bounds).map { max($1.start.rawValue, $0 - width) }
            try read(log, partitions, starts, ends.map { LogOffset($0) }) {
                (index, batch, record) in
                guard let taken = try? decoder.decodeJournal(batch.value(record)) else { return }
                found[index].note(taken.entry)
            }
            for index in ends.indices {
                ends[index] = found[index].next > 0 ? bounds[index].start.rawValue : starts[index]
            }
            width *= 8
        }
        return found
    }

    // MARK: What waits

    /// What there is of each partition from an offset on.
    private static func count(
        _ spans: [(place: TopicPartition, from: Int64)], _ log: any EventLog
    ) throws(Failure) -> [Waiting] {
        let bounds = try ask(log, spans.map(\.place))
        var found = spans.map { _ in Waiting() }
        let open = spans.indices.filter { spans[$0].from < bounds[$0].end.rawValue }
        guard !open.isEmpty else { return found }
        let starts = open.map { max(spans[$0].from, bounds[$0].start.rawValue) }
        let ends = zip(open, starts).map { min(bounds[$0].end.rawValue, $1 + counted) }
        try read(log, open.map { spans[$0].place }, starts, ends.map { LogOffset($0) }) {
            (index, batch, record) in
            let span = open[index]
            found[span].count += 1
            if found[span].since == nil {
                found[span].since = Timestamp(rawValue: batch.appendTime(record))
            }
        }
        for (index, span) in open.enumerated() where ends[index] < bounds[span].end.rawValue {
            found[span].count += bounds[span].end.rawValue - ends[index]
            found[span].isAtMost = true
        }
        return found
    }

    // MARK: Reading

    private static func ask(
        _ log: any EventLog, _ places: [TopicPartition]
    ) throws(Failure) -> [Bounds] {
        try logged { () throws(LogError) in try log.bounds(of: places, .committed) }
    }

    private static func read(
        _ log: any EventLog, _ places: [TopicPartition], _ starts: [Int64], _ ends: [LogOffset],
        _ body: (_ input: Int, _ batch: borrowing RecordBatch, _ index: Int) -> Void
    ) throws(Failure) {
        let open = places.indices.filter { starts[$0] < ends[$0].rawValue }
        guard !open.isEmpty else { return }
        var follow = try Follow(
            log, open.map { ReadStart(places[$0], from: LogOffset(starts[$0])) })
        let isWhole = try follow.read(upTo: open.map { ends[$0] }) {
            (input, batch, index) throws(Failure) in body(open[input], batch, index)
        }
        guard isWhole else { throw Failure(.incomplete, "interrupted before all was read") }
    }
}

extension PaymentBook {
    /// Commands taken up that have no final answer.
    package var unpaid: Int { payments.count { !$0.state.isFinal } }
}

extension Backlog.Taken {
    fileprivate mutating func note(_ entry: JournalEntry) {
        guard let source = entry.source else { return }
        next = max(next, source.offset.rawValue + 1)
    }
}

extension JournalEntry {
    /// Where the order stands that it takes up.
    fileprivate var source: CommandSource? {
        switch self {
        case .intent(let entry): entry.source
        case .recalled(let entry): entry.source
        case .conflict(let entry): entry.source
        case .recallNoted(let entry): entry.source
        case .invalid(let entry): entry.source
        case .epoch, .sending, .outcome, .lookup, .parked, .admitted, .waiting, .channel,
            .redrafted, .rebuilt, .lost, .proposed, .agreed, .resolved, .unresolved, .statement,
            .proven, .brake:
            nil
        }
    }
}
