import Testing

import Payments
import Vocabulary

/// A payer that stops at any point: what its successor reads, and what it does next.
@Suite struct CrashTests {
    static let id = payment("b-1")

    /// The successor of a payer whose journal ends after `count` entries.
    func successor(of scene: Scene, after count: Int, later: Int64 = 60 * second) -> Scene {
        var next = Scene()
        next.book = PaymentBook(scene.book.channels)
        next.replica = next.book
        next.journal = []
        for entry in scene.journal.prefix(count) {
            do {
                try next.book.apply(entry)
                try next.replica.apply(entry)
            } catch { Issue.record("\(error)") }
        }
        next.now = scene.now + Milliseconds(later)
        next.takeOver()
        return next
    }

    func sent() -> Scene {
        var scene = Scene()
        scene.take(command(Self.id))
        scene.begin()
        return scene
    }

    @Test func beforeTheIntentTheCommandComesAgain() {
        var next = successor(of: sent(), after: 1)
        #expect(next.book[Self.id] == nil && next.book.lastOffset == nil)
        #expect(next.take(command(Self.id)).entries.count == 1)
    }

    @Test func afterTheIntentItIsSentOnceHoweverOftenItComes() {
        var next = successor(of: sent(), after: 2)
        #expect(next.book.lastOffset == 1)
        #expect(next.take(command(Self.id)) == PayerStep())
        let step = next.begin()
        #expect(step.actions.count == 1)
        guard case .send(_, attempt: 1, _, _, _) = step.actions.first else {
            Issue.record("\(step.actions)")
            return
        }
        #expect(next.begin() == PayerStep())
    }

    /// No byte sent, all sent, or answered: the journal shows the same.
    @Test func afterTheLeaveToSendItAsksFirst() {
        var next = successor(of: sent(), after: 4)
        #expect(next.state(Self.id) == .unknown)
        #expect(next.actions == [.lookUp(Self.id, key: key(Self.id).description, over: "default")])
        #expect(next.begin() == PayerStep())
        // Within window, deadline and visibility, counted from the successor's own fence,
        // "not found" is no proof.
        next.now += Timestamp(95 * second - 1)
        let early = next.hear(.notFound(isComplete: true), of: Self.id)
        #expect(next.state(Self.id) == .unknown)
        #expect(early.answers.map(\.reason) == [.outcomeUnknown])
        next.now += 1
        let late = next.hear(.notFound(isComplete: true), of: Self.id)
        guard case .send(_, attempt: 2, let request, let end, _) = late.actions.first else {
            Issue.record("\(late.actions)")
            return
        }
        #expect(request.key == key(Self.id).description && end == next.now + 5_000)
        next.hear(answered(200, record(Self.id)), to: Self.id)
        #expect(next.said(Self.id) == ["inDoubt:outcomeUnknown", "paid"])
        #expect(next.answers.map(\.result.result) == [1, 2])
        #expect(next.isReplayed)
    }

    /// The journal says when its last entry was written, and the successor may come much later:
    /// what its predecessor let go counts as under way from its own fence on.
    @Test func theWaitBeginsWithTheFenceOfTheSuccessor() {
        var next = sent()
        let old = next.now
        next.now += Timestamp(hour)
        var step = next.book.takeOver(epoch: 2, now: old)
        step.append(next.book.goOn(at: next.now) { draft($0, over: $1) })
        next.commit(step)
        #expect(next.state(Self.id) == .unknown)
        // Nor is the doubt an hour old: it began with the fence.
        #expect(next.book[Self.id]?.doubtSince == next.now)
        next.now += Timestamp(95 * second - 1)
        next.hear(.notFound(isComplete: true), of: Self.id)
        #expect(next.state(Self.id) == .unknown)
        next.now += 1
        next.hear(.notFound(isComplete: true), of: Self.id)
        #expect(next.state(Self.id) == .sending(attempt: 2))
    }

    /// What waits to be sent again goes on waiting, and is not forgotten.
    @Test func theSuccessorKeepsTheMomentOfARetry() {
        var scene = sent()
        scene.hear(answered(429, retryAfter: 600), to: Self.id)
        let until = scene.now + 600_000
        let next = successor(of: scene, after: scene.journal.count)
        #expect(next.actions == [.wait(Self.id, until: until)])
        var late = successor(of: scene, after: scene.journal.count, later: 600 * second)
        #expect(late.state(Self.id) == .sending(attempt: 2))
        late.hear(answered(201, record(Self.id)), to: Self.id)
        #expect(late.said(Self.id) == ["paid"])
    }

    @Test func whatWasPaidIsFoundAndNotSentAgain() {
        var next = successor(of: sent(), after: 4)
        let step = next.hear(.found(record(Self.id)), of: Self.id)
        #expect(next.state(Self.id) == .paid && step.actions == [])
        #expect(step.answers.first?.reference == "pay_01")
        #expect(step.answers.first?.result.amount == 60)
    }

    @Test func afterTheOutcomeNothingIsLeftToDo() {
        var scene = sent()
        scene.hear(answered(201, record(Self.id)), to: Self.id)
        var next = successor(of: scene, after: 5)
        #expect(next.state(Self.id) == .paid && next.actions == [])
        #expect(next.take(command(Self.id)) == PayerStep())
        // Another command under its id is for people; what was answered stands.
        let conflict = next.take(command(Self.id, 61))
        #expect(conflict.answers.isEmpty && conflict.attention.map(\.kind) == [.conflict])
    }

    @Test func whatAnEarlierOwnerHearsTooLateChangesNothing() {
        var next = successor(of: sent(), after: 4)
        let before = next.book
        next.hear(answered(201, record(Self.id)), to: Self.id)
        #expect(next.book == before && next.attention == [.lateAnswer(.paid)])
    }

    @Test func duringARepetitionItIsARepetitionAgain() {
        var scene = sent()
        scene.hear(.failed(.timedOut), to: Self.id)
        scene.now += Timestamp(100 * second)
        scene.hear(.notFound(isComplete: true), of: Self.id)
        #expect(scene.state(Self.id) == .sending(attempt: 2))
        var next = successor(of: scene, after: scene.journal.count)
        next.now += Timestamp(100 * second)
        next.hear(.notFound(isComplete: true), of: Self.id)
        #expect(next.book[Self.id]?.lastSending?.isRepeat == true)
        #expect(next.book[Self.id]?.repeats == 2)
        // A refusal of this copy says nothing of those before it.
        next.hear(answered(429), to: Self.id)
        #expect(next.state(Self.id) == .unknown)
    }

    /// A "not found" that was asked for too early does not become proof by arriving late.
    @Test func anAnswerSpeaksOfTheMomentOfItsQuestion() {
        var scene = sent()
        scene.hear(.failed(.timedOut), to: Self.id)
        let asked = scene.now
        scene.now += Timestamp(200 * second)
        let step = scene.hear(.notFound(isComplete: true), of: Self.id, askedAt: asked)
        #expect(scene.state(Self.id) == .unknown && step.entries == [])
    }

    /// What a payer that reads `entries` back finds wrong with them.
    private func fault(_ entries: [JournalEntry]) -> JournalFault.Kind? {
        var book = PaymentBook(profile: generous)
        do {
            for entry in entries { try book.apply(entry) }
            return nil
        } catch { return error.kind }
    }

    @Test func aJournalThatNoPayerWritesIsRefused() throws {
        let journal = sent().journal
        #expect(fault(journal) == nil)
        #expect(fault([journal[0], journal[0]]) == .wrongEpoch)
        #expect(fault([journal[1], journal[1]]) == .commandTwice)
        #expect(fault([journal[3]]) == .unknownCommand)
        #expect(fault([journal[1], journal[2], journal[3]]) == .wrongEpoch)
        #expect(fault(journal + [journal[3]]) == .wrongAttempt)
        var waiting = sent()
        waiting.take(command(payment("b-2")))
        let sending = PaymentSending(
            command: payment("b-2"), attempt: 1, isRepeat: false, epoch: 1, channel: "default",
            key: key(payment("b-2")), windowEndsAt: 0, at: 0)
        #expect(fault(waiting.journal + [.sending(sending)]) == .laneIsTaken)
        waiting.journal.remove(at: 3)
        #expect(fault(waiting.journal + [.sending(sending)]) == .laneIsTaken)
        let early = PaymentOutcome(command: Self.id, attempt: 2, class: .paid, at: 0)
        #expect(fault(journal + [.outcome(early)]) == .wrongState)
        let skipped = PaymentOutcome(command: Self.id, attempt: 1, class: .paid, result: 2, at: 0)
        #expect(fault(journal + [.outcome(skipped)]) == .wrongResult)
    }
}
