import Messages
import Vocabulary

/// The audit of one partition's decisions: it is given the records in order, and shares no rule
/// with the allocator that wrote them.
package struct PartitionAudit: ~Copyable {
    private let levels: Set<AuditLevel>
    private let mostFindings: Int
    /// Whether the decisions are added up.
    private let isFollowed: Bool
    private var decoder = RecordDecoder()
    private var chain: ChainAudit
    private var books: BookAudit
    private var report: AuditReport
    private var typeCounts: [Int64]
    private var reasonCounts: [Int64]

    /// - Parameters:
    ///   - mostFindings: more than these are only counted.
    ///   - payments: hears of all that the decisions order the payers to do.
    package init(
        partition: Partition, levels: Set<AuditLevel> = Set(AuditLevel.allCases),
        keeps mostFindings: Int = 1_000, payments: PaymentsAudit? = nil
    ) {
        self.levels = levels
        isFollowed = levels.contains(.arithmetic) || payments != nil
        self.mostFindings = mostFindings
        chain = ChainAudit(partition: partition)
        books = BookAudit(partition: partition, payments: payments)
        report = AuditReport(partition: partition)
        report.levels = AuditLevel.allCases.filter { levels.contains($0) }
        typeCounts = Array(repeating: 0, count: DecisionType.allCases.count)
        reasonCounts = Array(repeating: 0, count: Reason.allCases.count)
    }

    /// What was found so far; what ends with the last group, `finish` finds.
    package var findings: [AuditFinding] { report.findings }

    /// Takes note that nobody can unpack what stands in `decisions` from an offset on.
    package mutating func examine(unreadable offset: Offset, _ sentence: String) {
        if report.firstOffset == nil { report.firstOffset = offset }
        report.lastOffset = offset
        add(.unreadable, .chain, offset, nil, sentence)
        endArithmetic(offset)
    }

    /// Looks at the next record of `decisions`.
    package mutating func examine(offset: Offset, value: UnsafeRawBufferPointer?) {
        report.records += 1
        if report.firstOffset == nil { report.firstOffset = offset }
        report.lastOffset = offset
        let record: DecisionRecord
        do throws(Malformation) {
            record = try decoder.decodeDecision(value)
        } catch {
            add(
                .unreadable, .chain, offset, nil,
                "the record can't be read: \(error.code.rawValue) at byte \(error.position)")
            endArithmetic(offset)
            return
        }
        var faults: [(AuditFinding.Code, String)] = []
        let verdict = chain.follow(record, value!) { faults.append(($0, $1)) }
        guard case .decision(let decision) = record.content else {
            typeCounts[DecisionType.epochStarted.index] += 1
            for (code, sentence) in faults { add(code, .chain, offset, nil, sentence) }
            return
        }
        guard case .counts = verdict else {
            report.ignoredStale += 1
            return
        }
        if decision.source.partition != report.partition {
            faults.append(
                (.wrongPartition, "the decision is of partition \(decision.source.partition)"))
        }
        for (code, sentence) in faults { add(code, .chain, offset, decision, sentence) }
        if faults.contains(where: { $0.0 == .wrongSequence }) { endArithmetic(offset) }
        count(decision)
        guard isFollowed, report.arithmeticEnd == nil else { return }
        books.follow(decision, at: offset)
        if !books.faults.isEmpty { takeFaults(offset, decision) }
    }

    /// What follows a decision that nobody knows can't be added up: any finding there would
    /// follow from the gap.
    private mutating func endArithmetic(_ offset: Offset) {
        if report.arithmeticEnd == nil { report.arithmeticEnd = offset }
    }

    /// Ends the audit.
    package mutating func finish() -> AuditReport {
        if isFollowed, report.arithmeticEnd == nil {
            books.endGroup()
            if !books.faults.isEmpty { takeFaults(report.lastOffset ?? 0, nil) }
        }
        report.lastSequence = chain.sequence
        report.epochs = chain.epochs
        report.head = "\(chain.head)"
        report.types = DecisionType.allCases.map { ($0, typeCounts[$0.index]) }
            .filter { $0.1 > 0 }
        report.reasons = Reason.allCases.map { ($0, reasonCounts[$0.index]) }
            .filter { $0.1 > 0 }
        return report
    }

    private mutating func count(_ decision: borrowing Decision) {
        if report.firstSequence == 0 { report.firstSequence = decision.sequence }
        typeCounts[decision.event.type.index] += 1
        if case .rejected(let rejection) = decision.event {
            reasonCounts[rejection.reason.index] += 1
        }
    }

    private mutating func takeFaults(_ offset: Offset, _ decision: Decision?) {
        for fault in books.faults {
            add(
                fault.code, .arithmetic, offset, decision, fault.sentence,
                fault.offering, fault.bid)
        }
        books.faults.removeAll()
    }

    private mutating func add(
        _ code: AuditFinding.Code, _ level: AuditLevel, _ offset: Offset, _ decision: Decision?,
        _ sentence: String, _ offering: Identifier? = nil, _ bid: Identifier? = nil
    ) {
        // What can't be read can't be added up either.
        let level = code == .unreadable && !levels.contains(.chain) ? .arithmetic : level
        guard levels.contains(level) else { return }
        report.totalFindings += 1
        report.failed.insert(level)
        guard report.findings.count < mostFindings else { return }
        report.findings.append(
            AuditFinding(
                code: code, level: level, offset: offset, sequence: decision?.sequence,
                offering: offering ?? decision?.offering, bid: bid, sentence: sentence))
    }
}

extension DecisionType {
    /// Its index among all.
    fileprivate var index: Int { Self.allCases.firstIndex(of: self)! }
}

extension Reason {
    fileprivate var index: Int { Self.allCases.firstIndex(of: self)! }
}
