import CKafka
import CommandRunning
import EventLog
import Foundation
import KafkaLog
import Testing

/// What a writer makes of errors that only a mock cluster gives when they are wanted.
@Suite(.serialized) struct WriterFaultTests {
    private let partition = TopicPartition("t", 0)

    private func log(
        on cluster: MockCluster, _ patience: CommitPatience = CommitPatience()
    ) throws -> KafkaLog {
        try KafkaLog(brokers: cluster.brokers, patience: patience)
    }

    private func commit(_ writer: any LogWriter) throws -> CommitOutcome {
        var records = OutgoingRecords()
        let destination = records.destination(partition)
        [UInt8(ascii: "x")].withUnsafeBytes {
            records.append(to: destination, key: nil, value: $0)
        }
        var transaction = try writer.begin()
        try transaction.append(records)
        return transaction.commit()
    }

    private func mustCommit(_ writer: any LogWriter) throws {
        guard case .committed = try commit(writer) else {
            Issue.record("not committed")
            return
        }
    }

    /// Answered to whoever writes under an epoch of before. Whether somebody took over, the book
    /// tells; a writer that is opened then goes on.
    @Test func anEpochOfBeforeIsFencedAndANewWriterGoesOn() throws {
        let cluster = try MockCluster(topics: [partition.topic])
        let log = try log(on: cluster)
        let writer = try log.openWriter(transactionalIDs: ["w"])
        defer { writer.close() }
        try mustCommit(writer)
        cluster.refuse(.produce, [RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH])
        guard case .fenced(let error) = try commit(writer) else {
            Issue.record("not fenced")
            return
        }
        #expect(error.code == .fenced && !error.message.contains("taken over"), "\(error)")
        let next = try log.openWriter(transactionalIDs: ["w"])
        defer { next.close() }
        try mustCommit(next)
    }

    /// As a cluster answers that has forgotten the id: nobody is fenced, and trying again helps.
    @Test(arguments: [MockCluster.Request.addPartitions, .endTransaction])
    func aForgottenIDIsAbortedAndTriedAgain(by request: MockCluster.Request) throws {
        let cluster = try MockCluster(topics: [partition.topic])
        let log = try log(on: cluster)
        let writer = try log.openWriter(transactionalIDs: ["w"])
        defer { writer.close() }
        try mustCommit(writer)
        cluster.refuse(request, [RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING])
        guard case .mustAbort(let transaction, let error) = try commit(writer) else {
            Issue.record("not to be aborted")
            return
        }
        #expect(error.isRetriable && error.code == .io, "\(error.code) \(error)")
        #expect(error.message.contains("forgotten"), "\(error)")
        try? transaction.abort()
        let next = try log.openWriter(transactionalIDs: ["w"])
        defer { next.close() }
        try mustCommit(next)
    }

    /// However often it is asked about: in all it takes its time once, not once a call.
    @Test func aCommitThatHangsIsGivenUpInTime() throws {
        let cluster = try MockCluster(topics: [partition.topic])
        var patience = CommitPatience()
        (patience.endMilliseconds, patience.callMilliseconds) = (2_000, 1_500)
        let log = try log(on: cluster, patience)
        let writer = try log.openWriter(transactionalIDs: ["w"])
        defer { writer.close() }
        try mustCommit(writer)
        cluster.answerAfter(milliseconds: 30_000)
        let start = ContinuousClock.now
        var outcome = try commit(writer)
        var undecided = 0
        loop: while true {
            switch consume outcome {
            case .undecided(let transaction, _):
                undecided += 1
                guard undecided < 10 else {
                    transaction.leaveUndecided()
                    Issue.record("asked for ever")
                    return
                }
                outcome = transaction.commit()
            case .failed(let error):
                #expect(error.isRetriable && error.code == .timedOut, "\(error)")
                break loop
            case .mustAbort(let transaction, let error):
                transaction.leaveUndecided()
                Issue.record("aborted: \(error)")
                return
            case .committed:
                Issue.record("committed")
                return
            case .fenced(let error):
                Issue.record("fenced: \(error)")
                return
            }
        }
        let took = ContinuousClock.now - start
        // The leaders are asked about for a moment beside it, for the sentence.
        #expect(took > .milliseconds(1_900) && took < .seconds(8), "\(took)")
        #expect(undecided <= 2)
    }

    /// The library ends the process where a member is destroyed that knows its group and not yet
    /// its share of it.
    @Test func aMemberLeavesBeforeItsFirstAssignment() throws {
        let cluster = try MockCluster(topics: [partition.topic])
        cluster.refuse(
            .syncGroup,
            Array(repeating: RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, count: 1_000))
        let log = try log(on: cluster)
        nonisolated(unsafe) var changes: [MembershipChange] = []
        do {
            let member = try log.join(group: "g", topic: partition.topic) { changes.append($0) }
            // The mock cluster waits 3 s for members before it answers the first.
            let end = Date(timeIntervalSinceNow: 4.5)
            while Date() < end { try member.serve(milliseconds: 100) }
            let start = ContinuousClock.now
            member.leave()
            #expect(ContinuousClock.now - start < .seconds(5))
        }
        #expect(changes.isEmpty)
    }
}
