/// The hash of a decision as it stands in the record: 64 lower-case hexadecimal digits of
/// SHA-256 (TheLog.md, A decision). The digits are held inline.
package struct HashText: Sendable {
    /// The number of digits.
    package static let count = 64

    var words: InlineArray<8, UInt64>

    /// The hash that `bytes` spell, or nil where they are not 64 digits of 0-9 and a-f.
    @inline(__always)
    package init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.count, let base = bytes.baseAddress else { return nil }
        words = InlineArray(repeating: 0)
        var wrong: UInt64 = 0
        for index in words.indices {
            let word = EightBytes.load(base, 8 &* index)
            wrong |= EightBytes.notHexadecimalDigits(word)
            words[index] = word.littleEndian
        }
        guard wrong == 0 else { return nil }
    }

    /// The hash that `text` spells, or nil.
    package init?(_ text: String) {
        var copy = text
        guard let made = copy.withUTF8({ HashText(UnsafeRawBufferPointer($0)) }) else {
            return nil
        }
        self = made
    }

    /// Calls `body` with the 64 digits; they must not be kept past the call.
    @inlinable package func withBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try withUnsafeBytes(of: self) { try body($0) }
    }
}

extension HashText: Hashable {
    package static func == (left: HashText, right: HashText) -> Bool {
        for index in left.words.indices where left.words[index] != right.words[index] {
            return false
        }
        return true
    }

    package func hash(into hasher: inout Hasher) {
        withBytes { hasher.combine(bytes: $0) }
    }
}

extension HashText: CustomStringConvertible {
    package var description: String { withBytes { String(decoding: $0, as: UTF8.self) } }
}
