import Foundation

/// Calls for a stop once a signal comes.
package final class StopWatch: @unchecked Sendable {
    private let condition = NSCondition()
    private var isOver = false

    /// Watches from now on, and calls `stop` at most once.
    package init(_ stop: @escaping @Sendable () -> Void) {
        Thread { [self] in
            condition.lock()
            while !isOver, Interruption.signal == 0 {
                _ = condition.wait(until: Date(timeIntervalSinceNow: 0.05))
            }
            let mustStop = !isOver
            condition.unlock()
            if mustStop { stop() }
        }.start()
    }

    /// Ends the watch: `stop` is not called from then on.
    package func end() {
        condition.lock()
        isOver = true
        condition.broadcast()
        condition.unlock()
    }
}
