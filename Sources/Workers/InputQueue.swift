import EventLog
import Vocabulary

/// Records of one input that were read and are not decided yet.
struct InputQueue: ~Copyable {
    var batch = RecordBatch()
    /// The index of the record at hand.
    var cursor = 0

    var isEmpty: Bool { cursor >= batch.count }

    /// Reads more, behind what is at hand.
    mutating func fill(
        from reader: any LogReader, input: Int, limit: Int
    ) throws(LogError) -> Int {
        if isEmpty { removeAll() }
        return try reader.read(input, into: &batch, limit: limit)
    }

    mutating func removeAll() {
        batch.removeAll()
        cursor = 0
    }

    /// Offset and append time of the record at hand.
    var head: (offset: Int64, time: Int64)? {
        guard !isEmpty else { return nil }
        return (batch.offset(cursor).rawValue, batch.appendTime(cursor))
    }
}
