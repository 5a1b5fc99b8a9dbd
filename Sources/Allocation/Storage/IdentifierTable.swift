import Vocabulary

/// Finds the record of an id: extendible hashing over the records of an arena.
///
/// Ids are kept in segments of a fixed size, found through a directory by the highest bits of
/// their hash. A full segment is split in two, which costs some hundred steps however many ids
/// there are, so that no bid pays for the growth of a whole table.
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
    private var segments = SegmentStore()
    /// How many of the highest bits all ids of a segment share, and how many ids it has.
    private var fills = [SegmentFill(sharedBits: 0, count: 0)]

    private struct SegmentFill: Sendable {
        var sharedBits: UInt16
        var count: UInt16
    }

    private static let slotsPerSegment = SlotGroup.slots * SegmentStore.groupsPerSegment
    /// Seven slots of eight, so that a search always ends at an empty one.
    private static let fullSegment = UInt16(slotsPerSegment / 8 * 7)
    private static let processSeed = UInt64.random(in: .min ... .max)

    /// The bytes that it holds on to.
    var storageBytes: Int {
        records.storageBytes + segments.storageBytes + directory.count * MemoryLayout<UInt32>.stride
            + fills.count * MemoryLayout<SegmentFill>.stride
    }

    init() {
        seed = Self.processSeed
        segments.appendEmpty()
    }

    /// The hash of an id, and where the search for it begins, with the tags there, until the table
    /// changes. Memory is far from the processor, so a caller that looks for several ids asks for
    /// all their starts first.
    struct SearchStart {
        let hash: UInt64
        fileprivate let segment: Int
        fileprivate let tags: SlotTags
    }

    @inline(__always)
    func searchStart(_ identifier: Identifier) -> SearchStart {
        let hash = identifier.hash(seed: seed)
        let segment = segment(of: hash)
        return SearchStart(
            hash: hash, segment: segment,
            tags: segments.read(segment) { $0[Self.firstGroup(of: hash)].tags })
    }

    /// The record of `identifier`, whose search begins at `start`.
    @inline(__always)
    func find(_ identifier: Identifier, from start: SearchStart) -> RecordHandle? {
        let tag = Self.tag(of: start.hash)
        var group = Self.firstGroup(of: start.hash)
        var tags = start.tags
        while true {
            var matches = tags.slots(tagged: tag)
            while matches != 0 {
                let slot = matches.trailingZeroBitCount / 8
                let handle = segments.read(start.segment) { $0[group].handle(in: slot) }
                if records.begins(handle, with: identifier) { return handle }
                matches &= matches &- 1
            }
            if tags.slots(tagged: 0) != 0 { return nil }
            group = Segment.next(group)
            tags = segments.read(start.segment) { $0[group].tags }
        }
    }

    /// Adds a record that must begin with an id whose hash is `hash` and that is not there yet.
    @inline(__always)
    mutating func insert(hash: UInt64, _ write: (inout RecordWriter) -> Void) -> RecordHandle {
        let handle = records.append(write)
        insert(handle, hash: hash)
        return handle
    }

    private mutating func insert(_ handle: RecordHandle, hash: UInt64) {
        var segment = segment(of: hash)
        while fills[segment].count == Self.fullSegment {
            split(hash)
            segment = self.segment(of: hash)
        }
        segments.modify(segment) { Self.place(handle, hash: hash, in: $0) }
        fills[segment].count += 1
        count += 1
    }

    @inline(__always)
    private func segment(of hash: UInt64) -> Int {
        Int(directory[Int(hash >> UInt64(64 - depth))])
    }

    private static func place(_ handle: RecordHandle, hash: UInt64, in segment: Segment) {
        var group = firstGroup(of: hash)
        while true {
            let free = segment[group].tags.slots(tagged: 0)
            if free != 0 {
                return segment[group].put(
                    handle, tag: tag(of: hash), in: free.trailingZeroBitCount / 8)
            }
            group = Segment.next(group)
        }
    }

    /// The bits used here are neither the directory's nor the tag's.
    private static func firstGroup(of hash: UInt64) -> Int {
        Int(((hash >> 8 & 0xffff) &* UInt64(SegmentStore.groupsPerSegment)) >> 16)
    }

    /// 0 marks an empty slot.
    private static func tag(of hash: UInt64) -> UInt8 {
        max(1, UInt8(truncatingIfNeeded: hash))
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
    /// Splits the segment of `hash` by the first bit that its ids do not have to share.
    private mutating func split(_ hash: UInt64) {
        let segment = segment(of: hash)
        let shared = Int(fills[segment].sharedBits)
        if shared == depth { doubleDirectory() }
        let sibling = segments.count
        segments.appendEmpty()
        fills[segment] = SegmentFill(sharedBits: UInt16(shared + 1), count: 0)
        fills.append(fills[segment])

        let half = 1 << (depth - shared - 1)
        let first = Int(hash >> UInt64(64 - shared)) << (depth - shared)
        for entry in first + half..<first + 2 * half { directory[entry] = UInt32(sibling) }

        // On the stack, a place for each slot: every few hundred ids a segment is split, and none
        // of them shall pay for the heap. Temporary allocations of this size come from there.
        var room = InlineArray<320, MovedRecord>(repeating: MovedRecord())
        withUnsafeMutableBytes(of: &room) {
            let room = $0.assumingMemoryBound(to: MovedRecord.self)
            let count = segments.modify(segment) { Self.takeAll(of: $0, to: room) }
            let moved = room[..<count]
            findHashes(of: moved)
            let bit = UInt64(64 - (shared + 1))
            put(moved, in: segment) { $0 >> bit & 1 == 0 }
            put(moved, in: sibling) { $0 >> bit & 1 == 1 }
        }
    }

    /// One of those that a segment held, while it is split.
    private struct MovedRecord: BitwiseCopyable {
        var handle = RecordHandle(units: 0)
        var hash: UInt64 = 0
    }

    private static func takeAll(
        of segment: Segment, to moved: UnsafeMutableBufferPointer<MovedRecord>
    ) -> Int {
        precondition(moved.count == slotsPerSegment, "a buffer does not look where it is written")
        var count = 0
        for index in 0..<SegmentStore.groupsPerSegment {
            let group = segment[index]
            for slot in 0..<SlotGroup.slots where group.tags.isTaken(slot) {
                moved[count].handle = group.handle(in: slot)
                count += 1
            }
            group.empty()
        }
        return count
    }

    private func findHashes(of moved: Slice<UnsafeMutableBufferPointer<MovedRecord>>) {
        // Records lie far apart: touching them in its own short loop lets the reads overlap,
        // instead of each waiting for the one before it.
        var lengths = 0
        for record in moved { lengths += records.read(record.handle) { Int($0.byte()) } }
        precondition(lengths >= moved.count, "an id has a byte at least")
        for index in moved.indices {
            moved.base[index].hash = records.hash(at: moved[index].handle, seed: seed)
        }
    }

    private mutating func put(
        _ moved: Slice<UnsafeMutableBufferPointer<MovedRecord>>, in segment: Int,
        where belongs: (UInt64) -> Bool
    ) {
        var count: UInt16 = 0
        segments.modify(segment) {
            for record in moved where belongs(record.hash) {
                Self.place(record.handle, hash: record.hash, in: $0)
                count += 1
            }
        }
        fills[segment].count = count
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
}
