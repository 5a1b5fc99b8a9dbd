import Foundation

/// Asks until the answer is yes, or the time is over.
@discardableResult
package func eventually(
    within seconds: Double, every milliseconds: UInt32 = 50, _ question: () throws -> Bool
) rethrows -> Bool {
    let end = Date(timeIntervalSinceNow: seconds)
    while true {
        if try question() { return true }
        guard Date() < end else { return false }
        usleep(milliseconds * 1_000)
    }
}
