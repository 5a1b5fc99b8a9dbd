import Copying
import EventLog
import MemoryLog
import Testing

/// Up to where a source is copied whose log can't answer for all partitions at one moment.
@Suite struct SourceEndsTests {
    /// A memory log that says so of itself.
    private final class ManyMoments: EventLog {
        let log = MemoryLog()
        var url: String { log.url }
        var clusterID: String { log.clusterID }
        func topics() throws(LogError) -> [TopicDescription] { try log.topics() }
        func create(_ topic: TopicSpecification) throws(LogError) { try log.create(topic) }
        func bounds(
            of partitions: [TopicPartition], _ end: EndKind
        ) throws(LogError) -> [Bounds] {
            try log.bounds(of: partitions, end)
        }
        func openReader(_ starts: [ReadStart]) throws(LogError) -> any LogReader {
            try log.openReader(starts)
        }
        func openAppender() throws(LogError) -> any LogAppender { try log.openAppender() }
        func openWriter(transactionalIDs: [String]) throws(LogError) -> any LogWriter {
            try log.openWriter(transactionalIDs: transactionalIDs)
        }
    }

    private let written = TopicPartition("written", 0)
    private let appended = TopicPartition("appended", 0)

    private func source() throws -> ManyMoments {
        let log = ManyMoments()
        for partition in [written, appended] {
            try log.create(
                TopicSpecification(
                    name: partition.topic, partitions: 1, cleanup: .delete,
                    retentionMilliseconds: nil, maxMessageBytes: 1 << 20))
        }
        return log
    }

    private func records(_ partition: TopicPartition) -> OutgoingRecords {
        var records = OutgoingRecords()
        records.append(to: records.destination(partition), key: nil, value: nil)
        return records
    }

    private func ask(_ log: ManyMoments, _ watch: CopyWatch = CopyWatch()) throws -> SourceEnds {
        try SourceEnds.ask(
            log, transactional: [written], others: [appended], milliseconds: 120, watch)
    }

    /// A log at rest is of one moment; with a transaction open it is not, however long it is asked,
    /// and its end lies before what is not committed.
    @Test func anOpenTransactionIsNoMoment() throws {
        let log = try source()
        _ = try log.openAppender().append(records(appended))
        let writer = try log.openWriter(transactionalIDs: ["w"])
        #expect(try ask(log).areOfOneMoment)
        var transaction = try writer.begin()
        try transaction.append(records(written))
        let open = try ask(log)
        #expect(!open.areOfOneMoment)
        #expect(open.bounds[written]?.end == 0 && open.bounds[appended]?.end == 1)
        guard case .committed = transaction.commit() else {
            Issue.record("not committed")
            return
        }
        let closed = try ask(log)
        #expect(closed.areOfOneMoment)
        #expect(closed.bounds[written]?.end == 2)
    }

    /// Whoever wants the copy to end need not wait for the moment.
    @Test func whoeverWantsItToEndIsHeard() throws {
        let log = try source()
        var transaction = try log.openWriter(transactionalIDs: ["w"]).begin()
        try transaction.append(records(written))
        do {
            _ = try ask(log, CopyWatch(mustEnd: { true }))
            Issue.record("it went on")
        } catch CopyFailure.interrupted {}
        try transaction.abort()
    }
}
