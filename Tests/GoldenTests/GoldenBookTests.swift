import Allocation
import Audit
import Messages
import Testing
import Vocabulary

/// A record written once is readable for ever, and means what it meant (Records.md): the books of
/// every release are decided, audited and rebuilt again.
@Suite struct GoldenBookTests {
    /// However few decisions a call makes, the records are those of the release to the byte.
    @Test(arguments: GoldenBook.all, [2, 7, 1_000])
    func decidedAgainToTheByte(_ book: GoldenBook, limit: Int) throws {
        let run = try GoldenRun(book.story(), limit: limit)
        expectSame(run.decisions, try book.lines(GoldenBook.decisions), "\(book), decisions")
        expectSame(run.commands, try book.lines(GoldenBook.commands), "\(book), commands")
    }

    /// The first line that differs is shown alone: all that follow differ by its hash.
    private func expectSame(_ found: [String], _ expected: [String], _ what: String) {
        for (number, (found, expected)) in zip(found, expected).enumerated() {
            guard found == expected else {
                Issue.record("\(what), line \(number + 1)\nnow:  \(found)\nthen: \(expected)")
                return
            }
        }
        #expect(found.count == expected.count, "\(what)")
    }

    /// The auditor knows the topic alone, and has no rule in common with the book.
    @Test(arguments: GoldenBook.all)
    func theAuditorFindsNothing(_ book: GoldenBook) throws {
        let lines = try book.lines(GoldenBook.decisions)
        let partition = try book.story().partition
        var audit = PartitionAudit(partition: partition, levels: Set(AuditLevel.allCases))
        for (offset, line) in lines.enumerated() {
            Array(line.utf8).withUnsafeBytes { audit.examine(offset: Offset(offset), value: $0) }
        }
        let report = audit.finish()
        #expect(report.totalFindings == 0, "\(report.findings.map(\.sentence))")
        #expect(report.passed(.chain) && report.passed(.arithmetic))
        #expect(report.records == Int64(lines.count) && report.ignoredStale == 0)
        let heads = try GoldenHeads(of: book)
        #expect(report.head == heads[book])
    }

    /// After every group the book that was rebuilt from the records equals the one that decided,
    /// and goes on as that one did.
    @Test(arguments: GoldenBook.all)
    func rebuiltFromDecisionsAlone(_ book: GoldenBook) throws {
        let story = try book.story()
        var left = try book.decisions()[...]
        var rebuilt = GoldenRun.emptyBook(story)
        for step in try GoldenRun(story, limit: 1_000).steps {
            let group = left.prefix { $0.sequence <= step.book.sequence }
            left = left.dropFirst(group.count)
            var goesOn = rebuilt
            var said: [Decision] = []
            try goesOn.decide(step.input, from: step.source, limit: 2) { said += $0.decisions }
            #expect(said == Array(group))
            for decision in group { try rebuilt.restore(decision) }
            #expect(rebuilt == step.book && goesOn == step.book, "\(step.source)")
            try rebuilt.checkInvariants()
        }
        #expect(left.isEmpty)
    }

    /// Payers read commands that are older than they are.
    @Test(arguments: GoldenBook.all)
    func commandsAreReadBack(_ book: GoldenBook) throws {
        var decoder = RecordDecoder()
        for line in try book.lines(GoldenBook.commands) {
            let bytes = Array(line.utf8)
            let order = try bytes.withUnsafeBytes { try decoder.decodePaymentOrder($0) }
            let again = String(unsafeUninitializedCapacity: RecordEncoder.largestSmallRecord) {
                let room = UnsafeMutableRawBufferPointer($0)
                return switch order {
                case .payment(let payment): RecordEncoder.encode(payment, into: room)
                case .recall(let recall): RecordEncoder.encode(recall, into: room)
                }
            }
            #expect(again == line)
        }
    }

    @Test func thereAreBooks() {
        #expect(GoldenBook.all.count >= 6, "the golden books were not found")
    }
}

extension GoldenBook {
    /// Its decisions, without the control records.
    func decisions() throws -> [Decision] {
        try records().compactMap {
            if case .decision(let decision) = $0.content { decision } else { nil }
        }
    }

    /// What stands in `decisions`, read.
    func records() throws -> [DecisionRecord] {
        var decoder = RecordDecoder()
        return try lines(Self.decisions).map { line in
            try Array(line.utf8).withUnsafeBytes { try decoder.decodeDecision($0) }
        }
    }
}
