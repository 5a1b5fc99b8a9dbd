import EventLog
import Foundation
import Synchronization
import Vocabulary

/// The lanes of the partitions that a group gives this process, each on a thread of its own.
///
/// A lane begins when its partition is assigned, and has ended cleanly before its partition goes
/// to another member. Where the group took the process for dead, as it does when its coordinator is
/// away for long, the lanes go on until they are fenced or the next assignment leaves them out:
/// otherwise each would have to read its book again, though nobody took over.
///
/// What happens to one lane leaves the others alone, but for what is wrong with the log or its
/// settings, which is wrong for all:
///
/// - A lane that is *fenced* ends: some other process took over. If the group still says that the
///   partition is ours, that was a process which the group takes for dead, or somebody beside the
///   group; the lane begins again after a while, so that the group has the last word.
/// - A lane whose *invariant* failed stays down, and so does its partition: it is kept, since
///   the next member would fail as well. The process ends with that once it is asked to.
public final class GroupDaemon: @unchecked Sendable {
    private let makeLane: (Partition) -> any DrivenLane
    private let observer: (GroupNotice) -> Void
    /// Those of partitions that are ours; touched by the thread that runs the daemon.
    private var seats: [Partition: Seat] = [:]
    /// How the process ends: the first end of a lane that was no good one.
    private var failure: LaneEnd?
    /// Something is wrong that is wrong for all lanes.
    private var mustEnd = false
    /// No lane begins any more.
    private var isLeaving = false
    private let isStopping = Atomic<Bool>(false)
    private var positionsDue = DispatchTime.now()

    /// How long it looks after its membership between looks at its lanes.
    private static let lookMilliseconds = 100
    private static let firstWaitSeconds = 2.0
    private static let positionsEvery = DispatchTimeInterval.seconds(5)
    private static let longestWaitSeconds = 60.0

    /// - Parameters:
    ///   - makeLane: a new lane of a partition.
    ///   - observer: hears what people should know, on the thread that runs the daemon.
    public init(
        makeLane: @escaping (Partition) -> any DrivenLane,
        observer: @escaping (GroupNotice) -> Void
    ) {
        self.makeLane = makeLane
        self.observer = observer
    }

    /// Takes part in the group until it is stopped, or can't go on.
    public func run(
        on log: any GroupLog, group: String, topic: String
    ) throws(LogError) -> LaneEnd {
        let offsets = try log.openOffsets(of: "\(group).lag")
        let membership = try log.join(group: group, topic: topic) { [self] in take($0) }
        // Lanes first: whoever gets the partitions finds nobody there.
        func leave() {
            isLeaving = true
            end(Array(seats.keys))
            membership.leave()
        }
        do throws(LogError) {
            while !mustEnd, !isStopping.load(ordering: .acquiring) {
                try membership.serve(milliseconds: Self.lookMilliseconds)
                for partition in seats.keys.sorted() { look(after: partition) }
                tellPositions(offsets)
            }
        } catch {
            leave()
            throw error
        }
        leave()
        return failure ?? .finished
    }

    /// Asks it to end, each lane once what it decided is committed. From any thread.
    public func stop() { isStopping.store(true, ordering: .releasing) }

    private func take(_ change: MembershipChange) {
        switch change {
        case .assigned(let numbers):
            let partitions = numbers.map { Partition(Int64($0)) }
            // A round that brings nothing new is no news to who has some.
            if !partitions.isEmpty || seats.isEmpty { observer(.assigned(partitions)) }
            guard !isLeaving else { return }
            for partition in partitions {
                if seats[partition]?.lane == nil {
                    seats[partition] = Seat(RunningLane(makeLane(partition)))
                }
                seats[partition]?.isLost = false
            }
            end(seats.filter(\.value.isLost).map(\.key))
        case .revoked(let numbers, let isLost):
            let partitions = numbers.map { Partition(Int64($0)) }
            if !partitions.isEmpty { observer(.revoked(partitions, isLost: isLost)) }
            guard isLost else { return end(partitions) }
            for partition in partitions { seats[partition]?.isLost = true }
        }
    }

    private func end(_ partitions: [Partition]) {
        for partition in partitions { seats[partition]?.lane?.stop() }
        for partition in partitions {
            if let end = seats.removeValue(forKey: partition)?.lane?.wait() {
                note(end, of: partition)
            }
        }
    }

    /// Tells now and then how far the lanes have come.
    private func tellPositions(_ offsets: any GroupOffsets) {
        guard DispatchTime.now() >= positionsDue else { return }
        positionsDue = .now() + Self.positionsEvery
        offsets.tell(seats.values.filter { !$0.isLost }.flatMap { $0.lane?.positions ?? [] })
    }

    /// Takes note of how a lane ended, where that is no matter of who writes.
    private func note(_ end: LaneEnd, of partition: Partition) {
        switch end {
        case .finished, .fenced: return
        case .invariant(let sentence): observer(.failed(partition, sentence))
        case .log: mustEnd = true
        }
        failure = failure ?? end
    }

    private func look(after partition: Partition) {
        guard var seat = seats[partition] else { return }
        if let end = seat.lane?.end {
            seat.lane = nil
            note(end, of: partition)
            // One that was lost went to another member.
            if case .fenced(let sentence) = end, !seat.isLost {
                let wait = seat.nextWait(after: Self.firstWaitSeconds, Self.longestWaitSeconds)
                observer(.fenced(partition, sentence, seconds: wait))
            }
        } else if seat.lane == nil, !seat.isLost, let due = seat.due, Date() >= due {
            seat.due = nil
            seat.lane = RunningLane(makeLane(partition))
        }
        seats[partition] = seat
    }
}

/// What a group daemon tells people.
public enum GroupNotice: Sendable {
    /// The group gave these; none where the process has none at all.
    case assigned([Partition])
    /// It asked these back, or took them: see `MembershipChange`.
    case revoked([Partition], isLost: Bool)
    /// Another writer took over a partition of ours; it is taken back after so many seconds.
    case fenced(Partition, String, seconds: Double)
    /// The partition stands still until people have looked at it.
    case failed(Partition, String)
}

/// A partition that is ours, and who works on it.
private struct Seat {
    var lane: RunningLane?
    /// When the lane begins again.
    var due: Date?
    /// The group took the process for dead, and has not said since who has the partition.
    var isLost = false
    private var wait = 0.0
    private var began = Date()

    init(_ lane: RunningLane) { self.lane = lane }

    /// How long to wait now: longer each time, unless it went well for a while.
    mutating func nextWait(after first: Double, _ longest: Double) -> Double {
        let now = Date()
        wait = now.timeIntervalSince(began) > 2 * longest ? first : max(first, wait * 2)
        wait = min(wait, longest)
        due = now + wait
        began = now + wait
        return wait
    }
}

/// A lane on a thread of its own.
private final class RunningLane: @unchecked Sendable {
    private let lane: any DrivenLane
    private let condition = NSCondition()
    private var found: LaneEnd?

    init(_ lane: any DrivenLane) {
        self.lane = lane
        let thread = Thread { [self] in
            let end = lane.run()
            condition.lock()
            found = end
            condition.broadcast()
            condition.unlock()
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

    func wait() -> LaneEnd {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let found { return found }
            condition.wait()
        }
    }
}
