import CommandRunning
import EventLog
import Foundation
import SQLiteLog
import Testing

/// A book of record with damage in it: everything that reads it says so, and nobody goes on from
/// it.
@Suite struct DamageTests {
    /// A book of a few decisions, and then a record that no allocator writes.
    private func damaged(_ record: String) throws -> Folder {
        let folder = try Folder(isChecked: false)
        try MoneyTests.open(folder, shares: 50)
        try MoneyTests.append(0..<10, to: folder)
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        try append(record, to: "\(folder.path)/fairfill.db")
        return folder
    }

    private func append(_ record: String, to path: String) throws {
        let log = try SQLiteLog.open(path: path, create: false)
        let appender = try log.openAppender()
        var records = OutgoingRecords()
        let destination = records.destination(TopicPartition("dev.decisions", 0))
        var record = record
        record.withUTF8 {
            records.append(to: destination, key: nil, value: UnsafeRawBufferPointer($0))
        }
        _ = try appender.append(records)
    }

    private static let epochFive = start(ofEpoch: 5, after: 11)

    /// What an allocator writes that takes over.
    private static func start(ofEpoch epoch: Int, after sequence: Int) -> String {
        #"{"type":"epochStarted","seq":\#(sequence),"partition":0,"epoch":\#(epoch),"#
            + #""hash":"\#(String(repeating: "0", count: 64))"}"#
    }

    @Test(arguments: ["garbage", DamageTests.epochFive])
    func noWorkerGoesOnFromIt(_ record: String) throws {
        let folder = try damaged(record)
        let run = try Run.fairfill(["allocate", "--until-end"], in: folder)
        #expect(run.exitCode == 70, "\(run)")
        #expect(run.errors.contains("dev.decisions[0]/12"), "\(run)")
        #expect(try Run.fairfill(["verify"], in: folder).exitCode == 1)
        let shown = try Run.fairfill(["offering", "show", "--offering", "o"], in: folder)
        #expect(shown.exitCode == 70, "\(shown)")
        #expect(shown.errors.contains("fairfill verify says more"), "\(shown)")
    }

    /// The takeover that comes next is read over, and one that no other led to is damage.
    @Test func whatIfStopsAtAJumpOfEpochs() throws {
        let words = ["what-if", "--with", "shares=40"]
        try Run.fairfill(words, in: damaged(Self.start(ofEpoch: 2, after: 11))).mustWork()
        let run = try Run.fairfill(words, in: damaged(Self.epochFive))
        #expect(run.exitCode == 70, "\(run)")
        #expect(
            run.errors.onOneLine.contains(
                "offset 12, epoch 5 of partition 0 starts after decision 11, where epoch 1 of "
                    + "partition 0 stands"), "\(run)")
    }

    /// The demo follows the decisions as a front end does, and tells no story of a damaged book.
    @Test func theDemoStopsAtAJumpOfEpochs() throws {
        let folder = try Folder(isChecked: false)
        let demo = try Run.start(
            ["demo", "--log", "sqlite:demo.db", "--speed", "4", "--seed", "11"], in: folder)
        defer { demo.kill() }
        let path = "\(folder.path)/demo.db"
        let decisions = TopicPartition("dev.decisions", 0)
        // Not before the allocator has read its book: it would refuse the same.
        let isDeciding = eventually(within: 60) {
            guard let log = try? SQLiteLog.open(path: path, create: false),
                let bounds = try? log.bounds(of: [decisions], .committed)
            else { return false }
            return bounds[0].end > 2
        }
        try #require(isDeciding, "\(demo.errors)")
        try append(Self.start(ofEpoch: 90, after: 2), to: path)
        #expect(demo.wait() == 70)
        #expect(
            demo.errors.onOneLine.contains("epoch 90 of partition 0 starts after decision 2"),
            "\(demo.errors)")
    }

    @Test func whatWasNotAddedUpIsNotCalledRight() throws {
        let folder = try damaged("garbage")
        let verified = try Run.fairfill(["verify"], in: folder)
        #expect(verified.exitCode == 1)
        #expect(verified.output.contains("chain      FAILED"), "\(verified)")
        #expect(verified.output.contains("arithmetic not looked at from offset 12"), "\(verified)")
        let json = try Run.fairfill(["verify", "--json"], in: folder).objects()
            .last { $0["head"] != nil } ?? [:]
        #expect(json["arithmetic"] as? String == "incomplete")
        #expect(json["arithmeticEnd"] as? Int == 12)
        let arithmetic = try Run.fairfill(["verify", "--level", "arithmetic"], in: folder)
        #expect(arithmetic.exitCode == 1 && !arithmetic.output.contains("right:"), "\(arithmetic)")
    }

    @Test(arguments: [[], ["--format", "csv"], ["--offering", "o"]])
    func anExportSaysWhatItLeavesOut(_ words: [String]) throws {
        let folder = try damaged("garbage")
        let run = try Run.fairfill(["export", "decisions"] + words, in: folder)
        #expect(run.exitCode == 3)
        #expect(run.errors.contains("1 record can't be read and is left out"), "\(run)")
        #expect(run.errors.contains("dev.decisions[0]/12"), "\(run)")
        #expect(run.lines.count(where: { $0.contains("reserved") }) >= 10, "\(run)")
        #expect(!run.output.contains("garbage"))
    }

    @Test func aTableHasWhatPeopleWant() throws {
        let folder = try Folder()
        try MoneyTests.open(folder, shares: 4)
        try MoneyTests.append(0..<4, to: folder)
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        let table = try Run.fairfill(["export", "decisions", "--format", "csv"], in: folder)
            .mustWork()
        #expect(
            table.lines[0] == "partition,seq,type,offering,bid,account,asked,shares,waiting,cut,"
                + "reason,free,reserved,settled,at")
        let rows = table.lines.dropFirst().map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).dropLast()
                .joined(separator: ",")
        }
        #expect(rows == [
            "0,1,opened,o,,,,4,,,,4,0,0",
            "0,2,reserved,o,b0,a0,1,1,0,,,3,1,0",
            "0,3,reserved,o,b1,a1,2,2,0,,,1,3,0",
            "0,4,reserved,o,b2,a2,3,1,2,,,0,4,0",
            "0,5,fullyReserved,o,,,,,,,,0,4,0",
            "0,6,waitlisted,o,b3,a3,4,0,2,2,waitlistFull,0,4,0",
        ])
    }

    @Test(arguments: [
        (["export", "holdings", "--offering", "typo"], Int32(1), "no offering 'typo'"),
        (["export", "decisions", "--offering", "typo"], 1, "no offering 'typo'"),
        (["export", "decisions", "--json", "--format", "csv"], 64, "contradict"),
        (["watch", "--progress", "--account", "a"], 64, "--account"),
    ])
    func whatIsNotThereOrMakesNoSenseIsSaid(
        words: [String], exitCode: Int32, part: String
    ) throws {
        let folder = try Folder()
        try folder.createTopics()
        let run = try Run.fairfill(words, in: folder)
        #expect(run.exitCode == exitCode && run.errors.contains(part), "\(run)")
        let empty = try Run.fairfill(["verify"], in: folder).mustWork()
        #expect(
            empty.lines == ["dev.decisions[0]  no decisions yet", "verified: nothing is wrong"])
    }
}

extension String {
    /// The text without the ends of lines that were made to fit a terminal.
    fileprivate var onOneLine: String {
        split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
