import CommandRunning
import EventLog
import Foundation
import Messages
import SQLiteLog
import Testing
import Vocabulary

/// The edition of the rules that a log is written under, in its environment's record.
@Suite struct EditionTests {
    private static let commands = [
        ["allocate", "--until-end"], ["verify"], ["run"],
        ["pay", "--until-end", "--provider", "http://127.0.0.1:9", "--profile", "sandbox"],
        ["bid", "--offering", "o", "--account", "a", "--shares", "1"],
        ["cancel-bid", "--offering", "o", "--account", "a", "--id", "b"],
        ["explain", "--offering", "o", "--bid", "b"], ["watch", "--offering", "o"],
        ["offering", "show", "--offering", "o"], ["offering", "list"],
        [
            "offering", "open", "--offering", "p", "--shares", "1", "--price", "1", "--currency",
            "CNY",
        ],
        ["offering", "close", "--offering", "o", "--yes"], ["attention", "list"],
        ["export", "decisions"], ["export", "bids"], ["export", "holdings", "--offering", "o"],
        ["payments", "list"], ["payments", "show", "--command", "o/b/1"],
        ["payments", "recommand", "--partition", "0"],
        ["payments", "rebuild", "--partition", "0", "--actor", "anna"],
        ["topics", "clock", "--partition", "0", "--offset", "0"], ["what-if"],
    ]

    private func log(_ folder: Folder) throws -> SQLiteLog {
        try SQLiteLog.open(path: "\(folder.path)/fairfill.db", create: false)
    }

    private func record(_ folder: Folder) throws -> String {
        let log = try log(folder)
        let partition = TopicPartition("dev.environment", 0)
        let end = try log.bounds(of: [partition], .committed)[0].end
        let reader = try log.openReader([ReadStart(partition, from: LogOffset(end.rawValue - 1))])
        defer { reader.close() }
        var batch = RecordBatch()
        try reader.read(0, into: &batch, limit: 1)
        return batch.value(0).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private func write(_ record: String, to folder: Folder) throws {
        let appender = try log(folder).openAppender()
        var records = OutgoingRecords()
        let destination = records.destination(TopicPartition("dev.environment", 0))
        var (key, value) = ("environment", record)
        key.withUTF8 { key in
            value.withUTF8 { value in
                records.append(
                    to: destination, key: UnsafeRawBufferPointer(key), headers: nil,
                    value: UnsafeRawBufferPointer(value))
            }
        }
        _ = try appender.append(records)
    }

    /// The record as a build wrote it that had neither member.
    private func makeOld(_ folder: Folder) throws {
        let old = try record(folder).replacingOccurrences(
            of: #","commandGrace":0,"edition":1"#, with: "")
        #expect(!old.contains("edition"))
        try write(old, to: folder)
    }

    @Test func topicsCreateWritesBoth() throws {
        let folder = try Folder()
        try folder.createTopics()
        #expect(try record(folder).hasSuffix(#""writers":1,"commandGrace":0,"edition":1}"#))
    }

    @Test func aLogOfAnEarlierBuildIsRefusedAndNotCalledDamaged() throws {
        let folder = try Folder(isChecked: false)
        try folder.createTopics()
        try folder.open("o", shares: 3)
        try Run.fairfill(["allocate", "--until-end"], in: folder).mustWork()
        try makeOld(folder)
        for command in Self.commands + [["topics", "create"]] {
            let run = try Run.fairfill(command, in: folder)
            #expect(run.exitCode == 70, "\(command): \(run)")
            #expect(run.errors.contains("written by an earlier build"), "\(run.errors)")
            #expect(run.errors.contains("Nothing is damaged"), "\(run.errors)")
        }
        #expect(try !record(folder).contains("edition"))
    }

    @Test func whereNothingIsDecidedItIsBroughtUpToDate() throws {
        let folder = try Folder(isChecked: false)
        try folder.createTopics()
        try folder.open("o", shares: 3)
        try makeOld(folder)
        #expect(try Run.fairfill(["allocate", "--until-end"], in: folder).exitCode == 70)
        try Run.fairfill(["topics", "create"], in: folder).mustWork()
        #expect(try record(folder).contains(#""commandGrace":0,"edition":1"#))
        try Run.fairfill(["allocate", "--until-end"], in: folder).mustWork()
    }

    @Test func aLogOfANewerBuildIsRefused() throws {
        let folder = try Folder(isChecked: false)
        try folder.createTopics()
        let newer = try record(folder).replacingOccurrences(
            of: #""edition":1"#, with: #""edition":2"#)
        try write(newer, to: folder)
        for command in Self.commands + [["topics", "create"], ["bid", "--offering", "o"]] {
            let run = try Run.fairfill(command, in: folder)
            #expect(run.exitCode == 78, "\(command): \(run)")
            #expect(run.errors.contains("written by a newer build"), "\(run.errors)")
        }
    }

    /// A copy is stamped by its own log; what it holds was decided under its source's edition.
    @Test func aCopyKeepsTheEdition() throws {
        let folder = try Folder(isChecked: false)
        try folder.createTopics()
        try makeOld(folder)
        for _ in 0..<2 {
            try Run.fairfill(
                ["copy", "--from", "sqlite:fairfill.db", "--to", "sqlite:copy.db"], in: folder
            ).mustWork()
        }
        let verify = try Run.fairfill(["verify", "--log", "sqlite:copy.db"], in: folder)
        #expect(verify.exitCode == 70, "\(verify)")
    }
}
