import EventLog
import Foundation
import SQLite

/// The file of a log: opening it, and what its errors mean.
struct LogFile: Sendable {
    let path: String
    /// Which file it was when the log was opened.
    private var identity: FileIdentity?
    /// Told what an operator should know, on whichever thread finds it out.
    let notice: (@Sendable (String) -> Void)?
    /// From this size of the WAL on, a reader that keeps it from being emptied is reported.
    let noticeBytes: Int64

    init(
        path: String, notice: (@Sendable (String) -> Void)? = nil, noticeBytes: Int64 = 256 << 20
    ) {
        self.path = path
        self.notice = notice
        self.noticeBytes = noticeBytes
    }

    /// The file that a path leads to, through symbolic links: the WAL, the lock and all other
    /// files that belong to it stand beside that file, and all who use it must find the same ones.
    static func target(of path: String) -> String {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK,
            let target = realpath(path, nil)
        else { return path }
        defer { free(target) }
        return String(cString: target)
    }

    var isFolder: Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Takes note of which file it is.
    mutating func remember() { identity = FileIdentity(path) }

    /// Throws once the file, or the WAL that it is written through, was removed or another one put
    /// in its place: what is written to it then is seen by nobody, and gone with the process.
    func checkPath(wal: FileIdentity? = nil) throws(LogError) {
        var name = path
        if identity == nil || FileIdentity(path) == identity {
            guard let wal, FileIdentity(path + "-wal") != wal else { return }
            name += "-wal"
        }
        throw LogError(
            .io,
            "\(name) was removed, or another file put in its place, while it was in use; what was "
                + "committed before is in the file that was there: put it back, then start again")
    }

    /// Opens a connection for reading; the file is known to be a log.
    func connect(_ mode: Connection.Mode) throws(LogError) -> Connection {
        do throws(SQLiteError) {
            let isResting = mode == .readOnly && cannotHoldWAL
            let connection = try Connection(path: path, isResting ? .immutable : mode)
            connection.keepWAL()
            // A commit that returned is on disk. A log grows by appending: a large page holds
            // several records and saves work in the B-tree. Check points are the writer's own.
            try connection.execute(
                """
                PRAGMA synchronous = FULL;
                PRAGMA cache_size = -32768;
                PRAGMA wal_autocheckpoint = 0;
                PRAGMA journal_size_limit = 67108864;
                """)
            return connection
        } catch {
            throw logError(error)
        }
    }

    /// Whether the file lies where no WAL can be made, and none is: a backup on a medium that can
    /// only be read, or a copy in another user's folder. A process that works on a log keeps its
    /// WAL beside it, so nobody works on this one.
    private var cannotHoldWAL: Bool {
        access(path + "-wal", F_OK) != 0 && access(folder, W_OK) != 0
    }

    /// Whether the file is there at all.
    var exists: Bool { access(path, F_OK) == 0 }

    /// Makes the file, if it is missing or empty. What is in use already is left as it is.
    ///
    /// It is made under another name and moved into place whole, one process at a time: nobody
    /// ever sees a log that is half made, nor does one that was killed leave it.
    func create() throws(LogError) {
        guard isMissing else { return }
        try refuseStrayWAL()
        guard access(folder, F_OK) == 0 else {
            throw LogError(
                .cannotWrite,
                "there is no folder \(folder) to make \(path) in; make it, or check the path")
        }
        try WriteTurn(path: path + "-lock").take { () throws(LogError) in
            // Another process may have made it meanwhile.
            guard isMissing else { return }
            // An empty one that is left over would be taken for the new file's.
            for end in ["-wal", "-shm"] { unlink(path + end) }
            let draft = path + "-new"
            removeAll(of: draft)
            do throws(SQLiteError) {
                try Self.make(draft)
            } catch {
                removeAll(of: draft)
                throw logError(error)
            }
            guard rename(draft, path) == 0 else {
                let words = String(cString: strerror(errno))
                throw LogError(.cannotWrite, "\(path) can't be made: \(words)")
            }
            // What stands beside the file belongs to the user who made it, from the beginning:
            // others may come first to read it.
            _ = try connect(.readWrite)
            WakeFile(path: path + "-wake").make()
            syncFolder()
        }
    }

    /// Refuses to make a file beside what was committed to one that is gone.
    private func refuseStrayWAL() throws(LogError) {
        guard hasWAL else { return }
        throw LogError(
            .cannotWrite,
            "there is no \(path), but its \(path)-wal, with what was committed last to a log that "
                + "was removed: put that log back, or move \(path)-wal away")
    }

    /// Refuses to write what belongs to another user, before anything is made beside it.
    func checkWritable() throws(LogError) {
        guard exists, access(path, W_OK) != 0 else { return }
        throw cannotWrite("\(String(cString: strerror(errno)))")
    }

    /// That a file can't be written, with the file that is in the way and whom it belongs to.
    private func cannotWrite(_ words: String) -> LogError {
        let beside = ["", "-wal", "-shm", "-lock"].map { path + $0 }
        let inTheWay = beside.first { access($0, F_OK) == 0 && access($0, W_OK) != 0 }
        guard let inTheWay else {
            return LogError(
                .cannotWrite, "\(folder) can't be written (\(words)); check who owns it")
        }
        var status = stat()
        let owner = stat(inTheWay, &status) == 0 ? " and belongs to user \(status.st_uid)" : ""
        return LogError(
            .cannotWrite,
            "\(inTheWay) can't be written by user \(geteuid())\(owner) (\(words)); give the right "
                + "to write it, or use the log as its owner")
    }

    private static func make(_ path: String) throws(SQLiteError) {
        let connection = try Connection(path: path, .create)
        try connection.execute(
            "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; BEGIN")
        try Schema.create(connection, clusterID: Self.randomID())
        try connection.execute("COMMIT")
    }

    /// Whether there is nothing yet, or an empty file that a user made to hold the log.
    private var isMissing: Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return true }
        return status.st_mode & S_IFMT == S_IFREG && status.st_size == 0
    }

    private func removeAll(of path: String) {
        for end in ["", "-wal", "-shm"] { unlink(path + end) }
    }

    /// The folder that the file is in.
    private var folder: String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    }

    /// A name is on disk once its folder is.
    private func syncFolder() {
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func randomID() -> String {
        let digits = Array("0123456789abcdef")
        return String((0..<32).map { _ in digits.randomElement()! })
    }

    /// Refuses a file that is no log, one of another version, and one that was cut.
    func check(_ connection: borrowing Connection) throws(LogError) {
        let id: Int64?
        let version: Int64
        let pages: (count: Int64, size: Int64)
        do throws(SQLiteError) {
            id = try connection.integer("PRAGMA application_id")
            version = try connection.integer("PRAGMA user_version") ?? 0
            pages = (
                try connection.integer("PRAGMA page_count") ?? 0,
                try connection.integer("PRAGMA page_size") ?? 0
            )
        } catch {
            throw logError(error)
        }
        guard id == Schema.applicationID else {
            throw LogError(
                .notALog,
                "\(path) is a database of another program, not a Fairfill log; name another file")
        }
        guard version >= Schema.oldestVersion, version <= Schema.version else {
            throw LogError(
                .notALog,
                "\(path) is a Fairfill log of format \(version), and this program reads formats "
                    + "\(Schema.oldestVersion) to \(Schema.version); use the program that wrote it")
        }
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        // Pages that are only in the WAL yet are not missing from the file.
        var wal = stat()
        let hasWAL = stat(path + "-wal", &wal) == 0 && wal.st_size > 0
        if !hasWAL, Int64(status.st_size) < pages.count * pages.size {
            throw LogError(
                .corrupt,
                "\(path) was cut: it has \(status.st_size) of \(pages.count * pages.size) bytes; "
                    + "keep it as it is and restore a backup")
        }
    }

    /// What an SQLite error means for users of the log.
    func logError(_ error: SQLiteError) -> LogError {
        switch error.code {
        case .notADatabase:
            LogError(.notALog, "\(path) is not an SQLite file; name another file")
        case .corrupt:
            LogError(
                .corrupt,
                "\(path) is damaged (\(error.message)); keep it as it is and restore a backup")
        case .full:
            LogError(
                .cannotWrite,
                "no room to write \(path): nothing of this was written; free some space and "
                    + "try again")
        case .readOnly, .permission:
            cannotWrite(error.message)
        case .cannotOpen where [EMFILE, ENFILE].contains(error.systemCode):
            LogError(
                .io,
                "\(path) can't be opened: too many files are open already; raise the limit "
                    + "(ulimit -Hn, LimitNOFILE= in a unit)")
        case .cannotOpen:
            LogError(
                exists ? .cannotWrite : .unreachable,
                "\(path) can't be opened (\(error.message)); check the path and its permissions")
        case .busy, .locked, .protocolError:
            LogError(
                .busy, "another program holds \(path) (\(error.message)); try again",
                isRetriable: true)
        default:
            LogError(.io, "\(path): \(error)")
        }
    }
}
