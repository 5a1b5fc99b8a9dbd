import EventLog
import Foundation
import SQLite
import Synchronization

/// A log in one SQLite file: durable, with true transactions and fencing, opened by several
/// processes at once (TheLog.md, The SQLite log).
///
/// Beside the file at PATH stand SQLite's `PATH-wal` and `PATH-shm`, `PATH-lock` for the turn to
/// write, `PATH-wake`, which wakes readers, and `PATH-clock` with the writers' clocks.
package final class SQLiteLog: EventLog, @unchecked Sendable {
    package let url: String
    package let clusterID: String
    let file: LogFile
    let wakeFile: WakeFile
    /// Guards `questions` and `partitions`.
    private let lock = NSLock()
    private let questions: Questions
    private var partitions: [TopicPartition: Int64] = [:]
    /// Made at the first write: a reader needs no right to write.
    private var store: LogStore?
    private let clocksOfWriter = Mutex<ClockFile?>(nil)

    /// The clocks of those who write, once this one has.
    var clocks: ClockFile? { clocksOfWriter.withLock { $0 } }
    private func noteClocks(_ clocks: ClockFile) { clocksOfWriter.withLock { $0 = clocks } }

    /// The connection for topics and bounds, and its statements.
    private final class Questions {
        let connection: Connection
        let bounds: Statement
        let find: Statement
        init(_ connection: consuming Connection) throws(SQLiteError) {
            bounds = try connection.prepare(
                "SELECT start_offset, end_offset FROM partitions WHERE id = ?1")
            find = try connection.prepare(
                "SELECT id FROM partitions WHERE topic = ?1 AND partition = ?2")
            self.connection = connection
        }
    }

    /// Opens the log at `path`.
    ///
    /// - Parameter create: makes a missing file; otherwise it is `.unreachable`, so that a
    ///   mistyped path is never taken for an empty log.
    /// - Parameter notice: told what an operator should know, on any thread: a reader that keeps
    ///   the WAL from being emptied, once that has grown to `noticeBytes`.
    ///
    /// A file that lacks its WAL, or stands beside one that does not belong to it, is `.corrupt`.
    package static func open(
        path: String, create: Bool, notice: (@Sendable (String) -> Void)? = nil,
        noticeBytes: Int64 = 256 << 20
    ) throws(LogError) -> SQLiteLog {
        let file = LogFile(
            path: LogFile.target(of: path), notice: notice, noticeBytes: noticeBytes)
        if file.isFolder {
            throw LogError(
                .notALog, "\(path) is a folder; name a file in it, such as \(path)/fairfill.db")
        }
        guard create || file.exists else {
            throw LogError(
                .unreachable,
                "there is no log at \(path); check the path, or make one with: "
                    + "fairfill topics create --log sqlite:\(path)")
        }
        if create { try file.create() }
        return try SQLiteLog(file)
    }

    private init(_ file: LogFile) throws(LogError) {
        var file = file
        file.remember()
        self.file = file
        url = "sqlite:\(file.path)"
        wakeFile = WakeFile(path: file.path + "-wake")
        try file.checkBelonging()
        let connection = try file.connect(.readOnly)
        try file.check(connection)
        do throws(SQLiteError) {
            let statement = try connection.prepare("SELECT cluster FROM log")
            clusterID = try statement.step() ? statement.text(0) : ""
            statement.reset()
            questions = try Questions(connection)
        } catch {
            throw file.logError(error)
        }
    }

    /// Works on the shared connection alone.
    private func ask<Result>(
        _ body: (Questions) throws(SQLiteError) -> Result
    ) throws(LogError) -> Result {
        lock.lock()
        defer { lock.unlock() }
        do throws(SQLiteError) {
            return try body(questions)
        } catch {
            throw file.logError(error)
        }
    }

    package func topics() throws(LogError) -> [TopicDescription] {
        try ask { questions throws(SQLiteError) in
            let statement = try questions.connection.prepare(
                """
                SELECT name, cleanup, retention, max_message_bytes,
                  (SELECT count(*) FROM partitions WHERE topic = name)
                FROM topics ORDER BY name
                """)
            var found: [TopicDescription] = []
            while try statement.step() {
                let specification = TopicSpecification(
                    name: statement.text(0), partitions: Int32(statement.integer(4)),
                    cleanup: .init(rawValue: statement.text(1)) ?? .delete,
                    retentionMilliseconds: statement.isNull(2) ? nil : statement.integer(2),
                    maxMessageBytes: Int(statement.integer(3)))
                found.append(
                    TopicDescription(
                        specification: specification, timestampType: .logAppendTime))
            }
            return found
        }
    }

    package func create(_ topic: TopicSpecification) throws(LogError) {
        try writable().create(topic)
    }

    package func bounds(
        of partitions: [TopicPartition], _ end: EndKind
    ) throws(LogError) -> [Bounds] {
        var ids: [Int64] = []
        ids.reserveCapacity(partitions.count)
        for partition in partitions { ids.append(try partitionID(partition)) }
        return try ask { questions throws(SQLiteError) in
            // One transaction reads one state of the file, so the ends are of one moment.
            try questions.connection.execute("BEGIN")
            defer { try? questions.connection.execute("COMMIT") }
            var found: [Bounds] = []
            found.reserveCapacity(ids.count)
            for id in ids {
                questions.bounds.bind(1, id)
                defer { questions.bounds.reset() }
                _ = try questions.bounds.step()
                found.append(
                    Bounds(
                        start: LogOffset(questions.bounds.integer(0)),
                        end: LogOffset(questions.bounds.integer(1))))
            }
            return found
        }
    }

    package var boundsAreOfOneMoment: Bool { true }

    package var stampsWithOneClock: Bool { true }

    package func openReader(_ starts: [ReadStart]) throws(LogError) -> any LogReader {
        var inputs: [SQLiteReader.Input] = []
        for start in starts {
            inputs.append(
                SQLiteReader.Input(
                    partition: start.partition, id: try partitionID(start.partition),
                    position: start.offset))
        }
        return try SQLiteReader(file, wakeFile, inputs)
    }

    package func openAppender() throws(LogError) -> any LogAppender {
        SQLiteAppender(self, try writable())
    }

    package func openWriter(transactionalIDs: [String]) throws(LogError) -> any LogWriter {
        let store = try writable()
        return SQLiteWriter(self, store, try store.raiseEpochs(transactionalIDs))
    }

    /// The number of a partition in the file.
    func partitionID(_ partition: TopicPartition) throws(LogError) -> Int64 {
        lock.lock()
        let known = partitions[partition]
        lock.unlock()
        if let known { return known }
        let id: Int64? = try ask { questions throws(SQLiteError) in
            questions.find.bind(1, partition.topic)
            questions.find.bind(2, Int64(partition.partition))
            defer { questions.find.reset() }
            return try questions.find.step() ? questions.find.integer(0) : nil
        }
        guard let id else {
            throw LogError(
                .unknownTopic,
                "\(file.path) has no \(partition); make what is missing with: "
                    + "fairfill topics create")
        }
        lock.lock()
        partitions[partition] = id
        lock.unlock()
        return id
    }

    /// The file for writing.
    func writable() throws(LogError) -> LogStore {
        lock.lock()
        defer { lock.unlock() }
        if let store { return store }
        let made = try LogStore(file, wakeFile)
        store = made
        noteClocks(made.clocks)
        return made
    }
}
