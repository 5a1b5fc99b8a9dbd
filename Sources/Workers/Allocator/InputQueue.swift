import Digest
import EventLog
import Messages
import Vocabulary

/// Records of one input that were read and are not decided yet.
///
/// The writers of an input decide how large its records are. No more of them is at hand than
/// one read brings, `bytesARead` and a record, and of a record no more than the rules could look
/// at and `invalid` keeps.
struct InputQueue: ~Copyable {
    var batch = InputQueue.batch(capacityBytes: 1 << 20)
    /// The index of the record at hand.
    var cursor = 0

    var isEmpty: Bool { cursor >= batch.count }

    /// Reads more, behind what is at hand.
    mutating func fill(
        from reader: any LogReader, input: Int, limit: Int
    ) throws(LogError) -> Int {
        if isEmpty { removeAll() }
        // Commands may be asked for more of while some are at hand: a bid waits for them.
        batch.mostBytes = batch.byteCount + Self.bytesARead
        return try reader.read(input, into: &batch, limit: limit)
    }

    /// What one read of an input brings at most, but for its last record.
    static let bytesARead = 8 << 20

    /// A batch for records that others write.
    static func batch(capacityBytes: Int) -> RecordBatch {
        RecordBatch(
            capacityBytes: capacityBytes, largestPart: RecordLimits.invalidExcerpt,
            digest: { Array(SHA256.text(of: $0).utf8) })
    }

    mutating func removeAll() {
        batch.removeAll()
        cursor = 0
    }
}
