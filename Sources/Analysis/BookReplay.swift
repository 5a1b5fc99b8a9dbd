import Allocation
import EventLog
import Messages
import Vocabulary

/// Rebuilds a partition's book from its decisions, with the rules that made them.
package struct BookReplay: ~Copyable {
    /// The book after the decisions followed so far.
    package private(set) var book: PartitionBook
    private var decoder = RecordDecoder()
    private var stream: DecisionStream

    package init(partition: Partition) {
        stream = DecisionStream(partition: partition)
        book = PartitionBook(partition: partition)
    }

    /// Follows the record of `decisions` with this value.
    package mutating func follow(_ value: UnsafeRawBufferPointer?) throws(ReplayFailure) {
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
        let step: DecisionStream.Step
        do throws(DecisionStreamDamage) {
            step = try stream.follow(record)
        } catch {
            throw ReplayFailure(sentence: error.sentence)
        }
        guard case .decision(let decision) = step else { return false }
        do throws(RestoreFailure) {
            try book.restore(decision)
        } catch {
            throw ReplayFailure(sentence: "\(error)")
        }
        return true
    }
}

/// Why a book can't be rebuilt.
package struct ReplayFailure: Error, Hashable, Sendable {
    /// What contradicts what, for people.
    package let sentence: String
}
