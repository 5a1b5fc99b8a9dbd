/// Records that were read: one flat buffer, reused from read to read.
///
/// What strangers can make large is bounded by bytes: a reader adds nothing to a batch that
/// `isFull`, and of a part longer than `largestPart` only the beginning is kept (`Whole` says what
/// it was the beginning of). Room that one large read took is given back by `removeAll`.
///
/// An entry of a batch need not be a record: where a log holds what nobody can unpack, one entry
/// stands for all its offsets (`unreadable`).
package struct RecordBatch: ~Copyable {
    /// What an entry stands for.
    @usableFromInline enum Kind: UInt8 { case record, excerpt, unreadable }

    /// Where one record's parts stand in `bytes`.
    @usableFromInline struct Entry {
        @usableFromInline var offset: LogOffset
        @usableFromInline var appendTime: Int64
        @usableFromInline var start: Int
        /// -1: no key.
        @usableFromInline var keyCount: Int32
        @usableFromInline var headersCount: Int32
        /// -1: no value.
        @usableFromInline var valueCount: Int32
        @usableFromInline var kind: Kind

        @usableFromInline init(
            offset: LogOffset, appendTime: Int64, start: Int, keyCount: Int32, headersCount: Int32,
            valueCount: Int32, kind: Kind = .record
        ) {
            self.offset = offset
            self.appendTime = appendTime
            self.start = start
            self.keyCount = keyCount
            self.headersCount = headersCount
            self.valueCount = valueCount
            self.kind = kind
        }
    }

    /// What a value was of which the batch keeps the beginning.
    package struct Whole: Sendable {
        /// In bytes.
        package var count: Int
        /// As `digest` made it; empty where the batch has none.
        package var digest: [UInt8]
    }

    @usableFromInline var entries: [Entry] = []
    @usableFromInline var bytes: UnsafeMutableRawBufferPointer
    @usableFromInline var used = 0

    private let capacityBytes: Int

    /// A reader adds nothing more from here on; one record always has room.
    package var mostBytes = 16 << 20
    /// Of a longer key or value only the first so many bytes are kept, and longer headers are left
    /// out. Nothing is cut unless the reader says so.
    package let largestPart: Int
    /// Made of a whole value that is cut.
    private let digest: (@Sendable (UnsafeRawBufferPointer) -> [UInt8])?

    package init(
        capacityBytes: Int = 1 << 20, largestPart: Int = .max,
        digest: (@Sendable (UnsafeRawBufferPointer) -> [UInt8])? = nil
    ) {
        self.capacityBytes = max(capacityBytes, 64)
        self.largestPart = largestPart
        self.digest = digest
        bytes = .allocate(byteCount: self.capacityBytes, alignment: 16)
    }

    deinit { bytes.deallocate() }

    @inlinable package var count: Int { entries.count }
    @inlinable package var isEmpty: Bool { entries.isEmpty }

    /// The bytes that its records take up.
    @inlinable package var byteCount: Int { used }

    /// Whether a reader should add nothing more.
    @inlinable package var isFull: Bool { used >= mostBytes }

    /// The bytes that it holds on to, used or not.
    package var capacity: Int { bytes.count + entries.capacity * MemoryLayout<Entry>.stride }

    /// Forgets the records and keeps the room, but for what a much larger read than this one took.
    package mutating func removeAll() {
        let isLarge = bytes.count > Self.keptBytes && used < bytes.count / 4
        entries.removeAll(keepingCapacity: true)
        used = 0
        guard isLarge else { return }
        bytes.deallocate()
        bytes = .allocate(byteCount: min(capacityBytes, Self.keptBytes), alignment: 16)
    }

    /// At most so many bytes of room are kept after a large read.
    private static let keptBytes = 8 << 20

    /// Forgets the records after the first `count`.
    package mutating func truncate(to count: Int) {
        guard count < entries.count else { return }
        used = entries[count].start
        entries.removeLast(entries.count - count)
    }

    /// The record's offset in its partition.
    @inlinable package func offset(_ index: Int) -> LogOffset { entries[index].offset }

    /// Timestamp since 1970 UTC, by the log's clock.
    @inlinable package func appendTime(_ index: Int) -> Int64 { entries[index].appendTime }

    /// The record's key, nil where it has none. Valid until the batch is changed.
    @inlinable package func key(_ index: Int) -> UnsafeRawBufferPointer? {
        let entry = entries[index]
        return entry.keyCount < 0 ? nil : slice(entry.start, Int(entry.keyCount))
    }

    /// The record's value, nil where it has none. Valid until the batch is changed.
    @inlinable package func value(_ index: Int) -> UnsafeRawBufferPointer? {
        let entry = entries[index]
        guard entry.valueCount >= 0 else { return nil }
        return slice(
            entry.start + Int(max(entry.keyCount, 0)) + Int(entry.headersCount),
            Int(entry.valueCount))
    }

    /// The last offset of what nobody can unpack, if that is what stands here in place of records:
    /// from this entry's offset to that one. It has no time, key, value or headers.
    @inlinable package func unreadable(_ index: Int) -> LogOffset? {
        let entry = entries[index]
        guard entry.kind == .unreadable else { return nil }
        return LogOffset(slice(entry.start, 8).loadUnaligned(as: Int64.self))
    }

    /// What the value was the beginning of, where only that was kept.
    package func whole(_ index: Int) -> Whole? {
        let entry = entries[index]
        guard entry.kind == .excerpt else { return nil }
        let after = entry.start + Int(max(entry.keyCount, 0)) + Int(entry.headersCount)
            + Int(max(entry.valueCount, 0))
        let count = Int(slice(after, 8).loadUnaligned(as: Int64.self))
        let digestCount = Int(slice(after + 8, 8).loadUnaligned(as: Int64.self))
        return Whole(count: count, digest: Array(slice(after + 16, digestCount)))
    }

    /// The record's headers. Valid until the batch is changed.
    @inlinable package func headers(_ index: Int) -> Headers {
        let entry = entries[index]
        return Headers(
            encoded: slice(entry.start + Int(max(entry.keyCount, 0)), Int(entry.headersCount)))
    }

    @inlinable func slice(_ start: Int, _ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)])
    }

    /// For logs: adds a record, copying its parts. `headers` are encoded as `Headers` has them.
    @inlinable package mutating func append(
        offset: LogOffset, appendTime: Int64, key: UnsafeRawBufferPointer?,
        headers: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?
    ) {
        let keyCount = key?.count ?? 0
        let headersCount = headers?.count ?? 0
        let count = keyCount + headersCount + (value?.count ?? 0)
        if count > largestPart {
            return appendExcerpt(
                offset: offset, appendTime: appendTime, key: key, headers: headers, value: value)
        }
        if bytes.count - used < count { grow(by: count) }
        entries.append(
            Entry(
                offset: offset, appendTime: appendTime, start: used,
                keyCount: key.map { Int32($0.count) } ?? -1, headersCount: Int32(headersCount),
                valueCount: value.map { Int32($0.count) } ?? -1))
        put(key)
        put(headers)
        put(value)
    }

    @inlinable mutating func put(_ part: UnsafeRawBufferPointer?) {
        guard let part, let base = part.baseAddress, part.count > 0 else { return }
        bytes.baseAddress!.advanced(by: used).copyMemory(from: base, byteCount: part.count)
        used += part.count
    }

    /// Adds a record of which some part may be longer than is kept.
    @usableFromInline mutating func appendExcerpt(
        offset: LogOffset, appendTime: Int64, key: UnsafeRawBufferPointer?,
        headers: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?
    ) {
        func beginning(_ part: UnsafeRawBufferPointer?) -> UnsafeRawBufferPointer? {
            part.map { UnsafeRawBufferPointer(rebasing: $0.prefix(largestPart)) }
        }
        let key = beginning(key)
        let headers = headers.flatMap { $0.count > largestPart ? nil : $0 }
        let isCut = (value?.count ?? 0) > largestPart
        let kept = beginning(value)
        let made = isCut ? digest?(value!) ?? [] : []
        let count = (key?.count ?? 0) + (headers?.count ?? 0) + (kept?.count ?? 0) + 16 + made.count
        if bytes.count - used < count { grow(by: count) }
        entries.append(
            Entry(
                offset: offset, appendTime: appendTime, start: used,
                keyCount: key.map { Int32($0.count) } ?? -1,
                headersCount: Int32(headers?.count ?? 0),
                valueCount: kept.map { Int32($0.count) } ?? -1, kind: isCut ? .excerpt : .record))
        put(key)
        put(headers)
        put(kept)
        guard isCut else { return }
        put(Int64(value!.count))
        put(Int64(made.count))
        made.withUnsafeBytes { put($0) }
    }

    /// For logs: adds what nobody can unpack, from one offset to another.
    package mutating func appendUnreadable(from first: LogOffset, through last: LogOffset) {
        if bytes.count - used < 8 { grow(by: 8) }
        entries.append(
            Entry(
                offset: first, appendTime: 0, start: used, keyCount: -1, headersCount: 0,
                valueCount: -1, kind: .unreadable))
        put(last.rawValue)
    }

    private mutating func put(_ number: Int64) {
        withUnsafeBytes(of: number) { put($0) }
    }

    @usableFromInline mutating func grow(by count: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(bytes.count * 2, used + count), alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<used]))
        bytes.deallocate()
        bytes = larger
    }
}
