import CommandRunning
import EventLog
import Foundation
import SQLiteLog
import Testing

/// `fairfill explain`, on a real log.
@Suite struct ExplainTests {
    private func prepared() throws -> Folder {
        let folder = try Folder()
        try folder.createTopics()
        for offering in ["o", "p"] {
            try folder.open(offering, shares: 10, price: 5)
        }
        try folder.write(
            """
            {"bid":"b1","offering":"o","account":"anna","shares":8}
            {"bid":"b2","offering":"o","account":"ben","shares":5}
            {"bid":"b2","offering":"o","account":"ben","shares":5}
            {"bid":"b1","offering":"p","account":"carl","shares":1}
            {"bid":"b3","offering":"o","account":"dan","shares":0}

            """, to: "bids.ndjson")
        try Run.fairfill(["bid", "--from", "bids.ndjson"], in: folder).mustWork()
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        return folder
    }

    @Test func aBidderIsToldInWords() throws {
        let folder = try prepared()
        let run = try Run.fairfill(["explain", "--bid", "b2"], in: folder).mustWork()
        for words in [
            "bid b2 of ben, offering o", "It asked for 5 shares.",
            "bids, partition 0, offset 1, appended 20", "1 bid was accepted before it",
            "Free before it: 2 shares; after it: 0.", "Under split it got the 2 free shares",
            "The same record came again", "Now it has 2 reserved but not paid yet, 3 waiting.",
            "It is the first of the waitlist.",
        ] {
            #expect(run.output.contains(words), "\(words): \(run.output)")
        }
        let refused = try Run.fairfill(["explain", "--bid", "b3"], in: folder).mustWork()
        #expect(refused.output.contains("It was refused (belowMinimum)."))
        #expect(refused.output.contains("under a new id"))
    }

    @Test func programsGetOneObject() throws {
        let folder = try prepared()
        let objects = try Run.fairfill(
            ["explain", "--bid", "b2", "--offering", "o", "--json"], in: folder
        ).mustWork().objects()
        #expect(objects.count == 1)
        let told = try #require(objects.first)
        #expect(told["offset"] as? Int == 1 && told["freeBefore"] as? Int == 2)
        #expect((told["now"] as? [String: Any])?["waiting"] as? Int == 3)
        let payments = told["payments"] as? [[String: Any]]
        #expect(payments?.first?["command"] as? String == "o/b2/1")
        #expect(payments?.first?["outcome"] as? String == "awaited")
        let types = (told["decisions"] as? [[String: Any]])?.map { $0["type"] as? String }
        #expect(types == ["reserved", "repeated"])
    }

    @Test func anIDOfSeveralOfferingsIsAskedAbout() throws {
        let folder = try prepared()
        let run = try Run.fairfill(["explain", "--bid", "b1"], in: folder)
        #expect(run.exitCode == 64 && run.errors.contains("o, p"), "\(run.errors)")
        let one = try Run.fairfill(["explain", "--bid", "b1", "--offering", "p"], in: folder)
        #expect(one.exitCode == 0 && one.output.contains("of carl"))
    }

    /// What can't be read is in the log all the same: where, and what is wrong with it.
    @Test func aRecordThatCanNotBeReadIsNotMissing() throws {
        let folder = try prepared()
        let log = try SQLiteLog.open(path: "\(folder.path)/fairfill.db", create: false)
        var records = OutgoingRecords()
        let to = records.destination(TopicPartition("dev.bids", 0))
        for var value in [
            #"{"type":"bid","bid":"b7","offering":"o","account":"a","shares":1.0}"#,
            #"{"type":"bid","bid":"b7","offering":"o","account":"a","shares":"#,
            #"{"type":"bid","bid":"b77","offering":"o","account":"a","shares":true}"#,
        ] {
            value.withUTF8 { records.append(to: to, key: nil, value: UnsafeRawBufferPointer($0)) }
        }
        _ = try log.openAppender().append(records)
        let undecided = try Run.fairfill(["explain", "--bid", "b7"], in: folder)
        #expect(undecided.errors.contains("it is none of them"), "\(undecided.errors)")
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        let run = try Run.fairfill(["explain", "--bid", "b7", "--offering", "o"], in: folder)
        #expect(run.exitCode == 1)
        #expect(
            run.errors.contains(", offset 5,") && run.errors.contains(", offset 6,"),
            "\(run.errors)")
        #expect(run.errors.contains("shares must be a whole number"), "\(run.errors)")
        #expect(run.errors.contains("(outOfRange at byte "), "\(run.errors)")
        #expect(!run.errors.contains("offset 7") && !run.errors.contains("not in the log"))
        let other = try Run.fairfill(["explain", "--bid", "b777"], in: folder)
        #expect(other.errors.contains("it is not in the log"), "\(other.errors)")
    }

    @Test func whatNoDecisionIsAboutMayStandInTheLog() throws {
        let folder = try prepared()
        let unknown = try Run.fairfill(["explain", "--bid", "b9"], in: folder)
        #expect(unknown.exitCode == 1 && unknown.errors.contains("it is not in the log"))
        try Run.fairfill(
            ["bid", "--offering", "o", "--account", "a", "--shares", "1", "--id", "b9"],
            in: folder
        ).mustWork()
        let undecided = try Run.fairfill(["explain", "--bid", "b9"], in: folder)
        #expect(undecided.exitCode == 1, "\(undecided.errors)")
        #expect(undecided.errors.contains("offset 5 and is not decided yet"))
        let other = try Run.fairfill(["explain", "--bid", "b8"], in: folder)
        #expect(other.errors.contains("1 record of") && other.errors.contains("is another"))
    }
}
