import EventLog
import SQLite

extension LogStore {
    /// Writes a batch of a copy with the offsets and times that it has. The partition must end at
    /// `first`, or never have held a record; then it begins there. It ends at `last` afterwards.
    func take(
        _ batch: borrowing RecordBatch, to partition: TopicPartition, id: Int64, from first: Int64,
        upTo last: Int64
    ) throws(LogError) {
        try write { () throws(LogError) in
            let other = try sql { () throws(SQLiteError) -> Int64? in
                let bounds = try connection.prepare(
                    "SELECT start_offset, end_offset FROM partitions WHERE id = ?1")
                bounds.bind(1, id)
                _ = try bounds.step()
                let (start, end) = (bounds.integer(0), bounds.integer(1))
                guard end == first || start == 0 && end == 0 else { return end }
                let move = try connection.prepare(
                    "UPDATE partitions SET start_offset = ?2, end_offset = ?3 WHERE id = ?1")
                move.bind(1, id)
                move.bind(2, end == first ? start : first)
                move.bind(3, last)
                try move.run()
                try insert(batch, id)
                return nil
            }
            if let other {
                throw .otherWriter(partition, end: LogOffset(other), expected: LogOffset(first))
            }
        }
    }

    private func insert(_ batch: borrowing RecordBatch, _ id: Int64) throws(SQLiteError) {
        var newest: Int64 = 0
        for index in 0..<batch.count {
            let headers = batch.headers(index).encoded
            let time = batch.appendTime(index)
            newest = max(newest, time)
            insert.bind(
                1, Schema.position(partition: id, offset: batch.offset(index).rawValue))
            insert.bind(2, time)
            insert.bind(3, batch.key(index))
            insert.bind(4, batch.value(index))
            insert.bind(5, headers.isEmpty ? nil : headers)
            _ = try insert.step()
            insert.reset()
        }
        // What is appended here afterwards must not be older than what the copy brought.
        newestTime = newest
    }
}
