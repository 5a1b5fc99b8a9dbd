import Synchronization

/// A clock that stands still until it is set.
final class ScriptedClock: Sendable {
    private let time: Mutex<Int64>
    init(_ milliseconds: Int64) { time = Mutex(milliseconds) }
    func set(_ milliseconds: Int64) { time.withLock { $0 = milliseconds } }
    var read: @Sendable () -> Int64 { { self.time.withLock { $0 } } }
}
