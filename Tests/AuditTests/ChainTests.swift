import Audit
import Testing
import Vocabulary

/// The chain: no record can be changed, left out, added or moved without being found.
@Suite struct ChainTests {
    private let records = seal(AuditedSale.sale)

    @Test func aTrueBookHasNoFindings() {
        let report = audit(records)
        #expect(report.findings.isEmpty, "\(report.findings)")
        #expect(report.passed(.chain) && report.passed(.arithmetic))
        #expect(report.records == Int64(records.count))
        #expect(report.epochs == 2)
        #expect(report.lastSequence == DecisionNumber(Int64(records.count - 2)))
        let last = String(decoding: records[records.count - 1], as: UTF8.self)
        #expect(last.hasSuffix(#""hash":"\#(report.head)"}"#))
        let types = Set(report.types.map(\.type))
        #expect(
            types.isSuperset(of: [
                .opened, .reserved, .waitlisted, .rejected, .repeated, .promoted, .settled,
                .released, .inDoubt, .fullyReserved, .filled, .epochStarted,
            ]), "the story has everything in it: \(types)")
    }

    /// Every byte of every record, changed to several others.
    @Test func everyChangedByteIsFound() {
        for (index, record) in records.enumerated() {
            for position in record.indices {
                for change in [1, 2, 0x20] as [UInt8] {
                    var changed = records
                    changed[index][position] ^= change
                    let report = audit(changed, levels: [.chain])
                    if report.totalFindings == 0 {
                        Issue.record(
                            """
                            byte \(position) of record \(index) xor \(change) was not found: \
                            \(String(decoding: changed[index], as: UTF8.self))
                            """)
                        return
                    }
                }
            }
        }
    }

    @Test func everyMissingRecordIsFound() {
        // Without the last one the book is a true book that ends earlier.
        for index in 0..<(records.count - 1) {
            var without = records
            without.remove(at: index)
            let report = audit(without, levels: [.chain])
            #expect(report.totalFindings > 0, "record \(index)")
            #expect(!report.passed(.chain))
        }
    }

    @Test func everyDoubleRecordIsFound() {
        for index in records.indices {
            var double = records
            double.insert(records[index], at: index)
            #expect(audit(double, levels: [.chain]).totalFindings > 0, "record \(index)")
        }
    }

    @Test func everyTwoRecordsThatWereSwappedAreFound() {
        for index in 0..<(records.count - 1) {
            var swapped = records
            swapped.swapAt(index, index + 1)
            #expect(audit(swapped, levels: [.chain]).totalFindings > 0, "record \(index)")
        }
    }

    /// Cut short and written again, with a chain that is right: found by what it must add up to.
    @Test func aCutRecordCannotBeRead() {
        for count in 0..<records[3].count {
            var cut = records
            cut[3] = Array(records[3][..<count])
            let codes = audit(cut, levels: [.chain]).findings.map(\.code)
            #expect(codes.first == .unreadable, "\(count) bytes: \(codes)")
        }
    }

    /// A writer that was taken over from may have had records under way.
    @Test func recordsOfAnOlderEpochDoNotCount() {
        var bodies = AuditedSale.sale
        let second = bodies.indices.filter { bodies[$0].isStart }[1]
        let sealed = seal(bodies)
        var stale = bodies[second - 1]
        stale.epoch = 1
        bodies.insert(stale, at: second + 1)
        var withStale = sealed
        withStale.insert(sealed[second - 1], at: second + 1)
        let report = audit(withStale)
        #expect(report.findings.isEmpty, "\(report.findings)")
        #expect(report.ignoredStale == 1)
        #expect(report.head == audit(sealed).head)
    }

    @Test func epochsMustBeginAndRise() {
        var never = AuditedSale.sale
        never[never.count - 1].epoch = 7
        #expect(audit(seal(never)).findings.map(\.code) == [.unknownEpoch])

        var again = AuditedSale.sale
        let second = again.indices.filter { again[$0].isStart }[1]
        again[second].epoch = 1
        #expect(audit(seal(again)).findings.map(\.code).contains(.wrongEpoch))

        var elsewhere = AuditedSale.sale
        elsewhere[second].text = elsewhere[second].text
            .replacingFirst(#""seq":"#, with: #""seq":1"#)
        #expect(audit(seal(elsewhere)).findings.map(\.code) == [.wrongEpoch])
    }

    @Test func anotherPartitionsDecisionIsFound() {
        var bodies = AuditedSale.sale
        bodies[2].text = bodies[2].text.replacingFirst(#""partition":3"#, with: #""partition":4"#)
        #expect(audit(seal(bodies)).findings.map(\.code).contains(.wrongPartition))
    }
}

extension String {
    /// The text with the first occurrence replaced; the same text where there is none.
    func replacingFirst(_ word: String, with other: String) -> String {
        guard let range = firstRange(of: word) else { return self }
        var changed = self
        changed.replaceSubrange(range, with: other)
        return changed
    }
}
