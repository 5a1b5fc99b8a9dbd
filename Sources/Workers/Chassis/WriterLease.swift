import EventLog
import Vocabulary

/// Whether a lane has its writer (TheLog.md, An idle lane).
///
/// A lane that has written nothing for a while gives its writer back: on Kafka each is a client,
/// which keeps its own threads and connections. Until the next batch nothing would tell the lane
/// that another process took its partition over. So before it writes again it looks at the end of
/// its book, `decisions` or a payer's journal: as long as its own record is the last one there,
/// nobody came between. It looks twice. The first look comes before the writer is opened, so that
/// a lane that lost its partition does not fence the one that has it; only the second, after the
/// fence, is proof.
///
/// `Last` is what tells the lane's own last record from every other.
package struct WriterLease<Last: Equatable & Sendable> {
    private enum State {
        case held
        /// Given back; how the book ends was not asked yet.
        case givenBack
        /// Given back, and up to this end the book holds nothing of others.
        case resting(end: LogOffset)
        /// The first look found nothing of others.
        case looked(end: LogOffset)
        /// A worker that came between is fenced.
        case opened(end: LogOffset)
    }

    private var state = State.held
    private let idleMilliseconds: Int64
    /// When the lane last wrote, by its clock.
    private var usedAt: Timestamp?
    /// The last record of the book when the writer was given back.
    private var last: Last?
    /// Whether a batch waits.
    private var isWanted = false

    package init(idleMilliseconds: Int64) { self.idleMilliseconds = idleMilliseconds }

    /// Something was committed.
    mutating func used(at now: Timestamp) { usedAt = now }

    /// Whether nothing was written for so long that the writer is to be given back.
    mutating func isIdle(at now: Timestamp) -> Bool {
        guard case .held = state else { return false }
        // A clock that was set back begins anew.
        guard let usedAt, usedAt <= now else {
            usedAt = now
            return false
        }
        return now.rawValue - usedAt.rawValue >= idleMilliseconds
    }

    /// The writer is given back; `last` is the lane's last record, which is committed.
    package mutating func giveBack(after last: Last) {
        state = .givenBack
        self.last = last
        isWanted = false
    }

    /// What comes before the next commit; nil where the writer is open.
    package mutating func actionBeforeCommit<Work>() -> LaneAction<Work>? {
        isWanted = true
        return switch state {
        case .held: nil
        case .givenBack: .askBookEnd(known: nil, isFenced: false)
        case .resting(let end): .askBookEnd(known: end, isFenced: false)
        case .looked: .openWriter
        case .opened(let end): .askBookEnd(known: end, isFenced: true)
        }
    }

    /// The writer is open: older ones are fenced.
    package mutating func opened() {
        if case .looked(let end) = state { state = .opened(end: end) }
    }

    /// Takes in how the book ends, and what was read of it: its last record is the last of `read`,
    /// which is empty where the end is the one that was known. Answers whether the book is as the
    /// lane left it: not where `decode` can make nothing of that record.
    mutating func bookEnds(
        at end: LogOffset, with read: borrowing RecordBatch,
        decode: (UnsafeRawBufferPointer?) -> Last?
    ) -> Bool {
        guard !read.isEmpty else { return bookEnds(at: end, with: nil) }
        let last = read.count - 1
        guard read.unreadable(last) == nil, let found = decode(read.value(last)) else {
            return false
        }
        return bookEnds(at: end, with: found)
    }

    /// Takes in how the book ends, and its last record: nil where nobody read it, since the end is
    /// the one that was known. Answers whether the book is as the lane left it.
    package mutating func bookEnds(at end: LogOffset, with found: Last?) -> Bool {
        guard found == nil || found == last else { return false }
        switch state {
        case .held: return true
        case .givenBack:
            guard found != nil else { return false }
            state = isWanted ? .looked(end: end) : .resting(end: end)
        case .resting(let known):
            guard found != nil || end == known else { return false }
            state = .looked(end: end)
        case .looked(let known):
            guard found != nil || end == known else { return false }
        case .opened(let known):
            guard found != nil || end == known else { return false }
            state = .held
        }
        return true
    }

    /// The lane begins again, and opens a writer on its way.
    mutating func forget() { self = WriterLease(idleMilliseconds: idleMilliseconds) }
}
