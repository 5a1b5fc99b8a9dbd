import EventLog
import LogConformance
import MemoryLog
import Synchronization
import Testing

@Suite struct MemoryLogTests {
    @Test(arguments: Check.all)
    func keeps(_ check: Check) throws {
        let log = MemoryLog()
        try check.run(
            on: Workbench(log, prefix: "t") {
                log
            } cut: {
                log.cut(topic: $0.topic, partition: Int($0.partition), before: $1.rawValue)
            })
    }

    /// Append times never fall, whatever the clock does.
    @Test func appendTimesNeverFallWhenTheClockStepsBack() throws {
        let now = Mutex<Int64>(0)
        let log = MemoryLog(clock: { now.withLock { $0 } })
        try log.create(.plain("t", partitions: 1))
        let appender = try log.openAppender()
        var found: [Int64] = []
        for moment: Int64 in [50, 20, 49, 51, 1] {
            now.withLock { $0 = moment }
            var records = OutgoingRecords()
            let destination = records.destination(TopicPartition("t", 0))
            records.append(to: destination, key: nil, value: nil)
            guard case .appended(let receipt) = try appender.append(records)[0] else { continue }
            found.append(receipt.appendTime)
        }
        #expect(found == [50, 50, 50, 51, 51])
    }

    /// A copy goes on where the partition ends, or is told that somebody else wrote there.
    @Test(arguments: [(1, false), (2, true), (3, false)] as [(Int64, Bool)])
    func anImporterLeavesNoGapAndTakesNothingTwice(_ first: Int64, _ isTaken: Bool) throws {
        let log = MemoryLog()
        try log.create(.plain("t", partitions: 1))
        let partition = TopicPartition("t", 0)
        let importer = try log.openImporter()
        var batch = RecordBatch()
        batch.append(offset: 0, appendTime: 5, key: nil, headers: nil, value: nil)
        batch.append(offset: 1, appendTime: 5, key: nil, headers: nil, value: nil)
        try importer.append(batch, to: partition, from: 0, upTo: 2)
        batch.removeAll()
        batch.append(
            offset: LogOffset(first), appendTime: 6, key: nil, headers: nil, value: nil)
        do throws(LogError) {
            try importer.append(
                batch, to: partition, from: LogOffset(first), upTo: LogOffset(first + 1))
            #expect(isTaken)
        } catch {
            #expect(!isTaken, "\(error)")
        }
        let end = try log.bounds(of: [partition], .written)[0].end
        #expect(end == (isTaken ? 3 : 2))
    }

    /// What a rule of recovery needs a log to do on demand, and no real log does when asked.
    @Test(arguments: MemoryLog.CommitFault.allCases)
    func showsCommitFaults(_ fault: MemoryLog.CommitFault) throws {
        let log = MemoryLog()
        try log.create(.plain("t", partitions: 1))
        let partition = TopicPartition("t", 0)
        log.failCommit(fault, afterCommits: 0)
        let writer = try log.openWriter(transactionalIDs: ["w"])
        var transaction = try writer.begin()
        var records = OutgoingRecords()
        records.append(to: records.destination(partition), key: nil, value: nil)
        try transaction.append(records)

        var isVisible = false
        switch transaction.commit() {
        case .committed: Issue.record("no fault was shown")
        case .undecided(let again, _):
            switch again.commit() {
            case .committed: isVisible = true
            case .undecided(let third, _): third.leaveUndecided()
            case .mustAbort(let third, _): try third.abort()
            case .fenced: break
            case .failed: break
            }
            #expect(isVisible == (fault == .undecidedThenCommitted))
        case .mustAbort(let again, _):
            #expect(fault == .aborts)
            try again.abort()
        case .fenced: #expect(fault == .fencedByNobody)
        case .failed:
            #expect(fault == .failsCommitted || fault == .failsLost)
            isVisible = fault == .failsCommitted
        }
        let reader = try log.openReader([ReadStart(partition, from: 0)])
        var batch = RecordBatch()
        #expect(try reader.read(0, into: &batch, limit: 10) == (isVisible ? 1 : 0))
    }
}
