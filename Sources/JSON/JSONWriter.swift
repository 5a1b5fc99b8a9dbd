/// Writes JSON into the caller's buffer. Room is checked once a record and not once a byte:
/// the caller has made sure that the whole record fits, with room for what is copied whole.
///
/// Literals carry the punctuation around them, so that a member costs two or three stores.
package struct JSONWriter {
    private let start: UnsafeMutableRawPointer
    private var next: UnsafeMutableRawPointer

    /// A writer at the start of `buffer`, which must have room for `largest` bytes.
    @inline(__always)
    package init(_ buffer: UnsafeMutableRawBufferPointer, largest: Int) {
        guard let base = buffer.baseAddress, buffer.count >= largest else {
            preconditionFailure("the buffer is smaller than the largest record")
        }
        start = base
        next = base
    }

    /// The number of bytes written.
    @inline(__always)
    package var count: Int { next - start }

    /// Writes characters that need no escapes: punctuation, names, words.
    @inline(__always)
    package mutating func literal(_ text: StaticString) {
        let count = text.utf8CodeUnitCount
        let source = UnsafeRawPointer(text.utf8Start)
        var index = 0
        while index + 8 <= count {
            store(source.loadUnaligned(fromByteOffset: index, as: UInt64.self), at: index)
            index += 8
        }
        if index + 4 <= count {
            store(source.loadUnaligned(fromByteOffset: index, as: UInt32.self), at: index)
            index += 4
        }
        while index < count {
            store(source.load(fromByteOffset: index, as: UInt8.self), at: index)
            index += 1
        }
        next += count
    }

    /// Writes `count` of the `copied` bytes at `source`; the others are overwritten by what
    /// follows. Copying a fixed number of bytes is cheaper than copying as many as there are.
    @inline(__always)
    package mutating func bytes(_ source: UnsafeRawPointer, count: Int, copied: Int) {
        next.copyMemory(from: source, byteCount: copied)
        next += count
    }

    @inline(__always)
    private func store<Value: BitwiseCopyable>(_ value: Value, at offset: Int) {
        next.storeBytes(of: value, toByteOffset: offset, as: Value.self)
    }

    /// Writes an integer of a record; one that no reader would accept is a bug.
    @inline(__always)
    package mutating func integer(_ value: Int64) {
        precondition(value >= 0 && value <= JSONToken.largestInteger, "no integer of a record")
        let value = UInt64(bitPattern: value)
        if value < 100_000_000 {
            leadingDigits(value)
        } else {
            let high = value / 100_000_000
            leadingDigits(high)
            let low = EightBytes.digits(value &- high &* 100_000_000)
            store((low | 0x3030_3030_3030_3030).littleEndian, at: 0)
            next += 8
        }
    }

    /// Writes a number below 100,000,000 without leading zeros.
    @inline(__always)
    private mutating func leadingDigits(_ value: UInt64) {
        let digits = EightBytes.digits(value)
        // The last digit stays, also of zero.
        let zeros = (digits | 1 &<< 63).trailingZeroBitCount & ~7
        let text = (digits | 0x3030_3030_3030_3030) &>> UInt64(truncatingIfNeeded: zeros)
        store(text.littleEndian, at: 0)
        next += 8 &- zeros &>> 3
    }

    /// Writes `true` or `false`.
    @inline(__always)
    package mutating func boolean(_ value: Bool) {
        if value { literal("true") } else { literal("false") }
    }

    /// Writes a word of ours that needs no escapes.
    package mutating func word(_ word: String) {
        var word = word
        word.withUTF8 { bytes in
            next.copyMemory(
                from: UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped),
                byteCount: bytes.count)
            next += bytes.count
        }
    }

    /// Writes a text of any content, with quotes and the escapes that JSON demands. It takes at
    /// most six times its bytes, and two. `JSONValue.quoted` is for people and writes a line's end
    /// as `\n`; here it is `\u000a` as in all records that were ever written.
    package mutating func text(_ text: String) {
        literal("\"")
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): literal("\\\"")
            case UInt8(ascii: "\\"): literal("\\\\")
            case 0..<0x20:
                literal("\\u00")
                store(UInt8(ascii: "0") + byte >> 4, at: 0)
                let low = byte & 15
                store(low + (low > 9 ? UInt8(ascii: "a") - 10 : UInt8(ascii: "0")), at: 1)
                next += 2
            default:
                store(byte, at: 0)
                next += 1
            }
        }
        literal("\"")
    }
}
