import EventLog
import Foundation
import Synchronization
import Vocabulary

/// The lanes of the partitions that a group gives this process, each on its own thread.
///
/// A lane begins when its partition is assigned, and has ended cleanly before its partition goes
/// to another member. Where the group took the process for dead, as it does when its coordinator is
/// away for long, the lanes go on until they are fenced or the next assignment leaves them out:
/// otherwise each would have to read its book again, though nobody took over.
///
/// What happens to one lane leaves the others alone (`SeatTable`). A partition whose lane can't go
/// on is kept, since the next member would fail as well. A lane that is fenced ends: some other
/// process took over. If the group still says that the partition is ours, that was a process which
/// the group takes for dead, or a worker outside the group; the lane begins again after a while, so
/// that the group has the last word.
package final class GroupDaemon: @unchecked Sendable {
    private let role: WorkerRole
    private let table: SeatTable
    private let observer: (GroupNotice) -> Void
    /// No lane begins any more.
    private var isLeaving = false
    private let isStopping = Atomic<Bool>(false)
    private var positionsDue = DispatchTime.now()

    /// How long it looks after its membership between looks at its lanes.
    private static let lookMilliseconds = 100
    private static let positionsEvery = DispatchTimeInterval.seconds(5)

    /// - Parameters:
    ///   - watch: who looks after the topics that the lanes read.
    ///   - memory: what the state of its lanes may take; nil: without limit.
    ///   - makeLane: a new lane of a post, or why there can be none.
    ///   - observer: hears what people should know, on the thread that runs the daemon.
    package convenience init(
        _ role: WorkerRole, watch: TopicWatch? = nil, memory: MemoryShare? = nil,
        makeLane: @escaping (LanePost) throws(LaneEnd) -> any DrivenLane,
        observer: @escaping (GroupNotice) -> Void
    ) {
        self.init(
            role, watch: watch, backoff: Backoff(), memory: memory, makeLane: makeLane,
            observer: observer)
    }

    /// With waits of one's own.
    package init(
        _ role: WorkerRole, watch: TopicWatch? = nil, backoff: Backoff,
        memory: MemoryShare? = nil,
        makeLane: @escaping (LanePost) throws(LaneEnd) -> any DrivenLane,
        observer: @escaping (GroupNotice) -> Void
    ) {
        self.role = role
        self.observer = observer
        table = SeatTable(
            SeatTable.Rules(
                isBounded: false, takesBack: true, backoff: backoff, memory: memory),
            watch: watch, bell: Bell(), makeLane: makeLane
        ) { observer(.seat($0)) }
    }

    /// Takes part in the group until it is stopped, or can't go on.
    package func run(
        on log: any GroupLog, group: String, topic: String
    ) throws(LogError) -> LaneEnd {
        let offsets = try log.openOffsets(of: "\(group).lag")
        let membership = try log.join(group: group, topic: topic) { [self] in take($0) }
        // Lanes first: the next member finds nobody there.
        func leave() {
            isLeaving = true
            table.stopAll()
            membership.leave()
        }
        do throws(LogError) {
            while table.verdict == nil, !isStopping.load(ordering: .acquiring) {
                try membership.serve(milliseconds: Self.lookMilliseconds)
                table.look()
                tellPositions(offsets)
            }
        } catch {
            leave()
            throw error
        }
        // A process that leaves gives its partitions back, and with them what is known of their
        // lanes.
        leave()
        return table.end
    }

    /// Asks it to end, each lane once what it decided is committed. From any thread.
    package func stop() { isStopping.store(true, ordering: .releasing) }

    /// How each lane is. From any thread.
    package var health: [LaneHealth] { table.health }

    private func take(_ change: MembershipChange) {
        switch change {
        case .assigned(let numbers):
            let partitions = numbers.map { Partition(Int64($0)) }
            // A round that brings nothing new is no news to who has some.
            if !partitions.isEmpty || table.posts.isEmpty { observer(.assigned(partitions)) }
            guard !isLeaving else { return }
            for partition in partitions { table.begin(LanePost(role, partition)) }
            table.giveUp(table.lost)
        case .revoked(let numbers, let isLost):
            let partitions = numbers.map { Partition(Int64($0)) }
            if !partitions.isEmpty { observer(.revoked(partitions, isLost: isLost)) }
            guard !isLeaving else { return }
            let posts = partitions.map { LanePost(role, $0) }
            if isLost { table.lose(posts) } else { table.giveUp(posts) }
        }
    }

    /// Tells now and then how far the lanes have come.
    private func tellPositions(_ offsets: any GroupOffsets) {
        guard DispatchTime.now() >= positionsDue else { return }
        positionsDue = .now() + Self.positionsEvery
        offsets.tell(table.positions)
    }
}

/// What a group daemon tells people.
package enum GroupNotice: Sendable {
    /// The group gave these; none where the process has none at all.
    case assigned([Partition])
    /// It asked these back, or took them: see `MembershipChange`.
    case revoked([Partition], isLost: Bool)
    /// Something happened to a lane.
    case seat(SeatNotice)
}
