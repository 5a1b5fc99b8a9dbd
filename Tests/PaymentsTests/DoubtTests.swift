import Testing

import Payments
import Vocabulary

/// How a doubt goes on where nothing settles it, and how long things wait.
@Suite struct DoubtTests {
    let id = payment("b-1")

    func doubtful(_ profile: ProviderProfile = generous) -> Scene {
        var scene = Scene(profile)
        scene.take(command(id))
        scene.begin()
        scene.hear(.failed(.timedOut), to: id)
        return scene
    }

    @Test func repetitionsEndAfterFive() {
        var scene = doubtful()
        for repetition in 1...5 {
            scene.now += Timestamp(100 * second)
            scene.hear(.notFound(isComplete: true), of: id)
            #expect(scene.book[id]?.repeats == Int64(repetition))
            scene.hear(answered(500), to: id)
        }
        scene.now += Timestamp(100 * second)
        scene.hear(.notFound(isComplete: true), of: id)
        #expect(scene.state(id) == .parked(.repeatsExhausted))
        #expect(scene.attention == [.parked(.repeatsExhausted)])
        // Lookups go on, and may still settle it.
        #expect(scene.resume(id, after: hour).actions.count == 1)
        scene.hear(.found(record(id)), of: id)
        #expect(scene.said(id) == ["inDoubt:outcomeUnknown", "inDoubt:repeatsExhausted", "paid"])
        #expect(scene.isReplayed)
    }

    @Test func aDayOfDoubtCallsPeopleAndAsksOn() {
        var scene = doubtful()
        var profile = generous
        profile.keyLifetimeMilliseconds = nil
        scene = doubtful(profile)
        #expect(scene.resume(id, after: 24 * hour - 1).entries == [])
        let step = scene.resume(id, after: 1)
        #expect(scene.state(id) == .parked(.unresolved))
        #expect(step.actions == [.lookUp(id, key: key(id).description, over: "default")])
        let last = scene.hear(.notFound(isComplete: true), of: id)
        #expect(last.entries == [] && last.actions == [.wait(id, until: scene.now + 3_600_000)])
    }

    /// The story: the channel says "declined", and had paid.
    @Test func aDeclineCountsOnceALookupAgrees() {
        var scene = Scene()
        scene.take(command(id))
        scene.begin()
        let step = scene.hear(answered(402), to: id)
        #expect(step.actions == [.lookUp(id, key: key(id).description, over: "default")])
        #expect(scene.said(id) == ["inDoubt:declineUnconfirmed"])
        var agreed = scene
        agreed.hear(.found(record(id, .failed)), of: id)
        #expect(agreed.said(id).last == "declined" && agreed.attention == [])
        scene.now += Timestamp(1_000 * second)
        scene.hear(.notFound(isComplete: true), of: id)
        #expect(scene.state(id) == .declinedUnconfirmed)
        scene.hear(.found(record(id)), of: id)
        #expect(scene.said(id).last == "paid" && scene.attention == [.contradiction])
    }

    @Test func aDeclineThatNoLookupCanConfirmIsInDoubt() {
        var profile = generous
        profile.looksUpByKey = false
        var scene = Scene(profile)
        scene.take(command(id))
        scene.begin()
        scene.hear(answered(402), to: id)
        #expect(scene.state(id) == .parked(.declineUnconfirmed))
        #expect(scene.said(id) == ["inDoubt:declineUnconfirmed"])
    }

    @Test func whatIsOfAnotherAmountIsLeftToPeople() {
        var scene = Scene()
        scene.take(command(id))
        scene.take(command(payment("b-2")))
        scene.begin()
        scene.hear(answered(201, record(id, amount: 61)), to: id)
        #expect(scene.state(id) == .parked(.mismatch) && scene.actions == [])
        #expect(scene.attention == [.parked(.mismatch)])
        #expect(scene.hear(.found(record(id)), of: id) == PayerStep())
        #expect(scene.said(payment("b-2")) == ["inDoubt:behindDoubt"])
        #expect(scene.begin() == PayerStep())
    }

    @Test func whatIsRefusedUnexecutedMakesWay() {
        var scene = Scene()
        scene.take(command(id))
        scene.take(command(payment("b-2")))
        scene.begin()
        scene.hear(answered(400, problem: "validation"), to: id)
        #expect(scene.state(id) == .parked(.rejected))
        #expect(scene.attention == [.parked(.rejected)])
        #expect(scene.begin().actions.count == 1)
        #expect(scene.resume(id, after: hour) == PayerStep())
    }

    @Test(arguments: [
        (nil, 1_000), (7, 7_000), (0, 1_000), (-5, 1_000), (.max, 3_600_000), (.min, 1_000),
    ] as [(Int64?, Int64)])
    func aLimiterIsWaitedFor(_ seconds: Int64?, _ pause: Int64) {
        var scene = Scene()
        scene.take(command(id))
        scene.take(command(payment("b-2")))
        scene.begin()
        let step = scene.hear(answered(429, retryAfter: seconds), to: id)
        #expect(step.actions == [.wait(id, until: scene.now + Milliseconds(pause))])
        #expect(step.answers == [])
        // Its turn is kept meanwhile, and a wake that comes too early does nothing.
        #expect(scene.begin() == PayerStep())
        #expect(scene.resume(id, after: pause - 1).entries == [])
        #expect(scene.resume(id, after: 1).entries.count == 1)
        #expect(scene.book[id]?.lastSending?.isRepeat == false)
    }

    @Test func pausesGrow() {
        var scene = Scene()
        scene.take(command(id))
        scene.begin()
        for pause in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] as [Int64] {
            scene.hear(.failed(.notConnected), to: id)
            #expect(scene.actions == [.wait(id, until: scene.now + Milliseconds(pause * second))])
            scene.resume(id, after: pause * second)
        }
    }

    @Test func pendingIsAskedForUntilItIsDone() {
        var scene = Scene()
        scene.take(command(id))
        scene.begin()
        let step = scene.hear(answered(202, record(id, .pending)), to: id)
        #expect(step.actions == [.wait(id, until: scene.now + 5_000)])
        #expect(scene.said(id) == ["inDoubt:pending"])
        scene.now += Timestamp(200 * second)
        #expect(scene.hear(.notFound(isComplete: true), of: id).entries == [])
        #expect(scene.hear(.found(record(id, .pending)), of: id).entries == [])
        scene.hear(.found(record(id, .reversed)), of: id)
        #expect(scene.state(id) == .parked(.returned))
        #expect(scene.attention == [.parked(.returned)])
    }

    @Test func aLookupThatFindsAnotherAmountIsForPeople() {
        var scene = doubtful()
        scene.hear(.found(record(id, amount: 61)), of: id)
        #expect(scene.state(id) == .parked(.mismatch))
        #expect(scene.attention == [.parked(.mismatch)])
        #expect(scene.said(id) == ["inDoubt:outcomeUnknown", "inDoubt:mismatch"])
    }

    /// 24 h less the margin of two, to the millisecond.
    @Test(arguments: [(22 * hour - 1, true), (22 * hour, false)])
    func theKeyIsReliedOnForItsLifetimeLessTheMargin(_ age: Int64, _ isSent: Bool) {
        var scene = doubtful()
        scene.now += Timestamp(age)
        let step = scene.hear(.notFound(isComplete: true), of: id)
        #expect(scene.state(id) == (isSent ? .sending(attempt: 2) : .parked(.keyExpired)))
        #expect(step.attention.map(\.kind) == (isSent ? [] : [.parked(.keyExpired)]))
    }

    /// A repeat makes no key younger: the provider counts from the first.
    @Test func theAgeOfAKeyIsCountedFromTheFirstSending() {
        var scene = doubtful()
        scene.now += Timestamp(21 * hour)
        scene.hear(.notFound(isComplete: true), of: id)
        #expect(scene.state(id) == .sending(attempt: 2))
        scene.hear(.failed(.timedOut), to: id)
        scene.now += Timestamp(hour)
        scene.hear(.notFound(isComplete: true), of: id)
        #expect(scene.state(id) == .parked(.keyExpired))
    }

    /// What is never executed for sure is tried for a day, to the millisecond.
    @Test(arguments: [(24 * hour - 1, true), (24 * hour, false)])
    func whatIsNeverTakenIsGivenUpAfterADay(_ age: Int64, _ isSent: Bool) {
        var profile = generous
        profile.keyLifetimeMilliseconds = nil
        var scene = Scene(profile)
        scene.take(command(id))
        scene.begin()
        scene.hear(.failed(.notConnected), to: id)
        scene.resume(id, after: age)
        #expect(scene.state(id) == (isSent ? .sending(attempt: 2) : .parked(.unavailable)))
        #expect(scene.said(id) == (isSent ? [] : ["inDoubt:unavailable"]))
        #expect(scene.attention == (isSent ? [] : [.parked(.unavailable)]))
    }

    /// A doubt that a proof has ended is over: a later one has its own day.
    @Test func aLaterDoubtIsAsOldAsItself() {
        var profile = generous
        profile.keyLifetimeMilliseconds = nil
        profile.notFoundIsFinal = true
        var scene = doubtful(profile)
        scene.now += Timestamp(100 * second)
        scene.hear(.notFound(isComplete: true), of: id)
        #expect(scene.state(id) == .sending(attempt: 2))
        #expect(scene.book[id]?.lastSending?.isRepeat == false)
        scene.now += Timestamp(23 * hour)
        scene.hear(.failed(.timedOut), to: id)
        #expect(scene.book[id]?.doubtSince == scene.now)
        scene.resume(id, after: 2 * hour)
        #expect(scene.state(id) == .unknown && scene.attention == [])
    }
}
