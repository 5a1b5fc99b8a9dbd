import EventLog
import Glibc

/// Goes through a part of a partition, batch by batch or record by record.
struct RecordCursor: ~Copyable {
    private let log: any EventLog
    private let place: TopicPartition
    private let reader: any LogReader
    private let end: LogOffset
    private let limit: Int
    private let mustEnd: () -> Bool
    /// The records read last, and which of them is looked at.
    private(set) var batch = RecordBatch()
    private(set) var index = -1

    /// How long a log may give nothing, though more is there.
    private static let patience = Duration.seconds(60)

    init(
        _ log: any EventLog, _ place: TopicPartition, from start: LogOffset, upTo end: LogOffset,
        limit: Int = 10_000, watch: CopyWatch = CopyWatch()
    ) throws(CopyFailure) {
        self.log = log
        self.place = place
        self.end = end
        self.limit = limit
        mustEnd = watch.mustEnd
        reader = try logged { () throws(LogError) in
            try log.openReader([ReadStart(place, from: start)])
        }
    }

    deinit { reader.close() }

    /// Everything before it has been read: the end, if the reader came past it.
    var position: LogOffset { min(reader.position(0), end) }

    /// Reads the next batch, unless somebody wants the copy to end; false at the end of the
    /// part. A batch without records has passed a gap.
    mutating func fill() throws(CopyFailure) -> Bool {
        batch.removeAll()
        index = -1
        let start = reader.position(0)
        guard start < end else { return false }
        let since = ContinuousClock.now
        while batch.isEmpty, reader.position(0) == start {
            if mustEnd() { throw .interrupted }
            guard ContinuousClock.now - since < Self.patience else {
                throw .log(
                    LogError(
                        .timedOut,
                        "\(log.url) gave nothing of \(place) from \(start) on for "
                            + "\(Self.patience); run the copy again once it answers",
                        isRetriable: true))
            }
            do throws(LogError) {
                guard try reader.read(0, into: &batch, limit: limit) == 0 else { break }
                if reader.position(0) == start { try reader.wait(timeoutMilliseconds: 50) }
            } catch {
                throw .log(error)
            }
        }
        var count = batch.count
        while count > 0, batch.offset(count - 1) >= end { count -= 1 }
        batch.truncate(to: count)
        return true
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
