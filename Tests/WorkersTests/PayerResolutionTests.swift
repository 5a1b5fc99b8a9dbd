import MemoryLog
import Messages
import Payments
import Testing
import Vocabulary
import Workers

/// What people and brakes say reaches a payer, once, wherever it is interrupted.
@Suite struct PayerResolutionTests {
    typealias Stage = PayerLaneTests.Stage

    /// A provider that can't be asked and executes whatever comes: doubts are for people.
    private static let silent: ProviderProfile = {
        var profile = ProviderProfile()
        profile.httpDeadlineMilliseconds = 1_000
        profile.sendingWindowMilliseconds = 1_000
        return profile
    }()

    private static let lost = "o/b-4/1"

    private static func says(
        _ decision: String, version: Int = 4, reference: String? = nil
    ) -> [String] {
        [
            #"{"type":"resolve","resolution":"r-1","partition":0,"command":"\#(lost)","#
                + #""account":"a-4","decision":"\#(decision)","version":\#(version),"#
                + #""evidence":"seen","#
                + (reference.map { #""reference":"\#($0)","# } ?? "")
                + #""actor":"anna","at":1}"#,
            #"{"type":"resolve.approve","resolution":"r-1","partition":0,"command":"\#(lost)","#
                + #""version":\#(version),"actor":"ben","at":2}"#,
        ]
    }

    private static let pause =
        #"{"type":"pause","partition":0,"actor":"anna","reason":"so","at":1}"#
    private static let resume =
        #"{"type":"resume","partition":0,"actor":"anna","reason":"","at":2}"#

    @Test func whatIsPausedIsSentAfterwards() throws {
        let stage = try Stage(MemoryLog(), commands: 1)
        try stage.scene.append([Self.pause], to: .paymentResolutions)
        #expect(stage.run(stage.payer()) == .finished)
        #expect(stage.provider.tries.isEmpty)
        // A successor knows it from the journal.
        #expect(stage.run(stage.payer()) == .finished)
        #expect(stage.provider.tries.isEmpty)
        try stage.scene.append([Self.resume], to: .paymentResolutions)
        #expect(stage.run(stage.payer()) == .finished)
        #expect(stage.provider.tries.count == 1)
        #expect(try stage.results()["o/b-0/1"] == "paid")
    }

    /// An amount or a currency that can't be: told, kept, and never taken up.
    @Test(arguments: [(#""amount":100"#, #""amount":-1"#), ("CNY", "yuan")])
    func whatCantBeIsToldAndLeftOut(_ right: String, _ wrong: String) throws {
        let stage = try Stage(MemoryLog(), commands: 0)
        let command = PayerLaneTests.command(0)
        try stage.scene.append(
            [command.replacing(right, with: wrong), command], to: .paymentCommands)
        #expect(stage.run(stage.payer()) == .finished)
        #expect(try stage.results()["o/b-0/1"] == "inDoubt")
        #expect(try stage.scene.read(.invalid).count == 1)
        #expect(try stage.scene.read(.attention).contains { $0.contains("invalid") })
        #expect(stage.provider.tries.isEmpty)
    }

    private static func parked() throws -> Stage {
        let stage = try Stage(MemoryLog(), commands: 5)
        #expect(stage.run(stage.payer(profile: silent)) == .finished)
        #expect(try stage.results()[lost] == "inDoubt")
        return stage
    }

    @Test func twoPeopleSettleWhatIsParked() throws {
        for (decision, reference, result) in [
            ("paid", "pay_01", "paid"), ("failedByPerson", nil, "failedByPerson"),
        ] as [(String, String?, String)] {
            let stage = try Self.parked()
            try stage.scene.append(
                Self.says(decision, reference: reference), to: .paymentResolutions)
            #expect(stage.run(stage.payer(profile: Self.silent)) == .finished)
            #expect(try stage.results()[Self.lost] == result)
            #expect(stage.provider.tries.values.allSatisfy { $0 == 1 })
        }
    }

    /// Nobody else's word counts: another version, or the same person.
    @Test func whatDoesNotFitChangesNothing() throws {
        let stage = try Self.parked()
        let alone = Self.says("failedByPerson").map { $0.replacing("ben", with: "anna") }
        try stage.scene.append(
            Self.says("paid", version: 2, reference: "pay_01") + alone, to: .paymentResolutions)
        #expect(stage.run(stage.payer(profile: Self.silent)) == .finished)
        #expect(try stage.results()[Self.lost] == "inDoubt")
        let attention = try stage.scene.read(.attention)
        for reason in ["wrongVersion", "sameActor"] {
            #expect(attention.contains { $0.contains("paymentUnresolved") && $0.contains(reason) })
        }
    }

    /// A payer that ends after any number of steps leaves its successor all that it takes.
    @Test func anInterruptionChangesNothing() throws {
        for steps in 0..<40 {
            let stage = try Self.parked()
            try stage.scene.append(
                [Self.pause] + Self.says("notExecuted") + [Self.resume], to: .paymentResolutions)
            let first = stage.payer(profile: Self.silent)
            for _ in 0..<steps where first.step() == nil {
                stage.provider.deliver()
                stage.clock.set(stage.clock.read() + 50)
            }
            #expect(stage.run(stage.payer(profile: Self.silent)) == .finished)
            #expect(stage.run(stage.payer(profile: Self.silent)) == .finished)
            let acted = try stage.scene.read(.paymentJournal).filter {
                $0.contains(#""type":"resolved""#)
            }
            #expect(acted.count == 1, "\(steps) steps: \(acted)")
            // Under the first key it was lost, under the second one, too, or executed.
            #expect(stage.provider.tries.values.allSatisfy { $0 == 1 }, "\(steps) steps")
            #expect(stage.provider.tries.count == 6, "\(steps) steps")
            try stage.expectNewNumbers("\(steps) steps")
        }
    }
}
