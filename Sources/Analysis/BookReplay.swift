import Allocation
import EventLog
import Messages
import Vocabulary

/// Rebuilds a partition's book from its decisions, with the rules that made them.
public struct BookReplay: ~Copyable {
    /// The book after the decisions followed so far.
    public private(set) var book: PartitionBook
    private var decoder = RecordDecoder()
    private var epoch: Epoch = 0
    private let partition: Partition

    public init(partition: Partition) {
        self.partition = partition
        book = PartitionBook(partition: partition)
    }

    /// Follows the record of `decisions` with this value.
    public mutating func follow(_ value: UnsafeRawBufferPointer?) throws(ReplayFailure) {
        try follow(decode(value))
    }

    /// Reads a record of `decisions`.
    mutating func decode(
        _ value: UnsafeRawBufferPointer?
    ) throws(ReplayFailure) -> DecisionRecord {
        do throws(Malformation) {
            return try decoder.decodeDecision(value)
        } catch {
            throw ReplayFailure(sentence: "a decision can't be read: \(error.code.rawValue)")
        }
    }

    /// Follows a record; answers whether it is a decision that counts.
    @discardableResult
    mutating func follow(_ record: DecisionRecord) throws(ReplayFailure) -> Bool {
        switch record.content {
        case .epochStarted(_, let partition):
            // Each epoch is one more than the one before: behind a gap, all that is true would
            // look stale.
            guard record.epoch.rawValue == epoch.rawValue + 1, partition == self.partition else {
                throw ReplayFailure(
                    sentence: "epoch \(record.epoch) of partition \(partition) begins in epoch "
                        + "\(epoch)")
            }
            epoch = record.epoch
            return false
        case .decision(let decision):
            // What an older writer slipped in after its successor began does not count.
            guard record.epoch >= epoch else { return false }
            guard record.epoch == epoch, decision.source.partition == partition else {
                throw ReplayFailure(
                    sentence: "decision \(decision.sequence) is of epoch \(record.epoch) and "
                        + "partition \(decision.source.partition), in epoch \(epoch)")
            }
            do throws(RestoreFailure) {
                try book.restore(decision)
            } catch {
                throw ReplayFailure(sentence: "\(error)")
            }
            return true
        }
    }
}

/// Why a book can't be rebuilt.
public struct ReplayFailure: Error, Hashable, Sendable {
    /// What contradicts what, for people.
    public let sentence: String
}
