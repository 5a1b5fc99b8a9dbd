import Foundation
import Messages

/// Lines of a file or of standard input, as bytes.
///
/// A line that is longer than any record is cut one byte past the longest: whoever decodes it
/// finds it too long, and no more memory is held than that.
enum Lines {
    static let largestLine = RecordEncoder.largestRecord

    /// The size of a file in bytes; nil where it has none, as a pipe.
    static func size(of path: String) -> Int64? {
        var status = stat()
        guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        return Int64(status.st_size)
    }

    /// Calls `body` with each line that is not empty, and its number from 1. `idle` is called
    /// whenever the next line has not come yet. Ends early once somebody wants the command to end.
    static func read(
        _ path: String, idle: () throws(Failure) -> Void = {},
        _ body: (_ number: Int, _ bytes: UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        let pieces = try Pieces(path)
        var splitter = LineSplitter(largestLine: largestLine)
        while Interruption.signal == 0 {
            // Whoever feeds a pipe slowly is answered at once.
            switch try pieces.next(waitingMilliseconds: 5) {
            case .nothingYet: try idle()
            case .piece(let piece): try splitter.take(piece, body)
            case .end: return try splitter.end(body)
            }
        }
    }
}

/// A file or standard input, a piece at a time.
final class Pieces {
    enum Next {
        /// Good until the next one is read.
        case piece(UnsafeRawBufferPointer)
        case nothingYet
        case end
    }

    private let path: String
    private let descriptor: Int32
    private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

    init(_ path: String) throws(Failure) {
        self.path = path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable() }
    }

    deinit {
        if descriptor > STDIN_FILENO { close(descriptor) }
        room.deallocate()
    }

    func next(waitingMilliseconds: Int32) throws(Failure) -> Next {
        // Never a read that could wait: a signal ends a wait for input, not a read.
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, waitingMilliseconds) > 0 else { return .nothingYet }
        let count = Foundation.read(descriptor, room.baseAddress, room.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return .nothingYet }
        guard count >= 0 else { throw unreadable() }
        guard count > 0 else { return .end }
        return .piece(UnsafeRawBufferPointer(rebasing: room[..<count]))
    }

    private func unreadable() -> Failure {
        let name = path == "-" ? "standard input" : path
        return Failure(.inputOutput, "\(name) can't be read: \(String(cString: strerror(errno)))")
    }
}

/// Splits what comes in pieces into lines; a piece is copied only where a line spans two.
struct LineSplitter: ~Copyable {
    private let largest: Int
    /// The beginning of a line whose end has not come yet.
    private let kept: UnsafeMutableRawBufferPointer
    private var keptCount = 0
    private var number = 0

    init(largestLine: Int) {
        largest = largestLine
        kept = .allocate(byteCount: largestLine + 1, alignment: 16)
    }

    deinit { kept.deallocate() }

    mutating func take(
        _ piece: UnsafeRawBufferPointer,
        _ body: (Int, UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        var rest = piece
        while let first = rest.baseAddress,
            let found = memchr(first, Int32(UInt8(ascii: "\n")), rest.count)
        {
            let count = UnsafeRawPointer(found) - first
            let line = UnsafeRawBufferPointer(rebasing: rest[..<count])
            rest = UnsafeRawBufferPointer(rebasing: rest[(count + 1)...])
            if keptCount > 0 {
                keep(line)
                try endKept(body)
            } else {
                let shown = min(line.count, largest + 1)
                try call(UnsafeRawBufferPointer(rebasing: line[..<shown]), body)
            }
        }
        keep(rest)
    }

    /// The last line needs no end.
    mutating func end(
        _ body: (Int, UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        if keptCount > 0 { try endKept(body) }
    }

    private mutating func keep(_ bytes: UnsafeRawBufferPointer) {
        let count = min(bytes.count, kept.count - keptCount)
        guard count > 0 else { return }
        kept[keptCount..<(keptCount + count)].copyBytes(from: bytes[..<count])
        keptCount += count
    }

    private mutating func endKept(
        _ body: (Int, UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        let line = UnsafeRawBufferPointer(rebasing: kept[..<keptCount])
        keptCount = 0
        try call(line, body)
    }

    private mutating func call(
        _ line: UnsafeRawBufferPointer,
        _ body: (Int, UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        number += 1
        let isBlank = line.allSatisfy { $0 == 32 || $0 == 9 || $0 == 13 }
        if !isBlank { try body(number, line) }
    }
}
