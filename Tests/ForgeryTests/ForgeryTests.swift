import Testing

import Audit
import Vocabulary

/// Books whose chain is right and that say one thing that is not so.
@Suite struct ForgeryTests {
    @Test(arguments: Forgery.all)
    func isFound(_ forgery: Forgery) throws {
        var forged = try Forged()
        try forgery.forge(&forged)
        #expect(try forged.decisions != Forged().decisions, "nothing was changed")
        let records = sealed(lines(forged.decisions))
        let report = audit(records)
        #expect(report.passed(.chain), "\(report.codes)")
        #expect(
            report.codes.contains(forgery.code),
            "\(report.findings.map { "\($0.code): \($0.sentence)" })")
        #expect(report.findings.allSatisfy { $0.level == .arithmetic && !$0.sentence.isEmpty })
        // The chain alone has nothing to say against it.
        #expect(audit(records, [.chain]).totalFindings == 0)
        #expect(audit(records, [.arithmetic]).totalFindings == report.totalFindings)
    }

    @Test func everyCodeOfTheArithmeticIsProvoked() {
        let ofTheChain: Set<AuditFinding.Code> = [
            .unreadable, .wrongHash, .wrongSequence, .wrongEpoch, .unknownEpoch, .wrongPartition,
        ]
        #expect(
            Set(Forgery.all.map(\.code)) == Set(AuditFinding.Code.allCases).subtracting(ofTheChain))
        #expect(Set(Forgery.all.map(\.name)).count == Forgery.all.count)
    }

    /// A decision of another partition is right in its arithmetic, and found.
    @Test func anotherPartitionIsFound() throws {
        for index in try Forged().decisions.indices {
            var forged = try Forged()
            forged[index].source.partition = 4
            #expect(audit(sealed(lines(forged.decisions))).codes.first == .wrongPartition)
        }
    }

    /// Each counter of each decision.
    @Test func everyCounterIsRecomputed() throws {
        let counters: [WritableKeyPath<Counters, Shares>] = [\.free, \.reserved, \.settled]
        let changed = try Forged().decisions.indices.flatMap { index in
            counters.map { (index, $0) }
        }
        var told = 0
        for (index, counter) in changed {
            for step in [Shares(1), -1] {
                var forged = try Forged()
                guard let before = forged[index].counters?[keyPath: counter],
                    (before + step).rawValue >= 0
                else { continue }
                forged[index].counters?[keyPath: counter] += step
                told += 1
                let report = audit(sealed(lines(forged.decisions)))
                #expect(report.passed(.chain))
                #expect(report.codes.contains(.wrongCounters), "decision \(index + 1)")
                #expect(report.findings.first?.offset == report.offset(of: index))
            }
        }
        #expect(told > 150)
    }
}

extension AuditReport {
    /// Where a decision stands in a book that two writers wrote.
    func offset(of index: Int) -> Offset {
        Offset(index < Int(records - 2) / 2 ? index + 1 : index + 2)
    }
}

extension Forgery {
    static let all =
        ofSources + ofCounters + ofParts + ofPayments + ofLimits + ofTerms + ofRefusals
        + ofStates + ofServing + ofRepeats + ofCommands + ofPartition + ofReturns
}
