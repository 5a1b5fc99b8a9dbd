import EventLog
import Foundation
import Synchronization
import Testing
import Vocabulary
import Workers

/// The lanes of a member of a group: whose they are, and when they begin and end.
@Suite struct GroupDaemonTests {
    @Test func aMemberKeepsWhatStandsStillAndWorksOnTheRest() throws {
        let lost = LaneEnd.invariant("history was lost")
        let io = LaneEnd.log(LogError(.io, "the disk failed"))
        let script = LaneScript(
            ends: [1: Array(repeating: lost, count: 999), 2: Array(repeating: io, count: 999)])
        let log = ScriptedGroup()
        let daemon = GroupDaemon(
            .allocator, backoff: DaemonTests.quick, makeLane: script.lane
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
            .payer, backoff: DaemonTests.quick, makeLane: script.lane
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

    private func run(_ script: LaneScript, on log: ScriptedGroup) -> (GroupDaemon, RunningDaemon) {
        let daemon = GroupDaemon(
            .payer, backoff: DaemonTests.quick, makeLane: script.lane
        ) { if case .seat(let notice) = $0 { script.hear(notice) } }
        let run = RunningDaemon {
            (try? daemon.run(on: log, group: "g", topic: "t")) ?? .finished
        }
        return (daemon, run)
    }

    /// A member that was taken for dead goes on until the group says who has what: it keeps what it
    /// is given again, without beginning anew, and ends the rest.
    @Test func whatIsGivenAgainGoesOnAndTheRestEnds() throws {
        let script = LaneScript()
        let log = ScriptedGroup()
        let (daemon, run) = run(script, on: log)
        log.change(.assigned([0, 1]))
        wait(for: "lanes") { daemon.health.count { $0.state == .working } == 2 }
        log.change(.revoked([0, 1], isLost: true))
        wait(for: "loss") { log.isHeard }
        usleep(50_000)
        #expect(!script.lanes(of: 0)[0].isOver && !script.lanes(of: 1)[0].isOver)
        log.change(.assigned([0]))
        wait(for: "one less") { daemon.health.map(\.post.partition) == [0] }
        #expect(script.lanes(of: 1)[0].isOver)
        #expect(script.lanes(of: 0).count == 1 && !script.lanes(of: 0)[0].isOver)
        daemon.stop()
        #expect(run.wait() == .finished)
    }

    /// What was lost is somebody else's, as far as anybody knows: it is neither begun again nor
    /// told to have been taken over, until the group gives it back.
    @Test func whatWasLostIsNotBegunAgain() throws {
        let busy = LaneEnd.log(LogError(.busy, "busy", isRetriable: true))
        let script = LaneScript(ends: [0: Array(repeating: busy, count: 999)])
        let log = ScriptedGroup()
        let (daemon, run) = run(script, on: log)
        log.change(.assigned([0, 1]))
        wait(for: "lanes") { script.lanes(of: 0).count > 1 && script.lanes(of: 1).count == 1 }
        log.change(.revoked([0, 1], isLost: true))
        wait(for: "loss") { log.isHeard }
        script.lanes(of: 1)[0].end(.fenced("epoch 9"))
        // One may have been about to begin.
        usleep(100_000)
        let count = script.lanes(of: 0).count
        usleep(300_000)
        #expect(script.lanes(of: 0).count == count && script.lanes(of: 1).count == 1)
        for case .takenOver(let post, _, _) in script.notices { Issue.record("\(post)") }
        log.change(.assigned([1]))
        wait(for: "lane that is given back") { script.lanes(of: 1).count == 2 }
        daemon.stop()
        #expect(run.wait() == .finished)
    }

    /// Whoever gets the partitions next finds nobody there.
    @Test func lanesEndBeforeTheMemberLeaves() throws {
        let script = LaneScript()
        let log = ScriptedGroup()
        let (daemon, run) = run(script, on: log)
        log.change(.assigned([0, 1]))
        wait(for: "lanes") { daemon.health.count { $0.state == .working } == 2 }
        let ended = Mutex<[Bool]>([])
        log.onLeave {
            let found = (0..<2).map { script.lanes(of: Partition($0))[0].isOver }
            ended.withLock { if $0.isEmpty { $0 = found } }
        }
        daemon.stop()
        #expect(run.wait() == .finished)
        #expect(ended.withLock { $0 } == [true, true])
    }
}
