import Vocabulary

/// Which records of one partition's `decisions` count, read from the first one on (TheLog.md, A
/// decision). Recovery, replay, the simulator and the demo read through it; the auditor has its
/// own rule on purpose.
package struct DecisionStream: Sendable {
    package let partition: Partition
    /// The writer that took over last; 0 before the first one did.
    package private(set) var epoch: Epoch = 0
    /// The last decision that counts; 0 in an empty book.
    package private(set) var sequence: DecisionNumber = 0
    /// Whether it was joined at a decision, and no writer has begun since: then that decision may
    /// be one of an older writer.
    private var isOnTrust = false

    package init(partition: Partition) { self.partition = partition }

    /// For a reader that begins in the middle, with this record: what came before is taken for
    /// whole.
    package init(partition: Partition, joiningAt record: DecisionRecord) {
        self.partition = partition
        switch record.content {
        case .epochStarted(let after, _):
            epoch = Epoch(rawValue: record.epoch.rawValue - 1)
            sequence = after
        case .decision(let decision):
            epoch = record.epoch
            sequence = DecisionNumber(rawValue: decision.sequence.rawValue - 1)
            isOnTrust = true
        }
    }

    /// What a record is to its reader.
    package enum Step: Sendable {
        /// Another writer took over.
        case epochStarted
        case decision(Decision)
        /// A decision that an older writer slipped in after its successor began: it does not
        /// count.
        case stale
    }

    /// Follows the next record; on damage nothing changes.
    package mutating func follow(_ record: DecisionRecord) throws(DecisionStreamDamage) -> Step {
        if isOnTrust, record.epoch > epoch {
            self = Self(partition: partition, joiningAt: record)
        }
        switch record.content {
        case .epochStarted(let after, let partition):
            // Each epoch is one more than the one before: behind a gap, all that is true would
            // look stale.
            guard record.epoch.rawValue - 1 == epoch.rawValue, after == sequence,
                partition == self.partition
            else {
                throw DecisionStreamDamage(
                    "epoch \(record.epoch) of partition \(partition) starts after decision "
                        + "\(after), where epoch \(epoch) of partition \(self.partition) stands "
                        + "at decision \(sequence): the book is damaged")
            }
            epoch = record.epoch
            isOnTrust = false
            return .epochStarted
        case .decision(let decision):
            guard record.epoch >= epoch else { return .stale }
            guard record.epoch == epoch, decision.source.partition == partition else {
                throw DecisionStreamDamage(
                    "decision \(decision.sequence) is of epoch \(record.epoch) and partition "
                        + "\(decision.source.partition), where epoch \(epoch) of partition "
                        + "\(partition) stands: the book is damaged")
            }
            guard decision.sequence.rawValue - 1 == sequence.rawValue else {
                throw DecisionStreamDamage(
                    "decision \(decision.sequence) follows decision \(sequence): decisions are "
                        + "missing or double")
            }
            sequence = decision.sequence
            return .decision(decision)
        }
    }
}

/// Why records of `decisions` are no book of one history.
package struct DecisionStreamDamage: Error, Hashable, Sendable {
    /// What contradicts what, for people.
    package let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}
