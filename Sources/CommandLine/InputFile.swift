import FairfillClient
import Foundation

/// A small file that an option names, read whole: every file that a person gives is read by these,
/// or, where it may be long, by `LineSplitter`.
///
/// Editors and spreadsheets of all systems are at home here: lines end with LF, CR LF or CR, and a
/// byte order mark at the beginning says nothing.
package enum InputFile {
    /// `hint` says what the option is for. The file may be a pipe, as in `-F <(print-secrets)`, so
    /// it is read by its descriptor: the file manager asks for a size first.
    package static func read(_ path: String, _ hint: String) throws(Failure) -> Data {
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(filePath: path))
            data = try handle.readToEnd() ?? Data()
        } catch {
            throw Failure(.inputOutput, "\(path) can't be read; \(hint)")
        }
        let mark = try FileBeginning.length(of: Array(data.prefix(4)), path)
        return Data(data.dropFirst(mark))
    }

    /// Its text.
    package static func text(_ path: String, _ hint: String) throws(Failure) -> String {
        guard let text = String(data: try read(path, hint), encoding: .utf8) else {
            throw Failure(.data, "\(path) is not UTF-8")
        }
        return text
    }

    /// Its lines, without their ends.
    package static func lines(_ path: String, _ hint: String) throws(Failure) -> [String] {
        let text = try text(path, hint)
        var lines: [String] = []
        var line: [UInt8] = []
        var last: UInt8 = 0
        // By bytes: a CR and an LF together are one Character, which is equal to neither.
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if byte == UInt8(ascii: "\r") || last != UInt8(ascii: "\r") {
                    lines.append(String(decoding: line, as: UTF8.self))
                    line.removeAll()
                }
            } else {
                line.append(byte)
            }
            last = byte
        }
        if !line.isEmpty { lines.append(String(decoding: line, as: UTF8.self)) }
        return lines
    }

    /// A secret that is all that the file holds. It is never shown, not even where it is wrong.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - hint: what to do where it can't be read.
    ///   - mayHaveLines: as a key in the form of PEM has.
    package static func secret(
        _ path: String, _ hint: String, mayHaveLines: Bool = false
    ) throws(Failure) -> String {
        // Editors end a file with a line's end, and a password has none.
        var lines = try lines(path, hint)
        while lines.last?.isEmpty == true { lines.removeLast() }
        let isPlain = lines.allSatisfy { !hasControlCharacters($0) }
        guard isPlain, mayHaveLines || lines.count <= 1 else {
            throw Failure(
                .data, "\(path) holds more than a secret of one line; \(hint) that holds it alone")
        }
        return lines.joined(separator: "\n")
    }

    /// Whether it has what no value of a setting has: a line's end in the middle, a zero byte.
    package static func hasControlCharacters(_ text: String) -> Bool {
        text.utf8.contains { $0 < 32 && $0 != 9 || $0 == 127 }
    }
}

/// What a file that a person gives begins with.
package enum FileBeginning {
    /// How many bytes a byte order mark takes, 0 for none. Refuses what is not UTF-8 by its first
    /// four bytes, by the name under which editors offer it.
    package static func length(of bytes: [UInt8], _ name: String) throws(Failure) -> Int {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return 3 }
        let isUTF32 = bytes == [0xFF, 0xFE, 0, 0] || bytes == [0, 0, 0xFE, 0xFF]
        // Without a mark every second byte of plain text is zero.
        let isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
            || bytes.count >= 2 && (bytes[0] == 0) != (bytes[1] == 0)
        guard !isUTF32, !isUTF16 else {
            throw Failure(
                .data, "\(name) is \(isUTF32 ? "UTF-32" : "UTF-16"); save it as UTF-8")
        }
        return 0
    }
}
