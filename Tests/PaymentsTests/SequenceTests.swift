import Testing

import Payments
import Vocabulary

/// Every sequence of a small alphabet, judged from the journal and the actions alone.
@Suite struct SequenceTests {
    static let first = payment("b-1", 1)
    static let second = payment("b-1", 2)
    /// Of another obligation, and of the same account.
    static let other = payment("b-2")
    static let ids = [first, second, other]

    enum Event: CaseIterable {
        case takeFirst, takeSecond, takeOther, recallFirst, begin, takeOver
        case paid, declined, timedOut, refused, pending
        case foundPaid, foundFailed, notFound, wait, waitLong
    }

    static func perform(_ event: Event, in scene: inout Scene) {
        switch event {
        case .takeFirst: scene.take(command(first, 60))
        case .takeSecond: scene.take(command(second, 60))
        case .takeOther: scene.take(command(other, 60))
        case .recallFirst: scene.recall(first)
        case .begin: scene.begin()
        case .takeOver: scene.takeOver()
        case .paid: answer(in: &scene) { answered(201, record($0)) }
        case .declined: answer(in: &scene) { _ in answered(402) }
        case .timedOut: answer(in: &scene) { _ in .failed(.timedOut) }
        case .refused: answer(in: &scene) { _ in .failed(.notConnected) }
        case .pending: answer(in: &scene) { answered(202, record($0, .pending)) }
        case .foundPaid: lookUp(in: &scene) { .found(record($0)) }
        case .foundFailed: lookUp(in: &scene) { .found(record($0, .failed)) }
        case .notFound: lookUp(in: &scene) { _ in .notFound(isComplete: true) }
        case .wait: resume(in: &scene, after: 100_000)
        case .waitLong: resume(in: &scene, after: 23 * hour)
        }
    }

    private static func answer(in scene: inout Scene, _ make: (PaymentID) -> SendingAnswer) {
        for id in ids {
            if case .sending = scene.state(id) { scene.hear(make(id), to: id) }
        }
    }

    private static func lookUp(in scene: inout Scene, _ make: (PaymentID) -> LookupAnswer) {
        for id in ids where scene.state(id)?.doubt != nil {
            scene.hear(make(id), of: id)
        }
    }

    private static func resume(in scene: inout Scene, after milliseconds: Int64) {
        scene.now += Timestamp(milliseconds)
        for id in ids { scene.resume(id) }
    }

    static let profiles: [String: ProviderProfile] = {
        var lookup = ProviderProfile()
        lookup.looksUpByKey = true
        var final = lookup
        final.notFoundIsFinal = true
        final.finalityDelayMilliseconds = 50 * 1_000
        var blind = generous
        blind.looksUpByKey = false
        return [
            "generous": generous, "lookup": lookup, "final": final, "blind": blind,
            "nothing": ProviderProfile(),
        ]
    }()

    @Test(arguments: ["generous", "lookup", "final", "blind", "nothing"], [false, true])
    func everySequenceKeepsTheRules(_ name: String, _ isBegun: Bool) throws {
        let profile = try #require(Self.profiles[name])
        var scene = Scene(profile)
        if isBegun { for event in [Event.takeFirst, .begin] { Self.perform(event, in: &scene) } }
        var seen = 0
        let broken = search(scene, 6, [], &seen)
        if let broken { Issue.record("\(name): \(broken)") }
        #expect(seen > 1_000)
    }

    /// The first sequence that breaks a rule, and which one. What changes nothing is not
    /// followed further.
    private func search(
        _ scene: Scene, _ depth: Int, _ path: [Event], _ seen: inout Int
    ) -> String? {
        guard depth > 0 else { return nil }
        for event in Event.allCases {
            var next = scene
            Self.perform(event, in: &next)
            if next.journal.count == scene.journal.count, next.now == scene.now { continue }
            seen += 1
            let path = path + [event]
            if let rule = JournalRules.broken(by: next) { return "\(rule) after \(path)" }
            if let deeper = search(next, depth - 1, path, &seen) { return deeper }
        }
        return nil
    }
}
