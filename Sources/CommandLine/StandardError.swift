import Foundation
import Synchronization
import Vocabulary
import Workers

/// Standard error: remarks and progress, nothing that anything depends on.
///
/// A terminal that is gone, a full disk behind it or a reader that left must not end a worker, so
/// what can't be written is dropped. (`FileHandle` traps there.) A daemon does not wait for a
/// reader either: its remarks go through a queue.
package enum StandardError {
    private struct State {
        var format = LogFormat.text
        var queue: OutputQueue?
    }
    private static let state = Mutex(State())

    package static var format: LogFormat { state.withLock { $0.format } }

    /// From here on no message waits for its reader.
    package static func queue(_ format: LogFormat) {
        let queue = OutputQueue(STDERR_FILENO) { count in
            Remark(
                .dropped,
                "\(Words.count(count, "remark was", "remarks were")) left out here: nobody read "
                    + "standard error, or it could not be written"
            ).with("count", count).line
        }
        state.withLock { $0 = State(format: format, queue: queue) }
    }

    /// Lets what waits be written, for a moment at most.
    package static func flush() { state.withLock { $0.queue }?.flush(milliseconds: 1_000) }

    /// Writes `text` as it is; a daemon never waits for it.
    package static func write(_ text: String) {
        if let queue = state.withLock({ $0.queue }) { return queue.put(text) }
        var text = text
        text.withUTF8 { _ = StandardStream.write(STDERR_FILENO, UnsafeRawBufferPointer($0)) }
    }
}

/// Standard output of a daemon: what happens, an object a line with `--json`. It waits for nobody.
package enum DaemonOutput {
    private static let queue = OutputQueue(STDOUT_FILENO) { count in
        var line = JSONLine()
        line.add("event", Remark.Event.dropped.rawValue)
        line.add("count", count)
        return line.line + "\n"
    }
    private static let isUsed = Atomic<Bool>(false)

    /// Writes a line; where nobody reads, lines are dropped and counted.
    package static func line(_ text: String) {
        isUsed.store(true, ordering: .relaxed)
        queue.put(text + "\n")
    }

    /// Lets what waits be written, for a moment at most.
    package static func flush() {
        if isUsed.load(ordering: .relaxed) { queue.flush(milliseconds: 1_000) }
    }
}

/// The three standard streams as the parent process left them.
package enum StandardStreams {
    /// Gives each one that is closed something to stand for it: otherwise the next file opened,
    /// the log's own among them, would get its number, and remarks would be written into it. What
    /// stands for input can't be read and what stands for output can't be written, so that a
    /// command that needs it says so.
    package static func reserve() {
        for (stream, mode) in [
            (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY),
        ] where fcntl(stream, F_GETFD) < 0 {
            _ = open("/dev/null", mode)
        }
    }
}

/// How far something is that takes longer than a second: a bar on a terminal, a line now and then
/// elsewhere, nothing when quiet.
package final class ProgressLine {
    private let what: String
    private let post: LanePost?
    private let isQuiet: Bool
    private let isTerminal = isatty(STDERR_FILENO) == 1 && StandardError.format == .text
    private let start = DispatchTime.now().uptimeNanoseconds
    private var next: UInt64
    private var isShown = false

    /// `post` is the lane that it is about, for daemons.
    package init(_ what: String, of post: LanePost? = nil, quiet: Bool) {
        self.what = what
        self.post = post
        isQuiet = quiet
        next = start + 1_000_000_000
    }

    /// Shows where it is, if it is time to.
    package func update(_ done: Int64, of total: Int64) {
        guard !isQuiet else { return }
        let now = DispatchTime.now().uptimeNanoseconds
        guard now >= next else { return }
        next = now + (isTerminal ? 100_000_000 : 3_000_000_000)
        let share = total > 0 ? Double(min(done, total)) / Double(total) : 1
        let whole = post.map { "\($0.words): \(what)" } ?? what
        let text = "\(whole): \(done) of \(total) (\(Int(share * 100)) %)"
        if isTerminal {
            let width = 24
            let full = Int(share * Double(width))
            let bar = String(repeating: "#", count: full)
                + String(repeating: ".", count: width - full)
            // One line, so that it can be taken away again.
            let room = Layout.width - width - 4
            StandardError.write("\r\u{1b}[K[\(bar)] \(Layout.cut(text, to: room))")
            isShown = true
        } else {
            let remark = Remark(.reading, "\(what): \(done) of \(total) (\(Int(share * 100)) %)")
                .with("done", done).with("total", total)
            (post.map { remark.of($0) } ?? remark).say()
        }
    }

    /// Takes the bar away.
    package func end() {
        if isShown { StandardError.write("\r\u{1b}[K") }
        isShown = false
    }
}
