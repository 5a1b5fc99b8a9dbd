import Audit
import Digest
import Messages
import Vocabulary

/// A record of `decisions` before it is sealed.
enum Line {
    case epoch(Epoch)
    case decision(Decision)
    /// By a writer of an older epoch, which goes on from where that epoch ended.
    case stale(Decision, Epoch)
}

/// Seals records one by one, as the book of record asks for it (TheLog.md, A decision): a hash of
/// the hash before it and the record's own bytes.
struct Sealer {
    var head = SHA256.text(of: "fairfill/1 decisions \(TrueHistory.partition)".utf8)
    private var epoch: Epoch = 0
    private var sequence: DecisionNumber = 0

    mutating func seal(_ line: Line) -> [UInt8] {
        switch line {
        case .epoch(let epoch):
            self.epoch = epoch
            let sequence = sequence
            return written {
                RecordEncoder.encodeEpochStarted(
                    sequence: sequence, partition: TrueHistory.partition, into: $0)
            } + end(epoch, head)
        case .decision(let decision):
            sequence = decision.sequence
            let before = HashText(head)!
            return seal(written { RecordEncoder.encode(decision, after: before, into: $0) })
        case .stale(let decision, let epoch):
            let body = written { RecordEncoder.encode(decision, into: $0) }
            return body + end(epoch, SHA256.text(of: Array(head.utf8) + body))
        }
    }

    /// Seals a certificate that names another hash than that of the decision before it, or none.
    mutating func seal(_ certificate: Decision, naming head: HashText?) -> [UInt8] {
        sequence = certificate.sequence
        return seal(written { RecordEncoder.encode(certificate, after: head, into: $0) })
    }

    /// Seals the bytes of a decision.
    mutating func seal(_ body: [UInt8]) -> [UInt8] {
        head = SHA256.text(of: Array(head.utf8) + body)
        return body + end(epoch, head)
    }

    private func end(_ epoch: Epoch, _ hash: String) -> [UInt8] {
        written { RecordEncoder.seal(epoch: epoch, hash: HashText(hash)!, into: $0) }
    }

    private func written(_ encode: (UnsafeMutableRawBufferPointer) -> Int) -> [UInt8] {
        withUnsafeTemporaryAllocation(
            byteCount: RecordEncoder.largestDecision + RecordEncoder.largestSeal, alignment: 8
        ) { room in
            Array(room[..<encode(room)])
        }
    }
}

/// The records of a book that two writers wrote, the second from the middle on.
func lines(_ decisions: [Decision]) -> [Line] {
    let middle = decisions.count / 2
    return [.epoch(1)] + decisions[..<middle].map(Line.decision) + [.epoch(2)]
        + decisions[middle...].map(Line.decision)
}

/// The records, sealed so that the chain is right.
func sealed(_ lines: [Line]) -> [[UInt8]] {
    var sealer = Sealer()
    return lines.map { sealer.seal($0) }
}

/// What the audit says about these records.
func audit(
    _ records: [[UInt8]], _ levels: Set<AuditLevel> = Set(AuditLevel.allCases),
    keeps: Int = 1_000
) -> AuditReport {
    var audit = PartitionAudit(partition: TrueHistory.partition, levels: levels, keeps: keeps)
    for (offset, record) in records.enumerated() {
        record.withUnsafeBytes { audit.examine(offset: Offset(offset), value: $0) }
    }
    return audit.finish()
}

extension AuditReport {
    /// The codes of what was found, each once, in the order of the first finding of each.
    var codes: [AuditFinding.Code] {
        var codes: [AuditFinding.Code] = []
        for finding in findings where !codes.contains(finding.code) { codes.append(finding.code) }
        return codes
    }
}
