import Foundation
import SQLite

/// Who reads from the WAL just now: a read under way holds a lock on one of five bytes of the
/// WAL's index, and the kernel tells whose locks there are.
enum WALReaders {
    /// The bytes of `PATH-shm` on which readers hold their locks, by SQLite's file format.
    private static let lockBytes: ClosedRange<Int64> = 123...127

    /// The processes that hold one, this one left out. Empty where the kernel tells nothing.
    static func processes(of path: String) -> [pid_t] {
        guard let index = FileIdentity(path + "-shm"),
            let text = try? String(contentsOfFile: "/proc/locks", encoding: .utf8)
        else { return [] }
        var found: [pid_t] = []
        for line in text.split(separator: "\n") {
            // 12: POSIX  ADVISORY  READ 4242 08:01:1234567 124 124
            let words = line.split(separator: " ")
            guard words.count >= 8, words[1] == "POSIX", words[3] == "READ",
                let process = pid_t(words[4]), process > 0, process != getpid(),
                // Which device it is some file systems tell the kernel otherwise than `stat`.
                words[5].split(separator: ":").last.flatMap({ UInt64($0) }) == index.number,
                let first = Int64(words[6]), let last = Int64(words[7]),
                first <= lockBytes.upperBound, last >= lockBytes.lowerBound,
                !found.contains(process)
            else { continue }
            found.append(process)
        }
        return found
    }

    /// Those who keep one read open: they are there again and again.
    ///
    /// If at any moment nobody reads, no read was kept open. The kernel is asked only after several
    /// moments: its list holds up all locks of the machine for milliseconds.
    static func lasting(
        of path: String, _ connection: borrowing Connection
    ) -> [pid_t] {
        for _ in 0..<10 {
            if connection.isUnread { return [] }
            usleep(100)
        }
        var found = processes(of: path)
        for _ in 0..<20 where !found.isEmpty {
            usleep(500)
            let again = processes(of: path)
            found = found.filter(again.contains)
        }
        return found
    }

    /// A process as people look for it: its number, and its name where that can be read.
    static func name(_ process: pid_t) -> String {
        let name = try? String(contentsOfFile: "/proc/\(process)/comm", encoding: .utf8)
        let word = name?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        return "process \(process)" + (word.isEmpty ? "" : " (\(word))")
    }
}
