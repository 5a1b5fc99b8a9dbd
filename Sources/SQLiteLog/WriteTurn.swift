import EventLog
import Foundation

/// Whose turn it is to write: one writer at a time among all threads and processes that have the
/// file open.
///
/// SQLite's own waiting doubles its steps up to 100 ms, and names nobody. This one waits in short
/// steps on a lock beside the file, which the kernel frees when its holder dies, and leaves the
/// holder's process id in it for a process that waits in vain. Byte 0 is the turn to write, byte 1
/// the place next in line: a writer that comes back at once finds it taken and can't overtake. Byte
/// 2 is held together by all who may write, so that the last of them knows that it is.
final class WriteTurn: @unchecked Sendable {
    private let path: String
    private let descriptor: Int32
    private let inProcess = NSLock()
    private let mostMilliseconds: Int

    private enum Byte: Int { case turn = 0, nextInLine = 1, presence = 2 }
    private static let pidOffset: off_t = 16
    private static let noteOffset: off_t = 32
    private static let noteBytes = 64

    init(path: String, mostMilliseconds: Int = 10_000) throws(LogError) {
        self.path = path
        self.mostMilliseconds = mostMilliseconds
        descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw LogError(
                .cannotWrite,
                "\(path) can't be made (\(String(cString: strerror(errno)))): writing a log needs "
                    + "a lock file beside it; check who owns the folder")
        }
    }

    deinit { close(descriptor) }

    /// Runs `body` alone. Waits for its turn at most the given time.
    func take<Result>(_ body: () throws(LogError) -> Result) throws(LogError) -> Result {
        guard inProcess.lock(before: Date(timeIntervalSinceNow: seconds)) else {
            throw busy(holder: getpid())
        }
        defer { inProcess.unlock() }
        let end = DispatchTime.now().uptimeNanoseconds + UInt64(mostMilliseconds) * 1_000_000
        try acquire(.nextInLine, until: end)
        do throws(LogError) {
            try acquire(.turn, until: end)
        } catch {
            set(.nextInLine, F_UNLCK)
            throw error
        }
        set(.nextInLine, F_UNLCK)
        leavePID()
        defer { set(.turn, F_UNLCK) }
        return try body()
    }

    // MARK: Presence

    /// Counts among those who may write, until it leaves or its process ends.
    func enter() throws(LogError) {
        let end = DispatchTime.now().uptimeNanoseconds + UInt64(mostMilliseconds) * 1_000_000
        try acquire(.presence, F_RDLCK, until: end)
    }

    /// Leaves; runs `body` where nobody else may write, and lets nobody begin meanwhile.
    func leave(lastOne body: () -> Void) {
        // Of two that leave at once at least one finds itself alone.
        set(.presence, F_UNLCK)
        guard set(.presence, F_WRLCK) else { return }
        body()
        set(.presence, F_UNLCK)
    }

    /// Leaves a word for the process that finds the file as a kill left it.
    func leave(note: String) {
        var text = note
        while text.utf8.count < Self.noteBytes { text += " " }
        text.withCString { _ = pwrite(descriptor, $0, Self.noteBytes, Self.noteOffset) }
    }

    /// The word that was left; nil where there is none.
    static func note(_ path: String) -> String? {
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: noteBytes)
        let count = pread(descriptor, &bytes, noteBytes, noteOffset)
        guard count > 0 else { return nil }
        let note = String(decoding: bytes[..<count], as: UTF8.self)
            .trimmingCharacters(in: .whitespaces)
        return note.isEmpty ? nil : note
    }

    private var seconds: Double { Double(mostMilliseconds) / 1_000 }

    private func acquire(
        _ byte: Byte, _ kind: Int32 = F_WRLCK, until end: UInt64
    ) throws(LogError) {
        var steps = 0
        while !set(byte, kind) {
            guard DispatchTime.now().uptimeNanoseconds < end else {
                throw busy(holder: readPID())
            }
            usleep(steps < 50 ? 100 : 1_000)
            steps += 1
        }
    }

    @discardableResult
    private func set(_ byte: Byte, _ kind: Int32) -> Bool {
        var lock = flock()
        lock.l_type = Int16(kind)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = off_t(byte.rawValue)
        lock.l_len = 1
        // Locks of the open file, not of the process: closing another descriptor of the same file
        // would drop a process's lock.
        let setOpenFileLock: Int32 = 37
        return fcntl(descriptor, setOpenFileLock, &lock) == 0
    }

    private func leavePID() {
        var text = "\(getpid())"
        while text.utf8.count < 12 { text += " " }
        text.withCString { _ = pwrite(descriptor, $0, 12, Self.pidOffset) }
    }

    private func readPID() -> pid_t? {
        var bytes = [UInt8](repeating: 0, count: 12)
        let count = pread(descriptor, &bytes, 12, Self.pidOffset)
        guard count > 0 else { return nil }
        return pid_t(
            String(decoding: bytes[..<count], as: UTF8.self).trimmingCharacters(in: .whitespaces))
    }

    private func busy(holder: pid_t?) -> LogError {
        let who = holder.map { "process \($0)" } ?? "another process"
        return LogError(
            .busy,
            "\(who) has been writing to this log for over \(mostMilliseconds / 1_000) s "
                + "(\(path)); if it is stopped, continue or end it, then try again",
            isRetriable: true)
    }
}
