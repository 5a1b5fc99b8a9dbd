import Testing

import Payments
import Vocabulary

/// A channel is a name bound to one provider: what was sent over it is known there and nowhere
/// else.
@Suite struct ChannelTests {
    let id = payment("b-1")
    static let first = PaymentChannel(name: "default", origin: "https://one.example")
    static let moved = PaymentChannel(name: "default", origin: "https://two.example")
    static let second = PaymentChannel(name: "second", origin: "https://two.example")

    static func terms(_ channels: PaymentChannel...) -> [ChannelTerms] {
        channels.map { ChannelTerms($0, generous) }
    }

    static func scene(_ channels: PaymentChannel...) -> Scene {
        Scene(channels: channels.map { ChannelTerms($0, generous) })
    }

    /// A payer with other channels on the journal of `scene`, before it acts.
    static func book(_ scene: Scene, _ channels: PaymentChannel...) -> PaymentBook {
        var book = PaymentBook(channels.map { ChannelTerms($0, generous) })
        for entry in scene.journal {
            do { try book.apply(entry) } catch { Issue.record("\(error)") }
        }
        return book
    }

    @Test func theFirstLeaveToSendBindsTheName() {
        var scene = Self.scene(Self.first)
        scene.take(command(id))
        #expect(scene.book.bindings.isEmpty)
        let step = scene.begin()
        guard case .channel(let binding)? = step.entries.first,
            case .sending(let sending)? = step.entries.last
        else {
            Issue.record("\(step.entries)")
            return
        }
        #expect(binding.channel == Self.first && step.entries.count == 2)
        #expect(sending.channel == "default" && sending.key == key(id))
        scene.take(command(payment("b-2"), account: "a-2"))
        #expect(scene.begin().entries.count == 1, "it is bound once")
        #expect(scene.isReplayed)
    }

    /// The case: a payment is in doubt, and the payer comes back with another provider.
    @Test func anotherProviderUnderTheSameNameIsFound() throws {
        var scene = Self.scene(Self.first)
        scene.take(command(id))
        scene.begin()
        scene.hear(.failed(.timedOut), to: id)
        let fault = try #require(Self.book(scene, Self.moved).channelFault)
        #expect(fault.journaled == Self.first && fault.given == Self.moved)
        #expect(fault.commands == [id] && fault.count == 1)
        #expect(Self.book(scene, Self.first).channelFault == nil)
        var merchant = Self.first
        merchant.merchant = "m-2"
        #expect(Self.book(scene, merchant).channelFault != nil)
        // Whatever is open: the name is bound.
        scene.hear(.found(record(id)), of: id)
        #expect(Self.book(scene, Self.moved).channelFault?.count == 0)
    }

    @Test func aChannelWithSomethingOpenMustBeThere() {
        var scene = Self.scene(Self.first)
        scene.take(command(id))
        scene.begin()
        #expect(Self.book(scene, Self.second).channelFault?.commands == [id])
        #expect(Self.book(scene, Self.second, Self.first).channelFault == nil)
        scene.hear(answered(201, record(id)), to: id)
        #expect(Self.book(scene, Self.second).channelFault == nil)
    }

    @Test func whatWasNeverSentGoesOverAnyChannel() throws {
        var scene = Self.scene(Self.first)
        scene.take(command(id))
        var next = scene
        next.restart(Self.terms(Self.second))
        #expect(next.book.channelFault == nil)
        let step = next.begin()
        guard case .send(_, attempt: 1, let request, _, over: "second")? = step.actions.first
        else {
            Issue.record("\(step.actions)")
            return
        }
        #expect(request.key == key(id).description && request.accountToken == "second:acc_9")
        #expect(next.isReplayed)
        // From here on it is bound there.
        var back = next
        back.restart(Self.terms(Self.first, Self.second))
        #expect(back.actions == [.lookUp(id, key: key(id).description, over: "second")])
        back.now += Timestamp(100_000)
        let repeated = back.hear(.notFound(isComplete: true), of: id)
        guard case .send(_, attempt: 2, _, _, over: "second")? = repeated.actions.first else {
            Issue.record("\(repeated.actions)")
            return
        }
    }

    @Test func aRefundGoesTheWayItsMoneyCame() {
        var scene = Self.scene(Self.first)
        scene.take(command(id))
        scene.begin()
        scene.hear(answered(201, record(id)), to: id)
        scene.restart(Self.terms(Self.second, Self.first))
        let refund = PaymentID(offering: "loan-7", bid: "b-1", kind: .refund(1), number: 1)
        var order = command(refund, 60, due: 60)
        order.original = 1
        scene.take(order)
        guard case .send(refund, attempt: 1, _, _, over: "default")? = scene.begin().actions.first
        else {
            Issue.record("\(scene.actions)")
            return
        }
        #expect(scene.isReplayed)
    }

    @Test func aRefundWhoseWayIsMissingWaitsForIt() {
        var scene = Self.scene(Self.first)
        scene.take(command(id))
        scene.begin()
        scene.hear(answered(201, record(id)), to: id)
        scene.restart(Self.terms(Self.second))
        let refund = PaymentID(offering: "loan-7", bid: "b-1", kind: .refund(1), number: 1)
        var order = command(refund, 60, due: 60)
        order.original = 1
        scene.take(order)
        #expect(scene.state(refund) == .parked(.channelMissing))
        #expect(scene.said(refund) == ["inDoubt:channelMissing"])
        #expect(scene.begin() == PayerStep())
        scene.restart(Self.terms(Self.second, Self.first))
        #expect(scene.state(refund) == .ready)
        guard case .send(refund, attempt: 1, _, _, over: "default")? = scene.begin().actions.first
        else {
            Issue.record("\(scene.actions)")
            return
        }
        #expect(scene.isReplayed)
    }

    @Test func aSendingOverAnotherChannelIsNoPayersOwn() {
        var scene = Self.scene(Self.first)
        scene.take(command(id))
        scene.begin()
        var journal = scene.journal
        guard case .sending(var sending)? = journal.popLast() else { return }
        for change in [
            { sending.channel = "second" }, { (sending.channel, sending.key) = ("default", "k") },
        ] {
            change()
            var book = PaymentBook(Self.terms(Self.first))
            var found: JournalFault.Kind?
            do {
                for entry in journal + [.sending(sending)] { try book.apply(entry) }
            } catch { found = error.kind }
            #expect(found == .wrongChannel)
        }
    }

    /// A payer whose clock ran ahead wrote the beginning: what comes out as a negative age must
    /// not make a key look fresh.
    @Test func aNegativeAgeCountsAsExpired() {
        var scene = Scene()
        scene.take(command(id))
        scene.begin()
        scene.hear(.failed(.timedOut), to: id)
        scene.now = scene.now + Milliseconds(100_000)
        var ahead = scene
        // The successor's time is before the first sending's.
        ahead.now = 500_000
        ahead.hear(.notFound(isComplete: true), of: id, askedAt: .init(rawValue: 2_000_000))
        #expect(ahead.state(id) == .parked(.keyExpired), "\(ahead.state(id) as Any)")
        #expect(!ahead.actions.contains { if case .send = $0 { true } else { false } })
        var retried = Scene()
        retried.take(command(id))
        retried.begin()
        retried.hear(.failed(.notConnected), to: id)
        retried.now = 10
        retried.resume(id)
        #expect(retried.state(id) == .parked(.unavailable))
    }
}
