import Foundation

/// Standard error: remarks and progress, nothing that anything depends on.
///
/// A terminal that is gone, a full disk behind it or a reader that left must not end a worker, so
/// what can't be written is dropped. (`FileHandle` traps there.)
enum StandardError {
    static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var at = 0
            while at < bytes.count {
                let written = Foundation.write(
                    STDERR_FILENO, bytes.baseAddress! + at, bytes.count - at)
                if written > 0 {
                    at += written
                } else if errno != EINTR {
                    return
                }
            }
        }
    }
}

/// The three standard streams as whoever started the command left them.
enum StandardStreams {
    /// Gives each one that is closed something to stand for it: otherwise the next file opened,
    /// the log's own among them, would get its number, and remarks would be written into it. What
    /// stands for input can't be read and what stands for output can't be written, so that a
    /// command that needs it says so.
    static func reserve() {
        for (stream, mode) in [
            (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY),
        ] where fcntl(stream, F_GETFD) < 0 {
            _ = open("/dev/null", mode)
        }
    }
}

/// Remarks on standard error.
enum Remark {
    static func say(_ text: String) {
        StandardError.write("fairfill: \(text)\n")
    }
}

/// How far something is that takes longer than a second: a bar on a terminal, a line now and then
/// elsewhere, nothing when quiet.
final class ProgressLine {
    private let what: String
    private let isQuiet: Bool
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let start = DispatchTime.now().uptimeNanoseconds
    private var next: UInt64
    private var isShown = false

    init(_ what: String, quiet: Bool) {
        self.what = what
        isQuiet = quiet
        next = start + 1_000_000_000
    }

    /// Shows where it is, if it is time to.
    func update(_ done: Int64, of total: Int64) {
        guard !isQuiet else { return }
        let now = DispatchTime.now().uptimeNanoseconds
        guard now >= next else { return }
        next = now + (isTerminal ? 100_000_000 : 3_000_000_000)
        let share = total > 0 ? Double(min(done, total)) / Double(total) : 1
        let text = "\(what): \(done) of \(total) (\(Int(share * 100)) %)"
        if isTerminal {
            let width = 24
            let full = Int(share * Double(width))
            let bar = String(repeating: "#", count: full)
                + String(repeating: ".", count: width - full)
            StandardError.write("\r\u{1b}[K[\(bar)] \(text)")
            isShown = true
        } else {
            Remark.say(text)
        }
    }

    /// Takes the bar away.
    func end() {
        if isShown { StandardError.write("\r\u{1b}[K") }
        isShown = false
    }
}
