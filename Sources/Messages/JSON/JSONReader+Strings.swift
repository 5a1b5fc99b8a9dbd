import Vocabulary

extension JSONReader {
    /// Passes the string whose opening quote is at `position`.
    @inline(__always)
    mutating func string() throws(Malformation) -> JSONToken {
        let start = position
        var at = start + 1
        while at < end {
            // Bytes past the end count as zeros, and so end the stretch.
            let marks = EightBytes.stringEnds(EightBytes.load(base, at, atMost: end &- at))
            at &+= EightBytes.firstIndex(marks)
            if marks == 0 { continue }
            guard at < end, byte(at: at) == UInt8(ascii: "\"") else { break }
            position = at &+ 1
            return JSONToken(.plainString, from: start, to: position)
        }
        position = at
        return try restOfString(from: start)
    }

    /// Passes the rest of a string byte by byte, from `position` on: its escapes, and what is
    /// not ASCII.
    @inline(never)
    private mutating func restOfString(from start: Int) throws(Malformation) -> JSONToken {
        var kind = JSONToken.Kind.plainString
        while position < end {
            switch byte(at: position) {
            case UInt8(ascii: "\""):
                position += 1
                return JSONToken(kind, from: start, to: position)
            case UInt8(ascii: "\\"):
                kind = .escapedString
                _ = try escape()
            case 0..<0x20:
                throw Malformation(.notJSON, at: position)
            case 0x80...:
                guard let count = utf8Count(at: position) else {
                    throw Malformation(.notUTF8, at: position)
                }
                position += count
            default:
                position += 1
            }
        }
        throw Malformation(.notJSON, at: end)
    }

    /// Passes the escape whose backslash is at `position`; answers the character it stands for.
    mutating func escape() throws(Malformation) -> Unicode.Scalar {
        let start = position
        guard start + 1 < end else { throw Malformation(.notJSON, at: end) }
        position += 2
        switch byte(at: start + 1) {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape(from: start)
        default: throw Malformation(.badEscape, at: start)
        }
    }

    /// Passes the digits of a `\u` at `start`, and the other half of a surrogate pair.
    private mutating func unicodeEscape(from start: Int) throws(Malformation) -> Unicode.Scalar {
        let first = try fourDigits(from: start)
        if let scalar = Unicode.Scalar(first) { return scalar }
        let unpaired = Malformation(.unpairedSurrogate, at: start)
        guard first < 0xdc00 else { throw unpaired }
        // A record that ends here ends too early, even behind half a pair.
        guard position < end else { throw Malformation(.notJSON, at: end) }
        guard byte == UInt8(ascii: "\\") else { throw unpaired }
        guard position + 1 < end else { throw Malformation(.notJSON, at: end) }
        guard byte(at: position + 1) == UInt8(ascii: "u") else { throw unpaired }
        let secondAt = position
        position += 2
        let second = try fourDigits(from: secondAt)
        guard second & 0xfc00 == 0xdc00,
            let scalar = Unicode.Scalar(0x10000 + (first & 0x3ff) << 10 + second & 0x3ff)
        else { throw unpaired }
        return scalar
    }

    private mutating func fourDigits(from start: Int) throws(Malformation) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard position < end else { throw Malformation(.notJSON, at: end) }
            let digit: UInt8
            switch byte(at: position) {
            case let byte where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"):
                digit = byte - UInt8(ascii: "0")
            case let byte where byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "f"):
                digit = byte - UInt8(ascii: "a") + 10
            case let byte where byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "F"):
                digit = byte - UInt8(ascii: "A") + 10
            default:
                throw Malformation(.badEscape, at: start)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    /// How many bytes the character at `index`, which is not ASCII, has; nil where those are no
    /// UTF-8 (RFC 3629): overlong forms, surrogates and what lies above U+10FFFF are refused.
    func utf8Count(at index: Int) -> Int? {
        let lead = byte(at: index)
        let count: Int
        var second: ClosedRange<UInt8> = 0x80...0xbf
        switch lead {
        case 0xc2...0xdf: count = 2
        case 0xe0: (count, second) = (3, 0xa0...0xbf)
        case 0xed: (count, second) = (3, 0x80...0x9f)
        case 0xe1...0xef: count = 3
        case 0xf0: (count, second) = (4, 0x90...0xbf)
        case 0xf1...0xf3: count = 4
        case 0xf4: (count, second) = (4, 0x80...0x8f)
        default: return nil
        }
        guard index + count <= end, second.contains(byte(at: index + 1)) else { return nil }
        for offset in 2..<max(count, 2) where byte(at: index + offset) & 0xc0 != 0x80 {
            return nil
        }
        return count
    }
}

extension JSONReader {
    /// Calls `body` with the text of a string that was read before, its escapes resolved.
    @inline(__always)
    func withText<Result>(
        of token: JSONToken, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        let start = Int(token.start) + 1
        if token.kind == .plainString {
            return body(
                UnsafeRawBufferPointer(start: base + start, count: Int(token.end) - 1 - start))
        }
        return withResolvedText(of: token, body)
    }

    /// The text is never longer than the string that stands for it.
    @inline(never)
    private func withResolvedText<Result>(
        of token: JSONToken, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        let length = Int(token.end) - Int(token.start)
        return withUnsafeTemporaryAllocation(byteCount: length, alignment: 1) { text in
            var count = 0
            var reader = JSONReader(base, from: Int(token.start) + 1, to: Int(token.end) - 1)
            while reader.position < reader.end {
                if reader.byte == UInt8(ascii: "\\") {
                    guard let scalar = try? reader.escape() else {
                        preconditionFailure("the string was read without a fault before")
                    }
                    for unit in UTF8.encode(scalar).unsafelyUnwrapped {
                        text[count] = unit
                        count += 1
                    }
                } else {
                    text[count] = reader.byte
                    count += 1
                    reader.position += 1
                }
            }
            return body(UnsafeRawBufferPointer(rebasing: text[..<count]))
        }
    }
}
