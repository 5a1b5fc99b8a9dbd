import EventLog

/// One partition of the memory log. As on Kafka, the records of an open transaction take offsets
/// as they come, and its end takes one more, a marker that no reader sees.
struct MemoryPartition {
    enum State {
        case committed, open(UInt64), never
        /// One of several that nobody can unpack, up to this offset.
        case unreadable(last: Int64)
    }

    struct Record {
        var appendTime: Int64
        var key: [UInt8]?
        var headers: [UInt8]
        var value: [UInt8]?
        var state: State
    }

    /// The offset of the first of `records`.
    private(set) var start: Int64 = 0
    private(set) var records: [Record] = []
    private var lastTime: Int64 = 0
    /// How many records belong to open transactions.
    private var openCount = 0

    var end: Int64 { start + Int64(records.count) }

    /// The first offset that is not decided upon, or the end.
    var lastStableOffset: Int64 {
        guard openCount > 0 else { return end }
        for (index, record) in records.enumerated() {
            if case .open = record.state { return start + Int64(index) }
        }
        return end
    }

    /// Appends a record and answers its offset and time. Times never step back.
    mutating func append(
        _ record: OutgoingRecords.Record, _ state: State, now: Int64
    ) -> (offset: Int64, appendTime: Int64) {
        lastTime = max(lastTime, now)
        if case .open = state { openCount += 1 }
        records.append(
            Record(
                appendTime: lastTime, key: record.key.map { Array($0) },
                headers: Array(record.headers), value: record.value.map { Array($0) },
                state: state))
        return (end - 1, lastTime)
    }

    /// Ends a transaction: its records become visible or never will be, and a marker is left.
    /// False where it has no record here.
    @discardableResult
    mutating func end(_ transaction: UInt64, commits: Bool, now: Int64) -> Bool {
        var isTouched = false
        for index in records.indices where openCount > 0 {
            if case .open(let owner) = records[index].state, owner == transaction {
                records[index].state = commits ? .committed : .never
                openCount -= 1
                isTouched = true
            }
        }
        if isTouched {
            lastTime = max(lastTime, now)
            records.append(
                Record(appendTime: lastTime, key: nil, headers: [], value: nil, state: .never))
        }
        return isTouched
    }

    /// Reads visible records from `offset` on; answers the offset after what was passed.
    func read(from offset: Int64, into batch: inout RecordBatch, limit: Int) -> Int64 {
        let stable = lastStableOffset
        var at = offset
        var left = limit
        while at < stable, left > 0, !batch.isFull {
            let record = records[Int(at - start)]
            switch record.state {
            case .committed:
                batch.append(LogOffset(at), record)
                left -= 1
            case .unreadable(let last):
                batch.appendUnreadable(from: LogOffset(at), through: LogOffset(last))
                at = last
                left -= 1
            case .open, .never: break
            }
            at += 1
        }
        return at
    }

    /// Appends a batch of records that nobody can unpack.
    mutating func appendUnreadable(count: Int64, now: Int64) {
        lastTime = max(lastTime, now)
        let last = end + count - 1
        while end <= last {
            records.append(
                Record(
                    appendTime: lastTime, key: nil, headers: [], value: nil,
                    state: .unreadable(last: last)))
        }
    }

    /// Makes a record one that nobody can unpack, or one of those readable, and empty.
    mutating func change(_ offset: Int64, isReadable: Bool) {
        records[Int(offset - start)].state =
            isReadable ? .committed : .unreadable(last: offset)
    }

    /// Takes the records of a copy with their offsets and times; what no reader sees stands in the
    /// gaps between them.
    mutating func take(_ batch: borrowing RecordBatch, from first: Int64, upTo last: Int64) {
        if records.isEmpty, start == 0 { start = first }
        precondition(end == first, "a copy goes on where the partition ends")
        func fill(upTo offset: Int64) {
            while end < offset {
                records.append(
                    Record(appendTime: lastTime, key: nil, headers: [], value: nil, state: .never))
            }
        }
        for index in 0..<batch.count {
            fill(upTo: batch.offset(index).rawValue)
            lastTime = max(lastTime, batch.appendTime(index))
            records.append(
                Record(
                    appendTime: batch.appendTime(index), key: batch.key(index).map { Array($0) },
                    headers: Array(batch.headers(index).encoded),
                    value: batch.value(index).map { Array($0) }, state: .committed))
        }
        fill(upTo: last)
    }

    /// Forgets the records before `offset`, as retention does.
    mutating func cut(before offset: Int64) {
        guard offset > start, offset <= end else { return }
        records.removeFirst(Int(offset - start))
        start = offset
    }
}

extension RecordBatch {
    /// Copies a record of the memory log.
    fileprivate mutating func append(_ offset: LogOffset, _ record: MemoryPartition.Record) {
        // An empty array has no address to speak of, yet an empty value is not a missing one.
        func withBytes(
            _ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> Void
        ) {
            guard let bytes else { return body(nil) }
            bytes.withUnsafeBytes { body($0) }
        }
        record.headers.withUnsafeBytes { headers in
            withBytes(record.key) { key in
                withBytes(record.value) { value in
                    append(
                        offset: offset, appendTime: record.appendTime, key: key, headers: headers,
                        value: value)
                }
            }
        }
    }
}
