/// Records that were read: one flat buffer, reused from read to read.
public struct RecordBatch: ~Copyable {
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

        @usableFromInline init(
            offset: LogOffset, appendTime: Int64, start: Int, keyCount: Int32, headersCount: Int32,
            valueCount: Int32
        ) {
            self.offset = offset
            self.appendTime = appendTime
            self.start = start
            self.keyCount = keyCount
            self.headersCount = headersCount
            self.valueCount = valueCount
        }
    }

    @usableFromInline var entries: [Entry] = []
    @usableFromInline var bytes: UnsafeMutableRawBufferPointer
    @usableFromInline var used = 0

    public init(capacityBytes: Int = 1 << 20) {
        bytes = .allocate(byteCount: max(capacityBytes, 64), alignment: 16)
    }

    deinit { bytes.deallocate() }

    @inlinable public var count: Int { entries.count }
    @inlinable public var isEmpty: Bool { entries.isEmpty }

    /// The bytes that its records take up.
    @inlinable public var byteCount: Int { used }

    /// Forgets the records and keeps the room.
    @inlinable public mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        used = 0
    }

    /// Forgets the records after the first `count`.
    public mutating func truncate(to count: Int) {
        guard count < entries.count else { return }
        used = entries[count].start
        entries.removeLast(entries.count - count)
    }

    /// The record's place in its partition.
    @inlinable public func offset(_ index: Int) -> LogOffset { entries[index].offset }

    /// Milliseconds since 1970 UTC, by the log's clock.
    @inlinable public func appendTime(_ index: Int) -> Int64 { entries[index].appendTime }

    /// The record's key, nil where it has none. Valid until the batch is changed.
    @inlinable public func key(_ index: Int) -> UnsafeRawBufferPointer? {
        let entry = entries[index]
        return entry.keyCount < 0 ? nil : slice(entry.start, Int(entry.keyCount))
    }

    /// The record's value, nil where it has none. Valid until the batch is changed.
    @inlinable public func value(_ index: Int) -> UnsafeRawBufferPointer? {
        let entry = entries[index]
        guard entry.valueCount >= 0 else { return nil }
        return slice(
            entry.start + Int(max(entry.keyCount, 0)) + Int(entry.headersCount),
            Int(entry.valueCount))
    }

    /// The record's headers. Valid until the batch is changed.
    @inlinable public func headers(_ index: Int) -> Headers {
        let entry = entries[index]
        return Headers(
            encoded: slice(entry.start + Int(max(entry.keyCount, 0)), Int(entry.headersCount)))
    }

    @inlinable func slice(_ start: Int, _ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)])
    }

    /// For logs: adds a record, copying its parts. `headers` are encoded as `Headers` has them.
    @inlinable public mutating func append(
        offset: LogOffset, appendTime: Int64, key: UnsafeRawBufferPointer?,
        headers: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?
    ) {
        let keyCount = key?.count ?? 0
        let headersCount = headers?.count ?? 0
        let count = keyCount + headersCount + (value?.count ?? 0)
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

    @usableFromInline mutating func grow(by count: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(bytes.count * 2, used + count), alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<used]))
        bytes.deallocate()
        bytes = larger
    }
}
