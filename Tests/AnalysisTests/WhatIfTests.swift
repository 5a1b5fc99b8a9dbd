import Allocation
import Analysis
import LedgerLanguage
import Messages
import Testing
import Vocabulary

/// Records with times of their own, decided under the terms given and under others.
@Suite struct WhatIfTests {
    /// What the bids got, a line each with a column a variant: shares, and what waits or why not.
    private func told(_ lines: String, _ variants: [Variant] = [.asGiven]) throws -> String {
        let whatIf = try decided(lines, variants)
        var told: [String] = []
        whatIf.forEachBid { (bid, results: [WhatIfBid.Result]) in
            let columns = results.map { result in
                if let refusal = result.refusal { return refusal.rawValue }
                let (reserved, waiting) = (result.standing.reserved, result.standing.waiting)
                return "\(result.got)" + (reserved > 0 ? " reserved" : "")
                    + (waiting > 0 ? " + \(waiting)" : "")
            }
            told.append("\(bid.bid) " + columns.joined(separator: " | "))
        }
        return told.joined(separator: "\n")
    }

    /// The lines are three files: merged by time, each in its own order.
    private func decided(
        _ lines: String, _ variants: [Variant] = [.asGiven], observer: WhatIf.Observer? = nil
    ) throws -> WhatIf {
        let records = lines.split(separator: "\n").map { Words.record($0) }
        func file(_ topic: InputTopic) -> [TimedRecord] {
            records.filter { $0.record.topic == topic }
        }
        let files = [file(.offeringCommands), file(.paymentResults), file(.bids)]
        var positions = [0, 0, 0]
        var whatIf = WhatIf(
            variants, paysAtOnce: files[1].isEmpty, keepsBids: true, observer: observer)
        func head(_ index: Int) -> Timestamp? {
            positions[index] < files[index].count ? files[index][positions[index]].at : nil
        }
        while let topic = TimedMerge.next(commands: head(0), payments: head(1), bids: head(2)) {
            let index = Int(topic.rawValue)
            let timed = files[index][positions[index]]
            try whatIf.decide(
                timed.record, from: topic, offset: Int64(positions[index]), at: timed.at)
            positions[index] += 1
        }
        try whatIf.finish()
        return whatIf
    }

    private func state(_ whatIf: WhatIf, _ variant: Int = 0) -> OfferingState? {
        whatIf.outcomes(of: "loan")[variant].overview?.state
    }

    /// A bid is in time when opensAt <= t < closesAt.
    @Test func opensAtIsInTimeAndClosesAtIsNot() throws {
        let got = try told(
            """
            0 open c shares 10 need 0 from 100 to 200
            99 bid early a 1
            100 bid first a 1
            199 bid last a 1
            200 bid late a 1
            """)
        #expect(got == "early notOpenYet\nfirst 1\nlast 1\nlate closed")
    }

    /// Book time never steps back: what closed stays closed, and the file's order is kept.
    @Test func timesMayStepBack() throws {
        let got = try told(
            """
            0 open c shares 10 to 200
            150 bid b1 a 4
            200 bid b2 a 1
            150 bid b3 a 1
            """)
        #expect(got == "b1 0\nb2 closed\nb3 closed")
        let order = try told(
            """
            0 open c shares 5 to 900
            150 bid b1 a 4
            90 bid b2 b 3
            100 close x
            """)
        // The bid at 90 stands behind one at 150, so the command at 100 goes before both.
        #expect(order == "b1 closed\nb2 closed")
    }

    /// Between equal times a command goes before a payment result, and that before a bid.
    @Test func tiesGoCommandsPaymentsBids() throws {
        let got = try told(
            """
            5 bid b1 a 4
            5 open c shares 4 waitlist 4
            5 bid b2 b 4
            5 declined b1/1 #1 a
            """)
        // The result came before the bid that it answers, so it answers nothing.
        #expect(got == "b1 4 reserved\nb2 0 + 4")
        #expect(
            TimedMerge.next(commands: nil, payments: 3, bids: 3) == .paymentResults
                && TimedMerge.next(commands: 3, payments: 3, bids: 3) == .offeringCommands
                && TimedMerge.next(commands: 4, payments: nil, bids: 3) == .bids
                && TimedMerge.next(commands: nil, payments: nil, bids: nil) == nil)
    }

    /// The ends that are left come after the last record, each at its time; what they leave to be
    /// paid is paid as well.
    @Test func deadlinesAfterTheLastRecordAreDecided() throws {
        let whatIf = try decided(
            """
            0 open c shares 10 need 6 to 500 backstop bank 10
            0 open d shares 10 from 300 to 400 @other
            10 bid b1 a 4
            """)
        #expect(state(whatIf) == .filled)
        let outcome = whatIf.outcomes(of: "loan")[0]
        #expect(outcome.backstop == 6 && outcome.whole == 1 && outcome.accounts == 2)
        #expect(outcome.largest?.account == "bank")
        let other = whatIf.outcomes(of: "other")[0]
        #expect(other.overview?.state == .cancelled && other.overview?.counters.free == 10)
    }

    /// Where results are given only they count: what nobody paid stays reserved, and what was
    /// declined goes to whoever waits.
    @Test func paymentsFromAFileWithDeclines() throws {
        let story = """
            0 open c shares 5 to 900 need 0
            10 bid b1 a 3
            20 bid b2 b 3
            30 bid b3 c 2
            100 paid b2/1 #1 b 4
            110 declined b1/1 #1 a
            120 paid b2/2 #1 b 2
            """
        #expect(try told(story) == "b1 0\nb2 3\nb3 2 reserved")
        let whatIf = try decided(story)
        #expect(state(whatIf) == .closing)
        let outcome = whatIf.outcomes(of: "loan")[0]
        #expect((outcome.whole, outcome.part, outcome.nothing) == (2, 0, 1))
        // The same bids where whatever is commanded is paid at once.
        let paid = story.split(separator: "\n").prefix(4).joined(separator: "\n")
        #expect(try told(paid) == "b1 3\nb2 2\nb3 filled")
    }

    /// Refunds are paid as well: an offering that falls short ends cancelled.
    @Test func refundsArePaidAtOnce() throws {
        let whatIf = try decided("0 open c shares 5 to 900\n10 bid b1 a 3")
        #expect(state(whatIf) == .cancelled)
        #expect(whatIf.outcomes(of: "loan")[0].nothing == 1)
    }

    @Test func variantsStandSideBySide() throws {
        let variants = [.asGiven] + (try [
            "remainder=skip", "all-or-none=true", "shares=9,minimum-shares=none",
            "max-shares-per-account=2,lot=2,min-shares=none", "min-shares=20",
        ].map { text throws(VariantFault) in try Variant(parsing: text) })
        let story = """
            0 open c shares 7 waitlist 0 need 0 to 900
            10 bid b1 a 4
            20 bid b2 b 5
            30 bid b3 c 3
            10 bid b1 a 4
            10 bid b1 a 5
            """
        #expect(
            try told(story, variants) == """
                b1 4 | 4 | 4 | 4 | badTerms | badTerms
                b2 3 | waitlistFull | waitlistFull | 5 | badTerms | badTerms
                b3 filled | 3 | 3 | filled | badTerms | badTerms
                """.replacing("badTerms", with: "unknownOffering"))
        let outcomes = try decided(story, variants).outcomes(of: "loan")
        let states = outcomes.map { $0.overview?.state }
        #expect(states == [.filled, .filled, .filled, .filled, nil, nil])
        // 7 is no multiple of 2; and nobody could bid 20 of 7.
        #expect(outcomes[4].openRejection?.member == .shares)
        #expect(outcomes[5].openRejection?.member == .minShares)
        #expect(outcomes[0].repeated == 1)
        let counts = outcomes[0].refusals.map { "\($0.kind) \($0.reason) \($0.count)" }
        #expect(counts == ["bids conflictingDuplicate 1", "bids filled 1"])
        #expect((outcomes[0].whole, outcomes[0].part, outcomes[0].nothing) == (1, 1, 1))
    }

    @Test(arguments: [
        ("", "TERM=VALUE"), ("skip", "TERM=VALUE"), ("remainder=first", "split, skip or hold"),
        ("shares=-1", "whole number"), ("shares=none", "whole number"),
        ("shares=1,shares=2", "twice"), ("all-or-none=maybe", "true or false"),
        ("payee=a/b", "an id"), ("currency=yuan", "CNY"), ("colour=red", "colour"),
        ("interest=a,,b", "an id"),
    ])
    func wrongVariantsAreSaid(_ text: String, _ word: String) {
        do throws(VariantFault) {
            let variant = try Variant(parsing: text)
            Issue.record("\(variant) was taken")
        } catch {
            switch error {
            case .badValue(let sentence): #expect(sentence.contains(word))
            case .unknownTerm(let name): #expect(name == word)
            }
        }
    }

    @Test func listsKeepTheirCommas() throws {
        let variant = try Variant(parsing: "interest=2026,2027,remainder=hold,payee=none")
        #expect(
            variant.changes == [
                TermChange(.interest, .ids(["2026", "2027"])),
                TermChange(.term(.remainder), .one(.word(.hold))),
                TermChange(.term(.payee), nil),
            ])
        #expect(variant.allOrNone == nil)
    }

    /// What the engine decides is what the book decides that the allocator writes down: the same
    /// decisions, whatever is asked beside.
    @Test func theDecisionsAreTheBooksOwn() throws {
        let story = """
            1 open c shares 5 to 60 need 0
            10 bid b1 a 3
            20 bid b2 b 3
            25 cancel b2 b
            30 paid b1/1 #1 a 6
            40 bid b3 c 2
            41 declined b2/1 #1 b
            50 paid b3/1 #1 c 4
            70 bid b4 d 1
            """
        var seen: [Decision] = []
        let other = Variant("other", [TermChange(.term(.shares), .one(.integer(9)))])
        _ = try decided(story, [.asGiven, other]) { variant, decision in
            if variant == .asGiven { seen.append(decision) }
        }
        var told = ToldBook(PartitionBook(partition: 0))
        for line in story.split(separator: "\n") {
            let timed = Words.record(line)
            try told.tell(timed.record, at: timed.at)
        }
        #expect(seen == told.decisions)
        #expect(seen.count > 10)
    }

    /// A time is one whole number beside the record; the record's own faults come first.
    @Test(arguments: [
        (#"{"bid":"b","offering":"o","account":"a","shares":1,"at":7}"#, "7"),
        (#"{"at":7,"note":{"at":[1]},"bid":"b","offering":"o","account":"a","shares":1}"#, "7"),
        (#"{"bid":"b","offering":"o","account":"a","shares":1}"#, "time missingMember"),
        (#"{"bid":"b","offering":"o","account":"a","shares":1,"at":7,"at":7}"#,
            "time duplicateMember"),
        (#"{"bid":"b","offering":"o","account":"a","shares":1,"at":"7"}"#, "time badValue"),
        (#"{"bid":"b","offering":"o","account":"a","shares":1,"at":true}"#, "time wrongType"),
        (#"{"bid":"b","offering":"o","account":"a","shares":1,"at":-7}"#, "time outOfRange"),
        (#"{"bid":"b","offering":"o","account":"a","shares":1,"at":7.0}"#, "time outOfRange"),
        (#"{"bid":"b","offering":"o","account":"a","at":"7"}"#, "record missingMember"),
        ("7", "record notAnObject"),
    ])
    func timesAreReadStrictly(_ line: String, _ expected: String) {
        var decoder = RecordDecoder()
        let outcome = Array(line.utf8).withUnsafeBytes { bytes in
            Result { () throws(TimedFault) in try decoder.decodeTimed(bytes, from: .bids) }
        }
        switch outcome {
        case .success(let timed): #expect("\(timed.at)" == expected)
        case .failure(.record(let fault)): #expect("record \(fault.code)" == expected)
        case .failure(.time(let fault)): #expect("time \(fault.code)" == expected)
        }
    }
}
