import Testing

import Allocation
import Vocabulary

/// A book, the book rebuilt from its decisions, and the naive one, told the same.
struct Comparison {
    var book = PartitionBook(partition: 3)
    var rebuilt = PartitionBook(partition: 3)
    var naive: NaiveBook
    var group = DecisionGroup()
    let source = Source(topic: .bids, partition: 3, offset: 0, at: 0)
    static let opening: Identifier = "c"

    init(_ terms: OfferingTerms) throws {
        naive = NaiveBook(terms: terms)
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
        var progress = try book.decide(.record(record), from: source, into: &group, limit: 3)
        while progress == .more { progress = try book.resume(into: &group, limit: 1) }
        naive.tell(record)
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

/// Every sequence of records over small domains, and long random ones, against the naive book.
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

    /// Bids and results at random over few ids, so that repeats, conflicts, contradictions, cuts
    /// and promotions all come about.
    @Test(arguments: 0..<40)
    func randomRecords(_ run: Int) throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(state: seed)
        let lot = Int64.random(in: 1...3, using: &random)
        var terms = OfferingTerms(
            shares: Shares(lot * Int64.random(in: 1...20, using: &random)), price: 3,
            currency: CurrencyCode("XXX")!)
        terms.lot = Shares(lot)
        terms.waitlistShares = Shares(Int64.random(in: 0...60, using: &random))
        if Bool.random(using: &random) {
            let most = terms.shares.rawValue / lot
            terms.maxSharesPerAccount = Shares(lot * Int64.random(in: 1...most, using: &random))
        }
        terms.remainder = RemainderRule.allCases.randomElement(using: &random)
        if Int.random(in: 0..<3, using: &random) == 0 {
            terms.maxBidsPerAccount = Int64.random(in: 1...6, using: &random)
        }
        var comparison = try Comparison(terms)
        for step in 0..<400 {
            let record = anyRecord(step, lot, comparison.naive, &random)
            guard try comparison.agree(on: record) else {
                Issue.record("seed \(seed), step \(step): \(record)\n\(comparison.difference)")
                return
            }
        }
    }

    private func anyRecord(
        _ step: Int, _ lot: Int64, _ naive: NaiveBook, _ random: inout SeededGenerator
    ) -> InputRecord {
        if Int.random(in: 0..<8, using: &random) == 0, step > 0 {
            let known = naive.entries.randomElement(using: &random)
            let name = "b\(Int.random(in: 0...step, using: &random))"
            let account = "a\(Int.random(in: 0..<12, using: &random))"
            let isOwn = Int.random(in: 0..<4, using: &random) > 0
            return .cancellation(
                BidCancellation(
                    bid: known?.bid.bid ?? Identifier(parsing: name)!, offering: Ledger.offering,
                    account: isOwn
                        ? known?.bid.account ?? "a1" : Identifier(parsing: account)!))
        }
        if Int.random(in: 0..<10, using: &random) < 6 || naive.entries.isEmpty {
            let isNew = Int.random(in: 0..<8, using: &random) > 0 || step == 0
            let name = isNew ? step : Int.random(in: 0..<step, using: &random)
            let odd = Int.random(in: 0..<12, using: &random) == 0
            return .bid(
                Bid(
                    bid: Identifier(parsing: "b\(name)")!, offering: Ledger.offering,
                    account: Identifier(parsing: "a\(Int.random(in: 0..<12, using: &random))")!,
                    shares: Shares(lot * Int64.random(in: 0...9, using: &random) + (odd ? 1 : 0)),
                    allOrNone: Int.random(in: 0..<4, using: &random) == 0))
        }
        let kinds: [PaymentResult.Kind] = [
            .paid, .paid, .declined, .declined, .declined, .recalled, .failedByPerson, .inDoubt,
            .conflict,
        ]
        let entry = naive.entries.randomElement(using: &random)!
        let number = Int.random(in: 1...max(1, entry.parts.count), using: &random)
        let shares = entry.parts.isEmpty ? 1 : entry.parts[number - 1].shares
        let wrong = Int.random(in: 0..<20, using: &random) == 0
        return .paymentResult(
            PaymentResult(
                kind: kinds.randomElement(using: &random)!,
                payment: PaymentID(
                    offering: Ledger.offering, bid: entry.bid.bid, number: Int32(number)),
                result: Int64.random(in: 1...3, using: &random), offering: Ledger.offering,
                account: entry.bid.account, amount: MinorUnits(shares * 3 + (wrong ? 1 : 0))))
    }
}

/// Numbers that the same seed brings again (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
