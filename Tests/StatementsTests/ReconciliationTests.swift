import Payments
import Statements
import Testing
import Vocabulary

/// Lines against payments: each type of break, and what is none (cases 18, 42, 43 and 53 of the
/// faults that a payer must survive).
@Suite struct ReconciliationTests {
    @Test func whatAgreesIsNoBreak() {
        let outcome = Scene.reconcile([Scene.payment()], [Scene.line()])
        #expect(outcome.kinds == [] && outcome.matched == 1 && outcome.absences == [])
        // By the provider's own id, or by ours, where the line has no key.
        for reference in ["pay_9", "o/b1/1"] {
            let outcome = Scene.reconcile(
                [Scene.payment(reference: "pay_9")], [Scene.line(nil, reference: reference)])
            #expect(outcome.kinds == [] && outcome.matched == 1)
        }
    }

    @Test(arguments: [
        (Scene.line("k9"), ["unknown", "missingThere"]),
        (Scene.line(nil), ["unknown", "missingThere"]),
        (Scene.line(nil, reference: "pay_8"), ["unknown", "missingThere"]),
        (Scene.line(amount: 301), ["otherAmount"]),
        (Scene.line("k1", 2, "EUR"), ["otherAmount"]),
        (Scene.line("k1", 2, "CNY", .payout), ["otherAmount"]),
        (Scene.line("k1", 2, "CNY", .collect, .returned), ["returned"]),
        (Scene.line(at: Scene.sentAt + Scene.hour + Scene.day), []),
        (Scene.line(at: Scene.sentAt + Scene.hour + Scene.day + 1), ["late"]),
        // Under our name, and with another key than ours.
        (Scene.line("k1#2", reference: "o/b1/1"), ["unknown"]),
    ])
    func ofAPaidOne(_ line: ProviderLine, _ kinds: [String]) {
        #expect(Scene.reconcile([Scene.payment()], [line]).kinds == kinds)
    }

    /// A line proves that money moved, however the payment stands (case 43).
    @Test(arguments: [
        (ReconciledPayment.Standing.paid, true, []), (.returned, true, []),
        (.inDoubt, true, ["executed"]), (.declined, true, ["contradiction"]),
        (.unmoved, true, ["contradiction"]), (.unmoved, false, ["contradiction"]),
    ])
    func presence(_ standing: ReconciledPayment.Standing, _ isSent: Bool, _ kinds: [String]) {
        let outcome = Scene.reconcile(
            [Scene.payment(standing, isSent: isSent)], [Scene.line()])
        #expect(outcome.kinds == kinds)
        #expect(outcome.breaks.allSatisfy { $0.provesSomething })
        #expect(outcome.matched == (kinds == [] ? 1 : 0))
    }

    /// Shares that were released, or settled, against what the bank says (case 43).
    @Test func whatTheAllocatorDecidedIsHeldAgainstTheLines() {
        for standing in ReconciledPayment.Standing.allCases {
            let released = Scene.payment(standing, decided: .released)
            let there = Scene.reconcile([released], [Scene.line()])
            #expect(there.kinds == (standing == .returned ? [] : ["contradiction"]))
            let settled = Scene.payment(standing, isDecline: true, decided: .settled)
            let missing = Scene.reconcile([settled], [])
            #expect(missing.kinds == ["missingThere"] && missing.absences == [])
        }
        let agreed = Scene.reconcile([Scene.payment(decided: .settled)], [Scene.line()])
        #expect(agreed.kinds == [] && agreed.matched == 1)
    }

    /// Case 42.
    @Test(arguments: [
        (ReconciledPayment.Standing.paid, ["returned"]), (.inDoubt, ["executed", "returned"]),
        (.returned, []), (.declined, ["contradiction", "returned"]),
    ])
    func aReturn(_ standing: ReconciledPayment.Standing, _ kinds: [String]) {
        let outcome = Scene.reconcile(
            [Scene.payment(standing)],
            [Scene.line(), Scene.line("k1", 3, "CNY", .collect, .returned)])
        #expect(outcome.kinds == kinds)
    }

    @Test func aKeyThatIsBookedTwice() {
        let twice = Scene.reconcile([Scene.payment()], [Scene.line(), Scene.line("k1", 3)])
        #expect(twice.kinds == ["twice"] && twice.breaks[0].line?.number == 3)
        let returned = Scene.line("k1", 4, "CNY", .collect, .returned)
        let back = Scene.reconcile(
            [Scene.payment(.returned)], [Scene.line(), returned, returned])
        #expect(back.kinds == ["twice"])
    }

    /// Two keys of one obligation, each once: together more than is due (case 18). What came back
    /// does not count, and neither do parts that come to what is due.
    @Test func twoKeysOfOneObligation() {
        let first = Scene.payment(.declined, isDecline: true)
        let second = Scene.payment(id: "o/b1/2", key: "k2")
        let both = Scene.reconcile([first, second], [Scene.line(), Scene.line("k2", 3)])
        #expect(both.kinds == ["contradiction", "twice"])
        #expect(both.breaks.last?.amount == 600 && both.breaks.last?.line == nil)
        let back = Scene.reconcile(
            [Scene.payment(.returned), second],
            [
                Scene.line(), Scene.line("k1", 3, "CNY", .collect, .returned),
                Scene.line("k2", 4),
            ])
        #expect(back.kinds == [])
        let parts = Scene.reconcile(
            [Scene.payment(due: 600), Scene.payment(id: "o/b1/2", key: "k2", due: 600)],
            [Scene.line(), Scene.line("k2", 3)])
        #expect(parts.kinds == [])
    }

    /// From its sending on nothing counts for a payment but its own channel.
    @Test func aLineOfAnotherChannelProvesNothing() {
        let outcome = Scene.reconcile([Scene.payment(.inDoubt, channel: "other")], [Scene.line()])
        #expect(outcome.kinds == ["otherChannel"])
        #expect(!outcome.breaks[0].provesSomething && outcome.matched == 0)
    }

    // MARK: Absence

    /// What the lack of a line says, by how the payment stands.
    @Test(arguments: [
        (Scene.payment(.paid), ["missingThere"], nil),
        (Scene.payment(.returned), ["missingThere"], nil),
        (Scene.payment(.declined, isDecline: true), [], true),
        (Scene.payment(.inDoubt, isDecline: true), [], true),
        (Scene.payment(.inDoubt), [], false),
        (Scene.payment(.unmoved), [], nil), (Scene.payment(.unmoved, isSent: false), [], nil),
    ] as [(ReconciledPayment, [String], Bool?)])
    func absence(_ payment: ReconciledPayment, _ kinds: [String], _ isProof: Bool?) {
        let outcome = Scene.reconcile([payment], [])
        #expect(outcome.kinds == kinds)
        #expect(outcome.absences.map(\.provesDecline) == (isProof.map { [$0] } ?? []))
        #expect(outcome.uncovered == 0)
    }

    /// Where the statements don't cover a payment whole, the lack of a line says nothing.
    @Test(arguments: [
        nil,
        Scene.covered(from: Scene.sentAt + 1),
        Scene.covered(to: Scene.sentAt + Scene.hour + Scene.day - 1),
        Scene.covered("EUR"),
    ])
    func whatIsNotCoveredIsNotMissing(_ coverage: StatementChain.Coverage?) {
        for standing in [ReconciledPayment.Standing.paid, .inDoubt, .declined] {
            let outcome = Scene.reconcile([Scene.payment(standing)], [], coverage)
            #expect(outcome.kinds == [] && outcome.absences == [])
            #expect(outcome.uncovered == 1)
        }
    }

    /// To the millisecond.
    @Test func whatIsJustCoveredIsMissing() {
        let outcome = Scene.reconcile(
            [Scene.payment()], [],
            Scene.covered(from: Scene.sentAt, to: Scene.sentAt + Scene.hour + Scene.day))
        #expect(outcome.kinds == ["missingThere"])
    }

    @Test func ofAnotherChannelNothingIsMissing() {
        let outcome = Scene.reconcile([Scene.payment(.declined, channel: "other")], [])
        #expect(outcome.kinds == [] && outcome.absences == [] && outcome.uncovered == 0)
    }

    /// A line of a return alone shows that there was a payment.
    @Test func aReturnAloneIsNoAbsence() {
        let outcome = Scene.reconcile(
            [Scene.payment(.inDoubt)], [Scene.line("k1", 2, "CNY", .collect, .returned)])
        #expect(outcome.kinds == ["returned"] && outcome.absences == [])
    }
}
