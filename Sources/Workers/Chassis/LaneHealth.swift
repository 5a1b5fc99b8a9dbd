import EventLog
import Vocabulary

/// Which worker a lane is one of.
package typealias WorkerRole = StandstillAttention.Worker

/// A lane's place in an environment: what it does, and for which partition.
package struct LanePost: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var role: WorkerRole
    package var partition: Partition

    package init(_ role: WorkerRole, _ partition: Partition) {
        self.role = role
        self.partition = partition
    }

    package static func < (left: LanePost, right: LanePost) -> Bool {
        (left.role.rawValue, left.partition) < (right.role.rawValue, right.partition)
    }

    package var description: String { "\(role.rawValue) of partition \(partition)" }
}

/// How a lane of this process is.
package struct LaneHealth: Hashable, Sendable {
    /// What it does just now.
    package enum State: Hashable, Sendable {
        /// Reads its book, or waits for its log.
        case beginning
        /// Live, as of a second ago.
        case working
        /// It can't go on, for so many milliseconds now, and was tried so many times.
        case standsStill(LaneEnd, milliseconds: Int64, tries: Int)
        /// Another process has its partition.
        case takenOver(String)
        /// It is done.
        case ended
    }

    package var post: LanePost
    package var state: State
    /// What its state takes, as of a second ago; nil where nothing is known of it.
    package var memory: MemoryUse?
    /// What it reads that can't be read on, since a transaction on it is open: the lane
    /// waits for that, in any state.
    package var heldUp: [HeldUpPartition] = []

    package init(_ post: LanePost, _ state: State, memory: MemoryUse? = nil) {
        self.post = post
        self.state = state
        self.memory = memory
    }
}

/// What happens to the lanes of a process, for people.
package enum SeatNotice: Sendable {
    /// A lane can't go on, after so many tries; it begins again after so many milliseconds, or
    /// never: nil.
    case standsStill(LanePost, LaneEnd, tries: Int, milliseconds: Int64?)
    /// Another writer took over the lane's partition. It is taken back after so many milliseconds,
    /// where a group still gives it to this process; nil: it is left to the other.
    case takenOver(LanePost, String, milliseconds: Int64?)
    /// A lane that stood still is live again, after so long and so many tries.
    case atWorkAgain(LanePost, milliseconds: Int64, tries: Int)
}

extension LaneEnd {
    /// Which of several ends a process ends with: the largest.
    var severity: Int {
        switch self {
        case .finished: 0
        case .fenced: 1
        case .log(let error):
            switch error.code {
            case .offsetOutOfRange, .closed, .invariant: 3
            default: 2
            }
        case .overMemory: 2
        case .invariant: 4
        }
    }

    /// The worst of several, the first where several are as bad.
    static func worst(_ ends: [LaneEnd]) -> LaneEnd {
        var worst = LaneEnd.finished
        for end in ends where end.severity > worst.severity { worst = end }
        return worst
    }

    /// Whether a process that has only lanes which ended like this does better to end.
    ///
    /// In a group that is so where the log refuses this client or its settings: any other trouble
    /// would only go on to the next member, and end that one as well. A process that belongs to no
    /// group hands nothing on. Where all lanes share a file that is gone or damaged, or each
    /// contradicts its book, people and supervisors see a process that ended sooner than one that
    /// does nothing.
    func isHopeless(inGroup: Bool) -> Bool {
        switch self {
        case .finished, .fenced: return false
        // There may be room again, once others need less.
        case .overMemory: return false
        case .invariant: return !inGroup
        case .log(let error):
            switch error.code {
            case .notPermitted, .misconfigured: return true
            case .unreachable, .notALog, .corrupt, .io, .closed, .offsetOutOfRange, .invariant:
                return !inGroup
            case .cannotWrite, .busy, .unknownTopic, .alreadyExists, .tooLarge, .fenced, .timedOut:
                return false
            }
        }
    }
}
