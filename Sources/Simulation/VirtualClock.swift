import Synchronization
import Vocabulary

/// The time of a simulated world: it moves when the world says so.
final class VirtualClock: Sendable {
    private let time = Mutex(Int64(1_000_000))

    var now: Int64 { time.withLock { $0 } }

    /// Moves on to `moment`; it never steps back.
    func move(to moment: Int64) { time.withLock { $0 = max($0, moment) } }
}
