import Digest
import Messages
import Vocabulary

/// Follows the chain of one partition's decisions (log.md, A decision).
struct ChainAudit: ~Copyable {
    private var digest = SHA256()
    private(set) var head: HashText
    private(set) var sequence: Sequence = 0
    private(set) var epoch: Epoch = 0
    private(set) var epochs: Int64 = 0

    init(partition: Partition) {
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
        case .epochStarted(let after):
            if record.epoch <= epoch {
                fault(.wrongEpoch, "epoch \(record.epoch) begins in epoch \(epoch)")
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
            if record.epoch < epoch { return .stale }
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
            sequence = decision.sequence
            head = record.hash
            return .counts
        }
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
