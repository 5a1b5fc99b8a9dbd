import Testing

import Allocation
import LedgerLanguage
import Vocabulary

/// A book that is told records in words and answers decisions in words, so that a test reads like
/// a ledger. After every record the whole book is rebuilt from decisions and compared, and every
/// invariant is recomputed.
struct Ledger {
    private(set) var book = PartitionBook(partition: ledgerPartition, archiveAfter: 100_000)
    /// Built from the decisions alone.
    private(set) var rebuilt = PartitionBook(partition: ledgerPartition, archiveAfter: 100_000)
    private(set) var decisions: [Decision] = []
    private var group = DecisionGroup()
    private var offset: Int64 = 0
    /// How many decisions a call may make.
    var limit = 1_000
    /// The append time of what comes next; `at` moves it, and brings the deadlines up to it.
    private(set) var now: Timestamp = 1_000

    static let offering = ledgerOffering

    /// The decisions and payments that `lines`, a record each, cause: one line each.
    mutating func tell(_ lines: String) throws -> String {
        var answers: [String] = []
        for line in lines.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words[0] == "at" {
                now = Timestamp(Int64(words[1])!)
                while let deadline = book.nextDeadline, deadline <= now {
                    answers += try tell(Input.deadline)
                }
            } else {
                answers += try tell(Input.record(parse(String(line))))
            }
        }
        return answers.joined(separator: "\n")
    }

    mutating func tell(_ input: Input) throws -> [String] {
        let source =
            input == .deadline
            ? book.source(ofDeadline: book.nextDeadline!)
            : Source(
                topic: topic(of: input), partition: ledgerPartition, offset: Offset(offset),
                at: now)
        offset += 1
        var made: [Decision] = []
        var paid: [PaymentCommand] = []
        var recalled: [PaymentRecall] = []
        group.removeAll()
        var progress = try book.decide(input, from: source, into: &group, limit: limit)
        made += group.decisions
        paid += group.payments
        recalled += group.recalls
        while progress == .more {
            group.removeAll()
            progress = try book.resume(into: &group, limit: limit)
            made += group.decisions
            paid += group.payments
            recalled += group.recalls
        }
        try check(made, from: source)
        return made.map(describe) + paid.map(describe) + recalled.map(describe)
    }

    private func topic(of input: Input) -> InputTopic {
        if case .record(let record) = input { record.topic } else { .bids }
    }

    /// What every group has in common, whatever it is about.
    private mutating func check(_ made: [Decision], from source: Source) throws {
        #expect(!made.isEmpty, "every input has a decision")
        for (n, decision) in made.enumerated() {
            #expect(decision.sequence == DecisionNumber(decisions.count + 1))
            #expect(decision.n == Int64(n))
            #expect(decision.source == source)
            decisions.append(decision)
            try rebuilt.restore(decision)
        }
        #expect(book.sequence == DecisionNumber(decisions.count))
        #expect(rebuilt == book)
        try book.checkInvariants()
        try rebuilt.checkInvariants()
    }
}
