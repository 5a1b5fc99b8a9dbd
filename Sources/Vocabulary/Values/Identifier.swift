/// An id that a front end or an operator chose: 1 to 64 bytes of `[A-Za-z0-9._:-]` (Records.md).
///
/// The bytes are held inline, so an id is a plain value: copying, comparing and hashing it
/// touches no heap. Bytes past `count` are zero.
public struct Identifier: Sendable {
    public static let largestCount = 64

    @usableFromInline var words: InlineArray<8, UInt64>
    @usableFromInline var length: UInt8

    /// The number of bytes, 1 to 64.
    @inlinable public var count: Int { Int(length) }

    /// The id made of `bytes`, or nil where they are not the form of an id.
    @inlinable public init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 1, bytes.count <= Self.largestCount else { return nil }
        for byte in bytes where !Self.allows(byte) { return nil }
        self.init(trusted: bytes)
    }

    /// The id made of `bytes` that are known to have its form, such as those of a decision.
    @inlinable public init(trusted bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count >= 1 && bytes.count <= Self.largestCount)
        words = InlineArray(repeating: 0)
        length = UInt8(truncatingIfNeeded: bytes.count)
        withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: bytes) }
    }

    /// The id whose bytes are the first `count` of `words`, known to have its form; the rest of
    /// `words` is zero.
    @inlinable public init(trusted words: InlineArray<8, UInt64>, count: Int) {
        precondition(count >= 1 && count <= Self.largestCount)
        self.words = words
        length = UInt8(truncatingIfNeeded: count)
    }

    public init?(parsing text: some StringProtocol) {
        var copy = String(text)
        let made = copy.withUTF8 { Identifier(UnsafeRawBufferPointer($0)) }
        guard let made else { return nil }
        self = made
    }

    /// The bid that takes what is left at close: `<offering>/backstop` in records, and here what
    /// follows the offering's own id. No front end's id has a slash.
    public static let backstop = "/backstop".utf8.withContiguousStorageIfAvailable {
        Identifier(trusted: UnsafeRawBufferPointer($0))
    }!

    /// Whether it was made by this system, and stands behind its offering's id in records.
    @inlinable public var isDerived: Bool { words[0].littleEndian & 0xff == 0x2f }

    /// Whether an id may hold `byte`.
    @inlinable public static func allows(_ byte: UInt8) -> Bool {
        // One bit a byte value below 128: 0-9 : - . in the low word, A-Z a-z _ in the high one.
        let low: UInt64 = 0x07ff_6000_0000_0000
        let high: UInt64 = 0x07ff_fffe_87ff_fffe
        guard byte < 128 else { return false }
        return ((byte < 64 ? low : high) >> UInt64(byte & 63)) & 1 == 1
    }

    /// Calls `body` with the id's bytes; they must not be kept past the call.
    @inlinable public func withBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try withUnsafeBytes(of: words) {
            try body(UnsafeRawBufferPointer(rebasing: $0[..<count]))
        }
    }

    /// Eight bytes of the id as they stand in memory, those past its end zero; `index` is 0 to 7.
    @inlinable public func word(_ index: Int) -> UInt64 { words[index] }

    /// How many words hold bytes, 1 to 8.
    @inlinable public var wordCount: Int { Self.wordCount(ofBytes: count) }

    /// How many words hold `count` bytes.
    @inlinable public static func wordCount(ofBytes count: Int) -> Int { (count + 7) / 8 }

    /// A hash of the bytes under `seed`. Tables draw their seed at random, so that nobody can
    /// choose ids that collide; no result may depend on it.
    @inlinable public func hash(seed: UInt64) -> UInt64 {
        var hash = IdentifierHash(seed: seed, count: count)
        for index in 0..<wordCount { hash.add(words[index]) }
        return hash.value
    }
}

/// The hash of an id in the making, for those who keep its bytes elsewhere.
public struct IdentifierHash {
    @usableFromInline var state: UInt64
    @usableFromInline let factor: UInt64

    /// Of an id of `count` bytes.
    @inlinable public init(seed: UInt64, count: Int) {
        state = seed ^ UInt64(count)
        factor = 0x9e37_79b9_7f4a_7c15 ^ (seed | 1)
    }

    /// Takes the id's next word (`Identifier.word`).
    @inlinable public mutating func add(_ word: UInt64) {
        let (high, low) = (state ^ word).multipliedFullWidth(by: factor)
        state = high ^ low &+ 0xd6e8_feb8_6659_fd93
    }

    /// The hash, once all words were added.
    @inlinable public var value: UInt64 {
        let (high, low) = (state ^ 0xa076_1d64_78bd_642f)
            .multipliedFullWidth(by: 0xe703_7ed1_a0b4_28db)
        return high ^ low
    }
}

extension Identifier: Hashable {
    @inlinable public static func == (left: Identifier, right: Identifier) -> Bool {
        guard left.length == right.length else { return false }
        var index = 0
        repeat {
            guard left.words[index] == right.words[index] else { return false }
            index += 1
        } while index * 8 < left.count
        return true
    }

    @inlinable public func hash(into hasher: inout Hasher) {
        withBytes { hasher.combine(bytes: $0) }
    }
}

extension Identifier: Comparable {
    /// Order of the bytes, which is the order of their ASCII characters.
    public static func < (left: Identifier, right: Identifier) -> Bool {
        left.withBytes { left in right.withBytes { left.lexicographicallyPrecedes($0) } }
    }
}

extension Identifier: CustomStringConvertible, ExpressibleByStringLiteral {
    public var description: String { withBytes { String(decoding: $0, as: UTF8.self) } }

    /// For ids written in code; a literal that is no id is a bug.
    public init(stringLiteral value: String) {
        guard let id = Identifier(parsing: value) else {
            preconditionFailure("'\(value)' is not an id: 1-64 bytes of [A-Za-z0-9._:-]")
        }
        self = id
    }
}
