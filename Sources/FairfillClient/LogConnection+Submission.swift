import EventLog
import Foundation
import Messages
import Vocabulary

/// Where a record stands that the log took. It is in the log for good; the decision about it comes
/// from an allocator.
public struct SubmissionReceipt: Hashable, Sendable {
    /// The id of the bid or of the command.
    public let id: Identifier
    /// The topic's full name, such as `dev.bids`.
    public let topic: String
    public let partition: Partition
    public let offset: Offset
    /// By the log's clock.
    public let at: Timestamp

    let input: InputTopic
    /// The decision stands no earlier in `decisions`.
    let decisionsFrom: LogOffset

    /// Whether a decision is the one that answers the record; others follow from it.
    public func isAnswered(by decision: Decision) -> Bool {
        decision.source.topic == input && decision.source.partition == partition
            && decision.source.offset == offset && decision.n == 0
    }
}

extension LogConnection {
    /// Appends a bid. Where this throws, the bid may be in the log none the less: submit the same
    /// bid under the same id again, which changes nothing if it is there.
    public func submit(_ bid: Bid) async throws(ClientError) -> SubmissionReceipt {
        try await submit([bid])[0].get()
    }

    /// Appends bids, in their order, and says of each what became of it: the log may take some and
    /// refuse others. It throws where none was appended.
    public func submit(
        _ bids: [Bid]
    ) async throws(ClientError) -> [Result<SubmissionReceipt, ClientError>] {
        for bid in bids { try Self.check(bid) }
        return try await submit(bids, .bids, .bids) { ($0.bid, $0.offering) } encode: {
            RecordEncoder.encode($0, into: $1)
        }
    }

    /// Appends a command about an offering. Where this throws, the command may be in the log none
    /// the less: submit the same one under the same id again.
    public func submit(_ command: OfferingCommand) async throws(ClientError) -> SubmissionReceipt {
        try Self.check(command)
        return try await submit([command], .offeringCommands, .offeringCommands) {
            ($0.command, $0.offering)
        } encode: {
            RecordEncoder.encode($0, into: $1)
        }[0].get()
    }

    /// Waits for the decision about a record: what the allocator said when it came to it. What
    /// happens later, such as a payment, stands in further decisions.
    ///
    /// Each call has a thread while it waits: follow `decisions` to wait for many.
    ///
    /// Throws `tryAgain` where it is not decided in time, or the task is cancelled; it may be asked
    /// again with the same receipt.
    public func decision(
        about receipt: SubmissionReceipt, timeout: Duration = .seconds(30)
    ) async throws(ClientError) -> Decision {
        try await onThread { (isCancelled) throws(ClientError) in
            let shouldStop = { isCancelled() || self.shouldStop() }
            let follower = try DecisionFollower(
                self, receipt.partition, receipt.input, from: receipt.decisionsFrom,
                shouldStop: shouldStop)
            follower.expect(LogOffset(receipt.offset.rawValue))
            var found: Decision?
            try follower.wait(until: Self.moment(in: timeout)) { (decision, _) in
                found = decision
            }
            guard let found else {
                throw ClientError(
                    .tryAgain,
                    (shouldStop() ? "interrupted: '" : "'") + "\(receipt.id)' is in the log at "
                        + "\(receipt.topic)[\(receipt.partition)] offset \(receipt.offset), not "
                        + "decided yet: is an allocator running? (fairfill allocate "
                        + "--log \(self.log.url) --env \(self.name))")
            }
            return found
        }
    }

    /// In nanoseconds of uptime.
    private static func moment(in duration: Duration) -> UInt64 {
        let (seconds, attoseconds) = duration.components
        let whole = UInt64(clamping: seconds).multipliedReportingOverflow(by: 1_000_000_000)
        guard !whole.overflow else { return .max }
        let rest = UInt64(max(0, attoseconds) / 1_000_000_000)
        let end = (DispatchTime.now().uptimeNanoseconds + rest)
            .addingReportingOverflow(whole.partialValue)
        return end.overflow ? .max : end.partialValue
    }

    private func submit<Record: Sendable>(
        _ inputs: [Record], _ topic: Topic, _ input: InputTopic,
        ids: @escaping @Sendable (Record) -> (id: Identifier, offering: Identifier),
        encode: @escaping @Sendable (Record, UnsafeMutableRawBufferPointer) -> Int
    ) async throws(ClientError) -> [Result<SubmissionReceipt, ClientError>] {
        guard !inputs.isEmpty else { return [] }
        return try await onThread(of: sender.queue) { (_) throws(ClientError) in
            var batch = InputBatch(self, topic)
            for record in inputs {
                let (id, offering) = ids(record)
                batch.add(id, of: offering) { encode(record, $0) }
            }
            // Before the append: no decision about it can stand below.
            let partitions = batch.partitions
            let ends = try logged { () throws(LogError) in
                try self.log.ends(
                    of: partitions.map { self.partition(.decisions, $0) }, .committed)
            }
            let outcomes = try self.sender.append(&batch, to: self.log)
            return outcomes.map { id, outcome in
                switch outcome {
                case .refused(let error): return .failure(ClientError(error))
                case .appended(let receipt):
                    let partition = Partition(receipt.partition.partition)
                    return .success(
                        SubmissionReceipt(
                            id: id, topic: receipt.partition.topic, partition: partition,
                            offset: Offset(rawValue: receipt.offset.rawValue),
                            at: Timestamp(rawValue: receipt.appendTime), input: input,
                            decisionsFrom: ends[partitions.firstIndex(of: partition)!]))
                }
            }
        }
    }
}

/// The one appender of a connection, opened when something is appended first; one append after the
/// other.
final class Sender: @unchecked Sendable {
    /// However many tasks submit at one time, one thread waits for the log.
    let queue = DispatchQueue(label: "fairfill.submit")
    /// Belongs to the thread of `queue`.
    private var appender: (any LogAppender)?

    deinit { appender?.close() }

    func append(
        _ batch: inout InputBatch, to log: any EventLog
    ) throws(ClientError) -> [(id: Identifier, outcome: AppendOutcome)] {
        do throws(LogError) {
            let open = if let appender { appender } else { try log.openAppender() }
            appender = open
            return try batch.append(with: open)
        } catch {
            throw ClientError(error)
        }
    }
}
