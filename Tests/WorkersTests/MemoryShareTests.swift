import EventLog
import MemoryLog
import Testing
import Vocabulary
import Workers

/// A lane whose books outgrow its share of the memory stands still with a word; the log keeps what
/// it decided, and whoever has more memory goes on with it.
@Suite struct MemoryShareTests {
    private static let bids = 6_000

    private func scene() throws -> Scene {
        let scene = try Scene(MemoryLog(clock: ScriptedClock(5).read))
        try scene.open("o", shares: 1_000_000)
        try scene.append(
            (0..<Self.bids).map { Scene.bid("b\($0)", "account-\($0)", 1) }, to: .bids)
        return scene
    }

    private func driver(
        _ scene: Scene, _ memory: MemoryShare, stopsAtEnd: Bool = false,
        observer: @escaping (LaneNotice) -> Void = { _ in }
    ) -> LaneDriver {
        var configuration = scene.configuration(largestBatch: 500, stopsAtEnd: stopsAtEnd)
        configuration.memory = memory
        return LaneDriver(
            configuration, log: scene.log, clock: { .now }, isInline: true, observer: observer)
    }

    @Test func aLaneThatOutgrowsItsShareStandsStillAndSaysSo() throws {
        let scene = try scene()
        var told: [OverMemory] = []
        let lane = driver(scene, MemoryShare(total: 250_000)) {
            if case .overMemory(let reason) = $0 { told.append(reason) }
        }
        for _ in 0..<2_000 where told.isEmpty { #expect(lane.step() == nil) }
        let reason = try #require(told.first)
        #expect(reason.bytes > 250_000 && reason.bytes < 2_000_000)
        #expect(reason.largest == "o" && reason.largestBytes > 200_000)
        #expect(reason.sentence.contains("--memory") && reason.sentence.contains("STANDS STILL"))
        let decided = try scene.decisions().count
        #expect(decided > 500 && decided < Self.bids)
        for _ in 0..<100 { #expect(lane.step() == nil) }
        #expect(try scene.decisions().count == decided)
        #expect(told.count == 1)
        lane.stop()
        var end: LaneEnd?
        for _ in 0..<10 where end == nil { end = lane.step() }
        #expect(end == .finished)
        // Started again with as little it says so while it reads the book.
        guard case .log(let error) = driver(scene, MemoryShare(total: 60_000), stopsAtEnd: true)
            .run()
        else {
            Issue.record("it went on")
            return
        }
        #expect(error.code == .misconfigured && error.message.contains("--memory"))
        #expect(driver(scene, MemoryShare(total: 1 << 30), stopsAtEnd: true).run() == .finished)
        #expect(try scene.decisions().count == Self.bids + 1)
    }

    @Test func theShareIsOneOfAllLanesThatThereAre() throws {
        let scene = try scene()
        let memory = MemoryShare(total: 1_200)
        var first: LaneDriver? = driver(scene, memory)
        var second: LaneDriver? = driver(scene, memory)
        #expect(memory.bytesALane == 600)
        second = nil
        #expect(memory.bytesALane == 1_200)
        first = nil
        #expect(memory.bytesALane == 1_200)
        _ = (first, second)
    }
}
