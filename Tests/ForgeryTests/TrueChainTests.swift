import Testing

import Audit
import Vocabulary

/// Nothing is found in what is right, and the report counts it.
@Suite struct TrueChainTests {
    @Test func theStoryHasEveryTypeAndManyReasons() throws {
        let decisions = try TrueHistory.whole()
        let types = Set(decisions.map(\.event.type))
        #expect(Set(DecisionType.allCases).subtracting(types) == [.epochStarted])
        let reasons = Set(
            decisions.compactMap {
                if case .rejected(let rejection) = $0.event { rejection.reason } else { nil }
            })
        #expect(
            reasons == [
                .malformed, .wrongEnvironment, .misrouted, .unknownOffering, .conflictingDuplicate,
                .filled, .closed, .paused, .notOpenYet, .archived, .rateLimited, .belowMinimum,
                .notALot, .tooLarge, .overAccountCap, .tooManyAccounts, .waitlistFull,
                .badTerms, .wrongState, .unknownCommand, .amountMismatch,
            ])
    }

    @Test(arguments: [AuditLevel.allCases, [.chain], [.arithmetic], []])
    func nothingIsFound(_ levels: [AuditLevel]) throws {
        let decisions = try TrueHistory.whole()
        var sealer = Sealer()
        let records = lines(decisions).map { sealer.seal($0) }
        let report = audit(records, Set(levels))
        for finding in report.findings { Issue.record("\(finding.code): \(finding.sentence)") }
        #expect(report.totalFindings == 0)
        #expect(report.levels == levels)
        for level in AuditLevel.allCases {
            #expect(report.passed(level) == levels.contains(level))
        }
        #expect(report.partition == TrueHistory.partition)
        #expect(report.records == Int64(decisions.count) + 2)
        #expect(report.firstOffset == 0)
        #expect(report.lastOffset == Offset(decisions.count + 1))
        #expect(report.firstSequence == 1)
        #expect(report.lastSequence == DecisionNumber(decisions.count))
        #expect(report.epochs == 2)
        #expect(report.ignoredStale == 0)
        #expect(report.head == sealer.head)
    }

    @Test func typesAndReasonsAreCounted() throws {
        let decisions = try TrueHistory.whole()
        let report = audit(sealed(lines(decisions)))
        for type in DecisionType.allCases {
            let count = Int64(decisions.count { $0.event.type == type })
            let found = report.types.first { $0.type == type }?.count ?? 0
            #expect(found == (type == .epochStarted ? 2 : count), "\(type)")
        }
        #expect(report.types.map(\.count).reduce(0, +) == report.records)
        for reason in Reason.allCases {
            let count = Int64(
                decisions.count {
                    if case .rejected(let rejection) = $0.event {
                        rejection.reason == reason
                    } else {
                        false
                    }
                })
            let found = report.reasons.first { $0.reason == reason }?.count
            #expect(found == (count > 0 ? count : nil), "\(reason)")
        }
    }

    /// The story so far is right after every whole group, whoever writes the next.
    @Test func everyBeginningIsRight() throws {
        let decisions = try TrueHistory.whole()
        for end in decisions.indices where decisions[end].n == 0 {
            let report = audit(sealed(lines(Array(decisions[..<end]))))
            #expect(report.totalFindings == 0, "\(end): \(report.findings.map(\.sentence))")
        }
    }

    /// A book that nobody has written to is right, and its head is where the chain begins.
    @Test func theEmptyBook() {
        let report = audit([])
        #expect(report.totalFindings == 0)
        #expect(report.passed(.chain) && report.passed(.arithmetic))
        #expect(report.head == Sealer().head)
        #expect(report.firstOffset == nil && report.lastSequence == 0)
    }
}
