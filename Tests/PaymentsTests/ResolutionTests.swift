import Testing

import Payments
import Vocabulary

/// Two people settle what no machine may.
@Suite struct ResolutionTests {
    static let id = payment("b-1")

    /// How a command comes to stand, by the name of its state; it is an hour ago.
    static func scene(_ state: String) -> Scene {
        var scene = Scene()
        if state == "overObligation" { scene.take(command(payment("b-1", 2))) }
        let isPayout = state.hasPrefix("payout")
        let id = isPayout ? refund : id
        scene.take(command(id), token: state == "unknownAccount" ? nil : "acc_9")
        switch state {
        case "ready", "overObligation", "unknownAccount": break
        case "recalled": scene.recall(id)
        default:
            scene.begin()
            switch state {
            case "sending": break
            case "pending": scene.hear(answered(202, record(id, .pending)), to: id)
            case "declinedUnconfirmed": scene.hear(answered(402), to: id)
            case "retryWait": scene.hear(.failed(.notConnected), to: id)
            case "paid": scene.hear(answered(201, record(id)), to: id)
            case "declined", "payoutDeclined":
                scene.hear(answered(402), to: id)
                scene.hear(.found(record(id, .failed)), of: id)
            case "rejected": scene.hear(answered(400, problem: "validation"), to: id)
            case "mismatch": scene.hear(answered(201, record(id, amount: 61)), to: id)
            default:
                scene.hear(.failed(.timedOut), to: id)
                if state == "reversed" { scene.hear(.found(record(id, .reversed)), of: id) }
            }
        }
        scene.now += Timestamp(hour)
        return scene
    }

    static let refund = PaymentID(offering: "loan-7", bid: "b-1", kind: .refund(1), number: 1)

    static func proposal(
        _ verdict: PaymentVerdict, _ scene: Scene, of id: PaymentID = id,
        named name: Identifier = "r-1", by actor: Identifier = "anna"
    ) -> ResolutionProposal {
        ResolutionProposal(
            resolution: name, partition: 0, command: id, account: account, verdict: verdict,
            version: scene.book[id]?.version ?? 0, evidence: "line 17",
            reference: verdict == .paid ? "pay_01" : nil, actor: actor, at: 1)
    }

    static func approval(
        _ proposal: ResolutionProposal, by actor: Identifier = "ben"
    ) -> PaymentResolution {
        .approval(
            ResolutionApproval(
                resolution: proposal.resolution, partition: 0, command: proposal.command,
                version: proposal.version, actor: actor, at: 2))
    }

    /// What both say, and why it changed nothing, or how the command stands then.
    @discardableResult
    static func settle(
        _ verdict: PaymentVerdict, in scene: inout Scene, of id: PaymentID = id
    ) -> String {
        scene.attention = []
        let proposal = proposal(verdict, scene, of: id)
        scene.hear(.proposal(proposal))
        if case .unresolved(let refusal)? = scene.attention.first { return refusal.rawValue }
        scene.hear(approval(proposal))
        if case .unresolved(let refusal)? = scene.attention.first { return refusal.rawValue }
        return word(scene.state(id))
    }

    static func word(_ state: PaymentState?) -> String {
        switch state {
        case .ready?: "ready"
        case .paid?: "paid"
        case .failedByPerson?: "failedByPerson"
        case .returned?: "returned"
        case .conflict?: "conflict"
        case .declinedProven?: "declinedProven"
        default: "\(state.map { "\($0)" } ?? "none")"
        }
    }

    /// By state, what comes of paid, failedByPerson, returned, notExecuted and retry.
    @Test(arguments: [
        ("ready", ["neverSent", "wrongState", "wrongState", "neverSent", "wrongState"]),
        ("sending", ["underWay", "underWay", "underWay", "underWay", "underWay"]),
        ("unknown", ["paid", "failedByPerson", "returned", "ready", "wrongState"]),
        ("pending", ["paid", "failedByPerson", "returned", "ready", "wrongState"]),
        ("declinedUnconfirmed", ["paid", "failedByPerson", "returned", "ready", "wrongState"]),
        ("retryWait", ["paid", "failedByPerson", "wrongState", "ready", "wrongState"]),
        ("paid", ["wrongState", "wrongState", "returned", "wrongState", "wrongState"]),
        ("declined", ["conflict", "wrongState", "wrongState", "wrongState", "wrongState"]),
        ("payoutDeclined",
            ["conflict", "failedByPerson", "wrongState", "wrongState", "wrongState"]),
        ("recalled", ["neverSent", "wrongState", "wrongState", "neverSent", "wrongState"]),
        ("overObligation",
            ["neverSent", "failedByPerson", "wrongState", "neverSent", "overObligation"]),
        ("unknownAccount", ["neverSent", "failedByPerson", "wrongState", "neverSent", "ready"]),
        ("rejected", ["paid", "failedByPerson", "wrongState", "ready", "ready"]),
        ("mismatch", ["paid", "failedByPerson", "returned", "ready", "wrongState"]),
        ("reversed", ["paid", "wrongState", "returned", "wrongState", "wrongState"]),
    ] as [(String, [String])])
    func eachDecisionInEachState(_ state: String, _ expected: [String]) {
        let id = state == "payoutDeclined" ? Self.refund : Self.id
        for (verdict, outcome) in zip(PaymentVerdict.allCases, Self.inOrder(expected)) {
            var scene = Self.scene(state)
            let before = scene.answers.count
            let found = Self.settle(verdict, in: &scene, of: id)
            #expect(found == outcome, "\(state), \(verdict)")
            #expect(scene.isReplayed, "\(state), \(verdict)")
            // Who heard of the doubt hears of the end, and of nothing where nothing changed.
            let new = scene.answers[before...].map(\.result.kind.rawValue)
            switch outcome {
            case "paid", "failedByPerson", "conflict": #expect(new == [outcome])
            case "returned":
                #expect(new == (state == "paid" ? ["returned"] : ["paid", "returned"]))
            default: #expect(new.isEmpty, "\(state), \(verdict): \(new)")
            }
        }
    }

    /// The table's order is that of people: what moved, what did not.
    private static func inOrder(_ words: [String]) -> [String] {
        // allCases: paid, failedByPerson, notExecuted, returned, retry.
        [words[0], words[1], words[3], words[2], words[4]]
    }

    @Test func oneWhoProposesCannotApprove() {
        var scene = Self.scene("unknown")
        let proposal = Self.proposal(.paid, scene)
        scene.hear(.proposal(proposal))
        scene.hear(Self.approval(proposal, by: "anna"))
        #expect(scene.attention.last == .unresolved(.sameActor))
        #expect(scene.state(Self.id) == .unknown)
        // Another person still can.
        scene.hear(Self.approval(proposal))
        #expect(scene.state(Self.id) == .paid)
        #expect(scene.answers.last?.reference == "pay_01")
        #expect(scene.isReplayed)
    }

    @Test func whoLookedAtAnotherStoryIsRefused() {
        var scene = Self.scene("unknown")
        let proposal = Self.proposal(.failedByPerson, scene)
        scene.hear(.proposal(proposal))
        // Before the approval comes, the provider shows it.
        scene.hear(.found(record(Self.id)), of: Self.id)
        scene.hear(Self.approval(proposal))
        #expect(scene.state(Self.id) == .paid)
        #expect(scene.attention.last == .unresolved(.wrongVersion))
        #expect(scene.isReplayed)
    }

    /// A double click is one resolution, and of two that contradict the second finds another story.
    @Test func ofTwoResolutionsTheFirstCounts() {
        var scene = Self.scene("unknown")
        let paid = Self.proposal(.paid, scene)
        let failed = Self.proposal(.failedByPerson, scene, named: "r-2", by: "carl")
        for record in [PaymentResolution.proposal(paid), .proposal(paid), .proposal(failed)] {
            scene.hear(record)
        }
        scene.hear(Self.approval(paid))
        scene.hear(Self.approval(paid))
        scene.hear(.proposal(paid))
        #expect(scene.attention.isEmpty)
        scene.hear(Self.approval(failed, by: "dora"))
        #expect(scene.state(Self.id) == .paid)
        #expect(scene.said(Self.id) == ["inDoubt:outcomeUnknown", "paid"])
        #expect(scene.attention.last == .unresolved(.unknownResolution))
        #expect(scene.isReplayed)
    }

    @Test func paidNeedsTheProvidersID() {
        var scene = Self.scene("unknown")
        var proposal = Self.proposal(.paid, scene)
        proposal.reference = nil
        scene.hear(.proposal(proposal))
        #expect(scene.attention == [.unresolved(.noReference)])
    }

    /// That nothing moved counts only once nothing can be under way.
    @Test(arguments: [PaymentVerdict.failedByPerson, .notExecuted])
    func whatMayBeUnderWayIsAwaited(_ verdict: PaymentVerdict) {
        var scene = Scene()
        scene.take(command(Self.id))
        scene.begin()
        let windowEndsAt = scene.now + 5_000
        scene.now += 10_000
        scene.hear(.failed(.connectionLost), to: Self.id)
        let proposal = Self.proposal(verdict, scene)
        scene.hear(.proposal(proposal))
        scene.hear(Self.approval(proposal))
        #expect(scene.state(Self.id) == .unknown)
        #expect(scene.actions == [.wait(Self.id, until: windowEndsAt + 30_000)])
        scene.now = windowEndsAt + 29_999
        scene.resume(Self.id)
        #expect(scene.state(Self.id) == .unknown)
        scene.now += 1
        scene.resume(Self.id)
        #expect(scene.state(Self.id) == (verdict == .failedByPerson ? .failedByPerson : .ready))
        #expect(scene.isReplayed)
    }

    /// An agreement that waits survives its payer, and counts from the successor's fence.
    @Test func whatTwoPeopleAgreedOnSurvivesARestart() {
        var scene = Scene()
        scene.take(command(Self.id))
        scene.begin()
        scene.hear(.failed(.connectionLost), to: Self.id)
        let proposal = Self.proposal(.failedByPerson, scene)
        scene.hear(.proposal(proposal))
        scene.restart(scene.book.channels)
        // A take-over is an entry of the partition: it is the same story.
        scene.hear(Self.approval(proposal))
        scene.restart(scene.book.channels)
        #expect(scene.state(Self.id) == .unknown)
        #expect(scene.actions.contains(.wait(Self.id, until: scene.now + 35_000)))
        scene.resume(Self.id, after: 35_000)
        #expect(scene.state(Self.id) == .failedByPerson)
        #expect(scene.said(Self.id).last == "failedByPerson")
        #expect(scene.isReplayed)
        // What the journal knows is not said again.
        let count = scene.journal.count
        scene.hear(Self.approval(proposal))
        #expect(scene.journal.count == count)
    }

    /// It is sent again under a new key; what the old one shows later is another matter.
    @Test func whatWasNotExecutedGoesOutUnderANewKey() throws {
        var scene = Self.scene("unknown")
        Self.settle(.notExecuted, in: &scene)
        #expect(scene.state(Self.id) == .ready)
        let step = scene.begin()
        guard case .send(_, let attempt, let request, _, _)? = step.actions.first else {
            Issue.record("nothing was sent")
            return
        }
        #expect(attempt == 2)
        #expect(request.key == key(Self.id, 1).description)
        guard case .sending(let sending)? = step.entries.last else { return }
        #expect(!sending.isRepeat && sending.key == key(Self.id, 1))
        // Never erased: the first attempt still counts, so no recall is granted.
        #expect(scene.recall(Self.id).answers.isEmpty)
        scene.hear(answered(201, record(Self.id, key: key(Self.id, 1).description)), to: Self.id)
        #expect(scene.state(Self.id) == .paid)
        #expect(scene.isReplayed)
    }

    @Test func otherChannelsAreTakenOnlyByPeople() {
        let second = ChannelTerms(PaymentChannel(name: "second", origin: "b"), generous)
        let first = ChannelTerms(PaymentChannel(name: "default", origin: "a"), generous)
        var scene = Scene(channels: [first, second])
        scene.take(command(Self.id))
        scene.begin()
        scene.hear(.failed(.timedOut), to: Self.id)
        scene.now += Timestamp(hour)
        var proposal = Self.proposal(.notExecuted, scene)
        proposal.channel = "second"
        scene.hear(.proposal(proposal))
        scene.hear(Self.approval(proposal))
        let step = scene.begin()
        guard case .send(_, _, let request, _, let channel)? = step.actions.first else {
            Issue.record("nothing was sent")
            return
        }
        #expect(channel == "second")
        #expect(request.accountToken == "second:acc_9")
        #expect(scene.isReplayed)
    }

    /// What people gave up makes room, and holds its lane no longer.
    @Test func whatWasGivenUpMakesRoom() {
        var scene = Self.scene("unknown")
        let next = payment("b-1", 2)
        scene.take(command(next))
        #expect(scene.state(next) == .parked(.overObligation))
        Self.settle(.failedByPerson, in: &scene)
        #expect(scene.state(next) == .ready)
        #expect(scene.begin().entries.count == 1)
        #expect(scene.isReplayed)
    }

    @Test func aMissingAccountIsLookedUpAnew() {
        var scene = Self.scene("unknownAccount")
        let proposal = Self.proposal(.retry, scene)
        scene.hear(.proposal(proposal))
        scene.hear(Self.approval(proposal), token: nil)
        #expect(scene.attention.last == .unresolved(.unknownAccount))
        Self.settle(.retry, in: &scene)
        #expect(scene.state(Self.id) == .ready)
        scene.begin()
        guard case .sending? = scene.state(Self.id) else {
            Issue.record("\(String(describing: scene.state(Self.id)))")
            return
        }
        #expect(scene.isReplayed)
    }
}
