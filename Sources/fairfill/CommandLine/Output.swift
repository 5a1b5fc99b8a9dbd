import Foundation

/// Standard output: results only, buffered, flushed when something is waited for.
///
/// A reader that goes away ends the command quietly: whoever pipes into `head` has what they want.
final class Output {
    private var buffer: [UInt8] = []
    let isTerminal = isatty(STDOUT_FILENO) == 1

    /// Whether words may be coloured: a terminal that nobody asked to stay plain.
    let isColoured: Bool

    init() {
        let environment = ProcessInfo.processInfo.environment
        isColoured = isatty(STDOUT_FILENO) == 1 && environment["NO_COLOR"] == nil
            && environment["TERM"] != "dumb"
        buffer.reserveCapacity(1 << 16)
    }

    func line(_ text: String) throws(Failure) {
        buffer.append(contentsOf: text.utf8)
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= 1 << 15 { try flush() }
    }

    /// A line of bytes as they are.
    func line(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        buffer.append(contentsOf: bytes)
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= 1 << 15 { try flush() }
    }

    func flush() throws(Failure) {
        var at = 0
        while at < buffer.count {
            let written = buffer.withUnsafeBytes {
                write(STDOUT_FILENO, $0.baseAddress! + at, buffer.count - at)
            }
            if written > 0 {
                at += written
            } else if errno == EPIPE {
                buffer.removeAll()
                throw .closedPipe
            } else if errno != EINTR && errno != EAGAIN {
                let words = String(cString: strerror(errno))
                buffer.removeAll()
                throw Failure(.inputOutput, "standard output can't be written: \(words)")
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Ends the command if nobody reads the output any more; for commands that wait for more to
    /// print.
    func checkReader() throws(Failure) {
        var end = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        if poll(&end, 1, 0) > 0, end.revents & Int16(POLLERR | POLLHUP) != 0 { throw .closedPipe }
    }

    enum Colour: String { case green = "32", yellow = "33", red = "31", dim = "2", bold = "1" }

    func coloured(_ text: String, _ colour: Colour) -> String {
        isColoured ? "\u{1b}[\(colour.rawValue)m\(text)\u{1b}[0m" : text
    }
}

extension Failure {
    /// Nobody reads the output any more.
    static let closedPipe = Failure(.done, "")

    var isClosedPipe: Bool { code == .done }
}

/// Remarks on standard error.
enum Remark {
    static func say(_ text: String) {
        FileHandle.standardError.write(Data("fairfill: \(text)\n".utf8))
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
            FileHandle.standardError.write(Data("\r\u{1b}[K[\(bar)] \(text)".utf8))
            isShown = true
        } else {
            Remark.say(text)
        }
    }

    /// Takes the bar away.
    func end() {
        if isShown { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
        isShown = false
    }
}

/// A JSON object of a few members, in the order given.
struct JSONLine {
    private(set) var text = "{"

    mutating func add(_ name: String, _ value: some BinaryInteger) { put(name, "\(value)") }
    mutating func add(_ name: String, _ value: Bool) { put(name, value ? "true" : "false") }
    mutating func add(_ name: String, _ value: String) { put(name, Self.quoted(value)) }
    mutating func add(_ name: String, _ value: Double) {
        put(name, String(format: "%.3f", value))
    }
    /// A value that is JSON already.
    mutating func add(_ name: String, json value: String) { put(name, value) }

    private mutating func put(_ name: String, _ value: String) {
        text += (text.count > 1 ? "," : "") + Self.quoted(name) + ":" + value
    }

    var line: String { text + "}" }

    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case _ where scalar.value < 0x20:
                quoted += String(format: "\\u%04x", scalar.value)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
