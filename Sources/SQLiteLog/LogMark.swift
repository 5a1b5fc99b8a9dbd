import EventLog
import Foundation
import SQLite

/// What a log says of itself in its table `partitions`, by which a file is known to be whole, and
/// a WAL to belong to it.
///
/// A commit goes to the WAL; a check point brings it into the file. Each commit counts `commits` on
/// and says that the log ends with it. The last one before a check point, though, says that more
/// follows, and gives the check point a number drawn at random: so the file alone says that it
/// ends only where all of the WAL was brought into it, at an orderly end or with a tool of
/// SQLite's, and a copy without its WAL is known for one. The first commit of all that follows says
/// which check point the WAL begins behind (`base`), so a WAL beside a file of another time is
/// known for one, too.
///
/// A killed process may leave any step undone: each state on the way is one that belongs together.
struct LogMark: Hashable, Sendable {
    var cluster: String
    /// Counts every commit.
    var commits: Int64
    /// The newest check point that was begun.
    var checkpoint: Int64
    /// The newest that was brought to its end; the one before while that is not known.
    var base: Int64
    /// Whether nothing follows it in a WAL, if there is none.
    var isEnd: Bool

    /// What the log says at the state that this connection sees. A file of format 1 says nothing:
    /// it ends where it ends, and the first check point comes after it.
    ///
    /// nil where that row is missing, as in a file that was cut there.
    static func read(_ connection: borrowing Connection) throws(SQLiteError) -> LogMark? {
        let format = try connection.integer("PRAGMA user_version") ?? 0
        let columns = format >= 2 ? "commits, checkpoint, base, is_end" : "0, 0, 0, 1"
        let tables = format >= 3 ? "log JOIN partitions p ON p.id = 0" : "log"
        let statement = try connection.prepare(
            "SELECT cluster, \(columns) FROM \(tables) WHERE log.id = 1")
        guard try statement.step() else { return nil }
        return LogMark(
            cluster: statement.text(0), commits: statement.integer(1),
            checkpoint: statement.integer(2), base: statement.integer(3),
            isEnd: statement.integer(4) != 0)
    }

    /// Whether what a file and its WAL say together may be this, where the file alone says `file`.
    func continues(_ file: LogMark) -> Bool {
        cluster == file.cluster && commits >= file.commits
            && (file.checkpoint == checkpoint || file.checkpoint == base)
    }

    /// For the note that a check point leaves beside the file.
    var note: String { "\(checkpoint) \(commits)" }
}

extension LogFile {
    /// What the file alone says, without its WAL; makes nothing beside it.
    ///
    /// A check point that was cut short by a kill leaves a file that is shorter than its first page
    /// says; the WAL holds the rest, and the mark is at the beginning. So that is let pass.
    ///
    /// nil where it can't say: it is no log, or a kill cut the very page with the mark.
    func markOfFileAlone() throws(LogError) -> LogMark? {
        do throws(SQLiteError) {
            let connection = try Connection(path: path, .immutable)
            try connection.execute("PRAGMA writable_schema = ON")
            guard try connection.integer("PRAGMA application_id") == Schema.applicationID,
                try connection.integer("PRAGMA user_version") ?? 0 <= Schema.version
            else { return nil }
            return try LogMark.read(connection)
        } catch {
            if error.code == .corrupt { return nil }
            throw logError(error)
        }
    }

    /// Refuses a file without the WAL that holds the rest of it, and one beside the WAL of another
    /// file or of another time. Nothing is written.
    func checkBelonging() throws(LogError) {
        var fault: LogError?
        // Another process may come between the questions; the file tells, since its mark
        // changes with every check point.
        for _ in 0..<500 {
            guard let file = try markOfFileAlone(),
                let found = try mismatch(beside: file)
            else { return }
            fault = found
            if try markOfFileAlone() == file { break }
            usleep(1_000)
        }
        if let fault { throw fault }
    }

    private func mismatch(beside file: LogMark) throws(LogError) -> LogError? {
        guard hasWAL else {
            if file.isEnd || WriteTurn.note(path + "-lock") == file.note { return nil }
            return LogError(
                .corrupt,
                "\(path) lacks its \(path)-wal, which holds what was committed last: it was "
                    + "copied without it while it was in use, or after its user was killed. "
                    + "Copy both from where they are, or with: "
                    + "fairfill copy --from sqlite:THERE --to sqlite:HERE")
        }
        do throws(LogError) {
            let connection = try connect(.readOnly)
            let mark: LogMark?
            do throws(SQLiteError) {
                mark = try LogMark.read(connection)
            } catch {
                throw logError(error)
            }
            if let mark, mark.continues(file) { return nil }
        } catch {
            // What is wrong with the file itself is found when it is looked at.
            switch error.code {
            case .corrupt, .notALog: break
            default: throw error
            }
        }
        return LogError(
            .corrupt,
            "\(path)-wal does not belong to \(path): it is of another file, or of another time "
                + "than this one. Nothing was changed. Keep both; put the \(path)-wal that belongs "
                + "to it beside it, or, where \(path) is a backup that was whole, move "
                + "\(path)-wal and \(path)-shm away")
    }

    /// Whether a WAL with something in it stands beside the file.
    var hasWAL: Bool {
        var status = stat()
        return stat(path + "-wal", &status) == 0 && status.st_size > Self.walHeaderBytes
    }

    private static let walHeaderBytes: Int64 = 32
}
