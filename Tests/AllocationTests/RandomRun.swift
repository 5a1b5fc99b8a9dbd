import Allocation
import LedgerLanguage
import SeededNumbers
import Vocabulary

/// An offering whose terms and records follow from a seed.
///
/// Accounts, ids and numbers are few, so that repeats, conflicts, contradictions, cuts, promotions
/// and late money all come about.
struct RandomRun {
    let seed: UInt64
    let terms: OfferingTerms
    private var random: SeededGenerator
    private let lot: Int64
    /// Of so many records one closes or cancels the offering; they differ from run to run, since
    /// what comes after the end is another world.
    private let recordsPerEnd: Int

    static let accounts = 12
    static let price: Int64 = 3

    init(seed: UInt64) {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        lot = Int64.random(in: 1...3, using: &random)
        terms = Self.terms(lot: lot, &random)
        recordsPerEnd = [20, 100, 300, 2_000].randomElement(using: &random)!
    }

    private static func terms(lot: Int64, _ random: inout SeededGenerator) -> OfferingTerms {
        // Where there is enough for all, money that comes late finds free shares.
        let lots = Int64.random(
            in: [1...6, 1...20, 60...400].randomElement(using: &random)!, using: &random)
        // The naive book knows neither the clock nor whom the money goes to.
        var drawn = AnyTerms(without: [.payee, .distributions])
        drawn.accounts = accounts
        return drawn.draw(lots: lots, of: lot, price: MinorUnits(price), &random)
    }

    /// What comes next after `naive` has heard `step` records.
    mutating func next(_ step: Int, after naive: NaiveBook) -> InputRecord {
        let isOver = !naive.sells
        switch Int.random(in: 0..<100, using: &random) {
        case _ where Int.random(in: 0..<recordsPerEnd, using: &random) == 0: return end(step)
        case 0..<2: return command(step, .pause)
        case 2..<6: return command(step, .resume)
        case 6..<10: return repayment(step, naive)
        case 10..<20: return cancellation(step, naive)
        // Nobody bids any more, but for a few.
        case 20..<(isOver ? 25 : 60): return bid(step)
        default: return result(step, naive)
        }
    }

    // MARK: Each kind of record

    private static func account(_ random: inout SeededGenerator) -> Identifier {
        Identifier(parsing: "a\(Int.random(in: 0..<accounts, using: &random))")!
    }

    private mutating func isOnce(in times: Int) -> Bool {
        Int.random(in: 0..<times, using: &random) == 0
    }

    /// Names are mostly new, and now and then one that may have been used.
    private mutating func name(_ letter: String, _ step: Int) -> Identifier {
        let number = isOnce(in: 8) ? Int.random(in: 0...step, using: &random) : step
        return Identifier(parsing: "\(letter)\(number)")!
    }

    private mutating func bid(_ step: Int) -> InputRecord {
        let odd: Int64 = isOnce(in: 12) ? 1 : 0
        return .bid(
            Bid(
                bid: name("b", step), offering: Ledger.offering, account: Self.account(&random),
                shares: Shares(lot * Int64.random(in: 0...9, using: &random) + odd),
                allOrNone: isOnce(in: 4)))
    }

    /// The backstop's bid has an id that no record can name as a bid.
    private mutating func cancellation(_ step: Int, _ naive: NaiveBook) -> InputRecord {
        let known = naive.entries.randomElement(using: &random)?.bid
        let isKnown = known != nil && known?.bid != .backstop && !isOnce(in: 12)
        let isOwn = !isOnce(in: 6)
        return .cancellation(
            BidCancellation(
                bid: isKnown ? known!.bid : name("b", step), offering: Ledger.offering,
                account: isKnown && isOwn ? known!.account : Self.account(&random)))
    }

    private mutating func command(
        _ step: Int, _ action: OfferingCommand.Action
    ) -> InputRecord {
        let id = isOnce(in: 30) ? Comparison.opening : name("c", step)
        return .command(
            OfferingCommand(command: id, offering: Ledger.offering, action: action))
    }

    private mutating func end(_ step: Int) -> InputRecord {
        if !isOnce(in: 3) { return command(step, .close) }
        return command(step, .cancel(reason: isOnce(in: 2) ? "why" : nil))
    }

    /// Mostly of a refund, named by its obligation or by one of its commands.
    private mutating func repayment(_ step: Int, _ naive: NaiveBook) -> InputRecord {
        guard let index = naive.refunds.indices.randomElement(using: &random), !isOnce(in: 10)
        else {
            let bid = name("b", step)
            let number = Int32.random(in: 0...1, using: &random)
            let payment = PaymentID(offering: Ledger.offering, bid: bid, number: number)
            return command(step, .repay(payment: isOnce(in: 2) ? nil : payment))
        }
        let last = Int32(naive.refunds[index].commands.count)
        let k = isOnce(in: 2) ? last : Int32.random(in: 0...(last + 1), using: &random)
        return command(step, .repay(payment: naive.id(index, k)))
    }

    private mutating func result(_ step: Int, _ naive: NaiveBook) -> InputRecord {
        let refund = naive.refunds.indices.randomElement(using: &random)
        if let refund, Bool.random(using: &random) {
            let last = Int32(naive.refunds[refund].commands.count)
            let k = isOnce(in: 2) ? last : Int32.random(in: 1...(last + 1), using: &random)
            return result(
                of: naive.id(refund, k),
                account: naive.entries[naive.refunds[refund].entry].bid.account,
                shares: naive.refunds[refund].shares)
        }
        guard let entry = naive.entries.randomElement(using: &random) else { return bid(step) }
        let number = Int.random(in: 1...max(1, entry.parts.count), using: &random)
        return result(
            of: PaymentID(offering: Ledger.offering, bid: entry.bid.bid, number: Int32(number)),
            account: entry.bid.account,
            shares: entry.parts.isEmpty ? 1 : entry.parts[number - 1].commanded)
    }

    private static let kinds: [PaymentResult.Kind] = [
        .paid, .paid, .paid, .declined, .declined, .declined, .recalled, .failedByPerson,
        .inDoubt, .conflict, .returned,
    ]

    private mutating func result(
        of payment: PaymentID, account: Identifier, shares: Int64
    ) -> InputRecord {
        let kind = Self.kinds.randomElement(using: &random)!
        let wrong: Int64 = isOnce(in: 20) ? 1 : 0
        let brings = kind == .paid || isOnce(in: 2)
        return .paymentResult(
            PaymentResult(
                kind: kind, payment: payment, result: Int64.random(in: 1...5, using: &random),
                offering: Ledger.offering,
                account: isOnce(in: 30) ? Self.account(&random) : account,
                amount: brings ? MinorUnits(shares * Self.price + wrong) : nil,
                isProven: kind == .declined && isOnce(in: 3)))
    }
}

extension RandomRun {
    /// Tells `count` records to all books; answers the first difference, and hands each decision
    /// over.
    mutating func tell(
        _ count: Int, fault: NaiveBook.Fault? = nil, decided: (Decision) -> Void = { _ in }
    ) throws -> Difference? {
        var comparison = try Comparison(terms, fault: fault)
        var records: [InputRecord] = []
        for step in 0..<count {
            records.append(next(step, after: comparison.naive))
            guard (try? comparison.agree(on: records[step])) ?? false else {
                return Difference(seed: seed, terms: terms, fault: fault, records: records)
            }
            comparison.group.decisions.forEach(decided)
        }
        return nil
    }
}
