import Foundation
import Synchronization

/// Threads that run side by side: real ones, so that what races in them really races.
package final class Threads: Sendable {
    private let running: Atomic<Int>
    private let group = DispatchGroup()

    /// Starts `count` threads; each runs `body` once, with its number from 0.
    package init(_ count: Int, body: @escaping @Sendable (Int) -> Void) {
        running = Atomic(count)
        for number in 0..<count {
            group.enter()
            Thread.detachNewThread { [self] in
                body(number)
                running.subtract(1, ordering: .releasing)
                group.leave()
            }
        }
    }

    /// Whether all have ended.
    package var areOver: Bool { running.load(ordering: .acquiring) == 0 }

    /// Returns once all have ended.
    package func wait() { group.wait() }
}
