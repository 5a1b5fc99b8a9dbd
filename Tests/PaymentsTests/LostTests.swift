import Testing

import Payments
import Vocabulary

/// A command that the journal lost, and of which nobody has heard: it counts as one that was sent.
@Suite struct LostTests {
    private let lost = payment("b-1", 1)

    /// A successor that rebuilt a journal which lost this command, over `channel`.
    private func rebuilt(
        _ channel: PaymentChannel = PaymentChannel(name: "default", origin: "https://one.example")
    ) -> Scene {
        var scene = Scene(channels: [ChannelTerms(channel, generous)])
        scene.restart(scene.book.channels) { scene in
            let order = LostOrders.Order(
                .payment(command(lost, 60)),
                from: CommandSource(partition: 0, offset: 1, at: 1_000_000))
            let damage = JournalDamage(partition: 0, last: 1, mark: 9, isRestarted: false)
            scene.commit(
                scene.book.rebuild(
                    ApprovedRebuild(
                        damage: damage, proposedBy: "anna", approvedBy: "ben", resolution: 1),
                    LostOrders(orders: [order]), now: scene.now
                ) { draft($0, over: $1) })
        }
        return scene
    }

    @Test func itHoldsItsRoomAndItsAccount() {
        var scene = rebuilt()
        #expect(scene.state(lost) == .parked(.journalLost))
        // 60 of 100 may have moved.
        scene.take(command(payment("b-1", 2), 41))
        #expect(scene.state(payment("b-1", 2)) == .parked(.overObligation))
        scene.take(command(payment("b-2")))
        #expect(scene.said(payment("b-2")) == ["inDoubt:behindDoubt"])
        #expect(scene.begin() == PayerStep())
        // Once the provider's record tells, the account goes on.
        scene.hear(.found(record(lost)), of: lost)
        #expect(scene.begin().actions.count == 1 && scene.isReplayed)
    }

    /// It was sent over the channel of its time, as far as anybody knows.
    @Test func itBindsItsChannel() {
        let scene = rebuilt()
        let moved = PaymentChannel(name: "default", origin: "https://two.example")
        let fault = ChannelTests.book(scene, moved).channelFault
        #expect(fault?.commands == [lost])
    }

    /// A rebuild ends with the epoch that follows it.
    @Test func nothingIsLostOutsideOfARebuild() {
        let scene = rebuilt()
        var book = ChannelTests.book(scene, scene.book.channels[0].channel)
        var found: JournalFault.Kind?
        do {
            try book.apply(
                .lost(PaymentLost(command: lost, class: .paid, answered: 2, at: 1)))
        } catch { found = error.kind }
        #expect(found == .notRebuilding)
    }
}
