// What records have in common: how one begins, up to the word of its `type`, and how it ends.
// The records of every bid, payment command and decision begin with a literal of their own: that is
// a single copy.
extension JSONWriter {
    /// A writer that has written the brace and `type` of a record. `buffer` must have room for
    /// `largest` bytes.
    init(type: String, in buffer: UnsafeMutableRawBufferPointer, largest: Int) {
        self.init(buffer, largest: largest)
        member("{\"type\":\"", word: type)
    }

    /// A writer that has written `type` and `kind` of a record of `attention`. `buffer` must have
    /// room for `RecordEncoder.largestSmallRecord` bytes.
    init(attention kind: String, in buffer: UnsafeMutableRawBufferPointer) {
        self.init(
            type: AttentionType.attention.rawValue, in: buffer,
            largest: RecordEncoder.largestSmallRecord)
        member(",\"kind\":\"", word: kind)
    }

    /// Ends a record; answers how many bytes it has.
    @inline(__always)
    mutating func end() -> Int {
        literal("}")
        return count
    }
}
