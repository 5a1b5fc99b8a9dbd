import Digest
import Messages
import Vocabulary

/// Follows the chain of one partition's decisions (TheLog.md, A decision).
struct ChainAudit: ~Copyable {
    private let partition: Partition
    private var digest = SHA256()
    private(set) var head: HashText
    private(set) var sequence: DecisionNumber = 0
    private(set) var epoch: Epoch = 0
    private(set) var epochs: Int64 = 0
    /// The epoch of the last decision.
    private var headEpoch: Epoch = 0

    init(partition: Partition) {
        self.partition = partition
        head = HashText(SHA256.text(of: "fairfill/1 decisions \(partition)".utf8))!
    }

    /// What is to be done with a record.
    enum Verdict {
        case counts
        /// Of a writer that another had taken over from.
        case stale
    }

    /// Follows a record; `fault` hears what is wrong with it. After a fault it goes on from what
    /// the record says, so that one fault is one finding.
    mutating func follow(
        _ record: borrowing DecisionRecord, _ bytes: UnsafeRawBufferPointer,
        fault: (AuditFinding.Code, String) -> Void
    ) -> Verdict {
        switch record.content {
        case .epochStarted(let after, let partition):
            // Each is one more than the one before; a gap would make true decisions look stale.
            if record.epoch.rawValue != epoch.rawValue + 1 {
                fault(.wrongEpoch, "epoch \(record.epoch) begins in epoch \(epoch)")
            }
            if partition != self.partition {
                fault(
                    .wrongPartition,
                    "epoch \(record.epoch) is that of a writer of partition \(partition)")
            }
            if after != sequence {
                fault(
                    .wrongEpoch,
                    "epoch \(record.epoch) begins after decision \(after), and decision "
                        + "\(sequence) is the last")
            }
            if record.hash != head {
                fault(.wrongHash, "epoch \(record.epoch) repeats another hash than the last one")
            }
            epoch = max(epoch, record.epoch)
            epochs += 1
            return .counts
        case .decision(let decision):
            if record.epoch < epoch {
                guard claimsOlderEpoch(record, bytes) else { return .stale }
                fault(
                    .wrongEpoch,
                    "decision \(decision.sequence) says epoch \(record.epoch) and continues a "
                        + "decision of epoch \(headEpoch)")
            }
            if record.epoch > epoch {
                fault(
                    .unknownEpoch,
                    "decision \(decision.sequence) is of epoch \(record.epoch), which never began")
                epoch = record.epoch
            }
            if decision.sequence.rawValue != sequence.rawValue + 1 {
                fault(
                    .wrongSequence, "decision \(decision.sequence) follows decision \(sequence)")
            }
            if hash(bytes, record.hashedCount) != record.hash {
                fault(
                    .wrongHash,
                    "the hash of decision \(decision.sequence) is not that of its bytes and the "
                        + "hash before it")
            }
            if case .offering(.certificate) = decision.event, record.head != head {
                fault(
                    .wrongHash,
                    "the certificate of decision \(decision.sequence) names another head")
            }
            sequence = decision.sequence
            head = record.hash
            headEpoch = epoch
            return .counts
        }
    }

    /// Whether a decision with an older epoch is not what a writer had under way when it was taken
    /// over from: no such writer could know a hash that a newer one made, and the first epoch is 1.
    private mutating func claimsOlderEpoch(
        _ record: borrowing DecisionRecord, _ bytes: UnsafeRawBufferPointer
    ) -> Bool {
        if record.epoch < 1 { return true }
        return record.epoch < headEpoch && hash(bytes, record.hashedCount) == record.hash
    }

    private mutating func hash(_ bytes: UnsafeRawBufferPointer, _ count: Int) -> HashText {
        head.withBytes { digest.update($0) }
        digest.update(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        return withUnsafeTemporaryAllocation(byteCount: HashText.count, alignment: 8) { text in
            digest.finish(intoText: text)
            return HashText(UnsafeRawBufferPointer(text))!
        }
    }
}
