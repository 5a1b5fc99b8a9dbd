import EventLog
import Glibc

/// Goes through a part of a partition, batch by batch or record by record.
struct RecordCursor: ~Copyable {
    private let log: any EventLog
    private let partition: TopicPartition
    private let reader: any LogReader
    private let end: LogOffset
    private let limit: Int
    private let mustEnd: () -> Bool
    /// The records read last, and which of them is looked at.
    private(set) var batch = RecordBatch()
    private(set) var index = -1

    /// What could not be unpacked, the first of it.
    private(set) var unreadable: [UnreadableRange] = []
    static let mostUnreadable = 100
    /// Offsets that empty records are still to stand for.
    private var empty: Range<Int64> = 0..<0
    /// How much is read at once: little where what is read behind something that can't be unpacked
    /// may have to be read again.
    private var taken: Int

    /// How long a log may give nothing, though more is there.
    private static let patience = Duration.seconds(60)

    init(
        _ log: any EventLog, _ partition: TopicPartition, from start: LogOffset,
        upTo end: LogOffset, limit: Int = 10_000, watch: CopyWatch = CopyWatch()
    ) throws(CopyFailure) {
        self.log = log
        self.partition = partition
        self.end = end
        self.limit = limit
        taken = limit
        mustEnd = watch.mustEnd
        reader = try logged { () throws(LogError) in
            try log.openReader([ReadStart(partition, from: start)])
        }
    }

    deinit { reader.close() }

    /// Everything before it has been read: the end, if the reader came past it.
    var position: LogOffset {
        min(empty.isEmpty ? reader.position(0) : LogOffset(empty.lowerBound), end)
    }

    /// Reads the next batch, unless the copy is to end; false at the end of the
    /// part. A batch without records has passed a gap.
    mutating func fill() throws(CopyFailure) -> Bool {
        batch.removeAll()
        index = -1
        guard position < end else { return false }
        guard empty.isEmpty else {
            putEmpty()
            return true
        }
        let start = reader.position(0)
        let since = ContinuousClock.now
        while batch.isEmpty, reader.position(0) == start {
            if mustEnd() { throw .interrupted }
            guard ContinuousClock.now - since < Self.patience else {
                throw .log(
                    LogError(
                        .timedOut,
                        "\(log.url) gave nothing of \(partition) from \(start) on for "
                            + "\(Self.patience); run the copy again once it answers",
                        isRetriable: true))
            }
            do throws(LogError) {
                guard try reader.read(0, into: &batch, limit: taken) == 0 else { break }
                if reader.position(0) == start { try reader.wait(timeoutMilliseconds: 50) }
            } catch {
                throw .log(error)
            }
        }
        try replaceUnreadable()
        var count = batch.count
        while count > 0, batch.offset(count - 1) >= end { count -= 1 }
        batch.truncate(to: count)
        return true
    }

    /// Offsets that nobody can unpack are carried as empty records, stamped with the first
    /// millisecond there is: a copy holds the same offsets, and its decisions about them stand.
    private mutating func replaceUnreadable() throws(CopyFailure) {
        for index in 0..<batch.count {
            guard let last = batch.unreadable(index) else { continue }
            let first = batch.offset(index)
            if unreadable.count < Self.mostUnreadable {
                unreadable.append(UnreadableRange(partition, first, last))
            }
            // What was read behind it is read again.
            batch.truncate(to: index)
            taken = 1
            do throws(LogError) {
                try reader.seek(0, to: last.next)
            } catch {
                throw .log(error)
            }
            empty = first.rawValue..<last.rawValue + 1
            if batch.isEmpty { putEmpty() }
            return
        }
        taken = min(limit, taken * 2)
    }

    private mutating func putEmpty() {
        let count = min(limit, empty.count, Int(end.rawValue - empty.lowerBound))
        for offset in empty.prefix(count) {
            batch.append(
                offset: LogOffset(offset), appendTime: 1, key: nil, headers: nil, value: nil)
        }
        empty = empty.dropFirst(count)
    }

    /// Goes to the next record; false after the last.
    mutating func advance() throws(CopyFailure) -> Bool {
        index += 1
        while index >= batch.count {
            guard try fill() else { return false }
            index = 0
        }
        return true
    }

    /// The offset of the record looked at.
    var offset: LogOffset { batch.offset(index) }

    /// What both records looked at differ in, or nil.
    func difference(from other: borrowing RecordCursor) -> String? {
        if batch.appendTime(index) != other.batch.appendTime(other.index) { return "append time" }
        if !Self.same(batch.key(index), other.batch.key(other.index)) { return "key" }
        if !Self.same(batch.value(index), other.batch.value(other.index)) { return "value" }
        let headers = batch.headers(index).encoded
        return Self.same(headers, other.batch.headers(other.index).encoded) ? nil : "headers"
    }

    /// Whether both are missing, or have the same bytes.
    private static func same(
        _ left: UnsafeRawBufferPointer?, _ right: UnsafeRawBufferPointer?
    ) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        guard left.count == right.count else { return false }
        return left.isEmpty || memcmp(left.baseAddress!, right.baseAddress!, left.count) == 0
    }
}
