import EventLog
import Foundation
import LogConformance
import SQLite
import SQLiteLog
import Testing

/// Which files a log may be opened from: the file alone after an orderly end, the file with its
/// WAL always, and never one without what belongs to it, or beside what does not.
@Suite struct BelongingTests {
    private static let ends = ["", "-wal", "-shm", "-lock", "-wake"]

    /// Copies of all that stands beside a log, as it is now, under another name.
    private func snapshot(_ folder: Folder, _ path: String, _ name: String) throws -> String {
        let copy = folder.path(name)
        try take(Self.ends, of: path, to: copy)
        return copy
    }

    private func take(_ ends: [String], of path: String, to copy: String) throws {
        for end in ends where FileManager.default.fileExists(atPath: path + end) {
            try? FileManager.default.removeItem(atPath: copy + end)
            try FileManager.default.copyItem(atPath: path + end, toPath: copy + end)
        }
    }

    /// What a log was killed as: all its files while it was in use, moved under a name of their
    /// own, since nobody works on them any more.
    private func killed(
        _ folder: Folder, _ name: String, records: Range<Int> = 0..<500
    ) throws -> String {
        let path = folder.path("live-\(name)")
        let log = try SQLiteLog.open(path: path, create: true)
        try log.create(.plain("t", partitions: 1))
        for number in records { try folder.append(log, number..<(number + 1)) }
        let copy = try snapshot(folder, path, name)
        withExtendedLifetime(log) {}
        return copy
    }

    private func bytes(_ path: String) -> [Data?] {
        ["", "-wal", "-lock"].map { FileManager.default.contents(atPath: path + $0) }
    }

    /// Refused for reading, for writing, and where a missing file is made, with nothing changed.
    private func expectRefusal(
        _ path: String, _ word: String, _ location: SourceLocation = #_sourceLocation
    ) {
        let before = bytes(path)
        for create in [false, true] {
            do throws(LogError) {
                _ = try SQLiteLog.open(path: path, create: create)
                Issue.record("it was opened", sourceLocation: location)
            } catch {
                #expect(error.code == .corrupt, "\(error)", sourceLocation: location)
                #expect(error.message.contains(word), "\(error)", sourceLocation: location)
            }
        }
        #expect(bytes(path) == before, "it was written to", sourceLocation: location)
    }

    private func expectRecords(
        _ path: String, _ count: Int, _ folder: Folder,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let log = try SQLiteLog.open(path: path, create: false)
        #expect(try folder.count(log) == count, sourceLocation: location)
    }

    @Test func theFileAloneIsTheLogAfterAnOrderlyEnd() throws {
        try Folder.with { folder in
            let path = folder.path("book.db")
            do {
                let log = try SQLiteLog.open(path: path, create: true)
                try folder.fill(log, records: 3_000)
            }
            try take([""], of: path, to: folder.path("copy.db"))
            try expectRecords(folder.path("copy.db"), 3_000, folder)
            // And after the next end, with what came since.
            do {
                let log = try SQLiteLog.open(path: path, create: false)
                try folder.append(log, 3_000..<3_001)
            }
            try take([""], of: path, to: folder.path("later.db"))
            try expectRecords(folder.path("later.db"), 3_001, folder)
        }
    }

    /// Of two that write, the last to end leaves the file whole, whoever that is.
    @Test(arguments: [true, false]) func theLastOfTwoLeavesItWhole(isFirst: Bool) throws {
        try Folder.with { folder in
            let path = folder.path("book.db")
            var first: SQLiteLog? = try SQLiteLog.open(path: path, create: true)
            try folder.fill(try #require(first), records: 10)
            var second: SQLiteLog? = try SQLiteLog.open(path: path, create: false)
            try folder.append(try #require(second), 10..<20)
            if isFirst { first = nil } else { second = nil }
            try take([""], of: path, to: folder.path("early.db"))
            expectRefusal(folder.path("early.db"), "lacks its")
            if let left = first ?? second { try folder.append(left, 20..<30) }
            first = nil
            second = nil
            try take([""], of: path, to: folder.path("copy.db"))
            try expectRecords(folder.path("copy.db"), 30, folder)
        }
    }

    /// Every subset of what a killed process leaves, with the file in it.
    @Test func subsetsOfAKilledLog() throws {
        try Folder.with { folder in
            let path = try killed(folder, "killed.db")
            for choice in 0..<16 {
                let ends = (0..<4).filter { choice & 1 << $0 != 0 }.map { Self.ends[$0 + 1] }
                let copy = folder.path("subset-\(choice).db")
                try take([""] + ends, of: path, to: copy)
                if ends.contains("-wal") {
                    try expectRecords(copy, 500, folder)
                    let log = try SQLiteLog.open(path: copy, create: false)
                    try folder.append(log, 500..<501)
                    #expect(try folder.count(log) == 501)
                } else {
                    expectRefusal(copy, "lacks its")
                }
            }
        }
    }

    /// At whatever point it is killed: the first commits, check points of its own, many of them.
    @Test func aKilledLogOpensWhereverItWas() throws {
        try Folder.with { folder in
            let path = folder.path("book.db")
            let log = try SQLiteLog.open(path: path, create: true)
            try log.create(.plain("t", partitions: 1))
            for number in 0..<60 {
                let copy = try snapshot(folder, path, "kill-\(number).db")
                try expectRecords(copy, number, folder)
                // And again, by whoever goes on with it and is killed, too.
                let next = try SQLiteLog.open(path: copy, create: false)
                try folder.append(next, number..<(number + 1))
                let second = try snapshot(folder, copy, "again-\(number).db")
                try expectRecords(second, number + 1, folder)
                try folder.append(log, number..<(number + 1))
            }
        }
    }

    /// A link leads to the file, and to what stands beside that: not beside the link.
    @Test func aLinkIsTheFileThatItLeadsTo() throws {
        try Folder.with { folder in
            let path = try killed(folder, "killed.db")
            let elsewhere = folder.path("elsewhere")
            try FileManager.default.createDirectory(
                atPath: elsewhere, withIntermediateDirectories: false)
            let link = elsewhere + "/link.db"
            try FileManager.default.createSymbolicLink(
                atPath: link, withDestinationPath: "../killed.db")
            try expectRecords(link, 500, folder)
            do {
                let through = try SQLiteLog.open(path: link, create: false)
                let direct = try SQLiteLog.open(path: path, create: true)
                try folder.append(through, 500..<501)
                try folder.append(direct, 501..<502)
                #expect(try folder.count(through) == 502)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere) == ["link.db"])
            try expectRecords(path, 502, folder)
        }
    }

    /// A tool of SQLite's that is the last to close brings the WAL into the file and removes it.
    @Test func whatAnotherToolMergedOpens() throws {
        try Folder.with { folder in
            let path = try killed(folder, "killed.db")
            _ = try folder.query(path, "SELECT 1, 2, 3, 4")
            try folder.execute(path, "PRAGMA user_version")
            #expect(!FileManager.default.fileExists(atPath: path + "-wal"), "it was not merged")
            try take([""], of: path, to: folder.path("alone.db"))
            try expectRecords(path, 500, folder)
            try expectRecords(folder.path("alone.db"), 500, folder)
            let log = try SQLiteLog.open(path: path, create: false)
            try folder.append(log, 500..<501)
            let killed = try snapshot(folder, path, "killed-again.db")
            try expectRecords(killed, 501, folder)
        }
    }

    /// The WAL of another log, of an earlier time, of a later one, of none.
    @Test func anotherWALIsRefused() throws {
        try Folder.with { folder in
            let path = folder.path("book.db")
            var log: SQLiteLog? = try SQLiteLog.open(path: path, create: true)
            try folder.fill(try #require(log), records: 100)
            let early = try snapshot(folder, path, "early.db")
            log = nil
            let whole = try snapshot(folder, path, "whole.db")
            log = try SQLiteLog.open(path: path, create: false)
            try folder.append(try #require(log), 100..<200)
            let late = try snapshot(folder, path, "late.db")
            log = nil
            let other = try killed(folder, "other.db", records: 0..<700)
            let wrong = "does not belong to"
            var number = 0
            func expectRefusal(of file: String, beside wal: String) throws {
                number += 1
                let mixed = folder.path("mixed-\(number).db")
                try take([""], of: file, to: mixed)
                try take(["-wal", "-shm"], of: wal, to: mixed)
                self.expectRefusal(mixed, wrong)
            }
            try expectRefusal(of: early, beside: late)
            try expectRefusal(of: late, beside: early)
            try expectRefusal(of: whole, beside: early)
            try expectRefusal(of: path, beside: late)
            try expectRefusal(of: path, beside: early)
            for file in [early, whole, late, path] {
                try expectRefusal(of: file, beside: other)
                try expectRefusal(of: other, beside: late)
            }
            // A backup that was whole, put over a log that was killed.
            try expectRefusal(of: whole, beside: killed(folder, "third.db", records: 0..<10))
            // All of them as they were are fine.
            try expectRecords(early, 100, folder)
            try expectRecords(late, 200, folder)
            try expectRecords(whole, 100, folder)
        }
    }

    /// A new log is not made beside what was committed to one that was removed.
    @Test func aStrayWALIsNotTakenForANewLogs() throws {
        try Folder.with { folder in
            let path = try killed(folder, "killed.db")
            try FileManager.default.removeItem(atPath: path)
            let before = bytes(path)
            do throws(LogError) {
                _ = try SQLiteLog.open(path: path, create: true)
                Issue.record("it was made")
            } catch {
                #expect(error.code == .cannotWrite && error.message.contains("-wal"), "\(error)")
            }
            #expect(bytes(path) == before)
        }
    }

    /// A WAL that is taken away while the log is in use would be written to for nobody.
    @Test func aWALThatIsGoneIsNoticed() throws {
        try Folder.with { folder in
            let path = folder.path("book.db")
            let log = try SQLiteLog.open(path: path, create: true)
            try folder.fill(log, records: 10)
            try FileManager.default.removeItem(atPath: path + "-wal")
            do {
                try folder.append(log, 10..<11)
                Issue.record("written to a WAL that nobody sees")
            } catch let error as LogError {
                #expect(error.code == .io && error.message.contains("-wal was removed"))
            }
        }
    }

    /// Makes a file one of an earlier format again.
    private func age(_ path: String, to format: Int, _ folder: Folder) throws {
        let all = ["last_time", "commits", "checkpoint", "base", "is_end"]
        let columns = format == 2 ? all : ["last_time"]
        let names = columns.joined(separator: ", ")
        try folder.execute(
            path,
            columns.map { "ALTER TABLE log ADD COLUMN \($0) INTEGER NOT NULL DEFAULT 0;" }.joined()
                + "UPDATE log SET (\(names)) = (SELECT \(names) FROM partitions WHERE id = 0);"
                + "DELETE FROM partitions WHERE id = 0;"
                + all.map { "ALTER TABLE partitions DROP COLUMN \($0);" }.joined()
                + "PRAGMA user_version = \(format)")
    }

    /// A file of format 1, which has no marks and no headers without a value, or of format 2, which
    /// has its marks elsewhere, is read as it is, and becomes one of this format when it is written
    /// to.
    @Test(arguments: [1, 2]) func anEarlierFormatIsReadAndWritten(format: Int) throws {
        try Folder.with { folder in
            let path = folder.path("book.db")
            do {
                let log = try SQLiteLog.open(path: path, create: true)
                try folder.fill(log, records: 200)
            }
            let mark = "SELECT commits + checkpoint + base FROM partitions WHERE id = 0"
            let time = "SELECT last_time FROM partitions WHERE id = 0"
            let then = (try folder.fileAlone(path, mark), try folder.fileAlone(path, time))
            try age(path, to: format, folder)
            try expectRecords(path, 200, folder)
            #expect(
                try folder.fileAlone(path, "PRAGMA user_version") == format, "reading leaves it")
            // Opening it for writing is enough.
            do {
                let log = try SQLiteLog.open(path: path, create: false)
                try log.openAppender().close()
            }
            let reader = try Connection(path: path, .readOnly)
            #expect(try reader.integer(time) == then.1)
            #expect(try reader.integer(mark) == (format == 2 ? then.0 : 0))
            #expect(then.0 > 0 && then.1 > 0)
            for number in 200..<203 {
                let log = try SQLiteLog.open(path: path, create: false)
                try folder.append(log, number..<(number + 1))
                let killed = try snapshot(folder, path, "killed-\(number).db")
                try expectRecords(killed, number + 1, folder)
                try take([""], of: path, to: folder.path("alone-\(number).db"))
                expectRefusal(folder.path("alone-\(number).db"), "lacks its")
            }
            #expect(try folder.fileAlone(path, "PRAGMA user_version") == 3)
            try take([""], of: path, to: folder.path("whole.db"))
            try expectRecords(folder.path("whole.db"), 203, folder)
        }
    }

    @Test func anotherJournalModeIsPutRight() throws {
        try Folder.with { folder in
            let path = folder.path("book.db")
            do {
                let log = try SQLiteLog.open(path: path, create: true)
                try folder.fill(log, records: 10)
            }
            try folder.execute(path, "PRAGMA journal_mode = DELETE")
            #expect(try folder.mode(path) == "delete")
            try expectRecords(path, 10, folder)
            let log = try SQLiteLog.open(path: path, create: false)
            try folder.append(log, 10..<11)
            #expect(try folder.mode(path) == "wal")
            #expect(try folder.count(log) == 11)
            let killed = try snapshot(folder, path, "killed.db")
            try expectRecords(killed, 11, folder)
        }
    }

    /// The log goes on, and whoever keeps its WAL from being emptied is named.
    @Test func aReaderThatPinsTheWALIsNamed() throws {
        try Folder.with { folder in
            let path = folder.path("book.db")
            let heard = Heard()
            let log = try SQLiteLog.open(
                path: path, create: true, notice: { heard.add($0) }, noticeBytes: 48 << 20)
            try folder.fill(log, records: 10)
            let reader = try ChildWriter("EndlessWriter", ["hold", path])
            try reader.listen(for: "held")
            let large = String(repeating: "x", count: 1 << 20)
            let appender = try log.openAppender()
            var records = OutgoingRecords()
            let to = records.destination(TopicPartition("t", 0))
            var count = 0
            while heard.sentences.count < 2, count < 400 {
                count += 1
                records.removeAll()
                var value = large
                value.withUTF8 { records.append(to: to, key: nil, value: .init($0)) }
                _ = try appender.append(records)
            }
            #expect(heard.sentences.count == 2, "at the bound, and at twice as much")
            #expect(count > 90, "it was told of before the bound")
            let first = try #require(heard.sentences.first)
            #expect(first.contains("process \(reader.id) (EndlessWriter)"), "\(first)")
            // A copy without the WAL is known for one, even so.
            try take([""], of: path, to: folder.path("alone.db"))
            expectRefusal(folder.path("alone.db"), "lacks its")
            // Once it is gone, the next commits bring everything into the file.
            try reader.kill()
            usleep(300_000)
            records.removeAll()
            records.append(to: to, key: nil, value: nil)
            for _ in 0..<2 { _ = try appender.append(records) }
            #expect(try folder.fileAlone(path, "SELECT count(*) FROM records") >= count)
        }
    }

    private final class Heard: @unchecked Sendable {
        private let lock = NSLock()
        private var all: [String] = []
        func add(_ sentence: String) { lock.withLock { all.append(sentence) } }
        var sentences: [String] { lock.withLock { all } }
    }
}

extension Folder {
    fileprivate func fileAlone(_ path: String, _ sql: String) throws -> Int64 {
        try Connection(path: path, .immutable).integer(sql) ?? -1
    }

    fileprivate func mode(_ path: String) throws -> String {
        try Connection(path: path, .readOnly).text("PRAGMA journal_mode")
    }
}
