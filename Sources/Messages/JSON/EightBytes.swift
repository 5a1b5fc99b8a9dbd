/// Eight bytes of a record looked at in one step, the first of them in the lowest bits.
///
/// Each question answers with a mask that has the top bit of every byte for which the answer is
/// yes, exactly: no byte is influenced by its neighbours, since the sums stay within seven bits
/// and the top bit of the input is looked at apart.
enum EightBytes {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080
    private static let sevens: UInt64 = 0x7f7f_7f7f_7f7f_7f7f

    @inline(__always)
    static func load(_ base: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The bytes at `offset` where no more than `count` of them, at least one, may be read;
    /// the others are zero.
    @inline(__always)
    static func load(_ base: UnsafeRawPointer, _ offset: Int, atMost count: Int) -> UInt64 {
        if count >= 8 { return load(base, offset) }
        // Two loads that may overlap cover 4 to 7 bytes; a shorter stretch takes three.
        let bytes = base + offset
        if count >= 4 {
            let low = UInt64(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
            let high = UInt64(
                UInt32(
                    littleEndian: bytes.loadUnaligned(
                        fromByteOffset: count &- 4, as: UInt32.self)))
            return low | high &<< UInt64(truncatingIfNeeded: 8 &* (count &- 4))
        }
        let first = UInt64(bytes.load(as: UInt8.self))
        let middle = UInt64(bytes.load(fromByteOffset: count &>> 1, as: UInt8.self))
        let last = UInt64(bytes.load(fromByteOffset: count &- 1, as: UInt8.self))
        return first | middle &<< UInt64(truncatingIfNeeded: 8 &* (count &>> 1))
            | last &<< UInt64(truncatingIfNeeded: 8 &* (count &- 1))
    }

    /// The lowest `count` bytes, 1 to 8 of them; the others are zero.
    @inline(__always)
    static func first(_ count: Int, of word: UInt64) -> UInt64 {
        word & (UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* count))
    }

    /// The index of the first marked byte; 8 where none is.
    @inline(__always)
    static func firstIndex(_ marks: UInt64) -> Int { marks.trailingZeroBitCount &>> 3 }

    /// Top bits of the bytes that are not zero.
    @inline(__always)
    private static func isNotZero(_ word: UInt64) -> UInt64 { ((word & sevens) &+ sevens) | word }

    /// Top bits of the bytes of `low` (all below 128) that are at least `limit`.
    @inline(__always)
    private static func isAtLeast(_ limit: UInt64, _ low: UInt64) -> UInt64 {
        low &+ ones &* (128 &- limit)
    }

    /// The bytes that end a plain stretch of a string: a quote, a backslash, a control
    /// character, or one that is not ASCII.
    @inline(__always)
    static func stringEnds(_ word: UInt64) -> UInt64 {
        let noQuote = isNotZero(word ^ ones &* 0x22)
        let noBackslash = isNotZero(word ^ ones &* 0x5c)
        let noControl = isNotZero(word & (ones &* 0xe0))
        return (~(noQuote & noBackslash & noControl) | word) & tops
    }

    /// The bytes that are not 0-9.
    @inline(__always)
    static func notDigits(_ word: UInt64) -> UInt64 {
        let low = word & sevens
        let digits = isAtLeast(0x30, low) & ~isAtLeast(0x3a, low)
        return (~digits | word) & tops
    }

    /// The bytes that are not 0-9 or a-f.
    @inline(__always)
    static func notHexadecimalDigits(_ word: UInt64) -> UInt64 {
        let low = word & sevens
        let digits = isAtLeast(0x30, low) & ~isAtLeast(0x3a, low)
        let letters = isAtLeast(0x61, low) & ~isAtLeast(0x67, low)
        return (~(digits | letters) | word) & tops
    }

    /// The bytes that an id may not hold: all but `[A-Za-z0-9._:-]` (Records.md).
    @inline(__always)
    static func notIdentifierBytes(_ word: UInt64) -> UInt64 {
        let low = word & sevens
        // Setting bit 5 turns A-Z into a-z and nothing else into a letter.
        let folded = low | ones &* 0x20
        let letters = isAtLeast(0x61, folded) & ~isAtLeast(0x7b, folded)
        let digitsAndColon = isAtLeast(0x30, low) & ~isAtLeast(0x3b, low)
        let hyphenAndDot = isAtLeast(0x2d, low) & ~isAtLeast(0x2f, low)
        let underscore = ~isNotZero(word ^ ones &* 0x5f)
        return (~(letters | digitsAndColon | hyphenAndDot | underscore) | word) & tops
    }

    /// The number that the first `count` bytes, 1 to 8 digits, stand for: pairs of digits are
    /// joined, then pairs of pairs.
    @inline(__always)
    static func number(_ word: UInt64, digits count: Int) -> UInt64 {
        let digits = (word &- ones &* 0x30) &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count)
        let pairs = digits &* 10 &+ digits &>> 8
        let odd = (pairs & 0x0000_00ff_0000_00ff) &* 0x000f_4240_0000_0064
        let even = (pairs &>> 16 & 0x0000_00ff_0000_00ff) &* 0x0000_2710_0000_0001
        return (odd &+ even) &>> 32
    }

    /// The eight digits of a number below 100,000,000, the highest in the lowest byte, each as
    /// its value and not yet as its character.
    @inline(__always)
    static func digits(_ number: UInt64) -> UInt64 {
        let high = number / 10_000
        let fours = high | (number &- high &* 10_000) &<< 32
        // 5,243 / 2^19 is a hundredth, and 103 / 2^10 a tenth, for the numbers that occur.
        let hundreds = (fours &* 5_243) &>> 19 & 0x0000_007f_0000_007f
        let twos = hundreds | (fours &- hundreds &* 100) &<< 16
        let tens = (twos &* 103) &>> 10 & 0x000f_000f_000f_000f
        return tens | (twos &- tens &* 10) &<< 8
    }
}
