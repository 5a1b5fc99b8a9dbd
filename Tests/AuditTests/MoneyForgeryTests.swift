import Audit
import Messages
import Testing
import Vocabulary

/// Each kind of forgery of journal, commands, results and decisions, and what finds it.
@Suite struct MoneyForgeryTests {
    private static let id = MoneyTests.id

    private struct Forgery {
        var name: String
        var history: MoneyHistory
        var code: MoneyFinding.Code
        /// The record that must be named.
        var location: MoneyFinding.Location?

        init(
            _ name: String, _ code: MoneyFinding.Code, of history: MoneyHistory,
            at location: MoneyFinding.Location? = nil, _ forge: (inout MoneyHistory) -> Void
        ) {
            self.name = name
            self.code = code
            self.history = history
            self.location = location
            forge(&self.history)
        }
    }

    /// Changes the entry at an offset.
    private static func change(
        _ history: inout MoneyHistory, _ offset: Int, _ body: (JournalEntry) -> JournalEntry
    ) {
        history.journal[offset].entry = body(history.journal[offset].entry)
    }

    private static let journal: [Forgery] = [
        Forgery("an entry is gone", .wrongNumber, of: MoneyTests.declined) {
            $0.journal.remove(at: 2)
        },
        Forgery("an entry is double", .wrongNumber, of: MoneyTests.paid) {
            $0.journal.insert($0.journal[2], at: 3)
        },
        Forgery("the tail is gone", .lostTail, of: MoneyTests.inDoubt) { $0.journal.removeLast() },
        Forgery("an epoch again", .wrongEpoch, of: MoneyTests.inDoubt) { $0.begin(epoch: 1) },
        Forgery("taken up twice", .takenUpTwice, of: MoneyTests.inDoubt) {
            $0.command(id, 300)
        },
        Forgery("never taken up", .unknownCommand, of: MoneyTests.inDoubt) {
            $0.send(MoneyTests.second)
        },
        Forgery(
            "an outcome without its sending", .wrongAttempt, of: MoneyTests.paid,
            at: .record(.paymentJournal, 0, 2)
        ) { history in
            history.journal.remove(at: 2)
            for index in history.journal.indices {
                history.journal[index].number = Int64(index + 1)
            }
            history.mark -= 1
        },
        Forgery("an attempt that was not sent", .wrongAttempt, of: MoneyTests.paid) {
            change(&$0, 3) { entry in
                guard case .outcome(var outcome) = entry else { return entry }
                outcome.attempt = 2
                return .outcome(outcome)
            }
        },
        Forgery("an attempt that leaves one out", .wrongAttempt, of: MoneyTests.inDoubt) {
            change(&$0, 2) { entry in
                guard case .sending(var sending) = entry else { return entry }
                sending.attempt = 2
                return .sending(sending)
            }
        },
        Forgery("a payer that was replaced", .wrongAttempt, of: MoneyTests.inDoubt) {
            $0.begin(epoch: 2)
            $0.end(id, .unknown)
        },
        Forgery("another key", .otherKey, of: MoneyTests.paid) {
            change(&$0, 2) { entry in
                guard case .sending(var sending) = entry else { return entry }
                sending.key = "stranger"
                return .sending(sending)
            }
        },
        Forgery("another channel", .otherKey, of: MoneyTests.paid) {
            change(&$0, 2) { entry in
                guard case .sending(var sending) = entry else { return entry }
                sending.channel = "other"
                return .sending(sending)
            }
        },
        Forgery("one key for two", .sharedKey, of: MoneyTests.inDoubt) {
            $0.command(MoneyTests.second, 300, due: 300, key: MoneyHistory.key(id))
        },
        Forgery("one person", .notByTwo, of: MoneyTests.givenUp) {
            change(&$0, 4) { entry in
                guard case .resolved(var resolved) = entry else { return entry }
                resolved.approvedBy = resolved.proposedBy
                return .resolved(resolved)
            }
        },
        Forgery("one person rebuilds", .notByTwo, of: MoneyTests.rebuilt) {
            change(&$0, 3) { entry in
                guard case .rebuilt(var rebuilt) = entry else { return entry }
                rebuilt.rebuild.approvedBy = rebuilt.rebuild.proposedBy
                return .rebuilt(rebuilt)
            }
        },
        Forgery("paid and never sent", .neverSent, of: MoneyTests.inDoubt) {
            $0.command(MoneyTests.refund, 300)
            $0.note(
                .lookup(
                    PaymentLookup(command: MoneyTests.refund, class: .paid, result: 1, at: 1)))
            $0.answer(.paid, MoneyTests.refund, 1)
        },
        Forgery("paid twice", .contradiction, of: MoneyTests.paid) {
            $0.show(id, .paid, result: 2)
            $0.answer(.paid, id, 2)
        },
        Forgery("sent though it is final", .contradiction, of: MoneyTests.declined) {
            $0.send(id, 2)
        },
        Forgery("sent as if nothing were in doubt", .contradiction, of: MoneyTests.inDoubt) {
            $0.send(id, 2)
        },
        Forgery("a doubt that is dropped", .contradiction, of: MoneyTests.inDoubt) {
            $0.note(.parked(PaymentParking(command: id, reason: .unavailable, at: 1)))
        },
        Forgery("recalled though it was sent", .contradiction, of: MoneyTests.inDoubt) {
            $0.note(
                .recalled(
                    PaymentRecalled(
                        recall: PaymentRecall(command: id, partition: 0, account: "anna"),
                        source: CommandSource(partition: 0, offset: 1, at: 1), result: 1, at: 1)))
            $0.answer(.recalled, id, 1)
        },
        Forgery("an answer left out", .wrongResult, of: MoneyTests.inDoubt) {
            $0.end(id, .paid, result: 2)
            $0.answer(.paid, id, 2)
        },
        Forgery("final and not answered", .wrongResult, of: MoneyTests.inDoubt) {
            $0.end(id, .paid)
        },
    ]

    private static let others: [Forgery] = [
        Forgery(
            "more is taken up than commanded", .otherContent, of: MoneyTests.paid,
            at: .record(.paymentJournal, 0, 1)
        ) { $0.commands[0].amount = 100 },
        Forgery("for another account", .otherContent, of: MoneyTests.paid) {
            $0.commands[0].account = "ben"
        },
        Forgery("never commanded", .notCommanded, of: MoneyTests.paid) {
            $0.commands.removeLast()
        },
        Forgery("two say what is due", .otherDue, of: MoneyTests.inDoubt) {
            $0.command(MoneyTests.second, 100, due: 900)
        },
        Forgery("more is paid than due", .overDue, of: MoneyTests.paid) {
            let third = PaymentID(offering: "o", bid: "b", number: 3)
            $0.pay(third, 100, due: 500)
            $0.settle(1, 1, number: 3)
        },
        Forgery("an answer is gone", .notAnswered, of: MoneyTests.paid) { history in
            history.results.removeLast()
            history.decisions.removeLast()
        },
        Forgery(
            "an answer that no payer gave", .notJournaled, of: MoneyTests.inDoubt,
            at: .record(.paymentResults, 0, 0)
        ) { $0.answer(.paid, id, 1) },
        Forgery("of a command that no payer took up", .notJournaled, of: MoneyTests.paid) {
            $0.answer(.declined, PaymentID(offering: "o", bid: "x", number: 1), 1)
        },
        Forgery(
            "an answer twice", .answeredTwice, of: MoneyTests.paid,
            at: .record(.paymentResults, 0, 4)
        ) { $0.results.append($0.results[0]) },
        Forgery(
            "a decline becomes a payment", .otherAnswer, of: MoneyTests.declined,
            at: .record(.paymentResults, 0, 1)
        ) { history in
            history.results[1].kind = .paid
            history.results[1].amount = 300
        },
        Forgery("more is answered than paid", .otherAnswer, of: MoneyTests.paid) {
            $0.results[0].amount = 301
        },
        Forgery("for another's account", .otherAnswer, of: MoneyTests.paid) {
            $0.results[0].account = "ben"
        },
        Forgery("a decline becomes proven", .otherAnswer, of: MoneyTests.declined) {
            $0.results[1].isProven = true
        },
        Forgery(
            "settled without a payment", .withoutProof, of: MoneyTests.declined,
            at: .record(.decisions, 0, 2)
        ) { history in
            history.decisions[2].event = .bid(.settled(history.part(3, 2)))
        },
        Forgery("released without proof", .withoutProof, of: MoneyTests.paid) { history in
            history.decisions[1].event = .bid(.released(history.part(3, 1), .declined))
        },
        Forgery("released on a doubt", .withoutProof, of: MoneyTests.declined) { history in
            history.decisions[1].event = .bid(.released(history.part(3, 1), .declined))
        },
        Forgery("released as if recalled", .withoutProof, of: MoneyTests.declined) { history in
            history.decisions[2].event = .bid(.released(history.part(3, 2), .recalled))
        },
        Forgery("settled by an answer to come", .withoutProof, of: MoneyTests.paid) { history in
            history.decisions[1].event = .bid(.settled(history.part(3, 9)))
        },
        Forgery("settled by nobody's command", .withoutProof, of: MoneyTests.paid) { history in
            history.decisions[1].event = .bid(.settled(history.part(3, 1, 9)))
        },
        Forgery("settled by another record", .withoutProof, of: MoneyTests.paid) {
            $0.decisions[1].source.offset = 1
        },
        Forgery("more shares than paid", .otherShares, of: MoneyTests.paid) { history in
            history.decisions[1].event = .bid(.settled(history.part(4, 1)))
        },
        Forgery("fewer shares than paid", .otherShares, of: MoneyTests.paid) { history in
            history.decisions[1].event = .bid(.settled(history.part(2, 1)))
        },
        Forgery("more late shares than paid", .otherShares, of: MoneyTests.late) { history in
            history.decisions[3].event = .bid(.settledLate(history.part(4, 3)))
        },
        Forgery("more is paid out in words", .otherShares, of: MoneyTests.paid) {
            $0.decisions[4].event = .money(
                .paidOut(
                    PayoutResult(
                        payment: MoneyTests.payout, account: "anna", amount: 500, result: 1)))
        },
        Forgery(
            "money that nobody decides on", .notDecided, of: MoneyTests.paid,
            at: .record(.paymentResults, 0, 0)
        ) { $0.decisions.remove(at: 1) },
    ]

    private static let bank: [Forgery] = [
        Forgery("moved twice", .movedTwice, of: MoneyTests.paid) {
            $0.movements.append($0.movements[0])
        },
        Forgery("another amount", .otherMovement, of: MoneyTests.paid) {
            $0.movements[0].amount = 301
        },
        Forgery("another currency", .otherMovement, of: MoneyTests.paid) {
            $0.movements[0].currency = CurrencyCode("EUR")!
        },
        Forgery("the other way", .otherMovement, of: MoneyTests.paid) {
            $0.movements[0].direction = .payout
        },
        Forgery("nobody's key", .unexplained, of: MoneyTests.paid) {
            $0.movements[0].key = "stranger"
        },
        Forgery("declined and moved", .movedUnpaid, of: MoneyTests.declined) {
            $0.move(id, 300)
        },
        Forgery("recalled and moved", .movedUnpaid, of: MoneyTests.recalled) {
            $0.move(id, 300)
        },
        Forgery("given up and moved under both keys", .movedTwice, of: MoneyTests.revised) {
            $0.move(id, 300)
        },
        Forgery("came back", .movedBack, of: MoneyTests.paid) {
            $0.move(MoneyTests.payout, 400, isReturn: true)
        },
        Forgery("paid and not moved", .notMoved, of: MoneyTests.paid) {
            $0.movements.removeFirst()
        },
        Forgery("more moved than due", .overDue, of: MoneyTests.paid) {
            $0.movements[0].amount = 301
        },
    ]

    private static let all = journal + others + bank

    @Test(arguments: all.indices) func eachIsFound(_ index: Int) {
        let forgery = Self.all[index]
        let report = forgery.history.audited()
        let found = report.findings.filter { $0.code == forgery.code }
        #expect(!found.isEmpty, "\(forgery.name): \(report.findings) \(report.notLookedAt)")
        #expect(report.verdict == .failed)
        if let location = forgery.location {
            #expect(found.contains { $0.location == location }, "\(forgery.name): \(found)")
        }
    }

    /// No kind of finding is left without a forgery that it finds.
    @Test func eachKindIsForged() {
        let forged = Set(Self.all.map(\.code))
        let left = MoneyFinding.Code.allCases.filter { !forged.contains($0) }
        #expect(left == [.unreadable], "\(left)")
        let audit = MoneyAudit(environment: "dev", partitionCount: 1)
        audit.begin(.paymentResults, 0, from: 0)
        audit.examine(.paymentResults, 0, 0, value: nil)
        audit.end(.paymentResults, 0, isWhole: true)
        let report = audit.finish()
        #expect(report.findings.map(\.code) == [.unreadable])
        #expect(report.findings.first?.location == .record(.paymentResults, 0, 0))
    }

    /// One forged record is one finding: the rest of the history stays right.
    @Test func oneForgeryIsNotMany() throws {
        for name in [
            "an answer that no payer gave", "an answer twice", "more is answered than paid",
            "more shares than paid", "money that nobody decides on", "one person",
        ] {
            let forgery = try #require(Self.all.first { $0.name == name })
            let report = forgery.history.audited(bank: false)
            #expect(report.totalFindings == 1, "\(name): \(report.findings)")
        }
    }
}
