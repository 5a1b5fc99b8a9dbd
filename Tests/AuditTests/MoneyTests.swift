import Audit
import Messages
import Testing
import Vocabulary

/// The audit of money: true histories of each kind, and each kind of forgery.
@Suite struct MoneyTests {
    static let id = PaymentID(offering: "o", bid: "b", number: 1)
    static let second = PaymentID(offering: "o", bid: "b", number: 2)
    static let refund = PaymentID(offering: "o", bid: "b", kind: .refund(1), number: 1)
    static let payout = PaymentID(
        offering: "o", subject: "anna", kind: .disbursement, number: 1)

    private static func story(_ tell: (inout MoneyHistory) -> Void) -> MoneyHistory {
        var history = MoneyHistory()
        history.open()
        history.begin(epoch: 1)
        tell(&history)
        return history
    }

    // MARK: What is true

    /// Collected, given back, paid out: one settlement of each kind.
    static let paid = story { history in
        history.pay(id, 300, due: 500)
        history.settle(3, 1)
        history.pay(second, 200, due: 500)
        history.settle(2, 1, number: 2)
        history.pay(refund, 100)
        history.decide(
            .money(
                .refunded(
                    PayoutResult(payment: refund, account: "anna", amount: 100, result: 1))))
        history.pay(payout, 400)
        history.decide(
            .money(
                .paidOut(PayoutResult(payment: payout, account: "anna", amount: 400, result: 1))))
    }

    static let declined = story { history in
        history.command(id, 300)
        history.send(id)
        history.end(id, .declined, result: 1)
        history.answer(.inDoubt, id, 1)
        history.decide(.bid(.inDoubt(history.part(3, 1))))
        history.note(.lookup(PaymentLookup(command: id, class: .declined, result: 2, at: 1)))
        history.answer(.declined, id, 2)
        history.release(3, 2, .declined)
    }

    /// Released, and then it was executed after all.
    static let late: MoneyHistory = {
        var history = declined
        history.show(id, .paid, result: 3)
        history.answer(.conflict, id, 3)
        history.decide(.bid(.settledLate(history.part(2, 3))))
        history.move(id, 300)
        return history
    }()

    static let proven: MoneyHistory = {
        var history = declined
        history.note(
            .proven(
                PaymentProven(command: id, statement: "monday", source: 0, result: 3, at: 1)))
        history.answer(.declined, id, 3, isProven: true)
        return history
    }()

    static let recalled = story { history in
        history.command(id, 300)
        history.note(
            .recalled(
                PaymentRecalled(
                    recall: PaymentRecall(command: id, partition: 0, account: "anna"),
                    source: CommandSource(partition: 0, offset: 1, at: 1), result: 1, at: 1)))
        history.answer(.recalled, id, 1)
        history.release(3, 1, .recalled)
    }

    /// In doubt, and given up by two people.
    static let givenUp = story { history in
        history.command(id, 300)
        history.send(id)
        history.end(id, .unknown, result: 1)
        history.answer(.inDoubt, id, 1)
        history.resolve(id, .failedByPerson, result: 2)
        history.answer(.failedByPerson, id, 2)
        history.release(3, 2, .failedByPerson)
    }

    /// Two people say that nothing moved, and it is sent under another key.
    static let revised = story { history in
        history.command(id, 300)
        history.send(id)
        history.end(id, .unknown, result: 1)
        history.answer(.inDoubt, id, 1)
        history.resolve(
            id, .notExecuted, result: nil,
            revision: PaymentResolved.Revision(
                key: "new", channel: "bank", accountToken: "acc", body: "{}"))
        history.send(id, 2, key: "new")
        history.end(id, .paid, 2, result: 2)
        history.answer(.paid, id, 2)
        history.settle(3, 2)
        history.move(id, 300, key: "new")
    }

    /// Sent by a payer that was stopped; its successor asks, and repeats.
    static let takenOver = story { history in
        history.command(id, 300)
        history.send(id)
        history.begin(epoch: 2)
        history.note(.lookup(PaymentLookup(command: id, class: .notFound, at: 1)))
        history.send(id, 2, epoch: 2, isRepeat: true)
        history.end(id, .paid, 2, result: 1)
        history.answer(.paid, id, 1)
        history.settle(3, 1)
        history.move(id, 300)
    }

    static let returned: MoneyHistory = {
        var history = paid
        history.show(payout, .returned, result: 2)
        history.answer(.returned, payout, 2)
        history.decide(
            .money(
                .paymentReturned(
                    PayoutResult(payment: payout, account: "anna", amount: 400, result: 2))))
        history.move(payout, 400, isReturn: true)
        return history
    }()

    /// Held by the cap, refused by its form, tried again and again, and paid at last.
    static let parked = story { history in
        history.command(id, 300, parked: .overObligation)
        history.answer(.inDoubt, id, 1)
        history.note(.admitted(PaymentAdmission(command: id, at: 1)))
        history.send(id)
        history.end(id, .notExecuted)
        history.send(id, 2)
        history.end(id, .rejected, 2, result: 2)
        history.answer(.inDoubt, id, 2)
        history.resolve(id, .retry, result: nil)
        history.send(id, 3)
        history.end(id, .paid, 3, result: 3)
        history.answer(.paid, id, 3)
        history.settle(3, 3)
        history.move(id, 300)
    }

    /// Five entries were lost, and two people let it go on.
    static let rebuilt = story { history in
        history.pay(id, 300)
        history.settle(3, 1)
        history.mark = 9
        history.journal.removeLast()
        let last = history.journal.last?.number ?? 0
        let damage = JournalDamage(partition: 0, last: last, mark: 9, isRestarted: false)
        history.journal.append(
            JournalRecord(
                number: 10,
                entry: .rebuilt(
                    PaymentRebuilt(
                        rebuild: ApprovedRebuild(
                            damage: damage, proposedBy: "ben", approvedBy: "carl", resolution: 1),
                        at: 1))))
        history.note(.lost(PaymentLost(command: id, class: .paid, answered: 1, at: 1)))
    }

    /// Nobody knows yet.
    static let inDoubt = story { history in
        history.command(id, 300)
        history.send(id)
    }

    static let histories: [(String, MoneyHistory)] = [
        ("paid", paid), ("declined", declined), ("late", late), ("proven", proven),
        ("recalled", recalled), ("given up", givenUp), ("revised", revised),
        ("taken over", takenOver), ("returned", returned), ("parked", parked),
        ("rebuilt", rebuilt), ("in doubt", inDoubt),
    ]

    @Test(arguments: histories.indices) func whatIsTrueIsRight(_ index: Int) {
        let (name, history) = Self.histories[index]
        let report = history.audited()
        #expect(report.findings.isEmpty, "\(name): \(report.findings)")
        #expect(report.verdict == .right, "\(name): \(report.notLookedAt)")
    }

    @Test func sumsAreToldByCurrency() throws {
        let paid = Self.paid.audited()
        let sums = try #require(paid.sums.first)
        #expect(paid.sums.count == 1 && sums.currency == MoneyHistory.cny)
        #expect(sums.collected.amount == 500 && sums.collected.count == 2)
        #expect(sums.refunded.amount == 100 && sums.disbursed.amount == 400)
        #expect(sums.kept == 0)
        let returned = try #require(Self.returned.audited().sums.first)
        #expect(returned.disbursed.count == 0 && returned.returned.amount == 400)
        #expect(returned.kept == 400)
        let open = try #require(Self.inDoubt.audited().sums.first)
        #expect(open.collectionsInDoubt.amount == 300 && open.collectionsInDoubt.count == 1)
        #expect(open.collected.count == 0 && open.kept == 0)
        // It was executed, and nobody knows it yet: that is no fault.
        var executed = Self.inDoubt
        executed.move(Self.id, 300)
        #expect(executed.audited().verdict == .right && executed.audited().doubtsExecuted == 1)
    }

    // MARK: What could not be looked at

    @Test func whatIsMissingIsNoFault() {
        var empty = Self.paid
        empty.journal = []
        empty.mark = 0
        var cut = Self.paid
        cut.starts[.paymentJournal] = 4
        var gone = Self.paid
        gone.starts[.paymentJournal] = nil
        var lost = Self.paid
        lost.journal = []
        var noResults = Self.paid
        noResults.starts[.paymentResults] = nil
        for (name, history) in [
            ("empty", empty), ("cut", cut), ("gone", gone), ("lost", lost),
            ("no results", noResults),
        ] {
            let report = history.audited(bank: false)
            #expect(report.verdict == .incomplete, "\(name): \(report.findings)")
            #expect(!report.notLookedAt.isEmpty)
        }
        let many = Self.paid.audited(bank: false, mostPayments: 1)
        #expect(many.verdict == .incomplete && many.payments == 1, "\(many.findings)")
        #expect(many.notLookedAt.contains { $0.contains("all payments but 1") })
    }
}
