import Testing

import Audit
import Messages
import TestRun
import Vocabulary

/// The chain: whatever is changed, taken out, doubled or moved is found.
@Suite struct DamagedChainTests {
    let decisions: [Decision]
    let records: [[UInt8]]

    init() throws {
        decisions = try TrueHistory.whole()
        records = sealed(lines(decisions))
    }

    /// Every byte of every record, changed to some others: a digit to the next and the one before,
    /// a letter to its other case, and each to a space, a quote, a brace and a byte of no text. In
    /// the quick run each byte is changed to one of these, and its neighbour to the next of them.
    ///
    /// The epoch of a decision is not hashed: where the last decision names an older epoch, it is
    /// one that an older writer might have written, and readers pass it. That is counted.
    @Test func everyChangedByteIsFound() async {
        let changes = await withTaskGroup(of: Int.self) { group in
            for index in records.indices { group.addTask { changeEveryByte(of: index) } }
            return await group.reduce(0, +)
        }
        #expect(changes > Extent.size(quick: 5_000, all: 50_000, long: 50_000))
    }

    /// Answers how many changes were made.
    private func changeEveryByte(of index: Int) -> Int {
        var changes = 0
        var changed = records
        for (position, byte) in records[index].enumerated() {
            let others = [
                byte ^ 0x01, byte &+ 1, byte &- 1, byte ^ 0x20, UInt8(ascii: " "),
                UInt8(ascii: "\""), UInt8(ascii: "}"), UInt8(ascii: "0"), 0xff,
            ]
            let one = position % others.count
            for other in Extent.size(quick: others[one...one], all: others[...], long: others[...])
            where other != byte {
                changed[index][position] = other
                changes += 1
                guard let report = auditUntilFirstFinding(changed) else { continue }
                let text = String(decoding: changed[index], as: UTF8.self)
                let isLast = index == records.count - 1
                #expect(
                    isLast && report.ignoredStale == 1 && text.contains(",\"epoch\":1,"),
                    "byte \(position) of record \(index) is \(other): \(text)")
            }
            changed[index][position] = byte
        }
        return changes
    }

    /// The report of a chain in which nothing is found; nil as soon as something is. A finding
    /// stays, so the rest of the chain can't take it back.
    private func auditUntilFirstFinding(_ records: [[UInt8]]) -> AuditReport? {
        var audit = PartitionAudit(partition: TrueHistory.partition, levels: [.chain])
        for (offset, record) in records.enumerated() {
            record.withUnsafeBytes { audit.examine(offset: Offset(offset), value: $0) }
            guard audit.findings.isEmpty else { return nil }
        }
        let report = audit.finish()
        return report.totalFindings == 0 ? report : nil
    }

    /// A damaged record is found at the arithmetic level, too, if that is all that is looked at.
    @Test func whatCannotBeReadCannotBeAddedUp() {
        var changed = records
        changed[5][0] = UInt8(ascii: "[")
        for level in AuditLevel.allCases {
            let report = audit(changed, [level])
            #expect(report.codes.contains(.unreadable))
            #expect(!report.passed(level))
        }
    }

    /// A changed record is one finding, not one for every record after it.
    @Test func oneFaultIsOneFinding() throws {
        let middle = try #require(
            decisions.firstIndex { if case .bid(.settled) = $0.event { true } else { false } })
        var changed = records
        let position = try #require(
            changed[middle + 1].firstIndex(of: UInt8(ascii: "b")))
        changed[middle + 1][position + 3] ^= 0x01
        let found = audit(changed, [.chain]).codes
        #expect(found == [.wrongHash] || found == [.unreadable, .wrongSequence, .wrongHash])
    }

    // MARK: Records that are not where they were

    @Test func aRecordTakenOutIsFound() {
        for index in records.indices {
            var changed = records
            changed.remove(at: index)
            let report = audit(changed, [.chain])
            switch kind(of: index) {
            // Nobody can tell from a book alone that it once was longer; its head tells.
            case .decision where index == records.count - 1:
                #expect(report.totalFindings == 0)
                #expect(report.head != audit(records).head)
            case .decision where index == secondEpoch - 1:
                #expect(report.codes == [.wrongEpoch, .wrongHash, .wrongSequence])
            case .decision: #expect(report.codes == [.wrongSequence, .wrongHash], "\(index)")
            case .epoch: #expect(report.codes == [.unknownEpoch], "\(index)")
            }
        }
    }

    @Test func aRecordTwiceIsFound() {
        for index in records.indices {
            var changed = records
            changed.insert(records[index], at: index)
            let report = audit(changed, [.chain])
            switch kind(of: index) {
            case .decision: #expect(report.codes == [.wrongSequence, .wrongHash], "\(index)")
            case .epoch: #expect(report.codes == [.wrongEpoch], "\(index)")
            }
            #expect(report.records == Int64(records.count + 1))
        }
    }

    @Test func twoRecordsInAnotherOrderAreFound() {
        for index in records.indices.dropLast() {
            var changed = records
            changed.swapAt(index, index + 1)
            let codes = audit(changed, [.chain]).codes
            switch (kind(of: index), kind(of: index + 1)) {
            case (.decision, .decision) where index + 1 == secondEpoch - 1:
                #expect(codes == [.wrongSequence, .wrongHash, .wrongEpoch])
            case (.decision, .decision): #expect(codes == [.wrongSequence, .wrongHash])
            case (.epoch, _): #expect(codes.first == .unknownEpoch, "\(index)")
            // The older writer's last decision is stale now: it seems to be missing.
            case (.decision, .epoch):
                #expect(codes == [.wrongEpoch, .wrongHash, .wrongSequence])
            }
        }
    }

    @Test func aBookOfAnotherPartitionIsFound() throws {
        var audit = PartitionAudit(partition: 4)
        for (offset, record) in records.enumerated() {
            record.withUnsafeBytes { audit.examine(offset: Offset(offset), value: $0) }
        }
        let report = audit.finish()
        #expect(Set(report.codes).isSuperset(of: [.wrongHash, .wrongPartition]))
        #expect(!report.passed(.chain))
    }

    /// A certificate names the hash that its offering ended with. One that names another, or none,
    /// under a chain that is sealed anew behind it, is found by that alone.
    @Test func aCertificateOfAnotherHeadIsFound() throws {
        let positions = decisions.indices.filter {
            if case .offering(.certificate) = decisions[$0].event { true } else { false }
        }
        #expect(positions.count > 3)
        for position in positions {
            for head in ["one before", "of nothing", nil] {
                var sealer = Sealer()
                var records = [sealer.seal(.epoch(1))]
                var before = sealer.head
                for (index, decision) in decisions.enumerated() {
                    if index == position {
                        let named = head.map {
                            $0 == "one before" ? before : String(sealer.head.reversed())
                        }
                        records.append(sealer.seal(decision, naming: named.map { HashText($0)! }))
                    } else {
                        before = sealer.head
                        records.append(sealer.seal(.decision(decision)))
                    }
                }
                let report = audit(records)
                #expect(report.codes == [.wrongHash], "\(position) \(head ?? "none")")
                #expect(report.totalFindings == 1 && report.passed(.arithmetic))
                #expect(report.findings.first?.sequence == decisions[position].sequence)
            }
        }
    }

    // MARK: What a record is

    enum Kind { case epoch, decision }

    var secondEpoch: Int { decisions.count / 2 + 1 }

    func kind(of index: Int) -> Kind {
        index == 0 || index == secondEpoch ? .epoch : .decision
    }
}
