import EventLog
import Foundation
import MemoryLog
import Messages
import Payments
import Synchronization
import Testing
import Vocabulary
import Workers

/// Lanes of one process: what keeps one from its work costs that one.
@Suite struct DaemonTests {
    static let quick = Backoff(firstMilliseconds: 20, longestMilliseconds: 80)

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
            guard case .atWorkAgain(let post, let milliseconds, let tries) = notice else {
                return nil
            }
            // From the first failure on: three waits of 20, 40 and 80.
            #expect(milliseconds >= 140, "\(milliseconds)")
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

    /// A lane that came back counts as one at work from that moment on, not only once it tells how
    /// far it is: a process that is stopped just then ends well.
    @Test func whatIsBackAMomentBeforeTheEndStandsStillNoMore() throws {
        for _ in 0..<5 {
            let lost = LaneEnd.invariant("history was lost")
            let script = LaneScript(ends: [0: [lost]], tellsPositions: false)
            let daemon = daemon(script, partitions: 2)
            let run = RunningDaemon { daemon.run() }
            wait(for: "second try") { script.lanes(of: 0).last?.cameAlive == true }
            daemon.stop()
            #expect(run.wait() == .finished)
            #expect(daemon.health.allSatisfy { $0.state == .beginning || $0.state == .ended })
        }
    }

    /// Both workers say at once that they are live; how far they are they tell once a second.
    @Test func aWorkerSaysAtOnceThatItIsLive() throws {
        let heard = Mutex((allocator: false, payer: false))
        let scene = try LaneScene(MemoryLog())
        let allocator = scene.driver(stopsAtEnd: false, observer: { notice in
            if case .live = notice { heard.withLock { $0.allocator = true } }
        })
        let payer = PayerDriver(
            PayerConfiguration(
                environment: scene.environment, partition: 0, profile: ProviderProfile()),
            log: scene.log, gateway: ScriptedProvider(), clock: { .now }, isInline: true
        ) { notice in
            if case .live = notice { heard.withLock { $0.payer = true } }
        }
        #expect(!allocator.cameAlive && !payer.cameAlive)
        for _ in 0..<1_000 where !heard.withLock({ $0.allocator }) { _ = allocator.step() }
        #expect(heard.withLock { $0.allocator } && allocator.cameAlive)
        for _ in 0..<1_000 where !heard.withLock({ $0.payer }) { _ = payer.step() }
        #expect(heard.withLock { $0.payer } && payer.cameAlive)
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
}

extension DaemonTests {
    /// A lane that works for a while and then fails is tried again soon; one that fails again at
    /// once is given ever more time, however long it had worked before.
    @Test func onlyWorkMakesTheNextTryQuick() throws {
        let script = LaneScript(ends: [0: [.invariant("one"), .invariant("two")]])
        let daemon = LaneDaemon(
            [LanePost(.payer, 0), LanePost(.payer, 1)], isBounded: false, backoff: Self.quick,
            makeLane: script.lane, observer: script.hear)
        let run = RunningDaemon { daemon.run() }
        wait(for: "work") { daemon.health.first?.state == .working }
        // Longer than twice the longest wait.
        usleep(400_000)
        script.fail(0, with: .invariant("three"))
        wait(for: "tries") { script.notices.count > 7 }
        let waits = script.notices.compactMap { notice -> Int64? in
            guard case .standsStill(_, _, _, let milliseconds) = notice else { return nil }
            return milliseconds
        }
        #expect(waits.prefix(6) == [20, 40, 20, 40, 80, 80], "\(waits)")
        daemon.stop()
        #expect(run.wait() != nil)
    }
}
