import Foundation

/// The slots of a clock file: 64 bytes each, `PID MILLISECONDS` and spaces. A slot counts while
/// a process holds the lock on its first byte.
struct ClockSlots: Sendable {
    /// What stands in a slot.
    struct Reading: Equatable, Sendable {
        var pid: Int64
        var time: Int64
    }

    private let descriptor: Int32
    private static let size: Int64 = 64
    private static let count = 512

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Takes the first slot that nobody holds.
    func take() -> Int? {
        (0..<Self.count).first { set($0, F_WRLCK) }
    }

    func leave(_ time: Int64, in slot: Int) {
        var text = Array("\(getpid()) \(time)".utf8)
        while text.count < Int(Self.size) - 1 { text.append(UInt8(ascii: " ")) }
        text.append(UInt8(ascii: "\n"))
        _ = pwrite(descriptor, text, text.count, off_t(Int64(slot) * Self.size))
    }

    /// What others that live have left.
    func read(except ours: Int?) -> [Int: Reading] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return [:] }
        let used = min(Self.count, Int((Int64(status.st_size) + Self.size - 1) / Self.size))
        var found: [Int: Reading] = [:]
        for slot in 0..<used where slot != ours { found[slot] = read(slot) }
        return found
    }

    /// What stands in a slot that another process holds.
    func read(_ slot: Int) -> Reading? {
        guard isHeld(slot) else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(Self.size))
        let count = pread(descriptor, &bytes, bytes.count, off_t(Int64(slot) * Self.size))
        guard count > 0 else { return nil }
        let words = bytes[..<count].split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
            .map { String(decoding: $0, as: UTF8.self) }
        guard words.count == 2, let pid = Int64(words[0]), let time = Int64(words[1]), time >= 0,
            time < 1 << 53
        else { return nil }
        return Reading(pid: pid, time: time)
    }

    // Locks of the open file, not of the process: closing another descriptor of the same file
    // would drop a process's lock.
    private static let setOpenFileLock: Int32 = 37
    private static let getOpenFileLock: Int32 = 36

    private func lock(_ slot: Int, _ kind: Int32) -> flock {
        var lock = flock()
        lock.l_type = Int16(kind)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = off_t(Int64(slot) * Self.size)
        lock.l_len = 1
        return lock
    }

    private func set(_ slot: Int, _ kind: Int32) -> Bool {
        var lock = lock(slot, kind)
        return fcntl(descriptor, Self.setOpenFileLock, &lock) == 0
    }

    private func isHeld(_ slot: Int) -> Bool {
        var lock = lock(slot, F_WRLCK)
        return fcntl(descriptor, Self.getOpenFileLock, &lock) == 0
            && lock.l_type != Int16(F_UNLCK)
    }
}
