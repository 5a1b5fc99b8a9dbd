import Testing

import Payments
import Vocabulary

/// What is kept of what a provider said, and when it is asked again.
@Suite struct WordsTests {
    private static let id = payment("b-1")

    private func words(_ answer: SendingAnswer) -> ProviderWords? {
        var scene = Scene()
        scene.take(command(Self.id))
        scene.begin()
        guard case .outcome(let outcome)? = scene.hear(answer, to: Self.id).entries.first else {
            return nil
        }
        return outcome.words
    }

    @Test func whatWasSaidIsKept() {
        #expect(
            words(answered(400, problem: "urn:problem:validation"))
                == ProviderWords(status: 400, problem: "urn:problem:validation"))
        #expect(words(answered(201, record(Self.id))) == ProviderWords(status: 201))
        #expect(
            words(.failed(.notConnected, FailureDetails(cause: .nameNotResolved)))
                == ProviderWords(cause: "nameNotResolved"))
        // Too long for a record, or empty: left out.
        let long = String(repeating: "x", count: 256)
        #expect(words(answered(-1, problem: long)) == ProviderWords())
    }

    /// At 80 s "not found" is too early, and at 95 s it counts.
    @Test func notFoundIsAskedForAgainOnceItCounts() {
        var scene = Scene()
        scene.take(command(Self.id))
        scene.begin()
        let quiet = scene.now + 95_000
        scene.hear(.failed(.timedOut), to: Self.id)
        scene.now += 80_000
        scene.hear(.notFound(isComplete: true), of: Self.id)
        #expect(scene.actions == [.wait(Self.id, until: quiet)])
        scene.takeOver()
        scene.hear(.notFound(isComplete: true), of: Self.id)
        scene.now += 80_000
        scene.hear(.notFound(isComplete: true), of: Self.id)
        #expect(scene.actions == [.wait(Self.id, until: scene.now + 15_000)])
    }

    /// Under the id of a command that was left out nothing is taken up.
    @Test func whatCantBeIsLeftOut() {
        var scene = Scene()
        let address = PaymentRecall(command: Self.id, partition: 3, account: account)
        let source = CommandSource(partition: 0, offset: 1, at: scene.now)
        scene.commit(scene.book.leaveOut(address, from: source, now: scene.now))
        #expect(scene.said(Self.id) == ["inDoubt:invalid"])
        #expect(scene.attention == [.parked(.invalid)])
        scene.take(command(Self.id))
        #expect(scene.begin().entries.isEmpty)
        #expect(ResolutionTests.settle(.failedByPerson, in: &scene) == "failedByPerson")
        #expect(scene.isReplayed)
    }
}
