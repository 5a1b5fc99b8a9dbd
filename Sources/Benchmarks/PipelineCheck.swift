import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary

/// Whether the book that a run left is the one that the sale must have: a figure for work that
/// was not done, or done twice, would be worth nothing.
struct PipelineCheck {
    let sale: PipelineSale
    let connection: LogConnection

    /// Throws where a bid has no decision, or two, or where others than the first are served.
    func run(_ progress: BenchProgress) throws(Failure) {
        var done = 0
        for partition in sale.offerings.indices {
            try check(partition, &done, progress)
        }
    }

    private func check(
        _ partition: Int, _ done: inout Int, _ progress: BenchProgress
    ) throws(Failure) {
        let decisions = connection.partition(.decisions, Partition(partition))
        let bounds = try logged { () throws(LogError) in
            try connection.log.bounds(of: [decisions], .committed)[0]
        }
        var follow = try Follow(connection.log, [ReadStart(decisions, from: bounds.start)])
        var decoder = RecordDecoder()
        // The bids of a partition stand at 0, 1, ... and are decided in that order.
        var next = 0
        var reserved = 0
        let isWhole = try follow.read(upTo: [bounds.end]) { _, batch, index throws(Failure) in
            let record: DecisionRecord
            do throws(Malformation) {
                record = try decoder.decodeDecision(batch.value(index))
            } catch {
                throw Failure(.invariant, "a decision can't be read: \(error.sentence)")
            }
            guard case .decision(let decision) = record.content,
                decision.source.topic == .bids, decision.n == 0
            else { return }
            guard decision.source.offset == Offset(next) else {
                throw Failure(
                    .invariant,
                    "partition \(partition): bid \(next) should be decided next, and bid "
                        + "\(decision.source.offset) is")
            }
            if case .bid(.reserved) = decision.event { reserved += 1 }
            next += 1
            done += 1
            if next % 10_000 == 0 { try progress.update(done, of: sale.bids) }
        }
        // Says so where it was interrupted.
        try progress.update(done, of: sale.bids)
        guard isWhole, next == sale.bids(of: partition), reserved == sale.shares(of: partition)
        else {
            throw Failure(
                .invariant,
                "partition \(partition): \(next) bids are decided and \(reserved) reserved, not "
                    + "\(sale.bids(of: partition)) and \(sale.shares(of: partition))")
        }
    }
}
