import EventLog
import Foundation
import LogConformance
import SQLiteLog
import Testing

/// Files that are not what they should be: each has its code and a message that says what to do,
/// and none of them is changed.
@Suite struct WrongFileTests {
    /// Opening must fail with this code, in words that hold `word`, and leave the bytes alone.
    private func expectRefusal(
        _ path: String, _ code: LogError.Code, _ word: String, create: Bool = false,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let before = FileManager.default.contents(atPath: path)
        do throws(LogError) {
            let log = try SQLiteLog.open(path: path, create: create)
            _ = try log.topics()
            Issue.record("it was opened", sourceLocation: location)
        } catch {
            #expect(error.code == code, "\(error)", sourceLocation: location)
            #expect(error.message.contains(word), "\(error)", sourceLocation: location)
        }
        #expect(FileManager.default.contents(atPath: path) == before, sourceLocation: location)
    }

    /// A log that was closed: all of it is in one file.
    private func closedLog(_ folder: Folder, records: Int = 2_000) throws -> String {
        let path = folder.path("book.db")
        do {
            let log = try SQLiteLog.open(path: path, create: true)
            try folder.fill(log, records: records)
        }
        try folder.execute(path, "PRAGMA wal_checkpoint(TRUNCATE)")
        for end in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
        return path
    }

    @Test func aMissingFileIsNeverMadeByMistake() throws {
        try Folder.with { folder in
            let path = folder.path("mistyped.db")
            try expectRefusal(path, .unreachable, "fairfill topics create")
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func aFolderThatIsNotThere() throws {
        try Folder.with { folder in
            try expectRefusal(
                folder.path("no/such/book.db"), .cannotWrite, "no folder", create: true)
        }
    }

    @Test(arguments: [false, true])
    func aFolderIsNotALog(create: Bool) throws {
        try Folder.with { folder in
            try expectRefusal(folder.path("."), .notALog, "is a folder", create: create)
        }
    }

    @Test(arguments: [false, true])
    func textIsNotALog(create: Bool) throws {
        try Folder.with { folder in
            let path = folder.path("notes.txt")
            try String(repeating: "minutes of the meeting\n", count: 500)
                .write(toFile: path, atomically: false, encoding: .utf8)
            try expectRefusal(path, .notALog, "not an SQLite file", create: create)
        }
    }

    @Test(arguments: [false, true])
    func anotherProgramsDatabaseIsNotALog(create: Bool) throws {
        try Folder.with { folder in
            let path = folder.path("other.db")
            try Data().write(to: URL(fileURLWithPath: path))
            try folder.execute(path, "CREATE TABLE notes(text); INSERT INTO notes VALUES('mine')")
            try expectRefusal(path, .notALog, "another program", create: create)
        }
    }

    @Test func anEmptyFileIsNotALog() throws {
        try Folder.with { folder in
            let path = folder.path("empty.db")
            try Data().write(to: URL(fileURLWithPath: path))
            try expectRefusal(path, .notALog, "not a Fairfill log")
        }
    }

    @Test func anotherFormatVersionIsRefused() throws {
        try Folder.with { folder in
            let path = try closedLog(folder)
            try folder.execute(path, "PRAGMA user_version = 9")
            for end in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
            try expectRefusal(path, .notALog, "format 9")
        }
    }

    @Test func aCutFileIsNotRead() throws {
        try Folder.with { folder in
            let path = try closedLog(folder)
            let whole = try #require(FileManager.default.contents(atPath: path))
            for fraction in [9, 5, 1] {
                try whole.prefix(whole.count / 10 * fraction).write(to: URL(fileURLWithPath: path))
                do throws(LogError) {
                    let log = try SQLiteLog.open(path: path, create: false)
                    _ = log
                    Issue.record("\(fraction) tenths of a file were taken for a log")
                } catch {
                    #expect(error.code == .corrupt, "\(error)")
                    #expect(error.message.contains("backup"), "\(error)")
                }
            }
        }
    }

    /// Damage in the middle: the reader says so, and does not give half of the records as all.
    @Test func aDamagedPageIsFoundByItsReader() throws {
        try Folder.with { folder in
            let path = try closedLog(folder)
            var bytes = try #require(FileManager.default.contents(atPath: path))
            let page = 16_384
            for index in (bytes.count - 2 * page)..<bytes.count { bytes[index] = 0x5A }
            try bytes.write(to: URL(fileURLWithPath: path))
            let log = try SQLiteLog.open(path: path, create: false)
            do throws(LogError) {
                let reader = try log.openReader([ReadStart(TopicPartition("t", 0), from: 0)])
                var batch = RecordBatch()
                while try reader.read(0, into: &batch, limit: 1_000) > 0 {}
                Issue.record("\(batch.count) records were read from a damaged file")
            } catch {
                #expect(error.code == .corrupt, "\(error)")
                #expect(error.message.contains("backup"), "\(error)")
            }
        }
    }

    @Test func aReadOnlyFolderIsReadAndNotWritten() throws {
        try Folder.with { folder in
            let path = try closedLog(folder, records: 10)
            let parent = (path as NSString).deletingLastPathComponent
            // The lock file is what a writer needs first.
            for end in ["-lock", "-wake"] {
                try? FileManager.default.removeItem(atPath: path + end)
            }
            // Read it was; what fails below is the writing.
            let log = try SQLiteLog.open(path: path, create: false)
            #expect(try folder.count(log) == 10)
            let before = try FileManager.default.contentsOfDirectory(atPath: parent)
            let bytes = FileManager.default.contents(atPath: path)
            try withoutRights {
                chmod(parent, 0o555)
                defer { chmod(parent, 0o755) }
                try #require(open("\(parent)/x", O_CREAT | O_WRONLY, 0o644) < 0, "there are rights")
                do throws(LogError) {
                    _ = try log.openAppender()
                    Issue.record("a log in a read-only folder was opened for writing")
                } catch {
                    #expect(error.code == .cannotWrite, "\(error)")
                    #expect(error.message.contains("-lock"), "\(error)")
                }
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: parent) == before)
            #expect(FileManager.default.contents(atPath: path) == bytes)
        }
    }

    /// Runs `body` without root's right to write everywhere.
    private func withoutRights(_ body: () throws -> Void) throws {
        guard getuid() == 0 else { return try body() }
        _ = setfsuid(65_534)
        defer { _ = setfsuid(0) }
        try body()
    }
}

/// Whose rights this thread, and no other, has with files.
@_silgen_name("setfsuid") private func setfsuid(_ user: UInt32) -> Int32
