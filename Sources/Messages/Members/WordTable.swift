/// Finds which of some known words, each of 1 to 23 bytes, a stretch of bytes is: the names of
/// members, and the strings that stand for a choice. Made once, looked into for each record.
///
/// A word is compared as three integers, and its place follows from the first of them and from
/// its length, so that a look-up costs a multiplication and usually one comparison.
struct WordTable<Value: Sendable>: @unchecked Sendable {
    struct Slot {
        var first: UInt64 = 0
        var second: UInt64 = 0
        var third: UInt64 = 0
        /// 0 in an empty slot.
        var count = 0
        var value: Value
    }

    /// The longest word; one byte less than three integers hold.
    private static var largestCount: Int { 23 }

    /// Allocated once and never freed: tables live as long as the process.
    private let slots: UnsafeMutablePointer<Slot>
    private let mask: Int

    /// The table of `words`. A word given twice is a bug.
    init(_ words: [(word: String, value: Value)]) {
        precondition(!words.isEmpty)
        var capacity = 8
        while capacity < words.count * 4 { capacity *= 2 }
        slots = UnsafeMutablePointer.allocate(capacity: capacity)
        slots.initialize(repeating: Slot(value: words[0].value), count: capacity)
        mask = capacity - 1
        for (word, value) in words { insert(word, value) }
    }

    private func insert(_ word: String, _ value: Value) {
        let bytes = Array(word.utf8)
        precondition(!bytes.isEmpty && bytes.count <= Self.largestCount, "'\(word)' is too long")
        bytes.withUnsafeBytes { bytes in
            precondition(self[bytes] == nil, "'\(word)' is given twice")
            let slot = Slot(
                first: Self.integer(bytes, 0), second: Self.integer(bytes, 1),
                third: Self.integer(bytes, 2), count: bytes.count, value: value)
            var index = bucket(slot.first, slot.count)
            while slots[index].count != 0 { index = (index + 1) & mask }
            slots[index] = slot
        }
    }

    /// The value of the word that `bytes` are, or nil where they are none of this table's.
    @inline(__always)
    subscript(bytes: UnsafeRawBufferPointer) -> Value? {
        let count = bytes.count
        guard count > 0, count <= Self.largestCount else { return nil }
        let first = Self.integer(bytes, 0)
        var index = bucket(first, count)
        while slots[index].count != 0 {
            let slot = slots + index
            if slot.pointee.first == first, slot.pointee.count == count,
                count <= 8
                    || slot.pointee.second == Self.integer(bytes, 1)
                        && slot.pointee.third == Self.integer(bytes, 2)
            {
                return slot.pointee.value
            }
            index = (index + 1) & mask
        }
        return nil
    }

    @inline(__always)
    private func bucket(_ first: UInt64, _ count: Int) -> Int {
        let product = (first ^ UInt64(truncatingIfNeeded: count)) &* 0x9e37_79b9_7f4a_7c15
        return Int(truncatingIfNeeded: product &>> 48) & mask
    }

    /// The `index`-th eight bytes, those past the end being zero.
    @inline(__always)
    private static func integer(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> UInt64 {
        let count = bytes.count &- 8 &* index
        guard count > 0, let base = bytes.baseAddress else { return 0 }
        return EightBytes.load(base, 8 &* index, atMost: count)
    }
}

extension WordTable where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// The table of an enumeration's raw values.
    init(_: Value.Type = Value.self) {
        self.init(Value.allCases.map { ($0.rawValue, $0) })
    }
}
