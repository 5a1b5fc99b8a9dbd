import EventLog
import MemoryLog
import Messages
import Payments
import Testing
import Vocabulary
import Workers

/// What a payer makes sure of before it sends anything: that its journal is whole, that its
/// commands are those that it took up, and that its channels lead where they led.
@Suite struct PayerStartTests {
    typealias Stage = PayerLaneTests.Stage

    /// A log whose clock stands still, so that what is carried over keeps its append times.
    private static func log() -> MemoryLog { MemoryLog { 1_700_000_000_000 } }

    /// Pays what is there, on a log of its own.
    private static func paid() throws -> Stage {
        let stage = try Stage(log())
        #expect(stage.run(stage.payer()) == .finished)
        return stage
    }

    /// The same log, with other contents in these topics, and the same provider.
    private static func changed(
        _ stage: Stage, _ change: (Topic, [String]) -> [String]
    ) throws -> Stage {
        let other = try Stage(log(), provider: stage.provider)
        for topic in [
            Topic.paymentCommands, .paymentJournal, .paymentMarks, .paymentResults,
        ] {
            try other.scene.append(change(topic, try stage.scene.read(topic)), to: topic)
        }
        return other
    }

    private static func resolve(_ stage: Stage, _ damage: String) throws {
        for (type, actor) in [("rebuild.propose", "anna"), ("rebuild.approve", "ben")] {
            try stage.scene.append(
                [#"{"type":"\#(type)","partition":0,\#(damage),"actor":"\#(actor)","at":1}"#],
                to: .paymentResolutions)
        }
    }

    private static func sentence(_ end: LaneEnd?) -> String {
        if case .invariant(let sentence)? = end { return sentence }
        Issue.record("\(end as Any)")
        return ""
    }

    @Test func aJournalWithoutItsTailIsRefusedAtEveryPlace() throws {
        let whole = try Self.paid()
        let count = try whole.journal().count
        let tries = whole.provider.tries
        for cut in 0..<count {
            let stage = try Self.changed(whole) { topic, records in
                topic == .paymentJournal ? Array(records.prefix(cut)) : records
            }
            let end = stage.run(stage.payer())
            let sentence = Self.sentence(end)
            #expect(sentence.contains("ends with entry \(cut), "), "\(sentence)")
            #expect(sentence.contains("entry \(count) was written"), "\(sentence)")
            #expect(sentence.contains("fairfill payments rebuild --partition 0"), "\(sentence)")
            #expect(try stage.journal().count == cut, "nobody was fenced for it")
        }
        #expect(whole.provider.tries == tries, "something was sent")
    }

    @Test func twoPeopleCanGoOnBehindIt() throws {
        let whole = try Self.paid()
        let count = try whole.journal().count
        let moved = whole.provider.moved
        for cut in 0..<count {
            let stage = try Self.changed(whole) { topic, records in
                topic == .paymentJournal ? Array(records.prefix(cut)) : records
            }
            // Agreed on something else: no way on.
            try Self.resolve(
                stage, #""last":\#(cut),"mark":\#(count + 1),"isRestarted":false"#)
            _ = Self.sentence(stage.run(stage.payer()))
            try Self.resolve(stage, #""last":\#(cut),"mark":\#(count),"isRestarted":false"#)
            #expect(stage.run(stage.payer()) == .finished, "cut after \(cut)")
            try stage.expectAllSettled("cut after \(cut)")
            #expect(stage.provider.moved == moved, "cut after \(cut)")
            try stage.expectNewNumbers("cut after \(cut)")
            // And it is a journal like any other.
            #expect(stage.run(stage.payer()) == .finished, "cut after \(cut)")
        }
    }

    @Test func aLostMarkIsNoticed() throws {
        let whole = try Self.paid()
        let count = try whole.journal().count
        let stage = try Self.changed(whole) { topic, records in
            topic == .paymentMarks ? [] : records
        }
        let sentence = Self.sentence(stage.run(stage.payer()))
        #expect(sentence.contains("ends with entry 0"), "\(sentence)")
        #expect(sentence.contains("it ends with \(count)"), "\(sentence)")
        try Self.resolve(stage, #""last":\#(count),"mark":0,"isRestarted":false"#)
        #expect(stage.run(stage.payer()) == .finished)
        try stage.expectAllSettled("without marks")
    }

    /// A journal that is gone with its marks looks like one that has not begun; what its payer
    /// answered is there.
    @Test func aJournalThatIsLostWithItsMarksIsNoticedByItsAnswers() throws {
        let whole = try Self.paid()
        let (tries, moved) = (whole.provider.tries, whole.provider.moved)
        let stage = try Self.changed(whole) { topic, records in
            topic == .paymentJournal || topic == .paymentMarks ? [] : records
        }
        let sentence = Self.sentence(stage.run(stage.payer()))
        for part in [
            "t.payment-journal[0] and t.payment-marks[0] are empty", "t.payment-results[0]",
            "offset 0",
            "Nothing is sent", "fairfill payments rebuild --partition 0",
        ] {
            #expect(sentence.contains(part), "\(part): \(sentence)")
        }
        #expect(try stage.journal().isEmpty, "nobody was fenced for it")
        #expect(stage.provider.tries == tries, "something was sent")
        // What else two people may have agreed on is no way on.
        try Self.resolve(stage, #""last":0,"mark":1,"isRestarted":true"#)
        _ = Self.sentence(stage.run(stage.payer()))
        try Self.resolve(stage, #""last":0,"mark":0,"isRestarted":true"#)
        #expect(stage.run(stage.payer()) == .finished)
        try stage.expectAllSettled("without journal and marks")
        #expect(stage.provider.moved == moved)
        #expect(stage.run(stage.payer()) == .finished)
    }

    /// The answers of other accounts' payers prove nothing, nor do those of a payer that never was.
    @Test func answersOfOtherPartitionsProveNothing() throws {
        var stage = try Stage(MemoryLog(), commands: 0, partitions: 2)
        let home = Partitioner.partition(of: "a-0", count: 2)
        for topic in [Topic.paymentResults, .paymentCommands] {
            stage.scene.partition = topic == .paymentResults ? 0 : home
            try stage.scene.append(
                topic == .paymentCommands
                    ? [PayerLaneTests.command(0)]
                    : (0..<40).map { LaneScene.result("paid", "o/b-\($0)/1", "a-\($0)", amount: 1) }
                        .filter { line in
                            !(0..<40).contains {
                                let account = Identifier(parsing: "a-\($0)")!
                                return Partitioner.partition(of: account, count: 2) == home
                                    && line.contains("\"\(account)\"")
                            }
                        } + ["{}", #"{"type":"paid"}"#],
                to: topic)
        }
        #expect(stage.run(stage.payer()) == .finished)
        #expect(stage.provider.tries.count == 1)
    }

    /// A journal is read no further than this build knows it.
    @Test func aNewerBuildsEntryIsNotPassedOver() throws {
        let whole = try Self.paid()
        let changes: [(String, (String) -> String)] = [
            ("the member 'limit'", { $0.dropLast() + #","limit":1}"# }),
            ("a type", { $0.replacing(#"{"type":"outcome""#, with: #"{"type":"ending""#) }),
        ]
        for (words, change) in changes {
            var isDone = false
            let stage = try Self.changed(whole) { topic, records in
                records.map { record in
                    guard topic == .paymentJournal, !isDone, record.contains(#""outcome""#) else {
                        return record
                    }
                    isDone = true
                    return change(record)
                }
            }
            guard case .log(let error)? = stage.run(stage.payer()) else {
                Issue.record("it went on")
                continue
            }
            #expect(error.code == .misconfigured)
            for part in ["t.payment-journal[0]/", "written by a newer build", words] {
                #expect(error.message.contains(part), "\(part): \(error.message)")
            }
        }
    }

    @Test func aGapInTheJournalIsRefused() throws {
        let whole = try Self.paid()
        let stage = try Self.changed(whole) { topic, records in
            var records = records
            if topic == .paymentJournal { records.remove(at: 3) }
            return records
        }
        let sentence = Self.sentence(stage.run(stage.payer()))
        #expect(sentence.contains("the journal has a gap"), "\(sentence)")
    }

    @Test func commandsThatWereMadeAnewAreNoticed() throws {
        let whole = try Self.paid()
        let count = try whole.journal().count
        // Shorter; and as long, of another time.
        let shorter = try Self.changed(whole) { topic, records in
            topic == .paymentCommands ? Array(records.prefix(2)) : records
        }
        let other = try Stage(MemoryLog { 1_800_000_000_000 }, provider: whole.provider)
        for topic in [
            Topic.paymentCommands, .paymentJournal, .paymentMarks, .paymentResults,
        ] {
            try other.scene.append(try whole.scene.read(topic), to: topic)
        }
        for (stage, number) in [(shorter, 20), (other, 27)] {
            let sentence = Self.sentence(stage.run(stage.payer()))
            #expect(sentence.contains("made anew"), "\(sentence)")
            #expect(sentence.contains("payments rebuild"), "\(sentence)")
            // The way on: it reads them from the beginning, and what it knows is no step.
            try stage.scene.append([PayerLaneTests.command(number)], to: .paymentCommands)
            try Self.resolve(stage, #""last":\#(count),"mark":\#(count),"isRestarted":true"#)
            #expect(stage.run(stage.payer()) == .finished)
            #expect(try stage.results()["o/b-\(number)/1"] != nil)
        }
        #expect(whole.provider.moved.values.allSatisfy { $0 == 1 })
    }

    @Test func anotherProviderUnderTheSameNameSendsNothing() throws {
        let stage = try Stage(MemoryLog())
        stage.run(stage.payer(), steps: 14)
        stage.provider.forgetAnswers()
        let tries = stage.provider.tries
        #expect(!tries.isEmpty)
        let moved = PaymentChannel(name: "default", origin: "http://other")
        guard case .log(let error)? = stage.run(stage.payer(channel: moved)) else {
            Issue.record("it went on")
            return
        }
        #expect(error.code == .misconfigured, "\(error)")
        for part in ["'default'", "http://bank", "http://other", "o/b-4/1", "--channel"] {
            #expect(error.message.contains(part), "\(error)")
        }
        #expect(stage.provider.tries == tries)
        #expect(stage.run(stage.payer()) == .finished)
        try stage.expectAllSettled("afterwards")
    }

    /// Numbers that index something are looked at first.
    @Test(arguments: ["1", "7", "9007199254740991"])
    func aCommandThatNamesNoPartitionTrapsNobody(_ partition: String) throws {
        let stage = try Stage(MemoryLog(), commands: 1)
        let wrong = PayerLaneTests.command(7).replacing(
            #""partition":0"#, with: #""partition":\#(partition)"#)
        let recall = #"{"type":"recall","command":"o/b-14/1","offering":"o","partition":"#
            + #"\#(partition),"account":"a-14"}"#
        try stage.scene.append(
            [wrong, wrong, recall, PayerLaneTests.command(14)], to: .paymentCommands)
        #expect(stage.run(stage.payer()) == .finished)
        let expected = ["o/b-0/1": "paid", "o/b-7/1": "inDoubt", "o/b-14/1": "paid"]
        #expect(try stage.results() == expected)
        #expect(try stage.scene.read(.invalid).count == 3)
        #expect(try stage.scene.read(.attention).count == 2)
        #expect(stage.heard.attention == [.parked(.malformed)])
        #expect(stage.provider.tries.count == 2)
        // And again, from the journal.
        #expect(stage.run(stage.payer()) == .finished)
    }

    /// A command of an account that lives elsewhere is that partition's: its number is not taken.
    @Test func aCommandInAnotherPartitionIsLeftAlone() throws {
        var stage = try Stage(MemoryLog(), commands: 0, partitions: 2)
        let home = Partitioner.partition(of: "a-0", count: 2)
        stage.scene.partition = home == 0 ? 1 : 0
        try stage.scene.append([PayerLaneTests.command(0)], to: .paymentCommands)
        #expect(stage.run(stage.payer()) == .finished)
        #expect(try stage.results().isEmpty)
        #expect(stage.provider.tries.isEmpty)
        #expect(try stage.scene.read(.invalid).count == 1)
        #expect(try stage.scene.read(.attention).count == 1)
    }

    /// A payer whose clock is a day ahead, then one whose clock is right: the age of the key is
    /// counted by the log.
    @Test func agesAreCountedByTheLogsClock() throws {
        let logTime = ScriptedClock(1_700_000_000_000)
        let stage = try Stage(MemoryLog(clock: logTime.read), commands: 5)
        // The answers of what is sent are lost; its clock is far ahead of everybody's.
        stage.clock.set(9_000_000_000_000)
        stage.run(stage.payer(), steps: 14)
        stage.provider.forgetAnswers()
        #expect(!stage.provider.tries.isEmpty)
        // The key of the first is two days old by the log, and the clock of the payer says less.
        logTime.set(logTime.read() + 2 * 86_400_000)
        stage.clock.set(1_000_000)
        var profile = ProviderProfile()
        profile.isIdempotent = true
        profile.looksUpByKey = true
        profile.lookupVisibilityDelayMilliseconds = 0
        profile.keyLifetimeMilliseconds = 86_400_000
        profile.keyLifetimeMarginMilliseconds = 0
        #expect(stage.run(stage.payer(profile: profile)) == .finished)
        // The fifth was lost before anything was executed: its key may be forgotten by now.
        #expect(try stage.results()["o/b-4/1"] == "inDoubt")
        #expect(stage.heard.attention.contains(.parked(.keyExpired)), "\(stage.heard.attention)")
        #expect(stage.provider.blind.isEmpty)
        #expect(stage.provider.moved.values.allSatisfy { $0 == 1 })
    }
}
