import Testing

import Allocation
import LedgerLanguage
import Vocabulary

/// A book, the book rebuilt from its decisions, and the naive one, told the same.
struct Comparison {
    var book = PartitionBook(partition: 3)
    var rebuilt = PartitionBook(partition: 3)
    var naive: NaiveBook
    var group = DecisionGroup()
    /// Records come a second apart.
    private var source: Source {
        Source(topic: .bids, partition: 3, offset: 0, at: Timestamp(1_000 * naive.told))
    }
    static let opening: Identifier = "c"

    /// With a `fault` the naive book is wrong in that one thing.
    init(_ terms: OfferingTerms, fault: NaiveBook.Fault? = nil) throws {
        naive = NaiveBook(terms: terms, fault: fault)
        let open = OfferingCommand(
            command: Self.opening, offering: Ledger.offering, action: .open(terms))
        _ = try book.decide(.record(.command(open)), from: source, into: &group, limit: 2)
        try rebuilt.restore(group.decisions[0])
        naive.sequence = book.sequence
    }

    /// Whether all three agree on `record`: the decisions and commands whole, and the book with
    /// its rebuilt copy.
    mutating func agree(on record: InputRecord, comparingBooks: Bool = true) throws -> Bool {
        group.removeAll()
        naive.tell(record)
        var progress = try book.decide(.record(record), from: source, into: &group, limit: 3)
        while progress == .more { progress = try book.resume(into: &group, limit: 1) }
        for decision in group.decisions { try rebuilt.restore(decision) }
        guard group.decisions.count == naive.answers.count, group.payments == naive.payments,
            group.recalls == naive.recalls
        else { return false }
        for (decision, answer) in zip(group.decisions, naive.answers) {
            guard decision.event == answer.event, decision.counters == answer.counters else {
                return false
            }
        }
        guard comparingBooks else { return true }
        try book.checkInvariants()
        return rebuilt == book
    }

    /// What went wrong, for a person.
    var difference: String {
        """
        book:  \(group.decisions.map(describe)) \(group.payments.map(describe))
        naive: \(naive.answers.map { describe($0.event) }) \(naive.payments.map(describe))
        the rebuilt book is \(rebuilt == book ? "equal" : "another")
        """
    }
}

/// Every sequence of records over small domains, against the naive book.
@Suite struct ModelTests {
    /// Follows `records` in every order with repetition, `depth` records long.
    func exhaust(
        _ records: [InputRecord], depth: Int, from comparison: Comparison, path: [Int],
        visited: inout Int
    ) throws {
        for (index, record) in records.enumerated() {
            var next = comparison
            visited += 1
            guard try next.agree(on: record) else {
                let told = (path + [index]).map { "\(records[$0])" }.joined(separator: "\n")
                Issue.record("after\n\(told)\n\(next.difference)")
                return
            }
            if depth > 1 {
                try exhaust(
                    records, depth: depth - 1, from: next, path: path + [index], visited: &visited)
            }
        }
    }

    func exhaust(_ lines: [String], depth: Int, terms: String) throws -> Int {
        let words = terms.split(separator: " ").map(String.init)
        let comparison = try Comparison(parseTerms(words[...]))
        var visited = 0
        try exhaust(lines.map(parse), depth: depth, from: comparison, path: [], visited: &visited)
        return visited
    }

    @Test(arguments: [
        "shares 4 price 2 waitlist 3", "shares 3 price 1 cap 2 waitlist 2",
        "shares 2 price 1 waitlist 9", "shares 4 price 2 waitlist 5 skip",
        "shares 4 price 2 waitlist 5 hold", "shares 3 price 1 cap 2 waitlist 3 hold",
        "shares 4 price 1 waitlist 4 bids 1 skip",
    ])
    func everySequenceOfFiveRecords(_ terms: String) throws {
        let visited = try exhaust(
            [
                "bid b1 a1 1", "bid b1 a1 2", "bid b2 a1 2", "bid b2 a2 2 whole", "bid b2 a2 3",
                "bid b3 a3 1", "bid b3 a3 3 whole", "bid b3 a1 4",
                "paid b1/1 #1 a1 2", "paid b1/1 #1 a1 1", "declined b1/1 #2 a1",
                "inDoubt b1/1 #1 a1", "paid b2/1 #1 a2 2", "declined b2/1 #1 a2",
                "declined b2/2 #1 a2", "paid b3/1 #1 a3 1",
            ], depth: 5, terms: terms)
        #expect(visited == 16 + 256 + 4_096 + 65_536 + 1_048_576)
    }

    @Test(arguments: [
        "shares 2 price 1 waitlist 4", "shares 4 price 1 lot 2 min 2 cap 4 waitlist 3",
        "shares 4 price 1 waitlist 8 hold", "shares 4 price 1 waitlist 8 skip bids 1",
    ])
    func everySequenceOfSixRecords(_ terms: String) throws {
        let visited = try exhaust(
            [
                "bid b1 a1 2", "bid b2 a2 4", "bid b3 a3 2 whole", "paid b1/1 #2 a1 2",
                "declined b1/1 #1 a1", "declined b2/1 #1 a2", "paid b2/1 #1 a2 2",
                "paid b2/2 #1 a2 2", "paid b3/1 #1 a3 2",
            ], depth: 6, terms: terms)
        #expect(visited == 9 + 81 + 729 + 6_561 + 59_049 + 531_441)
    }

    /// Bids taken back, in every order with what else can happen to them.
    @Test(arguments: [
        "shares 2 price 1 waitlist 4", "shares 3 price 1 waitlist 4 hold",
        "shares 3 price 1 waitlist 4 skip",
    ])
    func everySequenceWithCancellations(_ terms: String) throws {
        let visited = try exhaust(
            [
                "bid b1 a1 2", "bid b2 a2 3", "bid b3 a3 2 whole", "cancel b1 a1", "cancel b2 a2",
                "cancel b2 a1", "cancel b3 a3", "paid b1/1 #1 a1 2", "recalled b1/1 #2 a1",
                "recalled b2/1 #1 a2", "declined b3/1 #1 a3",
            ], depth: 5, terms: terms)
        #expect(visited == 11 + 121 + 1_331 + 14_641 + 161_051)
    }

    /// A pause at any moment, under ids that come again.
    @Test(arguments: ["shares 2 price 1 waitlist 4"])
    func everySequenceWithPauses(_ terms: String) throws {
        let visited = try exhaust(
            [
                "pause c1", "pause c2", "resume c1", "resume c3", "bid b1 a1 2", "bid b2 a2 1",
                "paid b1/1 #1 a1 2", "declined b1/1 #1 a1", "cancel b2 a2",
            ], depth: 5, terms: terms)
        #expect(visited == 9 + 81 + 729 + 6_561 + 59_049)
    }
}
