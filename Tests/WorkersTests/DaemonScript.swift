import EventLog
import Foundation
import MemoryLog
import Synchronization
import Testing
import Vocabulary
import Workers

/// Waits for what is meant, a minute at most.
func wait(for what: String, _ isThere: () -> Bool) {
    let end = Date(timeIntervalSinceNow: 60)
    while !isThere(), Date() < end { usleep(2_000) }
    #expect(isThere(), "no \(what)")
}

/// A daemon on a thread of its own.
final class RunningDaemon: Sendable {
    private let found = Mutex<LaneEnd?>(nil)

    init(_ body: @escaping @Sendable () -> LaneEnd) {
        Thread { [self] in
            let end = body()
            found.withLock { $0 = end }
        }.start()
    }

    var end: LaneEnd? { found.withLock { $0 } }

    /// Waits for its end, a minute at most.
    func wait() -> LaneEnd? {
        let limit = Date(timeIntervalSinceNow: 60)
        while end == nil, Date() < limit { usleep(2_000) }
        return end
    }
}

/// Lanes that end as they are told.
final class LaneScript: Sendable {
    private struct State {
        var ends: [Partition: [LaneEnd]]
        var lanes: [Partition: [ScriptedLane]] = [:]
        var notices: [SeatNotice] = []
    }
    private let tellsPositions: Bool
    private let state: Mutex<State>

    /// How the first lanes of a partition end, one after the other; those after them are live
    /// until they are told to end. Those that don't tell how far they are have come alive a
    /// moment ago.
    init(ends: [Partition: [LaneEnd]] = [:], tellsPositions: Bool = true) {
        self.tellsPositions = tellsPositions
        state = Mutex(State(ends: ends))
    }

    var notices: [SeatNotice] { state.withLock { $0.notices } }

    func lanes(of partition: Partition) -> [ScriptedLane] {
        state.withLock { $0.lanes[partition] ?? [] }
    }

    /// Ends the lane that is there, and all that come after it.
    func fail(_ partition: Partition, with end: LaneEnd) {
        let lane = state.withLock {
            $0.ends[partition] = Array(repeating: end, count: 999)
            return $0.lanes[partition]?.last
        }
        lane?.end(end)
    }

    @Sendable func hear(_ notice: SeatNotice) { state.withLock { $0.notices.append(notice) } }

    @Sendable func lane(_ post: LanePost) throws(LaneEnd) -> any DrivenLane {
        state.withLock {
            let lane = ScriptedLane(post, tellsPositions: tellsPositions)
            if var ends = $0.ends[post.partition], !ends.isEmpty {
                lane.end(ends.removeFirst())
                $0.ends[post.partition] = ends
            }
            $0.lanes[post.partition, default: []].append(lane)
            return lane
        }
    }
}

final class ScriptedLane: DrivenLane {
    private let found = Mutex<LaneEnd?>(nil)
    private let over = Mutex(false)
    private let post: LanePost
    private let tellsPositions: Bool
    private let alive = Mutex(false)

    init(_ post: LanePost, tellsPositions: Bool = true) {
        self.post = post
        self.tellsPositions = tellsPositions
    }

    var cameAlive: Bool { alive.withLock { $0 } }

    /// Whether it was told to end, and has.
    var isOver: Bool { over.withLock { $0 } }

    func end(_ end: LaneEnd) { found.withLock { $0 = end } }
    func stop() { found.withLock { $0 = $0 ?? .finished } }

    var positions: [ReadStart] {
        let isLive = tellsPositions && found.withLock { $0 == nil }
        let partition = TopicPartition("t.bids", Int32(post.partition.rawValue))
        return isLive ? [ReadStart(partition, from: 0)] : []
    }

    func run() -> LaneEnd {
        // One that has its end already never lived.
        if found.withLock({ $0 == nil }) { alive.withLock { $0 = true } }
        while true {
            if let end = found.withLock({ $0 }) {
                over.withLock { $0 = true }
                return end
            }
            usleep(1_000)
        }
    }
}

/// A group whose changes a test makes.
final class ScriptedGroup: GroupLog {
    private let log = MemoryLog()
    private let changes = Mutex<[MembershipChange]>([])
    private let leaving = Mutex<(@Sendable () -> Void)?>(nil)

    func change(_ change: MembershipChange) { changes.withLock { $0.append(change) } }

    /// Whether all changes were told.
    var isHeard: Bool { changes.withLock { $0.isEmpty } }

    /// What a test does when the member leaves.
    func onLeave(_ body: @escaping @Sendable () -> Void) { leaving.withLock { $0 = body } }

    func join(
        group: String, topic: String, hear: @escaping (MembershipChange) -> Void
    ) throws(LogError) -> any Membership {
        Member(self, hear)
    }

    func openOffsets(of group: String) throws(LogError) -> any GroupOffsets { Offsets() }

    final class Offsets: GroupOffsets {
        func tell(_ positions: [ReadStart]) {}
    }

    final class Member: Membership {
        private let group: ScriptedGroup
        private let hear: (MembershipChange) -> Void

        init(_ group: ScriptedGroup, _ hear: @escaping (MembershipChange) -> Void) {
            self.group = group
            self.hear = hear
        }

        func serve(milliseconds: Int) throws(LogError) {
            for change in group.changes.withLock({ $0 }) { hear(change) }
            group.changes.withLock { $0.removeAll() }
            usleep(2_000)
        }

        func leave() { group.leaving.withLock { $0 }?() }
    }

    var url: String { log.url }
    var clusterID: String { log.clusterID }
    func topics() throws(LogError) -> [TopicDescription] { try log.topics() }
    func create(_ topic: TopicSpecification) throws(LogError) { try log.create(topic) }
    func bounds(
        of partitions: [TopicPartition], _ end: EndKind
    ) throws(LogError) -> [Bounds] { try log.bounds(of: partitions, end) }
    func openReader(_ starts: [ReadStart]) throws(LogError) -> any LogReader {
        try log.openReader(starts)
    }
    func openAppender() throws(LogError) -> any LogAppender { try log.openAppender() }
    func openWriter(transactionalIDs: [String]) throws(LogError) -> any LogWriter {
        try log.openWriter(transactionalIDs: transactionalIDs)
    }
}
