import Allocation
import SeededNumbers
import Vocabulary

/// The decisions of an offering whose terms and records follow from a seed, made by the real rules.
///
/// Accounts and shares are few, so that cuts, refusals, promotions and late money all come about.
struct RandomBook {
    static let offering: Identifier = "loan"
    let terms: OfferingTerms
    private(set) var decisions: [Decision] = []
    /// The ids of all bids that came.
    private(set) var bids: [Identifier] = []
    private var dice: SeededGenerator
    private var book = PartitionBook(partition: 0)
    private var commands: [PaymentCommand] = []
    private var results: [PaymentID: Int64] = [:]
    private var offsets: [InputTopic: Int64] = [:]
    private var at: Int64 = 1_000

    init(seed: UInt64) throws {
        dice = SeededGenerator(seed: seed)
        var terms = Self.terms(&dice)
        if seed % 7 == 0 { terms.maxAccounts = 1 + Int64(seed / 7 % 4) }
        self.terms = terms
        try decide(.bid(bid(0)))
        try decide(
            .command(
                OfferingCommand(
                    command: "open", offering: Self.offering, action: .open(terms))))
        let records = Int.random(in: 10...60, using: &dice)
        for step in 1...records { try decide(next(step)) }
    }

    private static func terms(_ dice: inout SeededGenerator) -> OfferingTerms {
        let lot = Int64.random(in: 1...3, using: &dice)
        let lots = Int64.random(in: 2...9, using: &dice)
        var terms = OfferingTerms(
            shares: Shares(lot * lots), price: 2, currency: CurrencyCode("CNY")!)
        terms.lot = Shares(lot)
        terms.remainder = RemainderRule.allCases.randomElement(using: &dice)!
        terms.waitlistShares = Shares(Int64.random(in: 0...(lot * lots + 1), using: &dice))
        terms.minimumShares = Shares(Int64.random(in: 0...(lot * lots), using: &dice))
        if Int.random(in: 0..<3, using: &dice) > 0 {
            terms.maxSharesPerAccount = Shares(lot * Int64.random(in: 1...lots, using: &dice))
        }
        if Int.random(in: 0..<4, using: &dice) == 0 {
            terms.maxBidsPerAccount = Int64.random(in: 1...4, using: &dice)
        }
        if Int.random(in: 0..<4, using: &dice) == 0 {
            terms.bidsPerMinutePerAccount = Int64.random(in: 1...4, using: &dice)
        }
        if Bool.random(using: &dice) {
            terms.backstop = Backstop(
                account: "a0", maxShares: Shares(Int64.random(in: 1...(lot * lots), using: &dice)))
        }
        return terms
    }

    private mutating func decide(_ record: InputRecord) throws {
        at += Int64.random(in: 0...9, using: &dice) == 0 ? 70_000 : 3
        let topic = Words.topic(of: record)
        let offset = offsets[topic, default: 0]
        offsets[topic] = offset + 1
        if case .bid(let bid) = record, !bids.contains(bid.bid) { bids.append(bid.bid) }
        var group = DecisionGroup()
        _ = try book.decide(
            .record(record),
            from: Source(
                topic: topic, partition: 0, offset: Offset(offset), at: Timestamp(at)),
            into: &group, limit: 10_000)
        decisions += group.decisions
        commands += group.payments
    }

    private mutating func account() -> Identifier {
        Identifier(parsing: "a\(Int.random(in: 0..<4, using: &dice))")!
    }

    private mutating func bid(_ step: Int) -> Bid {
        // Now and then an id that came before.
        let isAgain = step > 0 && Int.random(in: 0..<8, using: &dice) == 0
        let number = isAgain ? Int.random(in: 0...step, using: &dice) : step
        let lot = terms.lot!.rawValue
        let odd: Int64 = Int.random(in: 0..<12, using: &dice) == 0 ? 1 : 0
        return Bid(
            bid: Identifier(parsing: "b\(number)")!, offering: Self.offering, account: account(),
            shares: Shares(lot * Int64.random(in: 0...6, using: &dice) + odd),
            allOrNone: Int.random(in: 0..<3, using: &dice) == 0)
    }

    private mutating func next(_ step: Int) -> InputRecord {
        func command(_ action: OfferingCommand.Action) -> InputRecord {
            .command(
                OfferingCommand(
                    command: Identifier(parsing: "c\(step)")!, offering: Self.offering,
                    action: action))
        }
        switch Int.random(in: 0..<100, using: &dice) {
        case 0: return command(.pause)
        case 1..<4: return command(.resume)
        case 4..<6: return command(.close)
        case 6: return command(.cancel(reason: nil))
        case 7..<17:
            let bid = decisions.compactMap(Self.accepted).randomElement(using: &dice)
            guard let bid, bid.bid != .backstop else { return .bid(self.bid(step)) }
            let isOwn = Int.random(in: 0..<5, using: &dice) > 0
            return .cancellation(
                BidCancellation(
                    bid: bid.bid, offering: Self.offering,
                    account: isOwn ? bid.account : account()))
        case 17..<55: return result() ?? .bid(bid(step))
        default: return .bid(bid(step))
        }
    }

    private static func accepted(_ decision: Decision) -> Placement? {
        switch decision.event {
        case .bid(.reserved(let placement)), .bid(.waitlisted(let placement)): placement
        default: nil
        }
    }

    private mutating func result() -> InputRecord? {
        guard let command = commands.randomElement(using: &dice) else { return nil }
        let kinds: [PaymentResult.Kind] = [
            .paid, .paid, .paid, .declined, .declined, .conflict, .inDoubt, .recalled,
            .failedByPerson, .returned,
        ]
        let kind = kinds.randomElement(using: &dice)!
        let isAgain = Int.random(in: 0..<10, using: &dice) == 0
        results[command.id, default: 0] += isAgain ? 0 : 1
        let brings = kind == .paid || kind == .conflict || kind == .returned
        let amount = Int.random(in: 0..<20, using: &dice) == 0 ? 1 : command.amount
        return .paymentResult(
            PaymentResult(
                kind: kind, payment: command.id, result: max(1, results[command.id]!),
                offering: Self.offering, account: command.account, amount: brings ? amount : nil))
    }
}
