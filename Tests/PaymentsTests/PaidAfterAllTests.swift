import Testing

import Payments
import Vocabulary

/// Money that turns out to have moved, when people, statements or the payer had said that it
/// didn't: nothing more of it may leave, and people must hear of it.
@Suite struct PaidAfterAllTests {
    private static let id = ResolutionTests.id
    /// Another command of the same obligation.
    private static let sibling = payment("b-1", 2)

    private static func isSent(_ step: PayerStep) -> Bool {
        step.actions.contains { if case .send = $0 { true } else { false } }
    }

    /// 60 of the 100 that are due were declined, and 60 more are commanded: then a statement says
    /// that the first 60 were paid.
    @Test func aCommandThatIsPaidAfterAllStopsItsSibling() {
        var scene = ResolutionTests.scene("declined")
        scene.take(command(Self.sibling))
        #expect(scene.state(Self.sibling) == .ready)
        scene.hear(StatementTests.line(Self.id))
        #expect(scene.state(Self.id) == .conflict)
        #expect(!Self.isSent(scene.begin()))
        #expect(
            scene.book[Self.sibling].flatMap { scene.book.hold(on: $0, now: scene.now) }
                == .overdrawn)
        // Its allocator can still take it back.
        scene.recall(Self.sibling)
        #expect(scene.state(Self.sibling) == .recalled)
        #expect(scene.isReplayed)
    }

    /// The same while the second waits to be tried again.
    @Test func soDoesOneThatIsTriedAgain() {
        var scene = ResolutionTests.scene("declined")
        scene.take(command(Self.sibling))
        scene.begin()
        scene.hear(.failed(.notConnected), to: Self.sibling)
        scene.hear(StatementTests.line(Self.id))
        #expect(!Self.isSent(scene.resume(Self.sibling, after: 3_600_000)))
        #expect(scene.isReplayed)
    }

    @Test(arguments: ["retryWait", "rejected"])
    func aLineOfAnotherAmountIsLeftToPeople(_ state: String) {
        var scene = ResolutionTests.scene(state)
        scene.hear(StatementTests.line(Self.id, amount: 61))
        #expect(scene.state(Self.id) == .parked(.mismatch))
        #expect(!Self.isSent(scene.resume(Self.id, after: 3_600_000)))
        #expect(!Self.isSent(scene.begin()))
        #expect(scene.isReplayed)
    }

    /// People said that nothing moved under the first key, and it did.
    @Test(arguments: [StatementLine.Kind.booked, .returned], [false, true])
    func aLineOfAnEarlierKeySettlesNothing(_ kind: StatementLine.Kind, isPaid: Bool) {
        var scene = ResolutionTests.scene("unknown")
        #expect(ResolutionTests.settle(.notExecuted, in: &scene) == "ready")
        let second = key(Self.id, 1).description
        if isPaid {
            scene.begin()
            scene.hear(answered(201, record(Self.id, key: second)), to: Self.id)
            #expect(scene.state(Self.id) == .paid)
        }
        scene.attention = []
        scene.hear(StatementTests.line(Self.id, kind, key: key(Self.id)))
        #expect(scene.state(Self.id) == (isPaid ? .paid : .parked(.mismatch)))
        #expect(scene.attention.contains(isPaid ? .contradiction : .parked(.mismatch)))
        #expect(!Self.isSent(scene.begin()))
        #expect(scene.isReplayed)
    }

    /// A lookup that was under way when people decided.
    @Test func aLookupThatComesTooLateIsHeard() {
        var scene = ResolutionTests.scene("unknown")
        #expect(ResolutionTests.settle(.failedByPerson, in: &scene) == "failedByPerson")
        scene.attention = []
        scene.hear(.found(record(Self.id)), of: Self.id)
        #expect(scene.attention == [.contradiction])

        var again = ResolutionTests.scene("unknown")
        #expect(ResolutionTests.settle(.notExecuted, in: &again) == "ready")
        again.hear(.found(record(Self.id)), of: Self.id)
        #expect(again.state(Self.id) == .parked(.mismatch))
        #expect(!Self.isSent(again.begin()))
        #expect(scene.isReplayed && again.isReplayed)
    }

    /// Before a payer has read what was said while it was away, it sends nothing.
    @Test func whatPeopleSaidIsReadFirst() {
        var scene = ResolutionTests.scene("retryWait")
        scene.book.hasHeardPeople = false
        let step = scene.takeOver()
        #expect(!Self.isSent(step) && !Self.isSent(scene.begin()))
        #expect(!Self.isSent(scene.resume(Self.id, after: 1_000)))
        scene.book.hasHeardPeople = true
        #expect(Self.isSent(scene.resume(Self.id, after: 1_000)))
    }

    /// What two people agreed on is not overtaken by the next try.
    @Test func anAgreementHoldsWhatWouldBeTriedAgain() {
        var scene = Scene()
        scene.take(command(Self.id))
        scene.begin()
        scene.hear(.failed(.notConnected), to: Self.id)
        let proposal = ResolutionTests.proposal(.failedByPerson, scene)
        scene.hear(.proposal(proposal))
        scene.hear(ResolutionTests.approval(proposal))
        #expect(!Self.isSent(scene.resume(Self.id, after: 2_000)))
        scene.resume(Self.id, after: 60_000)
        #expect(scene.state(Self.id) == .failedByPerson)
        #expect(scene.isReplayed)
    }

    /// A command that its allocator wants back is given up where nothing moved, not sent again.
    @Test func aRecallThatWaitsIsNotSentAgain() {
        var scene = ResolutionTests.scene("unknown")
        scene.recall(Self.id)
        #expect(ResolutionTests.settle(.notExecuted, in: &scene) == "failedByPerson")
        #expect(!Self.isSent(scene.begin()))
        #expect(scene.isReplayed)
    }
}
