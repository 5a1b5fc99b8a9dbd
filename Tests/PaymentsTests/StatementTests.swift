import Testing

import Payments
import Vocabulary

/// What a provider's statement proves.
@Suite struct StatementTests {
    static func line(
        _ id: PaymentID, _ kind: StatementLine.Kind = .booked, amount: MinorUnits = 60,
        channel: Identifier = "default", key other: Identifier? = nil,
        direction: MoneyDirection = .collect
    ) -> PaymentResolution {
        .line(
            StatementLine(
                partition: 0, command: id, channel: channel, key: other ?? key(id), kind: kind,
                amount: amount, currency: euro, direction: direction, statement: "s-1",
                reference: "pay_01", isClosed: true, actor: "anna", at: 1))
    }

    /// By state, what a booked line and a returned one come to.
    @Test(arguments: [
        ("ready", "paid", "contradiction"), ("unknown", "paid", "returned"),
        ("pending", "paid", "returned"), ("declinedUnconfirmed", "paid", "returned"),
        ("retryWait", "paid", "contradiction"), ("paid", "paid", "returned"),
        ("declined", "conflict", "contradiction"), ("recalled", "conflict", "contradiction"),
        ("overObligation", "paid", "contradiction"), ("rejected", "paid", "contradiction"),
        ("mismatch", "paid", "returned"), ("reversed", "paid", "returned"),
    ])
    func eachLineInEachState(_ state: String, _ booked: String, _ returned: String) {
        for (kind, expected) in [(StatementLine.Kind.booked, booked), (.returned, returned)] {
            var scene = ResolutionTests.scene(state)
            let id = ResolutionTests.id
            scene.attention = []
            scene.hear(Self.line(id, kind))
            let refused = scene.attention.contains(.unresolved(.contradiction))
            #expect(
                (refused ? "contradiction" : ResolutionTests.word(scene.state(id))) == expected,
                "\(state), \(kind)")
            #expect(scene.isReplayed, "\(state), \(kind)")
        }
    }

    @Test func anAttemptUnderWayIsAwaited() {
        let id = ResolutionTests.id
        var scene = ResolutionTests.scene("sending")
        scene.hear(Self.line(id))
        guard case .sending? = scene.state(id) else {
            Issue.record("it was not awaited")
            return
        }
        scene.hear(.failed(.timedOut), to: id)
        #expect(scene.state(id) == .paid)
        #expect(scene.said(id).last == "paid")
        #expect(scene.isReplayed)
    }

    @Test func otherContentsSettleNothing() {
        let id = ResolutionTests.id
        var scene = ResolutionTests.scene("unknown")
        scene.hear(Self.line(id, key: "0000"))
        scene.hear(Self.line(id, channel: "second"))
        #expect(
            scene.attention.suffix(2) == [.unresolved(.otherKey), .unresolved(.otherChannel)])
        #expect(scene.state(id) == .unknown)
        scene.hear(Self.line(id, amount: 61))
        #expect(scene.state(id) == .parked(.mismatch))
        #expect(scene.said(id).last == "inDoubt:mismatch")
        var paid = ResolutionTests.scene("paid")
        paid.hear(Self.line(id, direction: .payout))
        #expect(paid.state(id) == .paid)
        #expect(paid.attention == [.unresolved(.otherContent)])
        #expect(scene.isReplayed && paid.isReplayed)
    }

    private static func absence(from: Timestamp, to: Timestamp) -> PaymentResolution {
        .absence(
            StatementAbsence(
                partition: 0, command: ResolutionTests.refund, channel: "default",
                statement: "s-1", from: from, to: to, actor: "anna", at: 1))
    }

    /// A closed statement without a line proves the provider's own decline, and makes room.
    @Test func absenceProvesADecline() {
        let id = ResolutionTests.refund
        var scene = ResolutionTests.scene("payoutDeclined")
        let sent: Timestamp = 1_000_000
        scene.hear(Self.absence(from: sent + 1, to: scene.now))
        scene.hear(Self.absence(from: sent, to: sent + 34_999))
        #expect(scene.attention.suffix(2) == [
            .unresolved(.notCovered), .unresolved(.notCovered),
        ])
        #expect(scene.state(id) == .declined)
        #expect(scene.book.obligation(of: id)?.taken == 60)
        scene.hear(Self.absence(from: sent, to: sent + 35_000))
        #expect(scene.state(id) == .declinedProven)
        #expect(scene.answers.last?.result.kind == .declined)
        #expect(scene.answers.last?.result.isProven == true)
        #expect(scene.book.obligation(of: id)?.taken == 0)
        #expect(scene.isReplayed)
    }

    /// It moves nothing out of doubt.
    @Test func absenceSettlesNoDoubt() {
        var scene = ResolutionTests.scene("payoutUnknown")
        let count = scene.journal.count
        scene.hear(Self.absence(from: 0, to: scene.now))
        #expect(scene.state(ResolutionTests.refund) == .unknown)
        #expect(scene.journal.count == count)
    }
}
