import CommandLine
import Glibc

/// The time of the story, in microseconds since the doors opened, and how fast it is played.
struct StoryClock: Sendable {
    /// By the monotonic clock of this machine.
    private let startNanoseconds: Int64
    /// Story seconds a second.
    let speed: Double

    /// The doors open now.
    init(speed: Double) {
        self.speed = speed
        startNanoseconds = Self.nanoseconds()
    }

    /// Microseconds of the story gone by.
    var now: Int64 {
        Int64(Double(Self.nanoseconds() - startNanoseconds) / 1_000 * speed)
    }

    /// Returns once the story has come so far; at once where it has already.
    func sleep(until storyMicroseconds: Int64) {
        let end = startNanoseconds + Int64(Double(storyMicroseconds) * 1_000 / speed)
        var moment = timespec(tv_sec: Int(end / 1_000_000_000), tv_nsec: Int(end % 1_000_000_000))
        while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &moment, nil) == EINTR {}
    }

    /// Lets so much of the story go by.
    func sleep(for storyMicroseconds: Int64) { sleep(until: now + storyMicroseconds) }

    /// The monotonic clock, for durations that belong to the machine and not to the story.
    static func nanoseconds() -> Int64 {
        var moment = timespec()
        clock_gettime(CLOCK_MONOTONIC, &moment)
        return Int64(moment.tv_sec) * 1_000_000_000 + Int64(moment.tv_nsec)
    }
}
