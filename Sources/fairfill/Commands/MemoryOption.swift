import CommandLine
import FairfillClient
import Foundation
import Workers

/// `--memory SIZE`: what the state of all lanes of a process may take together.
enum MemoryOption {
    static let option = Option(
        "memory", "SIZE",
        "for the state of all lanes, such as 2G (default: 3/4 of what is available)")

    static func share(_ arguments: Arguments) throws(Failure) -> MemoryShare {
        MemoryShare(total: try arguments.bytes("memory") ?? Machine.available / 4 * 3)
    }

    /// What this process may take: the machine's memory, or less where a control group or a limit
    /// of the shell says so.
    private enum Machine {
        static var available: Int {
            var least = Int(clamping: ProcessInfo.processInfo.physicalMemory)
            for limit in groupLimits() where limit > 0 { least = min(least, limit) }
            var limit = rlimit()
            if getrlimit(__rlimit_resource_t(UInt32(RLIMIT_AS.rawValue)), &limit) == 0 {
                least = min(least, Int(clamping: limit.rlim_cur))
            }
            return least
        }

        /// The limits of the control groups that the process is in, and of those around them, of
        /// either version. What isn't there limits nothing.
        private static func groupLimits() -> [Int] {
            guard let text = try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)
            else { return [] }
            var found: [Int] = []
            for line in text.split(separator: "\n") {
                let parts = line.split(
                    separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
                guard parts.count == 3 else { continue }
                let isOld = parts[1].split(separator: ",").contains("memory")
                guard isOld || parts[1].isEmpty else { continue }
                let root = isOld ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup"
                let file = isOld ? "memory.limit_in_bytes" : "memory.max"
                var path = parts[2].split(separator: "/").map(String.init)
                while true {
                    let limitPath = ([root] + path + [file]).joined(separator: "/")
                    if let text = try? String(contentsOfFile: limitPath, encoding: .utf8),
                        let limit = Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
                    {
                        found.append(limit)
                    }
                    guard path.popLast() != nil else { break }
                }
            }
            return found
        }
    }
}

extension Arguments {
    /// A size in bytes: a number, with K, M, G or T for powers of 1,024.
    func bytes(_ name: String) throws(Failure) -> Int? {
        guard let value = text(name) else { return nil }
        let units: [Character: Int] = ["K": 10, "M": 20, "G": 30, "T": 40]
        let shift = value.last.flatMap { units[$0] }
        let digits = shift == nil ? Substring(value) : value.dropLast()
        guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }),
            let number = Int(digits), number > 0, number <= Int.max >> (shift ?? 0)
        else {
            throw Failure(
                .usage,
                "--\(name) \(value): a size is a number of bytes, or one with K, M, G or T, "
                    + "as in 2G")
        }
        return number << (shift ?? 0)
    }
}
