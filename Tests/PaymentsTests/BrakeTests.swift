import Testing

import Payments
import Vocabulary

/// What operators hold is not sent, and everything else goes on.
@Suite struct BrakeTests {
    private static let id = ResolutionTests.id
    private static let refund = ResolutionTests.refund
    private static let day: Int64 = 86_400_000

    private static func pause(
        channel: Identifier? = nil, kind: PaymentCommand.Kind? = nil
    ) -> PaymentPause {
        PaymentPause(
            partition: 0, channel: channel, kind: kind, actor: "anna", reason: "so", at: 1)
    }

    private static func limit(_ share: MinorUnits, whole: MinorUnits) -> PaymentResolution {
        .limit(
            OutflowLimit(
                partition: 0, currency: euro,
                amounts: OutflowLimit.Amounts(share: share, whole: whole), actor: "anna", at: 1))
    }

    private static func isSent(_ step: PayerStep) -> Bool {
        step.actions.contains { if case .send = $0 { true } else { false } }
    }

    @Test func whatIsPausedIsNotSent() {
        var scene = Scene()
        scene.hear(.pause(Self.pause(kind: .refund)))
        scene.take(command(Self.id, account: "a-1"))
        scene.take(command(Self.refund, account: "a-2"))
        #expect(scene.begin().entries.count == 2)
        #expect(scene.state(Self.refund) == .ready)
        // A narrower word doesn't lift it, the same one does.
        scene.hear(.resumption(Self.pause(channel: "default", kind: .refund)))
        #expect(!Self.isSent(scene.begin()))
        scene.hear(.resumption(Self.pause(kind: .refund)))
        #expect(Self.isSent(scene.begin()))
        #expect(scene.isReplayed)
    }

    /// Recalls are granted, lookups go on, and no repeat is sent.
    @Test func onlySendingIsHeld() {
        var scene = ResolutionTests.scene("unknown")
        scene.take(command(Self.refund, account: "a-2"))
        scene.hear(.pause(Self.pause()))
        #expect(scene.resume(Self.id).actions.contains { action in
            if case .lookUp = action { true } else { false }
        })
        scene.hear(.notFound(isComplete: true), of: Self.id)
        #expect(scene.state(Self.id) == .unknown)
        scene.hear(.resumption(Self.pause()))
        scene.hear(.notFound(isComplete: true), of: Self.id)
        guard case .sending(2)? = scene.state(Self.id) else {
            Issue.record("it was not repeated")
            return
        }
        #expect(scene.isReplayed)
    }

    @Test func whatIsTriedAgainWaitsForTheEndOfAPause() {
        var scene = ResolutionTests.scene("retryWait")
        scene.hear(.pause(Self.pause()))
        #expect(!Self.isSent(scene.resume(Self.id)))
        #expect(Self.isSent(scene.hear(.resumption(Self.pause()))))
    }

    /// First sends of payouts count, by the day of UTC.
    @Test func nothingGoesOutBeyondTheLimit() {
        var scene = Scene()
        scene.now = Timestamp(100 * Self.day - 1_000)
        scene.hear(Self.limit(100, whole: 400))
        let ids = (["b-1", "b-2", "b-3"] as [Identifier]).map {
            PaymentID(offering: "loan-7", bid: $0, kind: .refund(1), number: 1)
        }
        for (index, id) in ids.enumerated() {
            scene.take(command(id, account: ["a-1", "a-2", "a-3"][index]))
        }
        #expect(scene.begin().actions.count == 1)
        #expect(scene.book.hold(on: scene.book[ids[1]]!, now: scene.now) != nil)
        // What came of it is of no account.
        scene.hear(.failed(.notConnected), to: ids[0])
        #expect(!Self.isSent(scene.begin()))
        // Another one goes the next day, and a collection at any time.
        scene.take(command(Self.id, account: "a-4"))
        #expect(scene.begin().actions.count == 1)
        scene.now += 1_000
        #expect(scene.begin().actions.count == 1)
        #expect(scene.isReplayed)
    }

    @Test func whatNoDayHasRoomForIsTold() {
        var scene = Scene()
        scene.take(command(Self.refund))
        scene.hear(Self.limit(50, whole: 200))
        #expect(scene.attention == [.overLimit(240, euro)])
        scene.take(
            command(PaymentID(offering: "loan-7", bid: "b-2", kind: .refund(1), number: 1), 51))
        #expect(scene.attention.last == .overLimit(204, euro))
        scene.hear(
            .limit(
                OutflowLimit(
                    partition: 0, currency: euro, amounts: nil, actor: "anna", at: 1)))
        #expect(Self.isSent(scene.begin()))
    }

    /// What was refused by its form goes on after the mend, as if it were new.
    @Test func whatWasRefusedTakesItsTurnAgain() {
        var scene = ResolutionTests.scene("rejected")
        scene.hear(
            .refusedResumption(
                RefusedResumption(partition: 0, channel: "second", actor: "anna", at: 1)))
        #expect(scene.state(Self.id) == .parked(.rejected))
        scene.hear(.refusedResumption(RefusedResumption(partition: 0, actor: "anna", at: 1)))
        #expect(scene.state(Self.id) == .ready)
        let step = scene.begin()
        guard case .send(_, 2, let request, _, _)? = step.actions.first else {
            Issue.record("it was not sent")
            return
        }
        #expect(request.key == key(Self.id).description)
        #expect(scene.isReplayed)
    }

    @Test func aRecallThatWaitsComesFirst() {
        var scene = ResolutionTests.scene("rejected")
        #expect(scene.recall(Self.id).answers.isEmpty)
        scene.hear(.refusedResumption(RefusedResumption(partition: 0, actor: "anna", at: 1)))
        #expect(scene.state(Self.id) == .recalled)
        #expect(scene.said(Self.id).last == "recalled")
        #expect(scene.isReplayed)
    }

    @Test func whatHasNoRoomAnyMoreWaitsForIt() {
        var scene = ResolutionTests.scene("rejected")
        let other = payment("b-1", 2)
        scene.take(command(other))
        scene.hear(.refusedResumption(RefusedResumption(partition: 0, actor: "anna", at: 1)))
        #expect(scene.state(Self.id) == .parked(.overObligation))
        scene.recall(other)
        #expect(scene.state(Self.id) == .ready)
        #expect(scene.isReplayed)
    }
}
