import Foundation

/// The standard streams of a command, which other processes read and write at their own pace.
///
/// The command waits for them in steps, since a signal that asks the command to end does not end
/// a read or a write that waits.
package enum StandardStream {
    /// How a write ended.
    package enum Outcome {
        case written
        /// The command is to end, and there was no room.
        case interrupted
        /// As `errno` has it.
        case failed(Int32)
    }

    private static let stepMilliseconds: Int32 = 100
    /// What has room in a pipe that has any (PIPE_BUF).
    private static let piece = 4_096

    /// Writes all, however long that takes.
    package static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Outcome {
        var at = 0
        while at < bytes.count {
            guard waits(for: POLLOUT, on: descriptor) else {
                if Interruption.signal != 0 { return .interrupted }
                continue
            }
            let count = Foundation.write(
                descriptor, bytes.baseAddress! + at, min(piece, bytes.count - at))
            if count > 0 {
                at += count
            } else if errno != EINTR && errno != EAGAIN {
                return .failed(errno)
            }
        }
        return .written
    }

    /// A line of standard input, without its end; nil once the command is asked to end.
    package static func readLine() -> String? {
        var line: [UInt8] = []
        while true {
            guard waits(for: POLLIN, on: STDIN_FILENO) else {
                if Interruption.signal != 0 { return nil }
                continue
            }
            var byte: UInt8 = 0
            let count = Foundation.read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0, byte != UInt8(ascii: "\n"), line.count < 1_024 else {
                return String(decoding: line, as: UTF8.self)
            }
            line.append(byte)
        }
    }

    /// Whether it is ready, or broken, within a step.
    private static func waits(for event: Int32, on descriptor: Int32) -> Bool {
        var waiting = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        return poll(&waiting, 1, stepMilliseconds) > 0
    }
}
