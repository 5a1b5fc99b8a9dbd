import Payments
import SeededNumbers
import Statements
import Testing
import Vocabulary

/// Random payments and lines against a matcher that goes through all of both for each question.
@Suite struct RandomStatementTests {
    @Test(arguments: 0..<300)
    func agreesWithTheNaiveMatcher(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        func draw(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
        let payments = (0..<draw(8)).map { index in
            Scene.payment(
                ReconciledPayment.Standing.allCases[draw(5)],
                id: "o/b\(index / 2)/\(index % 2 + 1)", key: "k\(index)",
                due: draw(2) == 0 ? 300 : 600,
                channel: draw(6) == 0 ? "other" : "default", isSent: draw(6) > 0,
                isDecline: draw(3) == 0,
                decided: draw(3) == 0 ? ReconciledPayment.Decided.allCases[draw(2)] : nil)
        }
        let lines = (0..<draw(12)).map { number in
            Scene.line(
                draw(8) == 0 ? nil : "k\(draw(9))", number, amount: draw(6) == 0 ? 299 : 300,
                draw(9) == 0 ? "EUR" : "CNY", draw(9) == 0 ? .payout : .collect,
                draw(4) == 0 ? .returned : .booked,
                at: draw(6) == 0 ? Scene.sentAt + 3 * Scene.day : Scene.sentAt,
                reference: draw(5) == 0 ? "o/b\(draw(4))/1" : nil)
        }
        let coverage = draw(3) == 0 ? nil : Scene.covered()
        let outcome = Scene.reconcile(payments, lines, coverage)
        let naive = Naive(payments, lines, isCovered: coverage != nil)
        #expect(outcome.kinds.sorted() == naive.kinds.sorted(), "\(payments) \(lines)")
        #expect(
            outcome.absences.map { "\($0.payment.id)" }.sorted() == naive.absent.sorted())
        #expect(outcome.matched == naive.matched)
    }
}

/// The rules again, each asked of all payments and all lines.
private struct Naive {
    var kinds: [String] = []
    var absent: [String] = []
    var matched = 0

    init(_ payments: [ReconciledPayment], _ lines: [ProviderLine], isCovered: Bool) {
        var owners: [Int?] = []
        for line in lines {
            let byKey = line.key.flatMap { key in payments.firstIndex { $0.key == key } }
            let byName = payments.firstIndex { "\($0.id)" == line.reference }
            owners.append(byKey ?? byName)
            guard let owner = byKey ?? byName, line.key == nil || byKey != nil else {
                kinds.append("unknown")
                continue
            }
            let before = kinds.count
            let payment = payments[owner]
            if payment.channel != "default", payment.firstSentAt != nil {
                kinds.append("otherChannel")
                continue
            }
            if line.amount != 300 || "\(line.currency)" != "CNY" || line.direction == .payout {
                kinds.append("otherAmount")
            }
            // Those before it that count for the same payment.
            let earlier = zip(lines, owners.dropLast()).filter { $0.1 == owner }.map(\.0)
            if line.kind == .booked {
                let nth = earlier.count { $0.kind == .booked }
                if nth > 0 { kinds.append("twice") }
                switch payment.standing {
                case .declined, .unmoved: kinds.append("contradiction")
                case .paid where payment.decided == .released,
                    .inDoubt where payment.decided == .released:
                    kinds.append("contradiction")
                case _ where payment.firstSentAt == nil: kinds.append("contradiction")
                case .inDoubt where nth == 0: kinds.append("executed")
                default: break
                }
                if payment.firstSentAt != nil,
                    line.booked.start.rawValue > Scene.sentAt + Scene.day * 2
                {
                    kinds.append("late")
                }
            } else {
                // A second return that names us under another key never counts.
                let nth = earlier.count { line in
                    line.kind == .returned
                        && (line.key == nil || payments.contains { $0.key == line.key })
                }
                if nth > 0 {
                    kinds.append("twice")
                } else if payment.standing != .returned {
                    kinds.append("returned")
                }
            }
            if kinds.count == before { matched += 1 }
        }
        for obligation in Set(payments.map(\.id.obligation)) {
            var sum: Int64 = 0
            var ids: Set<PaymentID> = []
            var first: Int?
            for (line, owner) in zip(lines, owners) {
                guard let owner, payments[owner].id.obligation == obligation,
                    "\(line.currency)" == "CNY"
                else { continue }
                ids.insert(payments[owner].id)
                first = first ?? owner
                sum += line.kind == .booked ? line.amount.rawValue : -line.amount.rawValue
            }
            if ids.count > 1, let first, sum > payments[first].due.rawValue {
                kinds.append("twice")
            }
        }
        for (index, payment) in payments.enumerated() {
            let isMentioned = zip(lines, owners).contains { $0.1 == index }
            guard isCovered, !isMentioned, payment.channel == "default",
                payment.firstSentAt != nil
            else { continue }
            switch payment.standing {
            case _ where payment.decided == .settled: kinds.append("missingThere")
            case .paid, .returned: kinds.append("missingThere")
            case .inDoubt, .declined: absent.append("\(payment.id)")
            case .unmoved: break
            }
        }
    }
}
