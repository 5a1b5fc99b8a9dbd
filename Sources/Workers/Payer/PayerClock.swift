import Glibc
import Vocabulary

/// The payer's clock: starts at the wall clock, then never steps back and counts sleep.
///
/// Windows and waits are measured by it. The wall clock may be set back, and a window would open
/// again; a clock that stands still while the machine sleeps would keep one open (Payments.md).
package struct PayerClock: Sendable {
    private let offset: Int64

    package init() { offset = Timestamp.now.rawValue - Self.milliseconds(CLOCK_BOOTTIME) }

    package var now: Timestamp {
        Timestamp(rawValue: offset + Self.milliseconds(CLOCK_BOOTTIME))
    }

    private static func milliseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
