/// Records on their way into a log: one flat buffer, reused from batch to batch. Encoders write a
/// value straight into it.
package struct OutgoingRecords: ~Copyable {
    /// A partition that records of this buffer go to, by its index in `destinations`.
    package struct Destination: Hashable, Sendable {
        package let index: Int
        @usableFromInline init(index: Int) { self.index = index }
    }

    /// One record's parts; the pointers are valid until the buffer is changed.
    package struct Record {
        package let destination: Destination
        package let key: UnsafeRawBufferPointer?
        /// Encoded as `Headers` has them.
        package let headers: UnsafeRawBufferPointer
        package let value: UnsafeRawBufferPointer?

        @usableFromInline init(
            destination: Destination, key: UnsafeRawBufferPointer?,
            headers: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?
        ) {
            self.destination = destination
            self.key = key
            self.headers = headers
            self.value = value
        }
    }

    @usableFromInline struct Entry {
        @usableFromInline var start: Int
        @usableFromInline var destination: Int32
        @usableFromInline var keyCount: Int32
        @usableFromInline var headersCount: Int32
        @usableFromInline var valueCount: Int32

        @usableFromInline init(
            start: Int, destination: Int32, keyCount: Int32, headersCount: Int32, valueCount: Int32
        ) {
            self.start = start
            self.destination = destination
            self.keyCount = keyCount
            self.headersCount = headersCount
            self.valueCount = valueCount
        }
    }

    package private(set) var destinations: [TopicPartition] = []
    @usableFromInline var entries: [Entry] = []
    @usableFromInline var bytes: UnsafeMutableRawBufferPointer
    @usableFromInline var used = 0

    package init(capacityBytes: Int = 1 << 16) {
        bytes = .allocate(byteCount: max(capacityBytes, 64), alignment: 16)
    }

    deinit { bytes.deallocate() }

    @inlinable package var count: Int { entries.count }
    @inlinable package var isEmpty: Bool { entries.isEmpty }
    @inlinable package var byteCount: Int { used }

    /// Forgets the records; destinations and room stay.
    @inlinable package mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        used = 0
    }

    /// Forgets the records after the first `count`.
    package mutating func truncate(to count: Int) {
        guard count < entries.count else { return }
        used = entries[count].start
        entries.removeLast(entries.count - count)
    }

    /// The handle of a partition; the same one gives the same handle.
    package mutating func destination(_ partition: TopicPartition) -> Destination {
        if let index = destinations.firstIndex(of: partition) { return Destination(index: index) }
        destinations.append(partition)
        return Destination(index: destinations.count - 1)
    }

    /// Adds a record whose value `encode` writes: it gets room for `largestValue` bytes and
    /// answers how many it used.
    @inlinable package mutating func append(
        to destination: Destination, key: UnsafeRawBufferPointer?,
        headers: UnsafeRawBufferPointer? = nil, largestValue: Int,
        encode: (UnsafeMutableRawBufferPointer) -> Int
    ) {
        let keyCount = key?.count ?? 0
        let headersCount = headers?.count ?? 0
        let needed = keyCount + headersCount + largestValue
        if bytes.count - used < needed { grow(by: needed) }
        let start = used
        put(key)
        put(headers)
        let count = encode(
            UnsafeMutableRawBufferPointer(rebasing: bytes[used..<(used + largestValue)]))
        precondition(count >= 0 && count <= largestValue)
        used += count
        entries.append(
            Entry(
                start: start, destination: Int32(truncatingIfNeeded: destination.index),
                keyCount: key == nil ? -1 : Int32(keyCount), headersCount: Int32(headersCount),
                valueCount: Int32(count)))
    }

    /// Adds a record with a value at hand; nil is a record without one.
    package mutating func append(
        to destination: Destination, key: UnsafeRawBufferPointer?,
        headers: UnsafeRawBufferPointer? = nil, value: UnsafeRawBufferPointer?
    ) {
        append(
            to: destination, key: key, headers: headers, largestValue: value?.count ?? 0
        ) { room in
            if let value { room.copyMemory(from: value) }
            return value?.count ?? 0
        }
        if value == nil { entries[entries.count - 1].valueCount = -1 }
    }

    /// Adds a copy of all records of `other`.
    package mutating func append(_ other: borrowing OutgoingRecords) {
        let base = used
        var mapped: [Int32] = []
        for partition in other.destinations { mapped.append(Int32(destination(partition).index)) }
        if bytes.count - used < other.used { grow(by: other.used) }
        put(UnsafeRawBufferPointer(rebasing: other.bytes[..<other.used]))
        entries.reserveCapacity(entries.count + other.entries.count)
        for entry in other.entries {
            var copy = entry
            copy.start += base
            copy.destination = mapped[Int(entry.destination)]
            entries.append(copy)
        }
    }

    /// The record at `index`, in order of appending.
    @inlinable package subscript(index: Int) -> Record {
        let entry = entries[index]
        let headersAt = entry.start + Int(max(entry.keyCount, 0))
        let valueAt = headersAt + Int(entry.headersCount)
        return Record(
            destination: Destination(index: Int(entry.destination)),
            key: entry.keyCount < 0 ? nil : slice(entry.start, Int(entry.keyCount)),
            headers: slice(headersAt, Int(entry.headersCount)),
            value: entry.valueCount < 0 ? nil : slice(valueAt, Int(entry.valueCount)))
    }

    @inlinable func slice(_ start: Int, _ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)])
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
