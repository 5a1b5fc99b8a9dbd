import Foundation

/// Lines on their way to a stream, written by their own thread: a thread that has something to say
/// never waits for the reader. A daemon whose standard error is a full pipe goes on,
/// and answers signals.
///
/// What has no room is dropped and counted, and that is said as soon as there is room again: where
/// the gap is, before the next text.
package final class OutputQueue: @unchecked Sendable {
    private let descriptor: Int32
    private let most: Int
    /// The line that says how many were dropped.
    private let sayDropped: @Sendable (Int) -> String
    private let condition = NSCondition()
    private var lines: [Line] = []
    private var bytes = 0
    private var dropped = 0
    private var isBusy = false

    private struct Line {
        var text: String
        /// How many lines are lost with it.
        var stands = 1
    }

    /// `mostBytes` wait at most.
    package init(
        _ descriptor: Int32, mostBytes: Int = 1 << 16,
        sayDropped: @escaping @Sendable (Int) -> String
    ) {
        self.descriptor = descriptor
        most = mostBytes
        self.sayDropped = sayDropped
        let thread = Thread { [self] in run() }
        thread.name = "output"
        thread.start()
    }

    /// Takes whole lines, each with its end; never waits.
    package func put(_ text: String) {
        condition.lock()
        defer { condition.unlock() }
        sayDroppedLines()
        if dropped > 0 || !add(Line(text: text)) { dropped += 1 }
    }

    private func sayDroppedLines() {
        guard dropped > 0, add(Line(text: sayDropped(dropped), stands: dropped)) else { return }
        dropped = 0
    }

    /// Takes a line, if there is room.
    private func add(_ line: Line) -> Bool {
        let count = line.text.utf8.count
        guard bytes + count <= most else { return false }
        lines.append(line)
        bytes += count
        condition.broadcast()
        return true
    }

    /// Lets what waits be written, for at most so long.
    package func flush(milliseconds: Int) {
        let end = Date(timeIntervalSinceNow: Double(milliseconds) / 1_000)
        condition.lock()
        while !lines.isEmpty || isBusy, condition.wait(until: end) {}
        condition.unlock()
    }

    private func run() -> Never {
        condition.lock()
        while true {
            while lines.isEmpty { condition.wait() }
            isBusy = true
            // One after the other: what is on its way still takes room.
            let line = lines.removeFirst()
            condition.unlock()
            let isWritten = write(line.text)
            condition.lock()
            bytes -= line.text.utf8.count
            if isWritten {
                sayDroppedLines()
            } else {
                dropped += line.stands
            }
            isBusy = false
            condition.broadcast()
        }
    }

    /// Writes all of a line, however long it takes; false where that can't be: a reader that left,
    /// a full disk.
    private func write(_ line: String) -> Bool {
        var line = line
        return line.withUTF8 { bytes in
            var at = 0
            while at < bytes.count {
                let count = Foundation.write(
                    descriptor, bytes.baseAddress! + at, bytes.count - at)
                if count > 0 {
                    at += count
                } else if errno == EAGAIN {
                    // A process that shares the stream made it so that it doesn't wait.
                    var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&room, 1, 1_000)
                } else if errno != EINTR {
                    return false
                }
            }
            return true
        }
    }
}
