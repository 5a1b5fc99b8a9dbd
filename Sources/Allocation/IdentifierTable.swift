import Vocabulary

/// Finds the record of an id: extendible hashing over the records of an arena.
///
/// Ids are kept in segments of a fixed size, found through a directory by the highest bits of
/// their hash. A full segment is split in two, which costs some hundred steps however many ids
/// there are, so that no bid pays for the growth of a whole table. Within a segment each id has
/// one byte of its hash and a handle of four bytes.
///
/// The seed of the hash is drawn at random, so that nobody can choose ids that collide. Nothing
/// that can be read from a table depends on it, and equality does not look at it.
struct IdentifierTable: Sendable {
    private(set) var records = RecordArena()
    private(set) var count = 0

    private let seed: UInt64
    /// Segments by the highest `depth` bits of the hash.
    private var directory: [UInt32] = [0]
    private var depth = 0
    /// How many of the highest bits all ids of a segment share, and how many ids it has.
    private var segmentDepths: [UInt8] = [0]
    private var segmentCounts: [UInt16] = [0]
    /// Eight tags a word, 0 where nothing is.
    private var tags = ChunkedArray<UInt64>()
    private var handles = ChunkedArray<RecordHandle>()

    private static let lanes = 8
    private static let groupsPerSegment = 40
    private static let slotsPerSegment = lanes * groupsPerSegment
    /// Seven slots of eight.
    private static let fullSegment = UInt16(slotsPerSegment / 8 * 7)
    private static let processSeed = UInt64.random(in: .min ... .max)

    init() {
        seed = Self.processSeed
        appendEmptySlots()
    }

    func hash(_ identifier: Identifier) -> UInt64 { identifier.hash(seed: seed) }

    /// The record of `identifier`, whose hash is `hash`.
    func find(_ identifier: Identifier, hash: UInt64) -> RecordHandle? {
        let segment = segment(of: hash)
        var group = Self.firstGroup(of: hash)
        let tag = Self.tag(of: hash)
        while true {
            let index = segment * Self.groupsPerSegment + group
            let word = tags[index]
            var matches = Self.matches(tag, in: word)
            while matches != 0 {
                let lane = matches.trailingZeroBitCount / 8
                let handle = handles[index * Self.lanes + lane]
                if records.begins(handle, with: identifier) { return handle }
                matches &= matches - 1
            }
            // A segment is never full, so there is always an end to the search.
            if Self.matches(0, in: word) != 0 { return nil }
            group = group + 1 == Self.groupsPerSegment ? 0 : group + 1
        }
    }

    /// Adds a record that must begin with an id whose hash is `hash` and that is not there yet.
    mutating func insert(hash: UInt64, _ write: (inout RecordWriter) -> Void) -> RecordHandle {
        while segmentCounts[segment(of: hash)] == Self.fullSegment { split(hash) }
        let handle = records.append(write)
        place(handle, hash: hash)
        count += 1
        return handle
    }

    private func segment(of hash: UInt64) -> Int {
        Int(directory[Int(hash >> UInt64(64 - depth))])
    }

    /// The bits used here are neither the directory's nor the tag's.
    private static func firstGroup(of hash: UInt64) -> Int {
        Int(((hash >> 8 & 0xffff) * UInt64(groupsPerSegment)) >> 16)
    }

    private static func tag(of hash: UInt64) -> UInt8 {
        max(1, UInt8(truncatingIfNeeded: hash))
    }

    /// The high bit of each byte of `word` that is `tag`. Above the lowest of them there may be
    /// wrong ones, which a look at the record tells.
    private static func matches(_ tag: UInt8, in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let difference = word ^ (ones &* UInt64(tag))
        return (difference &- ones) & ~difference & (ones << 7)
    }
}

extension IdentifierTable: Equatable {
    /// Whether both hold the same records, added in the same order.
    static func == (left: IdentifierTable, right: IdentifierTable) -> Bool {
        left.count == right.count && left.records == right.records
    }
}

// Growth.
extension IdentifierTable {
    private mutating func place(_ handle: RecordHandle, hash: UInt64) {
        let segment = segment(of: hash)
        var group = Self.firstGroup(of: hash)
        while true {
            let index = segment * Self.groupsPerSegment + group
            let free = Self.matches(0, in: tags[index])
            if free != 0 {
                let lane = free.trailingZeroBitCount / 8
                tags[index] |= UInt64(Self.tag(of: hash)) << UInt64(lane * 8)
                handles[index * Self.lanes + lane] = handle
                segmentCounts[segment] += 1
                return
            }
            group = group + 1 == Self.groupsPerSegment ? 0 : group + 1
        }
    }

    /// Splits the segment of `hash` by the first bit that its ids do not have to share.
    private mutating func split(_ hash: UInt64) {
        let segment = segment(of: hash)
        let shared = Int(segmentDepths[segment])
        if shared == depth { doubleDirectory() }
        let sibling = segmentCounts.count
        segmentDepths[segment] += 1
        segmentDepths.append(segmentDepths[segment])
        segmentCounts.append(0)
        appendEmptySlots()

        let half = 1 << (depth - shared - 1)
        let first = Int(hash >> UInt64(64 - shared)) << (depth - shared)
        for entry in first + half..<first + 2 * half { directory[entry] = UInt32(sibling) }

        withUnsafeTemporaryAllocation(of: RecordHandle.self, capacity: Self.slotsPerSegment) {
            let moved = takeAll(of: segment, into: $0)
            for handle in $0[..<moved] {
                place(handle, hash: self.hash(records.identifier(at: handle)))
            }
        }
    }

    private mutating func takeAll(
        of segment: Int, into taken: UnsafeMutableBufferPointer<RecordHandle>
    ) -> Int {
        var count = 0
        for group in 0..<Self.groupsPerSegment {
            let index = segment * Self.groupsPerSegment + group
            let word = tags[index]
            for lane in 0..<Self.lanes where (word >> UInt64(lane * 8)) & 0xff != 0 {
                taken[count] = handles[index * Self.lanes + lane]
                count += 1
            }
            tags[index] = 0
        }
        segmentCounts[segment] = 0
        return count
    }

    private mutating func doubleDirectory() {
        var doubled: [UInt32] = []
        doubled.reserveCapacity(directory.count * 2)
        for segment in directory {
            doubled.append(segment)
            doubled.append(segment)
        }
        directory = doubled
        depth += 1
    }

    private mutating func appendEmptySlots() {
        tags.append(repeating: 0, count: Self.groupsPerSegment)
        handles.append(repeating: RecordHandle(units: 0), count: Self.slotsPerSegment)
    }
}
