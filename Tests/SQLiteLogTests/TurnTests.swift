import EventLog
import Foundation
import LogConformance
import SQLite
import SQLiteLog
import Testing

/// Several writers of one file: each waits its turn, and nobody waits for ever.
@Suite struct TurnTests {
    @Test func manyWritersAtOnceLoseNothing() throws {
        try Folder.with { folder in
            let path = folder.path("book.db")
            try SQLiteLog.open(path: path, create: true).create(.plain("t", partitions: 1))
            let writers = 8
            let each = 50
            DispatchQueue.concurrentPerform(iterations: writers) { writer in
                do {
                    let log = try SQLiteLog.open(path: path, create: false)
                    let appender = try log.openAppender()
                    var records = OutgoingRecords()
                    let to = records.destination(TopicPartition("t", 0))
                    for number in 0..<each {
                        records.removeAll()
                        withUnsafeBytes(of: (writer, number)) {
                            records.append(to: to, key: nil, value: $0)
                        }
                        _ = try appender.append(records)
                    }
                } catch {
                    Issue.record("\(error)")
                }
            }
            let log = try SQLiteLog.open(path: path, create: false)
            let reader = try log.openReader([ReadStart(TopicPartition("t", 0), from: 0)])
            var batch = RecordBatch()
            while try reader.read(0, into: &batch, limit: 1_000) > 0 {}
            #expect(batch.count == writers * each)
            var next = Array(repeating: 0, count: writers)
            for index in 0..<batch.count {
                guard let value = batch.value(index) else { continue }
                let (writer, number) = value.loadUnaligned(as: (Int, Int).self)
                #expect(number == next[writer], "each writer's records keep their order")
                next[writer] += 1
            }
        }
    }

    /// A holder that is stopped can't be fenced: whoever waits is told who it is.
    @Test func aTurnThatIsHeldTooLongIsBusyAndNamesTheHolder() throws {
        try Folder.with { folder in
            let path = folder.path("book.db")
            let log = try SQLiteLog.open(path: path, create: true)
            try folder.fill(log, records: 1)
            let holder = try Holder(path + "-lock", pid: 4_242)
            let start = Date()
            do throws(LogError) {
                let appender = try log.openAppender()
                var records = OutgoingRecords()
                let to = records.destination(TopicPartition("t", 0))
                records.append(to: to, key: nil, value: nil)
                _ = try appender.append(records)
                Issue.record("written while another had the turn")
            } catch {
                #expect(error.code == .busy && error.isRetriable)
                #expect(error.message.contains("process 4242"), "\(error)")
            }
            #expect(Date().timeIntervalSince(start) > 9, "it gave up early")
            holder.release()
            try folder.append(log, 1..<2)
            #expect(try folder.count(log) == 2)
        }
    }

    /// A program that knows nothing of the turn, such as a shell that changes the file.
    @Test func aStrangersTransactionIsWaitedFor() throws {
        try Folder.with { folder in
            let path = folder.path("book.db")
            let log = try SQLiteLog.open(path: path, create: true)
            try folder.fill(log, records: 1)
            let done = DispatchSemaphore(value: 0)
            let held = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                do {
                    let stranger = try Connection(path: path, .readWrite)
                    try stranger.execute("BEGIN IMMEDIATE")
                    held.signal()
                    usleep(300_000)
                    try stranger.execute("ROLLBACK")
                } catch {
                    Issue.record("\(error)")
                    held.signal()
                }
                done.signal()
            }
            held.wait()
            try folder.append(log, 1..<2)
            done.wait()
            #expect(try folder.count(log) == 2)
        }
    }

    /// Holds the turn as another process would: locks belong to the open file, not to the process.
    private final class Holder {
        private let descriptor: Int32

        init(_ path: String, pid: Int) throws {
            // The first write makes the file.
            descriptor = open(path, O_RDWR | O_CREAT, 0o644)
            try #require(descriptor >= 0)
            var lock = flock()
            lock.l_type = Int16(F_WRLCK)
            lock.l_whence = Int16(SEEK_SET)
            lock.l_len = 1
            let setOpenFileLock: Int32 = 37
            try #require(fcntl(descriptor, setOpenFileLock, &lock) == 0)
            let text = String(pid).padding(toLength: 12, withPad: " ", startingAt: 0)
            try #require(pwrite(descriptor, text, 12, 16) == 12)
        }

        func release() { close(descriptor) }
    }
}
