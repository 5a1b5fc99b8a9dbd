import Allocation
import Vocabulary

/// A book that is told inputs, each at the next offset of its topic, and all that it decides.
/// Deadlines are decided before the first bid at or past them (TheLog.md, Book time).
package struct ToldBook {
    package private(set) var book: PartitionBook
    package private(set) var decisions: [Decision] = []
    /// Those of commands that order payments again are among them.
    package private(set) var payments: [PaymentCommand] = []
    /// What the payers were told, in order.
    package private(set) var orders: [PaymentOrder] = []
    private var offsets: [Int64]
    private let gap: Int64
    private let limit: Int
    private var group = DecisionGroup()

    /// `gap` offsets stand before each record, as a log keeps some of them for itself; `limit` is
    /// how many decisions a call may make.
    package init(_ book: PartitionBook, gap: Int64 = 0, limit: Int = 1_000) {
        self.book = book
        self.gap = gap
        offsets = Array(repeating: gap, count: InputTopic.allCases.count)
        self.limit = limit
    }

    /// Where the next record of a topic will stand.
    package func nextOffset(of topic: InputTopic) -> Offset {
        Offset(offsets[Int(topic.rawValue)] + gap)
    }

    /// What the book decides about an input that was appended at this time.
    @discardableResult
    package mutating func tell(
        _ input: Input, on topic: InputTopic = .bids, at time: Timestamp
    ) throws -> ArraySlice<Decision> {
        let before = decisions.count
        let source = Source(
            topic: topic, partition: book.partition, offset: nextOffset(of: topic), at: time)
        offsets[Int(topic.rawValue)] = source.offset.rawValue + 1
        while topic == .bids, let deadline = book.nextDeadline, deadline <= book.time(of: source) {
            try decide(.deadline, from: book.source(ofDeadline: deadline))
        }
        try decide(input, from: source)
        return decisions[before...]
    }

    /// What it decides about a record, on the topic where such a record stands.
    @discardableResult
    package mutating func tell(
        _ record: InputRecord, at time: Timestamp
    ) throws -> ArraySlice<Decision> {
        try tell(.record(record), on: record.topic, at: time)
    }

    private mutating func decide(_ input: Input, from source: Source) throws {
        group.removeAll()
        var progress = try book.decide(input, from: source, into: &group, limit: limit)
        while progress == .more { progress = try book.resume(into: &group, limit: 1) }
        decisions += group.decisions
        payments += group.payments
        orders += group.payments.map { .payment($0) } + group.recalls.map { .recall($0) }
    }
}
