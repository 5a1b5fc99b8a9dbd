import CommandRunning
import EventLog
import Foundation
import KafkaLog
import Messages
import Synchronization
import Testing
import Vocabulary
import Workers

/// A lane that gives its writer back when it has nothing to write, on real brokers: the first bid
/// after a pause is decided soon, in the same epoch, and only by the lane that has the partition.
@Suite(.serialized, .enabled(if: Broker.address != nil, "no broker here"))
struct IdleLaneTests {
    /// Topics of an environment, made for a while, and what a test does to them.
    private final class IdleLaneSale: @unchecked Sendable {
        let log: KafkaLog
        let environment: Vocabulary.Environment
        private var decided: [DecisionRecord] = []
        private var position: LogOffset = 0
        private var decoder = RecordDecoder()

        init() throws {
            log = try KafkaLog(brokers: Broker.address!)
            environment = Vocabulary.Environment(
                name: "idle-\(UInt32.random(in: 0...UInt32.max))", cluster: log.clusterID,
                partitions: 1, purpose: .test)
            for topic in Topic.allCases {
                try log.create(
                    TopicSpecification(
                        name: topic.fullName(environment: environment.name), partitions: 1,
                        cleanup: .delete, retentionMilliseconds: nil, maxMessageBytes: 1 << 20))
            }
        }

        deinit { log.deleteTopics(of: environment.name) }

        private func partition(_ topic: Topic) -> TopicPartition {
            TopicPartition(topic.fullName(environment: environment.name), 0)
        }

        func append(_ value: String, to topic: Topic) throws {
            let appender = try log.openAppender()
            defer { appender.close() }
            var records = OutgoingRecords()
            let destination = records.destination(partition(topic))
            var value = value
            value.withUTF8 {
                records.append(
                    to: destination, key: nil, value: UnsafeRawBufferPointer($0))
            }
            for outcome in try appender.append(records) {
                if case .refused(let error) = outcome { throw error }
            }
        }

        func bid(_ id: String) throws {
            try append(
                """
                {"type":"bid","bid":"\(id)","offering":"o","account":"a","shares":1}
                """, to: .bids)
        }

        /// A lane on a thread, and a log that counts its writers.
        func lane() throws -> (lane: AllocatorDriver, log: WriterCount) {
            let counted = WriterCount(try KafkaLog(brokers: Broker.address!))
            var configuration = AllocatorConfiguration(environment: environment, partition: 0)
            configuration.writerIdleMilliseconds = 300
            let lane = AllocatorDriver(configuration, log: counted, clock: { .now }) { _ in }
            return (lane, counted)
        }

        /// All decisions once there are so many, and how long it took until then, in seconds.
        func decisions(
            _ count: Int, by reader: any LogReader
        ) throws -> (decisions: [Decision], epochs: Int, seconds: Double) {
            let start = DispatchTime.now().uptimeNanoseconds
            var batch = RecordBatch()
            func found() -> [Decision] {
                decided.compactMap {
                    if case .decision(let decision) = $0.content { decision } else { nil }
                }
            }
            while found().count < count {
                batch.removeAll()
                if try reader.read(0, into: &batch, limit: 100) == 0 {
                    try reader.wait(timeoutMilliseconds: 20)
                }
                for index in 0..<batch.count {
                    decided.append(try decoder.decodeDecision(batch.value(index)))
                }
                let waited = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
                try #require(waited < 30, "\(found().count) of \(count) decisions")
            }
            let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
            return (found(), decided.count - found().count, seconds)
        }

        func reader() throws -> any LogReader {
            try log.openReader([ReadStart(partition(.decisions), from: 0)])
        }
    }

    private static func waitForRest(_ log: WriterCount) throws {
        try #require(
            eventually(within: 60, every: 20) { log.open == 0 }, "the writer was kept")
    }

    private static func begin(_ lane: AllocatorDriver) -> EndOfLane {
        let end = EndOfLane()
        Thread { end.set(lane.run()) }.start()
        return end
    }

    @Test func theFirstBidAfterAPauseIsDecidedSoonAndByWhoHasThePartition() throws {
        let sale = try IdleLaneSale()
        try sale.append(
            """
            {"type":"offering.open","command":"c","offering":"o","shares":100,"price":1,\
            "currency":"CNY"}
            """, to: .offeringCommands)
        let (lane, log) = try sale.lane()
        let end = Self.begin(lane)
        let reader = try sale.reader()
        defer { reader.close() }
        #expect(try sale.decisions(1, by: reader).epochs == 1)
        // The machine may be at work with something else: one quiet moment is enough.
        var seconds: [Double] = []
        var count = 1
        while count < 12, seconds.min() ?? 1 >= 0.3 {
            try Self.waitForRest(log)
            let before = log.opened
            try sale.bid("b\(count)")
            count += 1
            let found = try sale.decisions(count, by: reader)
            #expect(log.opened == before + 1)
            #expect(found.epochs == 1)
            seconds.append(found.seconds)
        }
        #expect(seconds.min()! < 0.3, "\(seconds)")

        // Another one takes over while the lane rests, and keeps the partition.
        try Self.waitForRest(log)
        let (other, otherLog) = try sale.lane()
        let otherEnd = Self.begin(other)
        #expect(eventually(within: 60, every: 20) { otherLog.opened > 0 }, "no writer was opened")
        try Self.waitForRest(otherLog)
        let before = log.opened
        try sale.bid("b\(count)")
        let found = try sale.decisions(count + 1, by: reader)
        #expect(found.epochs == 2)
        #expect(eventually(within: 60, every: 20) { end.value != nil }, "it goes on")
        guard case .fenced? = end.value else {
            Issue.record("\(String(describing: end.value))")
            return
        }
        #expect(log.opened == before, "it fenced the one that has the partition")
        try sale.bid("last")
        let all = try sale.decisions(count + 2, by: reader)
        #expect(all.decisions.map(\.sequence.rawValue) == Array(1...Int64(count + 2)))
        #expect(all.epochs == 2)
        other.stop()
        #expect(eventually(within: 60, every: 20) { otherEnd.value != nil }, "it goes on")
        #expect(otherEnd.value == .finished)
    }
}

/// How a lane on another thread ended; nil while it runs.
private final class EndOfLane: Sendable {
    private let end = Mutex<LaneEnd?>(nil)
    var value: LaneEnd? { end.withLock { $0 } }
    func set(_ value: LaneEnd) { end.withLock { $0 = value } }
}

/// A log that knows how many of its writers are open.
private final class WriterCount: EventLog, @unchecked Sendable {
    private let log: KafkaLog
    private let counts = Mutex((opened: 0, closed: 0))

    init(_ log: KafkaLog) { self.log = log }

    var opened: Int { counts.withLock { $0.opened } }
    var open: Int { counts.withLock { $0.opened - $0.closed } }

    func openWriter(transactionalIDs: [String]) throws(LogError) -> any LogWriter {
        let writer = try log.openWriter(transactionalIDs: transactionalIDs)
        counts.withLock { $0.opened += 1 }
        return Counted(writer) { [self] in counts.withLock { $0.closed += 1 } }
    }

    private final class Counted: LogWriter {
        private let writer: any LogWriter
        private let closed: () -> Void

        init(_ writer: any LogWriter, _ closed: @escaping () -> Void) {
            self.writer = writer
            self.closed = closed
        }

        func begin() throws(LogError) -> Transaction { try writer.begin() }
        func close() {
            writer.close()
            closed()
        }
    }

    var url: String { log.url }
    var clusterID: String { log.clusterID }
    func topics() throws(LogError) -> [TopicDescription] { try log.topics() }
    func create(_ topic: TopicSpecification) throws(LogError) { try log.create(topic) }
    func bounds(of partitions: [TopicPartition], _ end: EndKind) throws(LogError) -> [Bounds] {
        try log.bounds(of: partitions, end)
    }
    func ends(of partitions: [TopicPartition], _ end: EndKind) throws(LogError) -> [LogOffset] {
        try log.ends(of: partitions, end)
    }
    func openReader(_ starts: [ReadStart]) throws(LogError) -> any LogReader {
        try log.openReader(starts)
    }
    func openSharedReader(_ starts: [ReadStart]) throws(LogError) -> any LogReader {
        try log.openSharedReader(starts)
    }
    func openAppender() throws(LogError) -> any LogAppender { try log.openAppender() }
}
