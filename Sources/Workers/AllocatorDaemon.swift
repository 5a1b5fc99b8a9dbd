import EventLog
import Foundation
import Vocabulary

/// The allocator of several partitions in one process: a lane each, on threads of its own.
///
/// One lane that can't go on ends the others too, cleanly: a process that serves some of its
/// partitions and not others would look healthy. The first end that is not `finished` counts.
public final class AllocatorDaemon: @unchecked Sendable {
    private let lanes: [LaneDriver]
    private let condition = NSCondition()
    private var running = 0
    private var end: LaneEnd?

    /// - Parameter observer: hears of every lane, on that lane's thread.
    public init(
        _ configurations: [LaneConfiguration], log: any EventLog,
        clock: @escaping @Sendable () -> Milliseconds = { .now },
        observer: @escaping @Sendable (Partition, LaneNotice) -> Void
    ) {
        lanes = configurations.map { configuration in
            LaneDriver(configuration, log: log, clock: clock) {
                observer(configuration.partition, $0)
            }
        }
    }

    /// Runs every lane, and returns once all have ended.
    public func run() -> LaneEnd {
        condition.lock()
        running = lanes.count
        condition.unlock()
        for lane in lanes {
            let thread = Thread { [self] in ended(lane.run()) }
            thread.name = "lane"
            thread.start()
        }
        condition.lock()
        defer { condition.unlock() }
        while running > 0 { condition.wait() }
        return end ?? .finished
    }

    /// Asks every lane to end once what it decided is committed. From any thread.
    public func stop() {
        for lane in lanes { lane.stop() }
    }

    private func ended(_ laneEnd: LaneEnd) {
        condition.lock()
        let isFirstFailure = laneEnd != .finished && end == nil
        if isFirstFailure { end = laneEnd }
        running -= 1
        condition.broadcast()
        condition.unlock()
        if isFirstFailure { stop() }
    }
}

extension Milliseconds {
    /// The wall clock.
    public static var now: Milliseconds {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Milliseconds(rawValue: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
