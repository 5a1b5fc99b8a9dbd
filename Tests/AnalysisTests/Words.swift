import LedgerLanguage
import Messages
import Vocabulary

/// Records with their times in the words of ledgers, and decisions as the records of a topic.
enum Words {
    /// `TIME` and a record, as `parse` of LedgerLanguage takes it.
    static func record(_ line: Substring) -> TimedRecord {
        let parts = line.split(separator: " ", maxSplits: 1)
        return TimedRecord(parse(String(parts[1])), at: Timestamp(Int64(parts[0])!))
    }

    // MARK: Records of decisions. Nothing that reads them here looks at the hash.

    private static let hash = HashText(String(repeating: "0", count: 64))!

    static func record(_ decision: Decision, epoch: Epoch = 1) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: RecordEncoder.largestDecision) { buffer, count in
            let room = UnsafeMutableRawBufferPointer(buffer)
            count = RecordEncoder.encode(decision, after: hash, into: room)
            count += RecordEncoder.seal(
                epoch: epoch, hash: hash,
                into: UnsafeMutableRawBufferPointer(rebasing: room[count...]))
        }
    }

    /// The record with which a writer begins.
    static func started(_ epoch: Int, partition: Partition) -> [UInt8] {
        Array(
            (#"{"type":"epochStarted","seq":0,"partition":\#(partition),"epoch":\#(epoch),"hash":""#
                + String(repeating: "0", count: 64) + #""}"#).utf8)
    }
}
