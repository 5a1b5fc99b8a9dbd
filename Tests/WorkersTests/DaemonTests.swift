import EventLog
import Foundation
import MemoryLog
import Messages
import Synchronization
import Testing
import Vocabulary
import Workers

/// Lanes of one process: what keeps one from its work costs that one.
@Suite struct DaemonTests {
    private static let quick = Backoff(firstMilliseconds: 20, longestMilliseconds: 80)

    /// Waits for what is meant, a minute at most.
    private func wait(for what: String, _ isThere: () -> Bool) {
        let end = Date(timeIntervalSinceNow: 60)
        while !isThere(), Date() < end { usleep(2_000) }
        #expect(isThere(), "no \(what)")
    }

    private func daemon(
        _ script: LaneScript, partitions: Int64, isBounded: Bool = false
    ) -> LaneDaemon {
        LaneDaemon(
            (0..<partitions).map { LanePost(.allocator, Partition($0)) }, isBounded: isBounded,
            backoff: Self.quick, makeLane: script.lane, observer: script.hear)
    }

    @Test(arguments: [
        LaneEnd.invariant("it contradicts the book"),
        .log(LogError(.unknownTopic, "no such topic")),
        .log(LogError(.io, "too many open files")),
        .log(LogError(.cannotWrite, "the disk is full")),
        .log(LogError(.busy, "somebody writes", isRetriable: true)),
        .log(LogError(.notPermitted, "no right to this one")),
    ])
    func oneLanesTroubleCostsOneLane(_ trouble: LaneEnd) throws {
        let script = LaneScript(ends: [1: [trouble, trouble, trouble]])
        let daemon = daemon(script, partitions: 3)
        let run = RunningDaemon { daemon.run() }
        // It is tried again by itself, and is at work again once the trouble is gone.
        wait(for: "fourth try") { script.lanes(of: 1).count == 4 }
        wait(for: "health") { daemon.health.allSatisfy { $0.state == .working } }
        #expect(script.lanes(of: 0).count == 1 && script.lanes(of: 2).count == 1)
        #expect(run.end == nil)
        let tries = script.notices.compactMap { notice -> Int? in
            guard case .standsStill(let post, let end, let tries, let wait) = notice else {
                return nil
            }
            #expect(post.partition == 1 && end == trouble && wait != nil)
            return tries
        }
        #expect(tries == [1, 2, 3])
        let back = script.notices.compactMap { notice -> Int? in
            guard case .atWorkAgain(let post, _, let tries) = notice else { return nil }
            return post.partition == 1 ? tries : nil
        }
        #expect(back == [3])
        daemon.stop()
        #expect(run.wait() == .finished)
    }

    @Test func whatStandsStillIsAskedForAndDecidesTheEnd() throws {
        let lost = LaneEnd.invariant("history was lost")
        let busy = LaneEnd.log(LogError(.busy, "busy", isRetriable: true))
        let script = LaneScript(
            ends: [0: Array(repeating: busy, count: 99), 2: Array(repeating: lost, count: 99)])
        let daemon = daemon(script, partitions: 3)
        let run = RunningDaemon { daemon.run() }
        wait(for: "tries") { script.lanes(of: 2).count > 2 && script.lanes(of: 0).count > 2 }
        let states = daemon.health.map(\.state)
        #expect(states.count == 3 && states[1] == .working)
        guard case .standsStill(let end, _, let tries) = states[2] else {
            Issue.record("\(states[2])")
            return
        }
        #expect(end == lost && tries >= 2)
        daemon.stop()
        #expect(run.wait() == lost)
    }

    @Test func whatWasTakenOverIsLeftAndTheProcessGoesOnUntilItHasNone() throws {
        let script = LaneScript()
        let daemon = daemon(script, partitions: 3)
        let run = RunningDaemon { daemon.run() }
        wait(for: "lanes") { daemon.health.count { $0.state == .working } == 3 }
        for partition in [Partition(0), 2] {
            script.lanes(of: partition)[0].end(.fenced("epoch 9"))
            wait(for: "word") {
                daemon.health[Int(partition.rawValue)].state == .takenOver("epoch 9")
            }
            #expect(run.end == nil)
        }
        script.lanes(of: 1)[0].end(.fenced("epoch 9"))
        #expect(run.wait() == .fenced("epoch 9"))
        #expect((0..<3).allSatisfy { script.lanes(of: Partition($0)).count == 1 })
    }

    @Test(arguments: [
        LaneEnd.log(LogError(.notPermitted, "the password is wrong")),
        .log(LogError(.io, "the file was removed")), .invariant("history was lost"),
    ])
    func whatConcernsAllLanesEndsTheProcess(_ trouble: LaneEnd) throws {
        let script = LaneScript()
        let daemon = daemon(script, partitions: 2)
        let run = RunningDaemon { daemon.run() }
        wait(for: "lanes") { daemon.health.count { $0.state == .working } == 2 }
        for partition in 0..<2 {
            script.fail(Partition(Int64(partition)), with: trouble)
        }
        #expect(run.wait() == trouble)
    }

    @Test func whereNoLaneCanBeginTheProcessRefusesToStart() throws {
        let busy = LaneEnd.log(LogError(.busy, "busy", isRetriable: true))
        let lost = LaneEnd.invariant("history was lost")
        let script = LaneScript(ends: [0: [busy], 1: [lost]])
        let daemon = daemon(script, partitions: 2)
        #expect(RunningDaemon { daemon.run() }.wait() == lost)
    }

    @Test func aBoundedRunEndsWithItsWorstLaneAndLetsTheOthersFinish() throws {
        let script = LaneScript(
            ends: [0: [.invariant("lost")], 1: [.fenced("epoch 9")], 2: []])
        let daemon = daemon(script, partitions: 3, isBounded: true)
        let run = RunningDaemon { daemon.run() }
        wait(for: "others") { script.notices.count == 2 }
        #expect(run.end == nil)
        script.lanes(of: 2)[0].end(.finished)
        #expect(run.wait() == .invariant("lost"))
        #expect(script.lanes(of: 0).count == 1)
    }

    @Test func aPostWithoutALaneStandsStillToo() throws {
        let script = LaneScript()
        let daemon = LaneDaemon(
            [LanePost(.allocator, 0), LanePost(.allocator, 1)], isBounded: false,
            backoff: Self.quick,
            makeLane: { post throws(LaneEnd) in
                guard post.partition == 0 else { throw .invariant("beyond the environment") }
                return try script.lane(post)
            }, observer: script.hear)
        let run = RunningDaemon { daemon.run() }
        wait(for: "tries") { script.notices.count > 2 }
        #expect(run.end == nil && script.lanes(of: 0).count == 1)
        daemon.stop()
        #expect(run.wait() == .invariant("beyond the environment"))
    }

    // MARK: Groups

    @Test func aMemberKeepsWhatStandsStillAndWorksOnTheRest() throws {
        let lost = LaneEnd.invariant("history was lost")
        let io = LaneEnd.log(LogError(.io, "the disk failed"))
        let script = LaneScript(
            ends: [1: Array(repeating: lost, count: 999), 2: Array(repeating: io, count: 999)])
        let log = ScriptedGroup()
        let daemon = GroupDaemon(
            .allocator, backoff: Self.quick, makeLane: script.lane
        ) { if case .seat(let notice) = $0 { script.hear(notice) } }
        let run = RunningDaemon {
            (try? daemon.run(on: log, group: "g", topic: "t")) ?? .finished
        }
        log.change(.assigned([0, 1, 2]))
        wait(for: "tries") { script.lanes(of: 1).count > 2 && script.lanes(of: 2).count > 2 }
        wait(for: "health") { daemon.health.first?.state == .working }
        // With the others gone the member has nothing but trouble, and stays.
        log.change(.revoked([0], isLost: false))
        wait(for: "more tries") { script.lanes(of: 1).count > 5 }
        #expect(run.end == nil && daemon.health.map(\.post.partition) == [1, 2])
        // What goes to another member is no longer this one's.
        log.change(.revoked([1], isLost: false))
        wait(for: "one less") { daemon.health.map(\.post.partition) == [2] }
        daemon.stop()
        #expect(run.wait() == io)
    }

    @Test func aMemberTakesBackWhatTheGroupStillGivesIt() throws {
        let script = LaneScript()
        let log = ScriptedGroup()
        let daemon = GroupDaemon(
            .payer, backoff: Self.quick, makeLane: script.lane
        ) { if case .seat(let notice) = $0 { script.hear(notice) } }
        let run = RunningDaemon {
            (try? daemon.run(on: log, group: "g", topic: "t")) ?? .finished
        }
        log.change(.assigned([0]))
        wait(for: "lane") { script.lanes(of: 0).count == 1 }
        script.lanes(of: 0)[0].end(.fenced("epoch 9"))
        wait(for: "second lane") { script.lanes(of: 0).count == 2 }
        // One that was lost went to another member.
        log.change(.revoked([0], isLost: true))
        wait(for: "loss") { log.isHeard }
        script.lanes(of: 0)[1].end(.fenced("epoch 11"))
        usleep(300_000)
        #expect(script.lanes(of: 0).count == 2)
        daemon.stop()
        #expect(run.wait() == .finished)
    }
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
    private let state: Mutex<State>

    /// How the first lanes of a partition end, one after the other; those after them are live
    /// until they are told to end.
    init(ends: [Partition: [LaneEnd]] = [:]) { state = Mutex(State(ends: ends)) }

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
            let lane = ScriptedLane(post)
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
    private let post: LanePost

    init(_ post: LanePost) { self.post = post }

    func end(_ end: LaneEnd) { found.withLock { $0 = end } }
    func stop() { found.withLock { $0 = $0 ?? .finished } }

    var positions: [ReadStart] {
        let isLive = found.withLock { $0 == nil }
        let place = TopicPartition("t.bids", Int32(post.partition.rawValue))
        return isLive ? [ReadStart(place, from: 0)] : []
    }

    func run() -> LaneEnd {
        while true {
            if let end = found.withLock({ $0 }) { return end }
            usleep(1_000)
        }
    }
}

/// A group whose changes a test makes.
private final class ScriptedGroup: GroupLog {
    private let log = MemoryLog()
    private let changes = Mutex<[MembershipChange]>([])

    func change(_ change: MembershipChange) { changes.withLock { $0.append(change) } }

    /// Whether all changes were told.
    var isHeard: Bool { changes.withLock { $0.isEmpty } }

    func join(
        group: String, topic: String, hear: @escaping (MembershipChange) -> Void
    ) throws(LogError) -> any Membership {
        Member(self, hear)
    }

    func openOffsets(of group: String) throws(LogError) -> any GroupOffsets { Offsets() }

    private final class Offsets: GroupOffsets {
        func tell(_ positions: [ReadStart]) {}
    }

    private final class Member: Membership {
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

        func leave() {}
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
