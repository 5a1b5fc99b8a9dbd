import JSON

// Which of eight bytes may stand in the ids and hashes of records.
extension EightBytes {
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
}
