import Vocabulary

/// Where a record of a `RecordArena` starts, in units of two bytes.
struct RecordHandle: BitwiseCopyable, Equatable, Sendable {
    var units: UInt32
}

/// Small records of bytes, written once, one behind the other, in chunks that stay where they are.
/// Each begins with an id: one byte with its length and a mark, then its bytes.
///
/// Ids make up most of what a bid costs in memory. Here one costs its own bytes and one more,
/// instead of the 72 of an `Identifier`.
struct RecordArena: Equatable, Sendable {
    private var chunks: [[UInt8]] = []
    /// Bytes in use of the last chunk.
    private var used = 0

    private static let unitBits = 1
    private static let chunkBits = 20
    private static let firstChunkBytes = 1 << 10
    /// Ids are read and written in whole words, so up to this much may be touched behind a record.
    private static let slack = 8
    /// The largest record: two ids with their lengths, three integers and some bytes.
    static let largestRecord = 192

    /// Appends what `write` writes.
    @inline(__always)
    mutating func append(_ write: (inout RecordWriter) -> Void) -> RecordHandle {
        makeRoom()
        let start = used
        let end = chunks[chunks.count - 1].withUnsafeMutableBytes { chunk in
            var writer = RecordWriter(at: chunk.baseAddress! + start)
            write(&writer)
            return writer.position - UnsafeMutableRawPointer(chunk.baseAddress!)
        }
        let unit = 1 << Self.unitBits
        used = (end + unit - 1) / unit * unit
        let chunk = (chunks.count - 1) << (Self.chunkBits - Self.unitBits)
        return RecordHandle(units: UInt32(chunk | start >> Self.unitBits))
    }

    /// Reads the record at `handle` from its start.
    @inline(__always)
    func read<Result>(_ handle: RecordHandle, _ body: (inout RecordReader) -> Result) -> Result {
        let chunk = Int(handle.units >> UInt32(Self.chunkBits - Self.unitBits))
        let offset = (Int(handle.units) << Self.unitBits) & (1 << Self.chunkBits - 1)
        return chunks[chunk].withUnsafeBytes { bytes in
            var reader = RecordReader(at: bytes.baseAddress! + offset)
            return body(&reader)
        }
    }

    /// The id that the record at `handle` begins with.
    @inline(__always)
    func identifier(at handle: RecordHandle) -> Identifier {
        read(handle) { $0.identifier() }
    }

    /// The hash of that id.
    @inline(__always)
    func hash(at handle: RecordHandle, seed: UInt64) -> UInt64 {
        read(handle) { $0.identifierHash(seed: seed) }
    }

    /// Whether the record at `handle` begins with `identifier`.
    @inline(__always)
    func begins(_ handle: RecordHandle, with identifier: Identifier) -> Bool {
        read(handle) { $0.isNext(identifier) }
    }

    /// Chunks are whole words, and what is not in use of them is zero.
    static func == (left: RecordArena, right: RecordArena) -> Bool {
        left.used == right.used && left.chunks.count == right.chunks.count
            && zip(left.chunks, right.chunks).allSatisfy(areEqual)
    }

    private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                left.count == right.count
                    && stride(from: 0, to: left.count, by: 8).allSatisfy {
                        left.load(fromByteOffset: $0, as: UInt64.self)
                            == right.load(fromByteOffset: $0, as: UInt64.self)
                    }
            }
        }
    }

    /// The bytes that it holds on to.
    var storageBytes: Int {
        chunks.count > 1 ? chunks.count << Self.chunkBits : chunks.first?.count ?? 0
    }

    private mutating func makeRoom() {
        let needed = used + Self.largestRecord
        if let last = chunks.indices.last {
            let size = chunks[last].count - Self.slack
            if needed <= size { return }
            if size < 1 << Self.chunkBits {
                chunks[last].append(contentsOf: repeatElement(0, count: size))
                return
            }
        }
        precondition(
            chunks.count < 1 << (32 - Self.chunkBits + Self.unitBits),
            "the ids of one offering fill 8 GiB")
        let size = chunks.isEmpty ? Self.firstChunkBytes : 1 << Self.chunkBits
        chunks.append([UInt8](repeating: 0, count: size + Self.slack))
        used = 0
    }
}

/// Writes the members of one record.
struct RecordWriter {
    private(set) var position: UnsafeMutableRawPointer

    init(at position: UnsafeMutableRawPointer) { self.position = position }

    mutating func byte(_ value: UInt8) {
        position.storeBytes(of: value, as: UInt8.self)
        position += 1
    }

    mutating func word(_ value: UInt32) {
        position.storeBytes(of: value, as: UInt32.self)
        position += 4
    }

    /// Seven bits a byte, the lowest first: most numbers of a bid are small.
    mutating func integer(_ value: Int64) {
        var rest = UInt64(value)
        while rest >= 0x80 {
            byte(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        byte(UInt8(rest))
    }

    /// `marked` sets the high bit of the length.
    mutating func identifier(_ identifier: Identifier, marked: Bool = false) {
        byte(UInt8(identifier.count) | (marked ? 0x80 : 0))
        // Word by word: the zeros past its end are written over by what comes next.
        for index in 0..<identifier.wordCount {
            position.storeBytes(
                of: identifier.word(index), toByteOffset: index * 8, as: UInt64.self)
        }
        position += identifier.count
    }
}

/// Reads the members of one record in the order in which they were written.
struct RecordReader {
    private var position: UnsafeRawPointer

    init(at position: UnsafeRawPointer) { self.position = position }

    /// Whether the id that comes next is marked.
    var isMarked: Bool { position.load(as: UInt8.self) & 0x80 != 0 }

    mutating func byte() -> UInt8 {
        defer { position += 1 }
        return position.load(as: UInt8.self)
    }

    mutating func word() -> UInt32 {
        defer { position += 4 }
        return position.loadUnaligned(as: UInt32.self)
    }

    mutating func integer() -> Int64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = byte()
            value |= UInt64(next & 0x7f) << shift
            if next & 0x80 == 0 { return Int64(value) }
            shift += 7
        }
    }

    mutating func identifier() -> Identifier {
        let count = Int(byte() & 0x7f)
        defer { position += count }
        var words = InlineArray<8, UInt64>(repeating: 0)
        for index in 0..<Identifier.wordCount(ofBytes: count) {
            words[index] = word(index, of: count)
        }
        return Identifier(trusted: words, count: count)
    }

    mutating func skipIdentifier() {
        position += Int(byte() & 0x7f)
    }

    /// Whether the id that comes next is `identifier`. Nothing can be read after it.
    @inline(__always)
    mutating func isNext(_ identifier: Identifier) -> Bool {
        let count = Int(byte() & 0x7f)
        guard count == identifier.count else { return false }
        for index in 0..<identifier.wordCount {
            guard word(index, of: count) == identifier.word(index) else { return false }
        }
        return true
    }

    /// The hash of the id that comes next. Nothing can be read after it.
    @inline(__always)
    mutating func identifierHash(seed: UInt64) -> UInt64 {
        let count = Int(byte() & 0x7f)
        var hash = IdentifierHash(seed: seed, count: count)
        for index in 0..<Identifier.wordCount(ofBytes: count) { hash.add(word(index, of: count)) }
        return hash.value
    }

    /// A word of the id of `count` bytes that starts here, as `Identifier` has it.
    @inline(__always)
    private func word(_ index: Int, of count: Int) -> UInt64 {
        let word = position.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
        let missing = (index + 1) * 8 - count
        if missing <= 0 { return word }
        return UInt64(littleEndian: word.littleEndian & (.max >> UInt64(missing * 8)))
    }
}
