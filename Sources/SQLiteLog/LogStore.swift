import EventLog
import Foundation
import SQLite

/// The file for writing: one connection, one writer at a time, each write one short transaction.
final class LogStore: @unchecked Sendable {
    let file: LogFile
    private let wakeFile: WakeFile
    let turn: WriteTurn
    let clocks: ClockFile
    /// Timestamp since 1970 UTC; tests step it.
    var clock: () -> Int64 = { ClockFile.now }
    let connection: Connection
    let insert: Statement
    let writeMark: Statement
    private let readEnd: Statement
    private let writeEnd: Statement
    private let readTime: Statement
    private let readEpoch: Statement
    /// Records of a batch in order of partition; kept from batch to batch.
    private var order: [Int32] = []
    private var cursors: [Int32] = []

    // What check points go by; used in a turn only.
    let walPages = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
    let pageBytes: Int32
    var pagesAtCheckpoint: Int32 = 0
    var mustCheckpoint = false
    var nextTry: UInt64 = 0
    var nextNoticeBytes: Int64
    var isPrepared = false
    var isClosed = false
    var walIdentity: FileIdentity?
    /// A check point that arrived in the file, and that no commit has told of yet.
    var arrivedCheckpoint: Int64?
    /// Whether the last commit says that more follows.
    var isUnsealed = false
    /// The append time of what the transaction at hand brings; 0 for nothing.
    var newestTime: Int64 = 0

    init(_ file: LogFile, _ wakeFile: WakeFile) throws(LogError) {
        self.file = file
        self.wakeFile = wakeFile
        try file.checkWritable()
        nextNoticeBytes = file.noticeBytes
        turn = try WriteTurn(path: file.path + "-lock")
        try turn.enter()
        clocks = ClockFile(path: file.path + "-clock")
        connection = try file.connect(.readWrite)
        walPages.initialize(to: 0)
        connection.countWALPages(at: walPages)
        do throws(SQLiteError) {
            try Schema.upgrade(connection)
            pageBytes = Int32(try connection.integer("PRAGMA page_size") ?? 0)
            insert = try connection.prepare(
                "INSERT INTO records(position, time, key, value, headers) VALUES(?1,?2,?3,?4,?5)")
            readEnd = try connection.prepare("SELECT end_offset FROM partitions WHERE id = ?1")
            writeEnd = try connection.prepare(
                "UPDATE partitions SET end_offset = ?2 WHERE id = ?1")
            readTime = try connection.prepare("SELECT last_time FROM partitions WHERE id = 0")
            readEpoch = try connection.prepare(
                "SELECT epoch FROM writers WHERE transactional_id = ?1")
            writeMark = try connection.prepare(
                """
                UPDATE partitions SET last_time = max(last_time, ?1), commits = commits + 1,
                  base = ifnull(nullif(?2, 0), base), is_end = 1
                WHERE id = 0
                """)
        } catch {
            throw file.logError(error)
        }
        OpenStores.shared.add(self)
    }

    deinit {
        OpenStores.shared.remove(ObjectIdentifier(self)) { close() }
        walPages.deallocate()
    }

    /// Runs `body` in its own transaction: all of it is on disk when this returns, or nothing.
    func write<Result>(
        _ body: () throws(LogError) -> Result
    ) throws(LogError) -> Result {
        let result = try turn.take { () throws(LogError) -> Result in
            guard !isClosed else {
                throw LogError(.closed, "\(file.path) was closed, since the process ends")
            }
            try file.checkPath(wal: walIdentity)
            do throws(LogError) {
                if !isPrepared {
                    try prepareForWriting()
                } else if isCheckpointDue {
                    try checkpoint()
                }
                try begin()
                let result = try body()
                try sql { () throws(SQLiteError) in
                    try seal()
                    try connection.execute("COMMIT")
                }
                sealed()
                return result
            } catch {
                // SQLite may have rolled back by itself.
                if connection.isInTransaction { try? connection.execute("ROLLBACK") }
                try? sealAlone()
                throw error
            }
        }
        wakeFile.ring()
        return result
    }

    /// Our own turn is taken; only a program that doesn't know it can still be in the way.
    func begin() throws(LogError) {
        newestTime = 0
        let end = DispatchTime.now().uptimeNanoseconds + 10_000_000_000
        while true {
            do throws(SQLiteError) {
                return try connection.execute("BEGIN IMMEDIATE")
            } catch {
                guard error.code == .busy, DispatchTime.now().uptimeNanoseconds < end else {
                    throw file.logError(error)
                }
                usleep(1_000)
            }
        }
    }

    func sql<Result>(
        _ body: () throws(SQLiteError) -> Result
    ) throws(LogError) -> Result {
        do throws(SQLiteError) {
            return try body()
        } catch {
            throw file.logError(error)
        }
    }

    // MARK: Topics

    func create(_ topic: TopicSpecification) throws(LogError) {
        try write { () throws(LogError) in
            try sql { () throws(SQLiteError) in
                let find = try connection.prepare("SELECT 1 FROM topics WHERE name = ?1")
                find.bind(1, topic.name)
                return try find.step()
            }.mustBeFalse(
                LogError(.alreadyExists, "topic \(topic.name) exists already in \(file.path)"))
            try sql { () throws(SQLiteError) in
                let make = try connection.prepare("INSERT INTO topics VALUES(?1, ?2, ?3, ?4)")
                make.bind(1, topic.name)
                make.bind(2, topic.cleanup.rawValue)
                if let retention = topic.retentionMilliseconds { make.bind(3, retention) }
                make.bind(4, Int64(topic.maxMessageBytes))
                try make.run()
                let add = try connection.prepare(
                    "INSERT INTO partitions(topic, partition) VALUES(?1, ?2)")
                for partition in 0..<Int64(topic.partitions) {
                    add.bind(1, topic.name)
                    add.bind(2, partition)
                    try add.run()
                }
            }
        }
    }

    // MARK: Fencing

    /// Raises the epoch of each transactional id: from now on no older writer can commit.
    func raiseEpochs(_ ids: [String]) throws(LogError) -> [WriterEpoch] {
        try write { () throws(LogError) in
            try sql { () throws(SQLiteError) in
                let raise = try connection.prepare(
                    """
                    INSERT INTO writers VALUES(?1, 1)
                    ON CONFLICT(transactional_id) DO UPDATE SET epoch = epoch + 1
                    """)
                var epochs: [WriterEpoch] = []
                for id in ids {
                    raise.bind(1, id)
                    try raise.run()
                    epochs.append(WriterEpoch(id: id, epoch: try epoch(of: id)))
                }
                return epochs
            }
        }
    }

    private func epoch(of id: String) throws(SQLiteError) -> Int64 {
        readEpoch.bind(1, id)
        defer { readEpoch.reset() }
        return try readEpoch.step() ? readEpoch.integer(0) : 0
    }

    // MARK: Appending

    /// Appends records, if these writers still count. `ids` holds the number of each destination's
    /// partition. Calls `receive` with the index, offset and time of each record.
    func append(
        _ records: borrowing OutgoingRecords, to ids: [Int64], by writers: [WriterEpoch],
        receive: (Int, LogOffset, Int64) -> Void
    ) throws(LogError) -> Int64 {
        try clocks.checkMayAppend()
        return try write { () throws(LogError) -> Int64 in
            for writer in writers {
                let current = try sql { () throws(SQLiteError) in try epoch(of: writer.id) }
                guard current == writer.epoch else { throw writer.fenced(by: current) }
            }
            return try sql { () throws(SQLiteError) in try insert(records, ids, receive) }
        }
    }

    /// Writes the records partition by partition, so that each goes behind the one before in the
    /// B-tree, and answers the append time of all of them.
    private func insert(
        _ records: borrowing OutgoingRecords, _ ids: [Int64],
        _ receive: (Int, LogOffset, Int64) -> Void
    ) throws(SQLiteError) -> Int64 {
        guard records.count > 0 else { return 0 }
        let time = try nextTime()
        sort(records)
        var first = 0
        for destination in ids.indices {
            let count = Int(cursors[destination])
            guard count > 0 else { continue }
            readEnd.bind(1, ids[destination])
            _ = try readEnd.step()
            let end = readEnd.integer(0)
            readEnd.reset()
            insert.bind(2, time)
            for index in 0..<count {
                let number = Int(order[first + index])
                let record = records[number]
                let offset = end + Int64(index)
                insert.bind(1, Schema.position(partition: ids[destination], offset: offset))
                insert.bind(3, record.key)
                insert.bind(4, record.value)
                insert.bind(5, record.headers.isEmpty ? nil : record.headers)
                _ = try insert.step()
                insert.reset()
                receive(number, LogOffset(offset), time)
            }
            writeEnd.bind(1, ids[destination])
            writeEnd.bind(2, end + Int64(count))
            try writeEnd.run()
            first += count
        }
        return time
    }

    /// The clock's time, but never less than the file's last.
    private func nextTime() throws(SQLiteError) -> Int64 {
        _ = try readTime.step()
        let last = readTime.integer(0)
        readTime.reset()
        let now = clock()
        newestTime = max(now, last)
        return newestTime
    }

    /// Fills `order` with the records' indices by destination, keeping their order within each,
    /// and `cursors` with how many each destination has.
    private func sort(_ records: borrowing OutgoingRecords) {
        cursors.removeAll(keepingCapacity: true)
        cursors.append(contentsOf: repeatElement(0, count: records.destinations.count + 1))
        for index in 0..<records.count { cursors[records[index].destination.index + 1] += 1 }
        for index in 1..<cursors.count { cursors[index] += cursors[index - 1] }
        order.removeAll(keepingCapacity: true)
        order.append(contentsOf: repeatElement(0, count: records.count))
        for index in 0..<records.count {
            let destination = records[index].destination.index
            order[Int(cursors[destination])] = Int32(truncatingIfNeeded: index)
            cursors[destination] += 1
        }
        // Each cursor stands at its end now; turn ends into counts.
        for index in stride(from: cursors.count - 1, to: 0, by: -1) {
            cursors[index] -= cursors[index - 1]
        }
    }
}

/// A writer's hold on a transactional id.
struct WriterEpoch: Sendable {
    var id: String
    var epoch: Int64

    func fenced(by newer: Int64) -> LogError {
        LogError(
            .fenced,
            "a newer writer has taken over \(id): its epoch is \(newer), ours was \(epoch)")
    }
}

extension Bool {
    fileprivate func mustBeFalse(_ error: LogError) throws(LogError) {
        if self { throw error }
    }
}
