import FairfillClient
import Foundation
import Messages

/// Lines of a file or of standard input, as bytes.
///
/// A line that is longer than any record is cut one byte past the longest: the decoder
/// finds it too long, and no more memory is held than that.
package enum Lines {
    package static let largestLine = RecordEncoder.largestRecord

    /// The size of a file in bytes; nil where it has none, as a pipe.
    package static func size(of path: String) -> Int64? {
        var status = stat()
        guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        return Int64(status.st_size)
    }

    /// Calls `body` with each line that is not empty, and its number from 1. `idle` is called
    /// whenever the next line has not come yet. Ends early once the command is asked to end.
    package static func read(
        _ path: String, idle: () throws(Failure) -> Void = {},
        _ body: (_ number: Int, _ bytes: UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        let pieces = try Pieces(path)
        var splitter = LineSplitter(
            of: path == "-" ? "standard input" : path, largestLine: largestLine)
        while Interruption.signal == 0 {
            // A slow writer of a pipe is answered at once.
            switch try pieces.next(waitingMilliseconds: 5) {
            case .nothingYet: try idle()
            case .piece(let piece): try splitter.take(piece, body)
            case .end: return try splitter.end(body)
            }
        }
    }
}

/// A file or standard input, a piece at a time.
package final class Pieces {
    /// What a read brought.
    package enum Next {
        /// Good until the next one is read.
        case piece(UnsafeRawBufferPointer)
        case nothingYet
        case end
    }

    private let path: String
    private let descriptor: Int32
    private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

    package init(_ path: String) throws(Failure) {
        self.path = path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable() }
    }

    deinit {
        if descriptor > STDIN_FILENO { close(descriptor) }
        room.deallocate()
    }

    package func next(waitingMilliseconds: Int32) throws(Failure) -> Next {
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

/// Splits what comes in pieces into lines; a piece is copied only where a line spans two, and at
/// the beginning. Lines end with LF, CR LF or CR.
package struct LineSplitter: ~Copyable {
    private let name: String
    private let largest: Int
    /// The beginning of a line whose end has not come yet.
    private let kept: UnsafeMutableRawBufferPointer
    private var keptCount = 0
    private var number = 0
    /// The first bytes, until there are enough to tell the encoding; nil once it is known.
    private var beginning: [UInt8]? = []
    /// Whether the last byte was a CR: an LF that follows it ends nothing more.
    private var hasEndedWithCR = false

    /// `name` is what the file is called in what is said about it.
    package init(of name: String, largestLine: Int) {
        self.name = name
        largest = largestLine
        kept = .allocate(byteCount: largestLine + 1, alignment: 16)
    }

    deinit { kept.deallocate() }

    /// Calls `body` with each line that ends in `piece`, and with its number.
    package mutating func take(
        _ piece: UnsafeRawBufferPointer,
        _ body: (Int, UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        guard var begun = beginning else { return try split(piece, body) }
        begun.append(contentsOf: piece)
        beginning = begun
        if begun.count >= 4 { try begin(body) }
    }

    /// The last line needs no end.
    package mutating func end(
        _ body: (Int, UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        try begin(body)
        if keptCount > 0 { try endKept(body) }
    }

    private mutating func begin(
        _ body: (Int, UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        guard let begun = beginning else { return }
        beginning = nil
        let mark = try FileBeginning.length(of: Array(begun.prefix(4)), name)
        // A closure of `withUnsafeBytes` may not change this value.
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: begun.count, alignment: 1)
        defer { room.deallocate() }
        room.copyBytes(from: begun)
        try split(UnsafeRawBufferPointer(rebasing: room[mark...]), body)
    }

    private mutating func split(
        _ piece: UnsafeRawBufferPointer,
        _ body: (Int, UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        guard !piece.isEmpty else { return }
        var at = 0
        if hasEndedWithCR, piece[0] == UInt8(ascii: "\n") { at = 1 }
        hasEndedWithCR = false
        // Each is looked for again only once it was passed: most files have one of them.
        var feed = Self.find(UInt8(ascii: "\n"), in: piece, from: at)
        var carriage = Self.find(UInt8(ascii: "\r"), in: piece, from: at)
        while min(feed, carriage) < piece.count {
            let end = min(feed, carriage)
            let line = UnsafeRawBufferPointer(rebasing: piece[at..<end])
            at = end + 1
            if end == carriage {
                if at == piece.count { hasEndedWithCR = true }
                if feed == at, at < piece.count { at += 1 }
            }
            if feed < at { feed = Self.find(UInt8(ascii: "\n"), in: piece, from: at) }
            if carriage < at { carriage = Self.find(UInt8(ascii: "\r"), in: piece, from: at) }
            if keptCount > 0 {
                keep(line)
                try endKept(body)
            } else {
                let shown = min(line.count, largest + 1)
                try call(UnsafeRawBufferPointer(rebasing: line[..<shown]), body)
            }
        }
        keep(UnsafeRawBufferPointer(rebasing: piece[at...]))
    }

    /// Where the byte comes next; the piece's end where it does not.
    private static func find(
        _ byte: UInt8, in piece: UnsafeRawBufferPointer, from at: Int
    ) -> Int {
        guard at < piece.count, let start = piece.baseAddress,
            let found = memchr(start + at, Int32(byte), piece.count - at)
        else { return piece.count }
        return UnsafeRawPointer(found) - start
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
        let isBlank = line.allSatisfy { $0 == 32 || $0 == 9 }
        if !isBlank { try body(number, line) }
    }
}
