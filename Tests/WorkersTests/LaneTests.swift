import EventLog
import Foundation
import MemoryLog
import Messages
import Testing
import Vocabulary
import Workers

/// A lane on the memory log: what goes in, and what stands in the topics afterwards.
@Suite struct LaneTests {
    private func scene(partitions: Int64 = 1) throws -> LaneScene {
        try LaneScene(MemoryLog(), partitions: partitions)
    }

    @Test func bidsAreDecidedInTheOrderOfTheLog() throws {
        let scene = try scene()
        try scene.open("o", shares: 100)
        try scene.append(
            [
                LaneScene.bid("b1", "a1", 60), LaneScene.bid("b2", "a2", 60),
                LaneScene.bid("b1", "a1", 60),
            ],
            to: .bids)
        try scene.decideAll()
        #expect(
            try scene.decisions().map(Line.init) == [
                "1 opened o 100/0/0 offering-commands/0.0",
                "2 reserved b1 60+0 40/60/0 bids/0.0",
                "3 reserved b2 40+20 0/100/0 bids/1.0",
                "4 fullyReserved 0/100/0 bids/1.1",
                "5 repeated b1 0/100/0 bids/2.0",
            ])
        #expect(
            try scene.read(.paymentCommands).count == 2)
    }

    /// What is read and not decided, here since its stamp lies a minute ahead, is not done with.
    @Test(arguments: [(0, [1, 0, 2]), (60_000, [1, 0, 0])] as [(Int64, [Int64])])
    func aLaneTellsHowFarItHasDecided(behind: Int64, positions: [Int64]) throws {
        let scene = try scene()
        try scene.open("o", shares: 100)
        try scene.append([LaneScene.bid("b1", "a1", 60), LaneScene.bid("b2", "a2", 60)], to: .bids)
        let driver = scene.driver(
            stopsAtEnd: false, clock: { .now - Milliseconds(rawValue: behind) })
        #expect(driver.positions.isEmpty)
        for _ in 0..<40 { #expect(driver.step() == nil) }
        // It is told once a second.
        usleep(1_050_000)
        #expect(driver.step() == nil)
        #expect(
            driver.positions
                == zip([.offeringCommands, .paymentResults, .bids], positions).map {
                    ReadStart(scene.topicPartition($0), from: LogOffset($1))
                })
    }

    @Test func everyRecordOfALaneCarriesItsEnvironmentAndTheTraceOfItsCause() throws {
        let scene = try scene()
        try scene.open("o", shares: 10)
        try scene.append(
            [LaneScene.bid("b1", "a1", 1)], to: .bids,
            headers: [("env", Array("t".utf8)), ("traceparent", Array("00-ab-cd-01".utf8))])
        try scene.append([LaneScene.bid("b2", "a1", 1)], to: .bids)
        try scene.decideAll()
        let decisions = try scene.records(.decisions)
        #expect(decisions.map { $0.headers["env"] } == ["t", "t", "t", "t"])
        #expect(decisions.map { $0.headers["traceparent"] } == [nil, nil, "00-ab-cd-01", nil])
        #expect(decisions.map(\.key) == ["", "o", "o", "o"])
        let payments = try scene.records(.paymentCommands)
        #expect(payments.map(\.key) == ["a1", "a1"])
        #expect(payments.map { $0.headers["traceparent"] } == ["00-ab-cd-01", nil])
    }

    /// The clock has no trace: what it causes must not carry that of whoever came before.
    @Test func whatTheClockCausesCarriesNobodysTrace() throws {
        let clock = ScriptedClock(1_000)
        let scene = try LaneScene(MemoryLog(clock: clock.read))
        try scene.open("o", shares: 10, terms: #","closesAt":5000,"minimumShares":0"#)
        func bid(_ id: String, trace: String) throws {
            try scene.append(
                [LaneScene.bid(id, "a1", 1)], to: .bids,
                headers: [("traceparent", Array(trace.utf8))])
        }
        try bid("b1", trace: "00-ab-cd-01")
        clock.set(60_000)
        try bid("b2", trace: "00-ef-12-01")
        try scene.decideAll()
        let traces = try scene.records(.decisions).map { record in
            let from = record.value.contains(#""topic":"clock""#) ? "clock" : "record"
            return "\(from) \(record.headers["traceparent"] ?? "-")"
        }
        #expect(
            traces == [
                "record -", "record -", "record 00-ab-cd-01", "clock -", "record 00-ef-12-01",
            ], "\(traces)")
    }

    @Test func whatCanNotBeReadIsRefusedKeptAndPassed() throws {
        let scene = try scene()
        try scene.open("o", shares: 10)
        let garbage = String(repeating: "x", count: 64 << 10)
        try scene.append(
            ["not json", nil, "{}", garbage, LaneScene.bid("b1", "a1", 3)], to: .bids)
        try scene.append([#"{"type":"offering.explode"}"#], to: .offeringCommands)
        try scene.append(["[]"], to: .paymentResults)
        try scene.decideAll()
        let decisions = try scene.decisions()
        let codes = decisions.compactMap { decision -> String? in
            guard case .rejected(let rejection) = decision.event,
                case .unreadable(let error, _, _) = rejection.subject
            else { return nil }
            return "\(decision.source.topic.name)/\(decision.source.offset) \(error.code)"
        }
        #expect(
            Set(codes) == [
                "bids/0 notJSON", "bids/1 nullPayload", "bids/2 missingMember", "bids/3 tooLong",
                "offering-commands/1 unknownType", "payment-results/0 notAnObject",
            ])
        #expect(decisions.map(Line.init).contains { $0.text.hasPrefix("4 reserved b1 3+0") }
            || decisions.map(Line.init).contains { $0.text.contains(" reserved b1 3+0 7/3/0") })
        let invalid = try scene.records(.invalid)
        #expect(invalid.count == 6)
        let kept = try #require(invalid.first { $0.headers["offset"] == "3" })
        #expect(kept.value.utf8.count == 32 << 10)
        #expect(kept.headers["length"] == "65536")
        #expect(kept.headers["reason"] == "malformed")
        #expect(kept.headers["topic"] == "bids")
        #expect(kept.headers["sha256"]?.count == 64)
    }

    /// What can't be read is looked for by the key that it came with.
    @Test func invalidRecordsKeepTheirKeys() throws {
        let scene = try scene()
        try scene.append(["x"], to: .bids)
        try scene.append(["x"], to: .bids, key: [])
        try scene.append(["x"], to: .bids, key: Array("loan-7".utf8))
        try scene.append(["x"], to: .offeringCommands, key: Array("loan-8".utf8))
        try scene.decideAll()
        let invalid = try scene.records(.invalid)
        let keys = ["bids", "offering-commands"].flatMap { topic in
            invalid.filter { $0.headers["topic"] == topic }.map(\.key)
        }
        #expect(keys == [nil, "", "loan-7", "loan-8"])
    }

    /// A person hears of what can't be read, with its first fault, and not of each such record.
    @Test func attentionHearsOnceAMinuteOfWhatCanNotBeRead() throws {
        let clock = ScriptedClock(1_000)
        let scene = try LaneScene(MemoryLog(clock: clock.read))
        try scene.open("o", shares: 10)
        for (at, shares) in [(2_000, "\"3\""), (61_999, "true"), (62_000, "1.5")] {
            clock.set(Int64(at))
            try scene.append(
                [
                    #"{"type":"bid","bid":"b","offering":"o","account":"a","shares":\#(shares)}"#
                ], to: .bids)
            try scene.append(["[]"], to: .paymentResults)
        }
        try scene.decideAll()
        var decoder = RecordDecoder()
        let told = try scene.records(.attention).map { record -> String in
            var text = record.value
            guard case .decision(let attention) = try text.withUTF8({ bytes in
                try decoder.decodeAttention(UnsafeRawBufferPointer(bytes))
            }) else { return "" }
            let (source, error) = (attention.source, attention.error)
            return "\(attention.kind) \(source.topic.name)/\(source.offset) "
                + "\(error.map { "\($0.code) \($0.member?.rawValue ?? "-")" } ?? "?")"
        }
        #expect(
            Set(told) == [
                "malformed bids/0 wrongType shares", "malformed payment-results/0 notAnObject -",
                "malformed bids/2 outOfRange shares",
                "malformed payment-results/2 notAnObject -",
            ])
        #expect(told.count == 4, "\(told)")
    }

    /// What can't be read names what of it can, under the offering's key; the bytes are kept, and
    /// people hear of it once a minute an input, with what is wrong.
    @Test func whatIsMalformedNamesWhatCanBeRead() throws {
        let scene = try scene()
        try scene.open("o", shares: 10)
        try scene.bid("b1", "a1", 3)
        try scene.append(
            [
                #"{"type":"paid","command":"o/b1/1","result":0,"offering":"o","account":"a1","#
                    + #""amount":3}"#,
                #"{"type":"paid","command":"o/b1/1","result":-1,"offering":"o","account":"a1"}"#,
            ], to: .paymentResults)
        try scene.append(
            [
                #"{"type":"bid","bid":"b1","offering":"o","account":"a1","shares":1.5}"#,
                #"{"type":"bid","bid":"b1","offering":"elsewhere","account":"a1"}"#,
                #"{"type":"bid","bid":"b1","offering":"o","account":"a1""#,
            ], to: .bids)
        try scene.decideAll()
        let records = try scene.records(.decisions)
        let malformed = records.filter { $0.value.contains("malformed") }
        let keys = ["", "elsewhere", "o", "o", "o"]
        #expect(malformed.map { $0.key ?? "" }.sorted() == keys)
        for record in malformed {
            #expect(record.value.contains(#""free":"#) == (record.key == "o"), "\(record.value)")
        }
        #expect(malformed.contains { $0.value.contains(#""bid":"b1","account":"a1","reason""#) })
        let invalid = try scene.records(.invalid)
        #expect(invalid.count == 5)
        let attention = try scene.records(.attention).map(\.value)
        #expect(attention.count == 2, "\(attention)")
        #expect(
            attention.contains {
                $0.contains(#""kind":"malformed","offering":"o""#)
                    && $0.contains(#""error":{"code":"outOfRange","member":"result","at":43}"#)
            })
        // The bid is as it was, and its payment may still be answered.
        try scene.append(
            [
                #"{"type":"paid","command":"o/b1/1","result":1,"offering":"o","account":"a1","#
                    + #""amount":3}"#
            ], to: .paymentResults)
        try scene.decideAll()
        #expect(try scene.records(.decisions).last?.value.contains("settled") ?? false)
    }

    /// An environment's name may be the beginning of another's.
    @Test(arguments: ["prod", "t2", "", "T"])
    func recordsOfAnotherEnvironmentAreRefused(_ other: String) throws {
        let scene = try scene()
        try scene.open("o", shares: 10)
        try scene.append(
            [LaneScene.bid("b1", "a1", 3)], to: .bids, headers: [("env", Array(other.utf8))])
        try scene.bid("b1", "a1", 4)
        try scene.decideAll()
        #expect(
            try scene.decisions().map(Line.init) == [
                "1 opened o 10/0/0 offering-commands/0.0",
                "2 rejected wrongEnvironment 10/0/0 bids/0.0",
                "3 reserved b1 4+0 6/4/0 bids/1.0",
            ])
        #expect(try scene.read(.attention).count == 1)
    }

    @Test func misroutedRecordsNameTheirPartitionAndAttentionHearsOnceAMinute() throws {
        var scene = try scene(partitions: 4)
        let home = "o".utf8.withContiguousStorageIfAvailable {
            Partitioner.partition(of: UnsafeRawBufferPointer($0), count: 4)
        }!
        scene.partition = Partition(rawValue: (home.rawValue + 1) % 4)
        try scene.bid("b1", "a1", 3)
        try scene.bid("b2", "a1", 3)
        try scene.decideAll()
        for decision in try scene.decisions() {
            guard case .rejected(let rejection) = decision.event else {
                Issue.record("\(decision)")
                continue
            }
            #expect(rejection.reason == .misrouted)
            #expect(rejection.expectedPartition == home)
        }
        #expect(try scene.decisions().count == 2)
        #expect(try scene.read(.attention).count == 1)
    }

    /// Brokers' clocks differ: a bid that is stamped a little before the command that it needs, and
    /// is read together with it, waits for that.
    @Test(arguments: [(2_000, true), (2_001, false)])
    func aResumeThatIsAtHandGoesFirst(_ later: Int64, _ isTaken: Bool) throws {
        let clock = ScriptedClock(1_000)
        let scene = try LaneScene(MemoryLog(clock: clock.read))
        try scene.open("o", shares: 10)
        try scene.append(
            [#"{"type":"offering.pause","command":"p","offering":"o"}"#], to: .offeringCommands)
        try scene.decideAll()
        clock.set(5_000)
        try scene.bid("b1", "a1", 3)
        clock.set(5_000 + later)
        try scene.append(
            [#"{"type":"offering.resume","command":"r","offering":"o"}"#], to: .offeringCommands)
        try scene.decideAll()
        let types = try scene.decisions().dropFirst(2).map(\.event.type)
        #expect(types == (isTaken ? [.resumed, .reserved] : [.rejected, .resumed]))
    }

    /// A bid that wants no command waits for none: a resume behind a pause pulls neither ahead.
    @Test func aResumeThatNobodyWantsPullsNoPauseAhead() throws {
        let clock = ScriptedClock(1_000)
        let scene = try LaneScene(MemoryLog(clock: clock.read))
        try scene.open("o", shares: 10)
        try scene.decideAll()
        clock.set(5_000)
        try scene.bid("b1", "a1", 3)
        clock.set(5_001)
        for (word, id) in [("pause", "p"), ("resume", "r")] {
            try scene.append(
                [#"{"type":"offering.\#(word)","command":"\#(id)","offering":"o"}"#],
                to: .offeringCommands)
        }
        try scene.decideAll()
        #expect(
            try scene.decisions().map(\.event.type) == [.opened, .reserved, .paused, .resumed])
    }

    /// A payment result that contradicts what is decided, and one that answers no command, are two
    /// things to look at.
    @Test func attentionTellsAContradictionFromWhatAnswersNothing() throws {
        let scene = try scene()
        try scene.open("o", shares: 10)
        try scene.bid("b1", "a1", 1)
        try scene.decideAll()
        try scene.append(
            [
                LaneScene.result("paid", "o/b1/1", "a1", amount: 100),
                LaneScene.result("declined", "o/b1/1", "a1", amount: 100, result: 2),
                LaneScene.result("paid", "o/b9/1", "a1", amount: 100),
                LaneScene.result("paid", "o/b1/1", "a1", amount: 99, result: 3),
            ], to: .paymentResults)
        try scene.decideAll()
        let kinds = try scene.read(.attention).map { line in
            String(line.dropFirst(#"{"type":"attention","kind":""#.count).prefix { $0 != "\"" })
        }
        #expect(kinds == ["contradiction", "unknownCommand", "amountMismatch"])
    }

    /// The first of two openings at hand is refused; the bid waits for the second, too.
    @Test func anOpeningThatIsRefusedIsNotTheLastWord() throws {
        let clock = ScriptedClock(1_000)
        let scene = try LaneScene(MemoryLog(clock: clock.read))
        try scene.bid("b1", "a1", 3)
        clock.set(1_100)
        try scene.open("o", shares: 10, terms: #","lot":3"#)
        clock.set(1_200)
        try scene.open("o", shares: 12, terms: #","lot":3"#)
        try scene.decideAll()
        #expect(
            try scene.decisions().map(\.event.type) == [.rejected, .opened, .reserved])
    }

    @Test func aLargeGroupSpansTransactionsAndNothingComesBetween() throws {
        let clock = ScriptedClock(5)
        let scene = try LaneScene(MemoryLog(clock: clock.read))
        try scene.open("o", shares: 2)
        try scene.bid("b0", "a0", 2)
        for index in 1...20 { try scene.bid("w\(index)", "a\(index)", 1) }
        // Two may wait; the others are refused.
        clock.set(6)
        try scene.append(
            [LaneScene.result("paid", "o/b0/1", "a0", amount: 200)], to: .paymentResults)
        clock.set(7)
        try scene.bid("late", "a0", 1)
        try scene.decideAll(largestBatch: 1)
        let lines = try scene.decisions().map(Line.init)
        let settled = try #require(lines.firstIndex { $0.text.contains(" settled ") })
        #expect(
            lines[settled...].map(\.withoutSequence) == [
                "settled b0 2 0/0/2 payment-results/0.0",
                "filled 0/0/2 payment-results/0.1",
                "expired w1 1 0/0/2 payment-results/0.2",
                "expired w2 1 0/0/2 payment-results/0.3",
                "certificate 0/0/2 payment-results/0.4",
                "rejected filled 0/0/2 bids/21.0",
            ])
    }

    @Test func theLastStateIsAlwaysPublished() throws {
        let scene = try scene()
        try scene.open("o", shares: 10)
        for index in 1...5 { try scene.bid("b\(index)", "a\(index)", 1) }
        try scene.decideAll()
        let last = try #require(try scene.read(.progress).last)
        #expect(last.contains(#""free":5,"reserved":5,"settled":0,"waiting":0,"served":5"#))
        // And again after a recovery.
        let before = try scene.read(.progress).count
        try scene.decideAll()
        #expect(try scene.read(.progress).count == before + 1)
    }

    /// However long the interval, a lane that ends publishes where it stands.
    @Test func theLastStateIsPublishedWithinTheInterval() throws {
        let scene = try scene()
        try scene.open("o", shares: 10)
        var configuration = scene.configuration(stopsAtEnd: false)
        configuration.progressIntervalMilliseconds = 3_600_000
        let driver = AllocatorDriver(
            configuration, log: scene.log, clock: { .now }, isInline: true, observer: { _ in })
        for _ in 0..<100 { #expect(driver.step() == nil) }
        #expect(try scene.read(.progress).count == 1)
        try scene.bid("b1", "a1", 4)
        for _ in 0..<100 { #expect(driver.step() == nil) }
        #expect(try scene.read(.progress).count == 1)
        driver.stop()
        #expect(driver.run() == .finished)
        let last = try #require(try scene.read(.progress).last)
        #expect(last.contains(#""free":6,"reserved":4"#), "\(last)")
    }

    @Test func anOpenStampedLaterThanItsBidByAnotherBrokersClockIsDecidedFirst() throws {
        let clock = ScriptedClock(1_000)
        let scene = try LaneScene(MemoryLog(clock: clock.read))
        try scene.bid("b1", "a1", 1)
        try scene.bid("u1", "a1", 1, of: "unknown")
        clock.set(2_500)
        try scene.open("o", shares: 10)
        clock.set(9_000)
        try scene.open("unknown", shares: 10)
        try scene.decideAll()
        #expect(
            try scene.decisions().map(Line.init).map(\.withoutSequence) == [
                "opened o 10/0/0 offering-commands/0.0",
                "reserved b1 1+0 9/1/0 bids/0.0",
                // Stamped more than the grace later, it is another matter.
                "rejected unknownOffering bids/1.0",
                "opened unknown 10/0/0 offering-commands/1.0",
            ])
    }

    /// A bid for an offering that nobody opened waits for the end of the commands, which goes on
    /// moving while it waits, with commands at hand that come after it.
    @Test func aBidForNoOfferingIsDecidedWhileCommandsGoOnComing() throws {
        let scene = try LaneScene(MemoryLog())
        let driver = scene.driver(largestBatch: 2, stopsAtEnd: false)
        var sent = 0
        func command() throws {
            sent += 1
            try scene.append(
                [#"{"type":"offering.close","command":"c-\#(sent)","offering":"none"}"#],
                to: .offeringCommands)
        }
        for number in 0..<20 { try scene.bid("b-\(number)", "a", 1, of: "none") }
        for step in 0..<3_000 {
            if step < 200 { try command() }
            #expect(driver.step() == nil)
        }
        #expect(try scene.decisions().count == 20 + sent)
        driver.stop()
        #expect(driver.run() == .finished)
    }

    @Test func aBidStampedFarAheadOfTheWorkersClockWaits() throws {
        let stamps = ScriptedClock(1_000_000)
        let worker = ScriptedClock(1_000_000 - 30_001)
        let scene = try LaneScene(MemoryLog(clock: stamps.read))
        try scene.open("o", shares: 10)
        try scene.bid("b1", "a1", 1)
        var alarms = 0
        let driver = scene.driver(clock: { Timestamp(rawValue: worker.read()) }) { notice in
            if case .clockBehind = notice { alarms += 1 }
        }
        for _ in 0..<60 { #expect(driver.step() == nil) }
        #expect(alarms == 1)
        #expect(try scene.decisions().count == 1)
        worker.set(1_000_000)
        #expect(driver.run() == .finished)
        #expect(try scene.decisions().count == 2)
    }
}

/// A decision in a line: number, type, subject, counters, source.
struct Line: Equatable, ExpressibleByStringLiteral, CustomStringConvertible {
    var text: String
    var description: String { text }
    var withoutSequence: Line { Line(stringLiteral: String(text.drop { $0 != " " }.dropFirst())) }

    init(stringLiteral value: String) { text = value }

    init(_ decision: Decision) {
        var parts = ["\(decision.sequence)", decision.event.type.rawValue]
        switch decision.event {
        case .bid(.reserved(let placement)), .bid(.waitlisted(let placement)):
            parts += ["\(placement.bid)", "\(placement.shares)+\(placement.waiting)"]
        case .rejected(let rejection): parts.append(rejection.reason.rawValue)
        case .repeated(.bid(let bid, _, _, _, _, _)): parts.append("\(bid)")
        case .bid(.promoted(let promotion)): parts += ["\(promotion.bid)", "\(promotion.shares)"]
        case .bid(.settled(let part)), .bid(.released(let part, _)), .bid(.inDoubt(let part)):
            parts += ["\(part.bid)", "\(part.shares)"]
        case .bid(.cancelled(let part)), .bid(.expired(let part)):
            parts += ["\(part.bid)", "\(part.shares)"]
        case .offering(.opened): parts.append("\(decision.offering!)")
        default: break
        }
        if let counters = decision.counters {
            parts.append("\(counters.free)/\(counters.reserved)/\(counters.settled)")
        }
        parts.append("\(decision.source.topic.name)/\(decision.source.offset).\(decision.n)")
        text = parts.joined(separator: " ")
    }
}
