import Testing

import Allocation
import LedgerLanguage
import SeededNumbers
import Vocabulary

/// Many bids, many parts and many who leave: the tables grow, the waitlist is compacted, and
/// nothing is lost.
@Suite struct ScaleTests {
    func id(_ letter: String, _ number: Int) -> Identifier {
        Identifier(parsing: "\(letter)\(number)")!
    }

    /// More ids than several chunks and segments hold, of every length, told apart at their ends.
    @Test func manyIds() throws {
        let count = 60_000
        var comparison = Rebuilding(shares: 20_000, waitlist: 20_000)
        func name(_ number: Int) -> Identifier {
            let digits = String(number)
            let missing = max(0, number % Identifier.largestCount + 1 - digits.count)
            return Identifier(parsing: String(repeating: "x", count: missing) + digits)!
        }
        func bid(_ number: Int) -> InputRecord {
            .bid(
                Bid(
                    bid: name(number), offering: Ledger.offering, account: name(number / 2),
                    shares: 1))
        }
        for number in 0..<count { try comparison.tell(bid(number)) }
        for number in 0..<count {
            let told = try comparison.tell(bid(number))
            guard case .repeated(.bid(let id, _, let of, let was, let reason, _)) = told[0].event
            else {
                Issue.record("bid \(number) is not known any more: \(describe(told[0]))")
                return
            }
            // opened is the first decision, and fullyReserved follows the bid that takes the last.
            #expect(id == name(number))
            #expect(of == DecisionNumber(number + 2 + (number >= 20_000 ? 1 : 0)))
            let fate: DecisionType =
                number < 20_000 ? .reserved : number < 40_000 ? .waitlisted : .rejected
            #expect(was == fate)
            #expect(reason == (number < 40_000 ? nil : .waitlistFull))
        }
        try comparison.check()
        let overview = try #require(comparison.book.overview(of: Ledger.offering))
        #expect(overview.bids == 40_000)
        #expect(overview.accounts == 20_000)
    }

    /// One bid that is served share by share has as many parts, and each is found by its number.
    @Test func manyPartsOfOneBid() throws {
        let count = 5_000
        var comparison = Rebuilding(shares: count, waitlist: count)
        for number in 0..<count { try comparison.bid(id("s", number), 1) }
        try comparison.bid("large", Int64(count))
        for number in 0..<count {
            let told = try comparison.result(.declined, id("s", number), 1)
            #expect(told.map(\.event.type) == [.released, .promoted])
        }
        // In an order that has nothing to do with theirs.
        for step in 0..<count {
            let number = Int32(step * 1_999 % count + 1)
            let told = try comparison.result(.paid, "large", number, amount: 1)
            guard case .bid(.settled(let part)) = told[0].event else {
                Issue.record("part \(number) is not known any more: \(describe(told[0]))")
                return
            }
            #expect(part.number == number)
        }
        try comparison.check()
        #expect(comparison.book.overview(of: Ledger.offering)?.state == .filled)
    }

    /// Waiters leave from the front, from the middle and by expiry, more than a list keeps slots
    /// for; the order of those who stay is that of their arrival.
    @Test func manyWhoLeave() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        var comparison = Rebuilding(shares: 500, waitlist: 1_000_000)
        for number in 0..<500 { try comparison.bid(id("s", number), 1) }
        var (singles, wholes): ([Identifier], [Identifier]) = ([], [])
        for number in 0..<20_000 {
            let whole = Int.random(in: 0..<3, using: &random) == 0
            // Nobody who takes all or nothing ever fits, as one share is free at a time.
            try comparison.bid(id("w", number), whole ? 2 : 1, whole: whole)
            if whole { wholes.append(id("w", number)) } else { singles.append(id("w", number)) }
        }
        #expect(comparison.waiting == (0..<20_000).map { id("w", $0) })
        // From the middle: nine of ten take their bids back.
        for (index, bid) in wholes.enumerated() where index % 10 != 0 {
            #expect(try comparison.cancel(bid).map(\.event.type) == [.cancelled])
        }
        wholes = wholes.enumerated().filter { $0.offset % 10 == 0 }.map(\.element)
        var reserved = (0..<500).map { id("s", $0) }
        for single in singles {
            let index = Int.random(in: 0..<reserved.count, using: &random)
            let told = try comparison.result(.declined, reserved[index], 1)
            guard case .bid(.promoted(let promotion)) = told.last?.event else {
                Issue.record("seed \(seed): nobody was promoted")
                return
            }
            #expect(promotion.bid == single, "seed \(seed)")
            reserved[index] = promotion.bid
        }
        #expect(comparison.waiting == wholes, "seed \(seed)")
        try comparison.check()
        // Two free shares serve those who take all or nothing, from the front.
        for first in wholes.prefix(200) {
            _ = try comparison.result(.declined, reserved.removeLast(), 1)
            let told = try comparison.result(.declined, reserved.removeLast(), 1)
            guard case .bid(.promoted(let promotion)) = told[1].event else {
                Issue.record("seed \(seed): nobody was promoted")
                return
            }
            #expect(promotion.bid == first, "seed \(seed)")
        }
        // All is paid, and the others expire.
        for bid in reserved { _ = try comparison.result(.paid, bid, 1, amount: 1) }
        var last: [Decision] = []
        for bid in wholes.prefix(200) {
            last = try comparison.result(.paid, bid, 1, amount: 2)
        }
        let expired = last.compactMap {
            if case .bid(.expired(let part)) = $0.event { part.bid } else { nil }
        }
        #expect(expired == Array(wholes.dropFirst(200)), "seed \(seed)")
        #expect(comparison.waiting == [])
        try comparison.check()
    }
}

/// A book and the one rebuilt from its decisions, compared when asked.
struct Rebuilding {
    private(set) var book = PartitionBook(partition: 0)
    private var rebuilt = PartitionBook(partition: 0)
    private var group = DecisionGroup()

    init(shares: Int, waitlist: Int) {
        var terms = OfferingTerms(
            shares: Shares(shares), price: 1, currency: CurrencyCode("XXX")!)
        terms.waitlistShares = Shares(waitlist)
        let open = OfferingCommand(command: "c", offering: Ledger.offering, action: .open(terms))
        do { try tell(.command(open)) } catch { preconditionFailure("\(error)") }
    }

    @discardableResult
    mutating func tell(_ record: InputRecord) throws -> [Decision] {
        group.removeAll()
        let source = Source(topic: .bids, partition: 0, offset: 0, at: 0)
        let progress = try book.decide(.record(record), from: source, into: &group, limit: 100_000)
        #expect(progress == .complete)
        for decision in group.decisions { try rebuilt.restore(decision) }
        return group.decisions
    }

    @discardableResult
    mutating func bid(
        _ bid: Identifier, _ shares: Int64, whole: Bool = false
    ) throws -> [Decision] {
        try tell(
            .bid(
                Bid(
                    bid: bid, offering: Ledger.offering, account: bid, shares: Shares(shares),
                    allOrNone: whole)))
    }

    mutating func result(
        _ kind: PaymentResult.Kind, _ bid: Identifier, _ number: Int32, amount: MinorUnits? = nil
    ) throws -> [Decision] {
        try tell(
            .paymentResult(
                PaymentResult(
                    kind: kind,
                    payment: PaymentID(offering: Ledger.offering, bid: bid, number: number),
                    result: 1, offering: Ledger.offering, account: bid, amount: amount)))
    }

    mutating func cancel(_ bid: Identifier) throws -> [Decision] {
        try tell(
            .cancellation(
                BidCancellation(bid: bid, offering: Ledger.offering, account: bid)))
    }

    /// Who waits, in order.
    var waiting: [Identifier] { book.waitlist(of: Ledger.offering)!.map(\.bid) }

    func check() throws {
        try book.checkInvariants()
        #expect(rebuilt == book)
    }
}
