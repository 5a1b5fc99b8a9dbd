import Synchronization

/// The memory that the lanes of a process may fill with their state, in equal shares: a lane that
/// grows past its own stands still with a word, where otherwise the kernel would end them all.
public final class MemoryShare: Sendable {
    /// In bytes, for all lanes together.
    public let total: Int
    private let lanes = Atomic<Int>(0)

    public init(total: Int) { self.total = total }

    /// A lane more, or one less, has a part in it.
    func join() { lanes.add(1, ordering: .relaxed) }
    func leave() { lanes.subtract(1, ordering: .relaxed) }

    /// What one lane may take just now.
    public var bytesALane: Int { total / max(1, lanes.load(ordering: .relaxed)) }
}
