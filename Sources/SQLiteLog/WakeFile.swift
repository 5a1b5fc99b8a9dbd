import EventLog
import Foundation

/// How a commit wakes readers in other processes: a byte written to `PATH-wake` after it. Watching
/// the WAL itself would wake them before the commit can be seen.
struct WakeFile: Sendable {
    let path: String

    /// Makes the file where it is missing; writers of the log do so, and no reader.
    func make() {
        let descriptor = Foundation.open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        if descriptor >= 0 { close(descriptor) }
    }

    /// Says that there is something to read. A reader that misses it looks again by itself.
    func ring() {
        let descriptor = Foundation.open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return }
        _ = pwrite(descriptor, "!", 1, 0)
        close(descriptor)
    }
}

/// Waits for the byte. Used by one thread, but for `wake`.
final class WakeWatch: @unchecked Sendable {
    private let changes: Int32
    /// A pipe for `wake`: its two ends.
    private let woken: Int32
    private let waker: Int32

    /// How often a reader looks even if nobody rang, in milliseconds.
    static let slowPollMilliseconds = 100

    init(_ file: WakeFile) {
        // Without inotify the slow poll alone remains; that is late, never wrong.
        changes = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        var ends: [Int32] = [-1, -1]
        pipe(&ends)
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        (woken, waker) = (ends[0], ends[1])
        if changes >= 0 { inotify_add_watch(changes, file.path, UInt32(IN_MODIFY)) }
    }

    deinit {
        close(changes)
        close(woken)
        close(waker)
    }

    func wake() { _ = write(waker, "!", 1) }

    /// Returns after a ring, a `wake` (then true), or the time. Rings since the last call count.
    func wait(milliseconds: Int) -> Bool {
        var waiting = [
            pollfd(fd: changes, events: Int16(POLLIN), revents: 0),
            pollfd(fd: woken, events: Int16(POLLIN), revents: 0),
        ]
        poll(&waiting, 2, Int32(milliseconds))
        if waiting[0].revents != 0 { drain(changes) }
        guard waiting[1].revents != 0 else { return false }
        drain(woken)
        return true
    }

    private func drain(_ descriptor: Int32) {
        withUnsafeTemporaryAllocation(byteCount: 4_096, alignment: 8) { room in
            while read(descriptor, room.baseAddress, room.count) > 0 {}
        }
    }
}
