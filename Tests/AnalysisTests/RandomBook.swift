import Allocation
import LedgerLanguage
import SeededNumbers
import Vocabulary

/// The decisions of an offering whose terms and records follow from a seed, made by the real rules.
///
/// Accounts and shares are few, so that cuts, refusals, promotions and late money all come about.
struct RandomBook {
    static let offering = ledgerOffering
    let terms: OfferingTerms
    /// The ids of all bids that came.
    private(set) var bids: [Identifier] = []
    private var dice: SeededGenerator
    private var told = ToldBook(PartitionBook(partition: 0), limit: 10_000)
    private var results: [PaymentID: Int64] = [:]
    private var at: Int64 = 1_000

    var decisions: [Decision] { told.decisions }

    init(seed: UInt64) throws {
        dice = SeededGenerator(seed: seed)
        let lot = Int64.random(in: 1...3, using: &dice)
        let lots = Int64.random(in: 2...9, using: &dice)
        // What it is told of is bids: not the clock, and not whom the money goes to.
        var drawn = AnyTerms(without: [.payee, .distributions])
        drawn.mostWaiting = lot * lots + 1
        terms = drawn.draw(lots: lots, of: lot, &dice)
        try decide(.bid(bid(0)))
        try decide(
            .command(
                OfferingCommand(
                    command: "open", offering: Self.offering, action: .open(terms))))
        let records = Int.random(in: 10...60, using: &dice)
        for step in 1...records { try decide(next(step)) }
    }

    private mutating func decide(_ record: InputRecord) throws {
        at += Int64.random(in: 0...9, using: &dice) == 0 ? 70_000 : 3
        if case .bid(let bid) = record, !bids.contains(bid.bid) { bids.append(bid.bid) }
        try told.tell(record, at: Timestamp(at))
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
        guard let command = told.payments.randomElement(using: &dice) else { return nil }
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
