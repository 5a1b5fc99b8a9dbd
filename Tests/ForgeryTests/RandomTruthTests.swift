import Testing

import Allocation
import Audit
import LedgerLanguage
import SeededNumbers
import Vocabulary

/// Whatever comes in, nothing is found in what a book decides: the audit has rules of its own, and
/// both must agree.
@Suite struct RandomTruthTests {
    @Test(arguments: 0..<150)
    func nothingIsFound(_ run: Int) throws {
        let seed = UInt64.random(in: .min ... .max)
        let story = try Self.wholeStory(seed)
        let decisions = story.decisions
        let report = audit(sealed(lines(decisions)))
        #expect(
            report.totalFindings == 0,
            "seed \(seed): \(report.findings.map { "\($0.offset) \($0.code): \($0.sentence)" })")
        #expect(report.lastSequence == DecisionNumber(decisions.count))
        // What the payers were told is what the decisions ordered, all of it and once.
        let payments = paymentsAudit(decisions, orderRecords(story.orders))
        #expect(payments.findings.isEmpty, "seed \(seed): \(payments.findings)")
        #expect(payments.ordered == Int64(story.orders.count) && payments.verdict == .right)
    }

    @Test func manyOrdersOfEveryKindCameAbout() throws {
        let orders = try (0..<60).flatMap { try Self.wholeStory($0).orders }
        for kind in PaymentCommand.Kind.allCases {
            let count = orders.count {
                if case .payment(let command) = $0 { command.kind == kind } else { false }
            }
            #expect(count >= 5, "\(kind)")
        }
        #expect(orders.count { if case .recall = $0 { true } else { false } } >= 5)
    }

    /// The runs are not about a few types only.
    @Test func everyTypeComesAbout() throws {
        let types = try (0..<120).flatMap { try Self.story($0).map(\.event.type) }
        let counts = DecisionType.allCases.map { type in types.count { $0 == type } }
        #expect(counts.dropLast().allSatisfy { $0 >= 5 }, "\(counts)")
    }

    static func story(_ seed: UInt64) throws -> [Decision] { try wholeStory(seed).decisions }

    static func wholeStory(_ seed: UInt64) throws -> TrueHistory {
        var random = SeededGenerator(seed: seed)
        var story = TrueHistory()
        for offering in offerings { try story.openAny(offering, &random) }
        for step in 0..<200 { try story.tellAny(step, &random) }
        return story
    }

    static let offerings: [Identifier] = ["o0", "o1"]
}

extension TrueHistory {
    fileprivate mutating func openAny(
        _ offering: Identifier, _ random: inout SeededGenerator
    ) throws {
        let lot = Int64.random(in: 1...3, using: &random)
        let lots = Int64.random(in: 1...12, using: &random)
        var drawn = AnyTerms()
        drawn.mostWaiting = 20
        var terms = drawn.draw(lots: lots, of: lot, &random)
        if Bool.random(using: &random) {
            terms.closesAt = now + Milliseconds(Int64.random(in: 30...250, using: &random))
            if Bool.random(using: &random) {
                terms.opensAt = now + Milliseconds(Int64.random(in: 1...20, using: &random))
            }
        }
        try command(offering, .open(terms), of: offering)
    }

    fileprivate mutating func commandAny(
        _ offering: Identifier, _ random: inout SeededGenerator
    ) throws {
        let id = Identifier(parsing: "p\(Int.random(in: 0..<30, using: &random))")!
        let action: OfferingCommand.Action
        switch Int.random(in: 0..<24, using: &random) {
        case 0..<3: action = .pause
        case 3..<8: action = .resume
        case 8: action = .close
        case 9: action = .cancel(reason: Bool.random(using: &random) ? "so" : nil)
        case 10..<13:
            let later = Int64.random(in: 1...200, using: &random)
            action = .amend(closesAt: now + Milliseconds(later))
        case 13..<19:
            let payouts = payments(of: offering).filter { $0.id.kind != .collection }
            action = .repay(payment: payouts.randomElement(using: &random)?.id)
        default:
            action = .distribute(
                distribution: Bool.random(using: &random) ? "d1" : "d2",
                kind: DistributionKind.allCases.randomElement(using: &random)!,
                amount: MinorUnits(Int64.random(in: 0...12, using: &random)))
        }
        try command(id, action, of: offering)
    }

    /// Bids, some of them again, and answers to payments, right and wrong.
    fileprivate mutating func tellAny(_ step: Int, _ random: inout SeededGenerator) throws {
        let offering = RandomTruthTests.offerings.randomElement(using: &random)!
        let account = Identifier(parsing: "a\(Int.random(in: 0..<6, using: &random))")!
        if Int.random(in: 0..<40, using: &random) == 0 {
            let id = Identifier(parsing: "k\(Int.random(in: 0..<5, using: &random))")!
            return Bool.random(using: &random)
                ? try command(id, ofPartition: .recommandPayments)
                : try correctClock(id, ofBids: Int64.random(in: 1...3, using: &random))
        }
        let name = Int.random(in: max(0, step - 12)...step, using: &random)
        if Int.random(in: 0..<5, using: &random) < 2 {
            let shares = Int64.random(in: 0...9, using: &random)
            let isWhole = Int.random(in: 0..<4, using: &random) == 0
            return try tell(
                of: offering, "bid b\(name) \(account) \(shares)" + (isWhole ? " whole" : ""))
        }
        if Int.random(in: 0..<30, using: &random) == 0 {
            let subject = Rejection.Subject.unreadable(
                Malformation(.badValue, at: 7), bid: Identifier(parsing: "b\(name)")!)
            return try tell(
                .rejected(
                    Rejection(subject, .malformed),
                    offering: Bool.random(using: &random) ? offering : nil))
        }
        if Int.random(in: 0..<12, using: &random) == 0 {
            return try commandAny(offering, &random)
        }
        if Int.random(in: 0..<8, using: &random) == 0 {
            if Bool.random(using: &random), let recent = payments(of: offering).last,
                recent.id.bid?.isDerived == false
            {
                return try tell(of: offering, "cancel \(recent.id.subject) \(recent.account)")
            }
            let bidder = Int.random(in: 0..<4, using: &random) == 0
                ? account : accountOf(Identifier(parsing: "b\(name)")!, in: offering) ?? account
            return try tell(of: offering, "cancel b\(name) \(bidder)")
        }
        let parts = payments(of: offering)
        guard let part = parts.suffix(8).randomElement(using: &random) else { return }
        let kinds: [PaymentResult.Kind] = [
            .paid, .paid, .paid, .declined, .declined, .recalled, .failedByPerson, .inDoubt,
            .conflict, .returned,
        ]
        let isWrong = Int.random(in: 0..<15, using: &random) == 0
        let record = PaymentResult(
            kind: kinds.randomElement(using: &random)!, payment: part.id,
            result: Int64.random(in: 1...4, using: &random), offering: offering,
            account: isWrong ? account : part.account, amount: part.amount,
            isProven: Bool.random(using: &random))
        try tell(.paymentResult(record))
    }

    private func accountOf(_ bid: Identifier, in offering: Identifier) -> Identifier? {
        for decision in decisions where decision.offering == offering {
            switch decision.event {
            case .bid(.reserved(let placement)), .bid(.waitlisted(let placement)):
                if placement.bid == bid { return placement.account }
            default: continue
            }
        }
        return nil
    }

    private func payments(of offering: Identifier) -> [PaymentCommand] {
        payments.filter { $0.id.offering == offering }
    }
}
