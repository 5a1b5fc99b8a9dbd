/// The tags of eight slots: one byte of each id's hash, 0 where nothing is.
struct SlotTags: BitwiseCopyable {
    fileprivate var bytes: UInt64

    /// Slots that may hold `tag`, as bits of a word: surely the lowest, perhaps those above it,
    /// which a look at their records tells.
    func slots(tagged tag: UInt8) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let difference = bytes ^ (ones &* UInt64(tag))
        return (difference &- ones) & ~difference & (ones << 7)
    }

    func isTaken(_ slot: Int) -> Bool { (bytes >> UInt64(slot * 8)) & 0xff != 0 }
}

/// A group of eight slots of a segment: their tags, and where their records stand. They lie side
/// by side, so that looking an id up and adding it touch the same memory.
struct SlotGroup {
    private let words: UnsafeMutablePointer<UInt64>

    static let slots = 8
    /// One of tags, four of handles.
    static let words = 5

    init(at words: UnsafeMutablePointer<UInt64>) { self.words = words }

    var tags: SlotTags { SlotTags(bytes: words.pointee) }

    func handle(in slot: Int) -> RecordHandle { handles[slot] }

    func put(_ handle: RecordHandle, tag: UInt8, in slot: Int) {
        words.pointee |= UInt64(tag) << UInt64(slot * 8)
        handles[slot] = handle
    }

    func empty() { words.pointee = 0 }

    /// The words of handles hold nothing else, ever.
    private var handles: UnsafeMutablePointer<RecordHandle> {
        UnsafeMutableRawPointer(words + 1).assumingMemoryBound(to: RecordHandle.self)
    }
}

/// Segments of forty groups, in chunks that stay where they are.
struct SegmentStore: Sendable {
    private var chunks: [[UInt64]] = []
    private(set) var count = 0

    static let groupsPerSegment = 40
    private static let wordsPerSegment = groupsPerSegment * SlotGroup.words
    private static let chunkBits = 6
    private static let chunkSegments = 1 << chunkBits

    mutating func appendEmpty() {
        if count & (Self.chunkSegments - 1) == 0 {
            chunks.append([])
            // The first chunk grows with its content, since most offerings are small.
            let whole = Self.chunkSegments * Self.wordsPerSegment
            if count > 0 { chunks[chunks.count - 1].reserveCapacity(whole) }
        }
        chunks[chunks.count - 1].append(
            contentsOf: repeatElement(0, count: Self.wordsPerSegment))
        count += 1
    }

    /// Calls `body` with a segment, for reading only.
    @inline(__always)
    func read<Result>(_ segment: Int, _ body: (Segment) -> Result) -> Result {
        chunks[segment >> Self.chunkBits].withUnsafeBufferPointer { words in
            let start = words.baseAddress! + Self.start(segment)
            return body(Segment(at: UnsafeMutablePointer(mutating: start)))
        }
    }

    @inline(__always)
    mutating func modify<Result>(_ segment: Int, _ body: (Segment) -> Result) -> Result {
        chunks[segment >> Self.chunkBits].withUnsafeMutableBufferPointer { words in
            body(Segment(at: words.baseAddress! + Self.start(segment)))
        }
    }

    /// The bytes that it holds on to.
    var storageBytes: Int {
        let words = chunks.count > 1
            ? chunks.count * Self.chunkSegments * Self.wordsPerSegment : chunks.first?.count ?? 0
        return words * MemoryLayout<UInt64>.stride
    }

    @inline(__always)
    private static func start(_ segment: Int) -> Int {
        (segment & (chunkSegments - 1)) * wordsPerSegment
    }
}

/// The groups of one segment, while `SegmentStore` lends it out.
struct Segment {
    private let words: UnsafeMutablePointer<UInt64>

    fileprivate init(at words: UnsafeMutablePointer<UInt64>) { self.words = words }

    /// `group` is below `SegmentStore.groupsPerSegment`.
    subscript(group: Int) -> SlotGroup {
        SlotGroup(at: words + group &* SlotGroup.words)
    }

    /// The group that is looked at after `group`.
    static func next(_ group: Int) -> Int {
        group &+ 1 == SegmentStore.groupsPerSegment ? 0 : group &+ 1
    }
}
