import EventLog
import Foundation
import Synchronization
import Vocabulary

/// The lanes that a process runs, each at its own seat: what keeps one from its work costs
/// that one and no other. One that can't go on stands still, is reported, and begins again by
/// itself after a while, at most a minute; its book is then read again, so the cause of the failure
/// is looked at again.
///
/// Used by one thread, but for `health`.
final class SeatTable {
    /// What a table does where a lane ends.
    struct Rules {
        /// Lanes end by themselves: one that fails is not begun again, or nobody who
        /// waits for the end would see it.
        var isBounded = false
        /// A lane that was fenced begins again: a group gives out the partitions, and has the last
        /// word. Without one, the lane that came last keeps what it took.
        var takesBack = false
        var backoff = Backoff()
        /// What the lanes' state may take together.
        var memory: MemoryShare?
    }

    private let rules: Rules
    /// Who looks after the topics that the lanes read.
    private let watch: TopicWatch?
    private let makeLane: (LanePost) throws(LaneEnd) -> any DrivenLane
    private let observer: (SeatNotice) -> Void
    private let bell: Bell
    private let clock: () -> Int64
    private var seats: [LanePost: Seat] = [:]
    /// Whether a lane of this process was ever live.
    private var hasWorked = false
    private let told = Mutex<[LaneHealth]>([])

    /// - Parameters:
    ///   - makeLane: a new lane of a post, or why there can be none.
    ///   - clock: milliseconds; never steps back.
    ///   - observer: hears what people should know, on the table's thread.
    init(
        _ rules: Rules, watch: TopicWatch?, bell: Bell,
        clock: @escaping () -> Int64 = { SeatTable.uptime },
        makeLane: @escaping (LanePost) throws(LaneEnd) -> any DrivenLane,
        observer: @escaping (SeatNotice) -> Void
    ) {
        self.rules = rules
        self.watch = watch
        self.bell = bell
        self.clock = clock
        self.makeLane = makeLane
        self.observer = observer
    }

    static var uptime: Int64 { Int64(DispatchTime.now().uptimeNanoseconds / 1_000_000) }

    // MARK: Who sits

    var posts: [LanePost] { seats.keys.sorted() }

    /// Those whose partition a group took from this process, which it holds for dead.
    var lost: [LanePost] { posts.filter { seats[$0]?.isLost == true } }

    /// How far the lanes have come whose partition is theirs.
    var positions: [ReadStart] {
        posts.flatMap { seats[$0]?.isLost == true ? [] : seats[$0]?.lane?.positions ?? [] }
    }

    /// Begins the lane of a post, unless it is under way.
    func begin(_ post: LanePost) {
        if seats[post]?.lane == nil {
            seats[post] = Seat(rules.backoff)
            divideMemory()
            start(post)
        }
        seats[post]?.isLost = false
    }

    /// The group holds this process for dead: others may begin these at any moment.
    func lose(_ posts: [LanePost]) {
        for post in posts { seats[post]?.isLost = true }
    }

    /// Ends these lanes cleanly, and gives their posts up.
    func giveUp(_ posts: [LanePost]) {
        stop(posts)
        for post in posts { seats[post] = nil }
        tell()
    }

    /// Ends all lanes cleanly; how each stood stays to be asked for.
    func stopAll() {
        stop(posts)
        tell()
    }

    private func stop(_ posts: [LanePost]) {
        for post in posts { seats[post]?.lane?.stop() }
        for post in posts {
            seats[post]?.due = nil
            guard let lane = seats[post]?.lane else { continue }
            let end = lane.wait()
            seats[post]?.lane = nil
            // One that stood still and had not come alive again stands still yet.
            if end.severity > 1 {
                seats[post]?.fail(end, at: clock())
            } else if lane.cameAlive {
                works(post, clock())
            }
        }
    }

    // MARK: How they are

    /// Looks at every seat: what ended, what is live again, what is to begin again.
    func look() {
        let now = clock()
        for post in posts { look(after: post, now) }
        tell()
    }

    private func look(after post: LanePost, _ now: Int64) {
        guard let seat = seats[post] else { return }
        if let lane = seat.lane {
            if let end = lane.end {
                seats[post]?.lane = nil
                ended(post, end, now)
            } else if !lane.positions.isEmpty {
                // For a second or so: one that fails at once stood still all the while.
                works(post, now)
            }
        } else if let due = seat.due, now >= due, !seat.isLost {
            start(post)
        }
    }

    /// The lane of a post is live, or was when it was asked to end.
    private func works(_ post: LanePost, _ now: Int64) {
        hasWorked = true
        if seats[post]?.worksSince == nil { seats[post]?.worksSince = now }
        guard let trouble = seats[post]?.trouble else { return }
        seats[post]?.trouble = nil
        observer(
            .atWorkAgain(post, milliseconds: now - trouble.since, tries: trouble.tries))
    }

    private func start(_ post: LanePost) {
        seats[post]?.due = nil
        seats[post]?.worksSince = nil
        do throws(LaneEnd) {
            let lane = try makeLane(post)
            watch?.add(lane, post)
            seats[post]?.lane = RunningLane(lane, bell)
        } catch {
            ended(post, error, clock())
        }
    }

    private func ended(_ post: LanePost, _ end: LaneEnd, _ now: Int64) {
        if let since = seats[post]?.worksSince {
            hasWorked = true
            seats[post]?.backoff.wentWell(forMilliseconds: now - since)
        }
        switch end {
        case .finished:
            seats[post]?.isDone = true
        case .fenced(let sentence):
            // One that was lost went to another member.
            if seats[post]?.isLost == true { return }
            seats[post]?.trouble = nil
            seats[post]?.takenOver = sentence
            if rules.takesBack, !rules.isBounded {
                let wait = againLater(post, now)
                observer(.takenOver(post, sentence, milliseconds: wait))
            } else {
                seats[post]?.isDone = true
                observer(.takenOver(post, sentence, milliseconds: nil))
            }
        case .invariant, .log, .overMemory:
            seats[post]?.fail(end, at: now)
            let tries = seats[post]?.trouble?.tries ?? 1
            var wait: Int64?
            if rules.isBounded {
                seats[post]?.isDone = true
            } else {
                wait = againLater(post, now)
            }
            observer(.standsStill(post, end, tries: tries, milliseconds: wait))
        }
    }

    private func againLater(_ post: LanePost, _ now: Int64) -> Int64 {
        let wait = seats[post]?.backoff.next() ?? 0
        seats[post]?.due = now + wait
        return wait
    }

    /// How the process must end now; nil: it goes on.
    ///
    /// It ends once nothing is left to do, and where what keeps each of its lanes from its work is
    /// such that there is no hope for any (`LaneEnd.isHopeless`). It also ends where none could
    /// even begin: the operator hears of it at once. In a group its partitions would only go on
    /// to the next process, which could not begin them either.
    var verdict: LaneEnd? {
        let open = posts.compactMap { seats[$0] }.filter { !$0.isDone }
        guard !open.isEmpty else { return seats.isEmpty ? nil : end }
        let troubles = open.compactMap(\.trouble?.end)
        guard troubles.count == open.count else { return nil }
        let isHopeless = troubles.allSatisfy { $0.isHopeless(inGroup: rules.takesBack) }
        return isHopeless || !hasWorked && !rules.takesBack ? end : nil
    }

    /// How the process ends: as the worst lane that stands still.
    var end: LaneEnd {
        let troubles = posts.compactMap { seats[$0]?.trouble?.end }
        if !troubles.isEmpty { return .worst(troubles) }
        // The partitions of other workers need no care, unless none is left here or a caller waits.
        let takenOver = posts.compactMap { post in
            seats[post]?.isDone == true ? seats[post]?.takenOver : nil
        }
        guard let first = takenOver.first, rules.isBounded || takenOver.count == seats.count
        else { return .finished }
        return .fenced(first)
    }

    /// How each lane is, as of the last look, and what holds it up. From any thread.
    var health: [LaneHealth] {
        var found = told.withLock { $0 }
        guard let watch else { return found }
        for index in found.indices { found[index].heldUp = watch.heldUp(of: found[index].post) }
        return found
    }

    /// Each lane that may come back has its share, whether it works just now or not.
    private func divideMemory() {
        rules.memory?.divide(among: seats.values.count { !$0.isDone })
    }

    private func tell() {
        divideMemory()
        let now = clock()
        let found = posts.compactMap { post in
            seats[post].map { LaneHealth(post, $0.state(at: now), memory: $0.memory) }
        }
        told.withLock { $0 = found }
    }
}

/// A post that is ours, and who works at it.
private struct Seat {
    var lane: RunningLane?
    /// When the lane begins again.
    var due: Int64?
    var backoff: Backoff
    /// What keeps it from its work, until it is live again.
    var trouble: (end: LaneEnd, since: Int64, tries: Int)?
    /// Another process has it.
    var takenOver: String?
    var worksSince: Int64?
    /// The group took the process for dead, and has not said since who has the partition.
    var isLost = false
    /// It is not begun again.
    var isDone = false

    init(_ backoff: Backoff) { self.backoff = backoff }

    mutating func fail(_ end: LaneEnd, at now: Int64) {
        trouble = (end, trouble?.since ?? now, (trouble?.tries ?? 0) + 1)
        takenOver = nil
    }

    /// What its state takes, or took when it was too large.
    var memory: MemoryUse? {
        if case .overMemory(let reason) = trouble?.end { return reason.use }
        return lane?.memory
    }

    func state(at now: Int64) -> LaneHealth.State {
        if let trouble {
            return .standsStill(
                trouble.end, milliseconds: now - trouble.since, tries: trouble.tries)
        }
        guard let lane else {
            if let takenOver { return .takenOver(takenOver) }
            return isDone ? .ended : .beginning
        }
        return lane.positions.isEmpty ? .beginning : .working
    }
}
