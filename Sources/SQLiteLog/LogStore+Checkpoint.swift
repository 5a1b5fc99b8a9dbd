import EventLog
import Foundation
import SQLite

/// Bringing commits from the WAL into the file (`LogMark` says in which steps, and why).
///
/// All of it happens in a turn of one's own.
extension LogStore {
    /// Prepares the file for what this process is about to commit, once.
    func prepareForWriting() throws(LogError) {
        try sql { () throws(SQLiteError) in
            if try connection.text("PRAGMA journal_mode") != "wal" {
                // Another tool changed it, which needs the file for itself: so nobody else of ours
                // has it open. Readers and the writer would hold each other up.
                guard try connection.text("PRAGMA journal_mode = WAL") == "wal" else {
                    throw .wrongMode
                }
            }
        }
        let alone = try file.markOfFileAlone()
        let mark = try self.mark()
        // The file says that it ends, which it does no more; or a process was killed on the way.
        if alone?.isEnd ?? true || !mark.isEnd { try checkpoint() }
        walIdentity = FileIdentity(file.path + "-wal")
        isPrepared = true
    }

    /// A check point that the next commit follows at once.
    func checkpoint() throws(LogError) {
        // A read that is kept open would let a part of the WAL into the file: it would say that
        // it ends there. What is missing is made up for once that read is over.
        let readers = WALReaders.lasting(of: file.path, connection)
        tellOfReaders(readers)
        pagesAtCheckpoint = walPages.pointee
        mustCheckpoint = true
        guard readers.isEmpty else { return }
        var mark = try self.mark()
        // A new number only where the one before is known to have arrived in the file.
        if try file.markOfFileAlone()?.checkpoint == mark.checkpoint {
            mark.base = mark.checkpoint
            mark.checkpoint = Int64.random(in: 1 ... .max)
        }
        mark.commits += 1
        mark.isEnd = false
        turn.leave(note: mark.note)
        try commit(mark)
        var isWhole = false
        // Reads under way are short.
        for _ in 0..<50 where !isWhole {
            isWhole = try sql { () throws(SQLiteError) in
                try connection.checkpoint(.passive).isWhole
            }
            if !isWhole { usleep(1_000) }
        }
        pagesAtCheckpoint = isWhole ? 0 : walPages.pointee
        mustCheckpoint = !isWhole
        arrivedCheckpoint = isWhole ? mark.checkpoint : nil
        isUnsealed = true
    }

    /// Writes into the transaction at hand that the log ends with it, and its time.
    func seal() throws(SQLiteError) {
        writeMark.bind(1, newestTime)
        // 0 is the number of none.
        writeMark.bind(2, arrivedCheckpoint ?? 0)
        try writeMark.run()
    }

    /// What has to be done once it is committed.
    func sealed() {
        arrivedCheckpoint = nil
        guard isUnsealed else { return }
        isUnsealed = false
        turn.leave(note: "")
    }

    /// Where a check point is not followed by the commit that it was made for.
    func sealAlone() throws(LogError) {
        guard isUnsealed else { return }
        try begin()
        try sql { () throws(SQLiteError) in
            try seal()
            try connection.execute("COMMIT")
        }
        sealed()
    }

    /// Whether a check point is due before the next commit.
    var isCheckpointDue: Bool {
        if walPages.pointee - pagesAtCheckpoint >= Self.checkpointPages { return true }
        guard mustCheckpoint else { return false }
        let now = DispatchTime.now().uptimeNanoseconds
        guard now >= nextTry else { return false }
        nextTry = now + 200_000_000
        return true
    }

    /// Pages in the WAL at which it is time to bring them into the file: 32 MiB.
    private static let checkpointPages: Int32 = 2_048

    /// Leaves the file whole, if nobody else writes to it: all that was committed stands in it,
    /// and its WAL is empty. Other writers do so when they end.
    func close() {
        // Nobody writes any more from here on.
        let isUsed = try? turn.take { () throws(LogError) -> Bool in
            defer { isClosed = true }
            return isPrepared && !isClosed
        }
        guard isUsed == true else { return }
        turn.leave(lastOne: {
            try? turn.take { () throws(LogError) in
                try file.checkPath(wal: walIdentity)
                try checkpoint()
                try sealAlone()
                // Only the page with the mark is left to be brought over.
                guard !mustCheckpoint else { return }
                try sql { () throws(SQLiteError) in
                    _ = try connection.checkpoint(.truncate)
                }
            }
        })
    }

    // MARK: Readers that stay

    /// A read that is kept open keeps the WAL from being emptied.
    private func tellOfReaders(_ readers: [pid_t]) {
        let bytes = Int64(walPages.pointee) * Int64(pageBytes)
        guard bytes >= nextNoticeBytes, let notice = file.notice else { return }
        nextNoticeBytes = bytes * 2
        let who = readers.isEmpty
            ? "a reader of it" : readers.map(WALReaders.name).joined(separator: ", ")
        notice(
            "\(file.path)-wal has grown to \(bytes >> 20) MiB and can't be emptied, since \(who) "
                + "keeps a read of \(file.path) open; end that, and the room is used again")
    }

    private func mark() throws(LogError) -> LogMark {
        let mark = try sql { () throws(SQLiteError) in try LogMark.read(connection) }
        guard let mark else {
            throw LogError(
                .corrupt, "\(file.path) has lost the row of its table log; restore a backup")
        }
        return mark
    }

    private func commit(_ mark: LogMark) throws(LogError) {
        try begin()
        try sql { () throws(SQLiteError) in
            let statement = try connection.prepare(
                """
                UPDATE partitions SET commits = ?1, checkpoint = ?2, base = ?3, is_end = ?4
                WHERE id = 0
                """)
            statement.bind(1, mark.commits)
            statement.bind(2, mark.checkpoint)
            statement.bind(3, mark.base)
            statement.bind(4, mark.isEnd ? 1 : 0)
            try statement.run()
            try connection.execute("COMMIT")
        }
    }
}
