import EventLog
import Foundation
import Synchronization
import Vocabulary

/// A lane with its driver: it runs to its end on one thread.
package protocol DrivenLane: AnyObject, Sendable {
    func run() -> LaneEnd
    /// Asks it to end cleanly. From any thread.
    func stop()
    /// How far the inputs are worked through, as of a moment ago; nothing while the lane is not
    /// live. From any thread.
    var positions: [ReadStart] { get }
    /// Whether it ever came alive: what kept the lane before it from its work is over. Known at
    /// once, and still once it has ended. From any thread.
    var cameAlive: Bool { get }
    /// What its state takes, as of a second ago; nil where that is not known. From any thread.
    var memory: MemoryUse? { get }
}

extension DrivenLane {
    package var memory: MemoryUse? { nil }
    package var cameAlive: Bool { !positions.isEmpty }
}

/// How far a lane has come and what its state takes, told by it now and then and asked for from any
/// thread.
struct NotedProgress: ~Copyable {
    private let noted = Mutex<(positions: [ReadStart], memory: MemoryUse?)>(([], nil))
    private let due = Atomic<UInt64>(0)
    private let alive = Atomic<Bool>(false)

    /// Takes note of a lane that is live, at once; of the rest, once a second.
    func note(isLive: Bool, _ positions: () -> [ReadStart], memory: () -> MemoryUse) {
        if isLive { alive.store(true, ordering: .releasing) }
        let now = DispatchTime.now().uptimeNanoseconds
        guard now >= due.load(ordering: .relaxed) else { return }
        due.store(now + 1_000_000_000, ordering: .relaxed)
        let found = (positions(), memory())
        noted.withLock { $0 = found }
    }

    var latest: [ReadStart] { noted.withLock { $0.positions } }
    var memory: MemoryUse? { noted.withLock { $0.memory } }
    var cameAlive: Bool { alive.load(ordering: .acquiring) }
}

extension Timestamp {
    /// The wall clock.
    package static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(rawValue: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// A lane on its own thread.
final class RunningLane: @unchecked Sendable {
    private let lane: any DrivenLane
    private let condition = NSCondition()
    private var found: LaneEnd?

    /// `bell` is rung once it has ended.
    init(_ lane: any DrivenLane, _ bell: Bell) {
        self.lane = lane
        let thread = Thread { [self] in
            let end = lane.run()
            condition.lock()
            found = end
            condition.broadcast()
            condition.unlock()
            bell.ring()
        }
        thread.name = "lane"
        thread.start()
    }

    /// How it ended; nil while it runs.
    var end: LaneEnd? {
        condition.lock()
        defer { condition.unlock() }
        return found
    }

    func stop() { lane.stop() }

    var positions: [ReadStart] { lane.positions }
    var memory: MemoryUse? { lane.memory }
    var cameAlive: Bool { lane.cameAlive }

    func wait() -> LaneEnd {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let found { return found }
            condition.wait()
        }
    }
}

/// Wakes the thread that looks after lanes.
final class Bell: @unchecked Sendable {
    private let condition = NSCondition()
    private var isRung = false

    func ring() {
        condition.lock()
        isRung = true
        condition.broadcast()
        condition.unlock()
    }

    /// Returns once it was rung since the last wait, or the time is over.
    func wait(milliseconds: Int) {
        let end = Date(timeIntervalSinceNow: Double(milliseconds) / 1_000)
        condition.lock()
        while !isRung, condition.wait(until: end) {}
        isRung = false
        condition.unlock()
    }
}
