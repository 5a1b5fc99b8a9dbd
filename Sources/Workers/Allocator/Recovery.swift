import Allocation
import EventLog
import Messages
import Vocabulary

/// Where the recovery of a lane stands (TheLog.md, Recovery of one partition).
struct Recovery {
    /// The steps, in order. They are gone through twice: before the writer is opened, so that a
    /// worker that can't run does not stop the one that does, and after, for what was written in
    /// between.
    enum Step {
        case askingBounds
        case readingBook
        /// Reading again the records behind the last decisions, from this input on.
        case checkingSource(InputTopic)
        case openingWriter
    }

    var step = Step.askingBounds
    /// Whether the writer before is fenced: from then on the book's end is final.
    var isFenced = false

    /// Where the book is read on, and up to where.
    var position: LogOffset = 0
    var end: LogOffset = 0
    var inputs = PerInput<Bounds>(repeating: Bounds(start: 0, end: 0))
    /// Which of its records count.
    var stream: DecisionStream

    /// The last group of decisions in the book. It may be only the beginning of one, so it is not
    /// restored but decided again, and compared.
    var lastGroup: [Decision] = []
    /// Their hashes.
    var lastHashes: [HashText] = []
    /// How many of them were decided again.
    var compared = 0
    /// Whether the record behind the last group is no longer kept.
    var isLastSourceGone = false

    init(_ partition: Partition) { stream = DecisionStream(partition: partition) }

    /// The input behind the last group as the book has it, where it could not be read. What can't
    /// be unpacked is taken from here: no reader can give it again.
    var rejectedAsMalformed: Input? {
        guard lastGroup.count == 1, case .rejected(let rejection) = lastGroup[0].event,
            rejection.reason == .malformed
        else { return nil }
        return .rejected(rejection, offering: lastGroup[0].offering)
    }

    mutating func forgetLastGroup() {
        lastGroup.removeAll(keepingCapacity: true)
        lastHashes.removeAll(keepingCapacity: true)
        compared = 0
    }
}
