import Testing

import Payments
import Vocabulary

/// The cap of an obligation, the lanes of accounts, recalls and copies.
@Suite struct GuardTests {
    let first = payment("b-1", 1)
    let second = payment("b-1", 2)
    let other = payment("b-2")

    @Test func twoCommandsOfAnObligationNeverComeToMoreThanIsDue() throws {
        var scene = Scene()
        scene.take(command(first, 60))
        let step = scene.take(command(second, 41))
        #expect(scene.state(second) == .parked(.overObligation))
        #expect(step.answers.map(\.reason) == [.overObligation])
        #expect(scene.attention == [.parked(.overObligation)])
        scene.begin()
        #expect(scene.book.sendingCount == 1)
        // Doubt keeps the room taken; a decline counts once a lookup agrees.
        scene.hear(.failed(.timedOut), to: first)
        #expect(scene.state(second) == .parked(.overObligation))
        scene.hear(.found(record(first, .failed)), of: first)
        #expect(scene.state(first) == .declined && scene.state(second) == .ready)
        let begun = scene.begin()
        #expect(begun.actions.count == 1 && scene.state(second) == .sending(attempt: 1))
        #expect(try #require(scene.book.obligation(of: first)) == (41, 100))
        #expect(scene.isReplayed)
    }

    @Test func theExactRestIsLetThroughAndTheLeastWordOfWhatIsDueCounts() {
        var scene = Scene()
        scene.take(command(first, 60))
        scene.take(command(second, 40))
        scene.take(command(payment("b-1", 3), 0, due: 99))
        #expect(scene.state(second) == .ready)
        #expect(scene.state(payment("b-1", 3)) == .parked(.overObligation))
        // A later command can't raise what an earlier one said.
        scene.take(command(payment("b-8", 1), 60, due: 70))
        scene.take(command(payment("b-8", 2), 30, due: 100))
        #expect(scene.state(payment("b-8", 2)) == .parked(.overObligation))
        scene.take(command(payment("b-9"), 101))
        #expect(scene.state(payment("b-9")) == .parked(.overObligation))
    }

    /// The least word of what is due counts for as long as anything is taken of it.
    @Test func whatIsDueIsRaisedByNobody() {
        var scene = Scene()
        for (number, due) in [(1, 70), (2, 100), (3, 100)] as [(Int32, MinorUnits)] {
            scene.take(command(payment("b-8", number), 30, due: due))
        }
        #expect(scene.state(payment("b-8", 2)) == .ready)
        #expect(scene.state(payment("b-8", 3)) == .parked(.overObligation))
    }

    /// A channel may lie: a payout that it declined may have been paid, and another one would pay
    /// it twice. What was to be collected may be asked for again.
    @Test func aDeclinedPayoutKeepsItsRoom() {
        let refunds = (1...2).map {
            PaymentID(offering: "loan-7", bid: "b-1", kind: .refund(1), number: $0)
        }
        for ids in [refunds, [first, second]] {
            var scene = Scene()
            scene.take(command(ids[0], 60))
            scene.begin()
            scene.hear(answered(402), to: ids[0])
            scene.hear(.found(record(ids[0], .failed)), of: ids[0])
            #expect(scene.state(ids[0]) == .declined)
            scene.take(command(ids[1], 60))
            let isPayout = ids == refunds
            #expect(scene.state(ids[1]) == (isPayout ? .parked(.overObligation) : .ready))
            #expect(scene.isReplayed)
        }
    }

    @Test func anotherContentUnderTheSameIdIsAConflict() {
        var scene = Scene()
        scene.take(command(first))
        #expect(scene.take(command(first)) == PayerStep())
        let step = scene.take(command(first, 61))
        #expect(step.answers.isEmpty, "the first one's answers stand")
        #expect(scene.attention == [.conflict] && scene.state(first) == .ready)
        #expect(scene.book.lastOffset == scene.offset, "a successor would find it again")
        scene.begin()
        scene.hear(answered(201, record(first)), to: first)
        #expect(scene.said(first) == ["paid"])
        #expect(scene.isReplayed)
    }

    @Test func anAccountIsServedInOrderAndOneAtATime() {
        var scene = Scene()
        let foreign = payment("b-3")
        scene.take(command(first))
        scene.take(command(other))
        scene.take(command(foreign, account: "a-2"))
        scene.begin(1)
        #expect(scene.state(first) == .sending(attempt: 1) && scene.book.sendingCount == 1)
        scene.begin()
        #expect(scene.state(foreign) == .sending(attempt: 1) && scene.state(other) == .ready)
        #expect(scene.begin() == PayerStep())
        scene.hear(answered(201, record(first)), to: first)
        scene.begin()
        #expect(scene.state(other) == .sending(attempt: 1))
    }

    @Test func whoWaitsBehindADoubtIsToldOnce() {
        var scene = Scene()
        scene.take(command(first))
        scene.take(command(other))
        scene.begin()
        scene.hear(.failed(.timedOut), to: first)
        #expect(scene.said(other) == ["inDoubt:behindDoubt"])
        let late = payment("b-4")
        scene.take(command(late))
        #expect(scene.said(late) == ["inDoubt:behindDoubt"])
        scene.hear(.failed(nil, status: 500), of: first)
        #expect(scene.said(other).count == 1 && scene.begin() == PayerStep())
        // A recall waits for nobody.
        let step = scene.recall(other)
        #expect(step.answers.map(\.result.kind) == [.recalled])
        scene.hear(.found(record(first)), of: first)
        scene.begin()
        #expect(scene.state(late) == .sending(attempt: 1) && scene.state(other) == .recalled)
        #expect(scene.isReplayed)
    }

    @Test func aRecallIsGrantedUntilALeaveToSendIsWritten() {
        var scene = Scene()
        scene.recall(first)
        #expect(scene.said(first) == ["recalled"])
        #expect(scene.take(command(first)) == PayerStep() && scene.begin() == PayerStep())
        #expect(scene.recall(first) == PayerStep())
        scene.take(command(second))
        scene.begin()
        // It is noted, once, and answers nothing.
        let noted = scene.recall(second)
        #expect(noted.entries.count == 1 && noted.answers.isEmpty && noted.actions.isEmpty)
        // Proof that it was not executed is no leave to recall it: it will be sent again.
        scene.hear(.failed(.notConnected), to: second)
        #expect(scene.recall(second) == PayerStep())
        #expect(scene.state(second) == .retryWait(until: scene.now + 1_000))
    }

    @Test func aRecallByAnotherAccountIsNone() {
        var scene = Scene()
        scene.take(command(first, account: "a-2"))
        #expect(scene.recall(first) == PayerStep())
        #expect(scene.state(first) == .ready)
    }

    /// What comes to be let through while its account is in doubt waits, and is told so.
    @Test func whoIsLetThroughBehindADoubtIsTold() {
        var scene = Scene()
        scene.take(command(other))
        scene.begin()
        scene.take(command(first, 60))
        scene.take(command(second, 60))
        scene.hear(.failed(.timedOut), to: other)
        #expect(scene.said(second) == ["inDoubt:overObligation"])
        scene.recall(first)
        #expect(scene.book.lastOffset == scene.offset, "a successor goes on behind the recall")
        #expect(scene.said(second) == ["inDoubt:overObligation", "inDoubt:behindDoubt"])
        #expect(scene.begin() == PayerStep() && scene.isReplayed)
    }

    @Test func aRecallMakesRoomUnderTheCap() {
        var scene = Scene()
        scene.take(command(first, 60))
        scene.take(command(second, 60))
        scene.recall(first)
        #expect(scene.state(second) == .ready && scene.begin().actions.count == 1)
        // What the cap holds was never sent, so it can be recalled, too.
        scene.take(command(payment("b-1", 3), 60))
        scene.recall(payment("b-1", 3))
        #expect(scene.said(payment("b-1", 3)) == ["inDoubt:overObligation", "recalled"])
        #expect(scene.isReplayed)
    }

    @Test func withoutAnAccountTokenNothingIsSent() {
        var scene = Scene()
        scene.take(command(first), token: nil)
        #expect(scene.said(first) == ["inDoubt:unknownAccount"])
        #expect(scene.begin() == PayerStep())
        scene.take(command(second, 100))
        #expect(scene.state(second) == .ready, "it takes no room")
    }

    @Test func keysFollowFromWhatIsPaidFor() {
        var hashed: [UInt8] = []
        let made = ProviderKey.make(environment: "prod", command: first) {
            hashed = $0
            return String(repeating: "0a", count: 32)
        }
        #expect(String(decoding: hashed, as: UTF8.self) == "pay/v1/prod/loan-7/b-1/1/r0")
        #expect(made.description == String(repeating: "0a", count: 16))
    }
}
