import EventLog
import Foundation
import Synchronization

/// The clocks of the processes that write to a log, beside the file: each leaves its own once a
/// second, and looks at the others' (TheLog.md, Book time).
///
/// The file gives append times by the clock of the process that appends, so that process can't tell
/// by its own stamps that it is wrong; other processes can. A clock that is far ahead of another
/// live one may not append: all that comes after would be stamped as late.
///
/// The file is a row of slots. The process that has one holds a lock on it, which the kernel frees
/// when the process dies. A process that lives and stands still tells nothing: only a clock that is
/// seen to move counts. All waiting here is by steps and not by any clock, which may be the wrong
/// one.
final class ClockFile: @unchecked Sendable {
    /// How far ahead of another live clock one may be that appends.
    static let mostAheadMilliseconds: Int64 = 30_000

    private let path: String
    private let descriptor: Int32
    private let slots: ClockSlots
    /// The slot of this one; nil where all are taken, or the file can't be written.
    private let ours: Int?
    /// Ends the thread that looks.
    private let end: (read: Int32, write: Int32)
    private let spread = Atomic<Int64>(0)
    private let isSure = Atomic<Bool>(false)
    private let seen = Mutex<[Int: Seen]>([:])

    /// What was seen of another one's clock.
    private struct Seen {
        var reading: ClockSlots.Reading
        /// By how much our clock was ahead when it was first seen; it may have stood still then.
        var guess: Int64?
        /// The same when it was seen to move, the last two times. What was left a while before is
        /// behind by that while, and so the smaller one is nearer to the truth.
        var last: Int64?
        var before: Int64?
        /// Looks since it moved.
        var looksSince = 0

        init(_ reading: ClockSlots.Reading, ahead: Int64) {
            self.reading = reading
            guess = ahead
        }

        /// By how much our clock is ahead for sure.
        var ahead: Int64? {
            guard let last, let before else { return nil }
            return min(last, before)
        }

        mutating func look(_ now: ClockSlots.Reading, at time: Int64, mostLooks: Int) {
            if now.time != reading.time {
                (before, last) = (last, time - now.time)
                looksSince = 0
            } else {
                looksSince += 1
                // Nobody's: it stands still.
                if looksSince > mostLooks { (guess, last, before) = (nil, nil, nil) }
            }
            reading = now
        }
    }

    init(path: String) {
        self.path = path
        descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        slots = ClockSlots(descriptor)
        ours = descriptor >= 0 ? slots.take() : nil
        var ends: [Int32] = [-1, -1]
        end = pipe(&ends) == 0 ? (ends[0], ends[1]) : (-1, -1)
        for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        look()
        guard ours != nil, end.read >= 0 else { return }
        // It ends before this object does: the object's end waits for no thread.
        let (reading, weakly) = (end.read, Weakly(self))
        Thread {
            var event = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
            while poll(&event, 1, Self.stepMilliseconds) == 0, let clocks = weakly.value {
                clocks.look()
            }
            close(reading)
        }.start()
    }

    deinit {
        if end.write >= 0 { close(end.write) }
        if end.read >= 0, ours == nil { close(end.read) }
        if descriptor >= 0 { close(descriptor) }
    }

    private static let stepMilliseconds: Int32 = 1_000
    /// A clock that has not moved for so many looks is nobody's.
    private static let mostLooks = 5

    /// How far the clocks of live processes differ, this one's among them.
    var spreadMilliseconds: Int64 { spread.load(ordering: .relaxed) }

    /// Leaves this clock, and looks at the others'.
    private func look() {
        guard descriptor >= 0 else { return }
        if let ours { slots.leave(Self.now, in: ours) }
        let readings = slots.read(except: ours)
        seen.withLock { seen in
            let now = Self.now
            for slot in seen.keys.sorted() where readings[slot]?.pid != seen[slot]!.reading.pid {
                seen[slot] = nil
            }
            for (slot, reading) in readings {
                if seen[slot] == nil {
                    seen[slot] = Seen(reading, ahead: now - reading.time)
                } else {
                    seen[slot]!.look(reading, at: now, mostLooks: Self.mostLooks)
                }
            }
            var (least, most) = (Int64(0), Int64(0))
            for (_, other) in seen {
                // What was left up to a second ago lies that far behind, though the clocks agree.
                guard let ahead = other.ahead ?? other.guess else { continue }
                let bare = ahead > 0 ? max(0, ahead - Int64(Self.stepMilliseconds)) : ahead
                least = min(least, -bare)
                most = max(most, -bare)
            }
            spread.store(most - least, ordering: .relaxed)
        }
    }

    /// Throws where this clock is far ahead of another live one. The first time, one that looks
    /// far behind is watched until it moves: it may be that of a process that stands still.
    func checkMayAppend() throws(LogError) {
        guard descriptor >= 0 else { return }
        if !isSure.load(ordering: .relaxed) {
            try watchThoseBehind()
            isSure.store(true, ordering: .relaxed)
        }
        guard spreadMilliseconds > Self.mostAheadMilliseconds else { return }
        let behind = seen.withLock { seen in
            seen.values.first { ($0.ahead ?? 0) > Self.mostAheadMilliseconds }
        }
        if let behind { throw ahead(of: behind.reading) }
    }

    private func watchThoseBehind() throws(LogError) {
        for (slot, reading) in slots.read(except: ours)
        where Self.now - reading.time > Self.mostAheadMilliseconds {
            // Twice as long as a clock that moves stands still.
            for _ in 0..<250 {
                usleep(10_000)
                guard let later = slots.read(slot), later.pid == reading.pid else { break }
                guard later.time != reading.time else { continue }
                guard Self.now - later.time > Self.mostAheadMilliseconds else { break }
                throw ahead(of: later)
            }
        }
    }

    private func ahead(of other: ClockSlots.Reading) -> LogError {
        LogError(
            .busy,
            "this process's clock says \(Self.text(Self.now)), and that of process \(other.pid), "
                + "which uses the same log, \(Self.text(other.time)): more than 30 s behind. "
                + "Nothing was appended, since all that comes after would be stamped as late; set "
                + "the clock that is wrong, then try again (\(path))")
    }

    static var now: Int64 {
        var clock = timespec()
        clock_gettime(CLOCK_REALTIME, &clock)
        return Int64(clock.tv_sec) * 1_000 + Int64(clock.tv_nsec) / 1_000_000
    }

    private static func text(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1_000).ISO8601Format()
    }
}

/// A reference that holds nothing up.
private final class Weakly: @unchecked Sendable {
    weak var value: ClockFile?
    init(_ value: ClockFile) { self.value = value }
}
