import EventLog
import Foundation
import Messages
import Synchronization
import Testing
import Vocabulary
import Workers

/// Who looks after the topics that lanes read.
@Suite struct TopicWatchTests {
    private let environment = Environment(
        name: "t", cluster: "c", partitions: 2, purpose: .test)
    private let post = LanePost(.allocator, 1)
    private let decisions = TopicPartition("t.decisions", 1)

    private func wait(for what: String, _ isThere: () -> Bool) {
        let end = Date(timeIntervalSinceNow: 60)
        while !isThere(), Date() < end { usleep(5_000) }
        #expect(isThere(), "no \(what)")
    }

    @Test func whatHoldsALaneUpIsToldAndStandsInItsHealth() {
        let log = ScriptedTopics(partitions: 2)
        log.state.withLock { $0.open = [decisions] }
        let heard = HeardOfTopics()
        let watch = TopicWatch(log, environment, everySeconds: 0.05, hear: heard.hear)
        defer { watch.end() }
        let script = LaneScript()
        let daemon = LaneDaemon(
            [post, LanePost(.allocator, 0)], isBounded: false, watch: watch, backoff: Backoff(),
            makeLane: script.lane, observer: script.hear)
        let run = RunningDaemon { daemon.run() }
        wait(for: "alarm") {
            heard.notices.contains {
                if case .heldUp(let found) = $0 { return found.partition == decisions }
                return false
            }
        }
        wait(for: "health") { daemon.health.contains { $0.post == post && !$0.heldUp.isEmpty } }
        for lane in daemon.health {
            #expect(lane.heldUp.map(\.partition) == (lane.post == post ? [decisions] : []))
        }
        log.state.withLock { $0.open = [] }
        wait(for: "end of it") {
            heard.notices.contains {
                if case .movesOn(let partition, _) = $0 { return partition == decisions }
                return false
            }
        }
        #expect(daemon.health.allSatisfy { $0.heldUp.isEmpty })
        daemon.stop()
        #expect(run.wait() == .finished)
    }

    /// Those that are there are told at once, and those that come later as well; each once.
    @Test func partitionsThatAreAddedAreToldOnce() {
        let log = ScriptedTopics(partitions: 2)
        log.state.withLock { $0.partitions["t.bids"] = 5 }
        let heard = HeardOfTopics()
        let watch = TopicWatch(log, environment, everySeconds: 0.01, hear: heard.hear)
        defer { watch.end() }
        let first = AddedPartitions(topic: .bids, expected: 2, there: 5)
        #expect(heard.notices == [TopicNotice.added(first)] && watch.added == [first])
        log.state.withLock { $0.partitions["t.payment-journal"] = 3 }
        let second = AddedPartitions(topic: .paymentJournal, expected: 2, there: 3)
        wait(for: "second") { watch.added == [first, second] }
        #expect(heard.notices == [.added(first), .added(second)])
    }

    // MARK: Attention

    private func attention(at: Timestamp, offset: Offset = 5) -> TopicAttention {
        TopicAttention(
            .openTransaction, topic: .decisions, partition: 1, offset: offset, since: 7,
            detail: "why", at: at)
    }

    /// What goes on is written once; what comes back at once is the same as before.
    @Test func aTransactionIsWrittenOnce() {
        let log = ScriptedTopics(partitions: 2)
        let records = AttentionRecords(log, environment)
        for at: Timestamp in [10, 20] { records.hear(attention(at: at)) }
        records.movesOn(.decisions, 1)
        records.hear(attention(at: 59_999, offset: 6))
        records.hear(attention(at: 60_010, offset: 7))
        records.close(withinMilliseconds: 30_000)
        #expect(
            log.state.withLock { $0.appended } == [
                #"{"type":"attention","kind":"openTransaction","topic":"decisions","partition":1,"#
                    + #""offset":5,"since":7,"detail":"why","at":10}"#,
                #"{"type":"attention","kind":"openTransaction","topic":"decisions","partition":1,"#
                    + #""offset":7,"since":7,"detail":"why","at":60010}"#,
            ])
    }

    /// The log that ails a lane may be the one that attention is written to.
    @Test func whatCannotBeWrittenNowIsWrittenLater() {
        let log = ScriptedTopics(partitions: 2)
        log.state.withLock { $0.failures = 3 }
        let records = AttentionRecords(
            log, environment, backoff: Backoff(firstMilliseconds: 5, longestMilliseconds: 20))
        records.hear(
            .standsStill(post, .invariant("history was lost"), tries: 1, milliseconds: 1), at: 10)
        records.close(withinMilliseconds: 30_000)
        #expect(
            log.state.withLock { $0.appended } == [
                #"{"type":"attention","kind":"laneStandsStill","worker":"allocator","#
                    + #""partition":1,"detail":"history was lost","at":10}"#
            ])
        #expect(log.state.withLock { $0.failures } == 0)
    }
}

private final class HeardOfTopics: Sendable {
    private let state = Mutex<[TopicNotice]>([])
    var notices: [TopicNotice] { state.withLock { $0 } }
    var hear: (TopicNotice) -> Void { { notice in self.state.withLock { $0.append(notice) } } }
}

/// A log of which only the ends, the counts of partitions and an appender are there.
private final class ScriptedTopics: EventLog, Sendable {
    struct State {
        var partitions: [String: Int32]
        /// Those on which a transaction is open.
        var open: Set<TopicPartition> = []
        /// How many appenders are refused yet.
        var failures = 0
        var appended: [String] = []
    }

    let state: Mutex<State>

    init(partitions: Int32) {
        var known: [String: Int32] = [:]
        for topic in Topic.allCases {
            known[topic.fullName(environment: "t")] = topic.partitions == .one ? 1 : partitions
        }
        let found = known
        state = Mutex(State(partitions: found))
    }

    var url: String { "scripted" }
    var clusterID: String { "c" }

    func topics() throws(LogError) -> [TopicDescription] {
        state.withLock { $0.partitions }.map { name, count in
            TopicDescription(
                specification: TopicSpecification(
                    name: name, partitions: count, cleanup: .delete, retentionMilliseconds: nil,
                    maxMessageBytes: 1),
                timestampType: .logAppendTime)
        }
    }

    func create(_ topic: TopicSpecification) throws(LogError) { throw none }

    func bounds(
        of partitions: [TopicPartition], _ end: EndKind
    ) throws(LogError) -> [Bounds] {
        let open = state.withLock { $0.open }
        return partitions.map {
            Bounds(start: 0, end: end == .committed && open.contains($0) ? 5 : 9)
        }
    }

    func openReader(_ starts: [ReadStart]) throws(LogError) -> any LogReader { throw none }
    func openWriter(transactionalIDs: [String]) throws(LogError) -> any LogWriter { throw none }

    func openAppender() throws(LogError) -> any LogAppender {
        let mustFail = state.withLock { state in
            defer { state.failures = max(0, state.failures - 1) }
            return state.failures > 0
        }
        if mustFail { throw LogError(.io, "too many open files") }
        return Appender(self)
    }

    private var none: LogError { LogError(.invariant, "not in this script") }

    private final class Appender: LogAppender {
        private let log: ScriptedTopics
        init(_ log: ScriptedTopics) { self.log = log }

        func append(_ records: borrowing OutgoingRecords) throws(LogError) -> [AppendOutcome] {
            var found: [String] = []
            for index in 0..<records.count {
                found.append(
                    records[index].value.map { String(decoding: $0, as: UTF8.self) } ?? "")
            }
            let values = found
            log.state.withLock { $0.appended += values }
            return []
        }

        func close() {}
    }
}
