import EventLog
import Vocabulary

/// What the state of a lane takes, in bytes, and what of it takes the most.
package struct MemoryUse: Hashable, Sendable {
    package var bytes: Int
    /// The offering that takes the most; nil for a payer, whose commands are of all offerings.
    package var largest: Identifier?
    package var largestBytes: Int
    /// What the largest is made of, or all where there is none, the largest part first.
    package var parts: [Part]

    /// So many things of a kind.
    package struct Part: Hashable, Sendable {
        /// As in "1,000 bids", without the number.
        package var name: String
        package var count: Int
        package var bytes: Int

        package init(_ name: String, count: Int, bytes: Int) {
            self.name = name
            self.count = count
            self.bytes = bytes
        }
    }

    package init(
        bytes: Int, largest: Identifier? = nil, largestBytes: Int = 0, parts: [Part] = []
    ) {
        self.bytes = bytes
        self.largest = largest
        self.largestBytes = largestBytes
        self.parts = parts
    }

    /// What takes the most, for people: "; the largest is o with 80 MiB: 60 MiB for 9 bids".
    package var words: String {
        let parts = self.parts.prefix(2).filter { $0.bytes > 0 }
            .map { "\(Self.text($0.bytes)) for \($0.count) \($0.name)" }
            .joined(separator: ", ")
        guard let largest else { return parts.isEmpty ? "" : ": \(parts)" }
        return "; the largest is \(largest) with \(Self.text(largestBytes))"
            + (parts.isEmpty ? "" : ": \(parts)")
    }

    static func text(_ bytes: Int) -> String {
        bytes >= 10 << 20 ? "\(bytes >> 20) MiB" : "\(bytes >> 10) KiB"
    }
}

/// Why a lane stands still: its state is larger than its share.
package struct OverMemory: Hashable, Sendable {
    package var post: LanePost
    package var use: MemoryUse
    package var share: Int

    package init(_ post: LanePost, _ use: MemoryUse, share: Int) {
        self.post = post
        self.use = use
        self.share = share
    }

    package var bytes: Int { use.bytes }

    /// In words, with the way on.
    package var sentence: String {
        let isAllocator = post.role == .allocator
        return (isAllocator ? "the books" : "the payments")
            + " of partition \(post.partition) take \(MemoryUse.text(use.bytes)), more than its "
            + "share of --memory, \(MemoryUse.text(share))\(use.words). "
            + (isAllocator ? "The bids that front ends sent made them grow. " : "")
            + "It goes on by itself once it has room: give the process more (--memory), or fewer "
            + "partitions (--partitions)"
    }
}

/// Holds what a lane's state takes against its share of the process's memory.
package struct MemoryWatch {
    let post: LanePost
    /// nil: the lane has no limit.
    private let memory: MemoryShare?
    /// The share at the last look, and from which decision on the next one is due.
    private(set) var share = 0
    private var due: Int64 = 0
    /// Whether people know that little is left.
    private var isTold = false

    /// What one decision adds at most, with the first chunks of an offering's tables.
    private static let mostADecision = 64 << 10

    enum Finding {
        case fits, isHigh, isTooLarge
    }

    init(_ post: LanePost, _ memory: MemoryShare?) {
        self.post = post
        self.memory = memory
    }

    /// The lane begins again, with nothing in its state.
    mutating func forget() { self = MemoryWatch(post, memory) }

    /// Whether a look is due once `count` decisions were made in all: no more often than the state
    /// can have grown by what is left, since to add up many offerings takes a while.
    func isDue(at count: Int64) -> Bool {
        guard let memory else { return false }
        return count >= due || memory.bytesALane != share
    }

    mutating func look(_ bytes: Int, at count: Int64) -> Finding {
        guard let memory else { return .fits }
        share = memory.bytesALane
        guard bytes <= share else { return .isTooLarge }
        due = count + max(1, Int64((share - bytes) / Self.mostADecision))
        if bytes < share / 2 { isTold = false }
        guard !isTold, bytes > share / 4 * 3 else { return .fits }
        isTold = true
        return .isHigh
    }

    // MARK: What is known of a lane that begins again

    /// The state was too large. `end` is where the book or journal ended that was read, if that was
    /// read to stand still.
    func noteTooLarge(_ reason: OverMemory, bookEndsAt end: LogOffset?) {
        memory?.stoodStill(reason, bookEndsAt: end)
    }

    /// Ends the lane where it is known that its book or journal, which ends at `end`, is too large.
    func endIfKnownTooLarge(bookEndsAt end: LogOffset) throws(LaneEnd) {
        if let reason = memory?.isTooSmall(for: post, bookEndsAt: end) {
            throw .overMemory(reason)
        }
    }

    /// What was read to its end has room.
    func noteThatItFits() { memory?.fits(post) }
}
