import FairfillClient
import Foundation

/// Standard output: results only, buffered, flushed when something is waited for.
///
/// A reader that goes away ends the command quietly: one who pipes into `head` has what they want.
package final class Output {
    private var buffer: [UInt8] = []
    package let isTerminal = isatty(STDOUT_FILENO) == 1

    /// Whether words may be coloured: a terminal that nobody asked to stay plain.
    package let isColoured: Bool

    /// Whether what is printed can be taken back.
    package let isLive: Bool

    package init() {
        let environment = ProcessInfo.processInfo.environment
        isLive = isTerminal && environment["TERM"] != "dumb"
        isColoured = isLive && environment["NO_COLOR"] == nil
        buffer.reserveCapacity(1 << 16)
    }

    /// Writes a line as it is.
    package func line(_ text: String) throws(Failure) {
        buffer.append(contentsOf: text.utf8)
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= 1 << 15 { try flush() }
    }

    /// Text for people: what is longer than a line goes on below it, behind `indent` blanks.
    package func text(_ text: String, indent: Int = 4) throws(Failure) {
        let blanks = text.prefix { $0 == " " }
        guard Layout.columns(text) > Layout.width else { return try line(text) }
        try line(
            Layout.wrapped(
                String(text.dropFirst(blanks.count)), first: String(blanks), indent: indent))
    }

    /// A line of bytes as they are.
    package func line(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        buffer.append(contentsOf: bytes)
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= 1 << 15 { try flush() }
    }

    /// Lets what waits be written.
    package func flush() throws(Failure) {
        guard !buffer.isEmpty else { return }
        let outcome = buffer.withUnsafeBytes { StandardStream.write(STDOUT_FILENO, $0) }
        buffer.removeAll(keepingCapacity: true)
        switch outcome {
        case .written: return
        case .interrupted:
            throw Failure(.tryAgain, "interrupted while nobody read standard output")
        case .failed(EPIPE): throw .closedPipe
        case .failed(let code):
            throw Failure(
                .inputOutput,
                "standard output can't be written: \(String(cString: strerror(code)))")
        }
    }

    /// Ends the command if nobody reads the output any more; for commands that wait for more to
    /// print.
    package func checkReader() throws(Failure) {
        var end = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        if poll(&end, 1, 0) > 0, end.revents & Int16(POLLERR | POLLHUP) != 0 { throw .closedPipe }
    }

    /// As terminals number them.
    package enum Colour: String {
        case green = "32", yellow = "33", red = "31", dim = "2", bold = "1"
    }

    /// `text` in a colour, where the output is a terminal.
    package func coloured(_ text: String, _ colour: Colour) -> String {
        isColoured ? "\u{1b}[\(colour.rawValue)m\(text)\u{1b}[0m" : text
    }
}

extension Failure {
    /// Nobody reads the output any more.
    package static let closedPipe = Failure(.done, "")

    package var isClosedPipe: Bool { code == .done }
}
