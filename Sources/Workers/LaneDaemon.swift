import EventLog
import Foundation
import Synchronization
import Vocabulary

/// A lane with whoever drives it: it runs to its end on one thread.
public protocol DrivenLane: Sendable {
    func run() -> LaneEnd
    /// Asks it to end cleanly. From any thread.
    func stop()
    /// How far the inputs are worked through, as of a moment ago; nothing while the lane is not
    /// live. From any thread.
    var positions: [ReadStart] { get }
}

extension LaneDriver: DrivenLane {}
extension PayerDriver: DrivenLane {}

/// How far a lane has come, told by it now and then and asked for from any thread.
struct NotedPositions: ~Copyable {
    private let noted = Mutex<[ReadStart]>([])
    private let due = Atomic<UInt64>(0)

    /// Takes `positions`, once a second.
    func note(_ positions: () -> [ReadStart]) {
        let now = DispatchTime.now().uptimeNanoseconds
        guard now >= due.load(ordering: .relaxed) else { return }
        due.store(now + 1_000_000_000, ordering: .relaxed)
        noted.withLock { $0 = positions() }
    }

    var latest: [ReadStart] { noted.withLock { $0 } }
}

/// Several lanes in one process, each on a thread of its own.
///
/// One lane that can't go on ends the others too, cleanly: a process that serves some of its
/// partitions and not others would look healthy. The first end that is not `finished` counts.
public final class LaneDaemon: @unchecked Sendable {
    private let lanes: [any DrivenLane]
    private let condition = NSCondition()
    private var running = 0
    private var end: LaneEnd?

    public init(_ lanes: [any DrivenLane]) { self.lanes = lanes }

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
