import EventLog
import LogConformance
import MemoryLog
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

    /// What a rule of recovery needs a log to do on demand, and no real log does when asked.
    @Test(arguments: MemoryLog.CommitFault.allCases)
    func showsCommitFaults(_ fault: MemoryLog.CommitFault) throws {
        let log = MemoryLog()
        try log.create(.plain("t", partitions: 1))
        let place = TopicPartition("t", 0)
        log.failCommit(fault, afterCommits: 0)
        let writer = try log.openWriter(transactionalIDs: ["w"])
        var transaction = try writer.begin()
        var records = OutgoingRecords()
        records.append(to: records.destination(place), key: nil, value: nil)
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
        let reader = try log.openReader([ReadStart(place, from: 0)])
        var batch = RecordBatch()
        #expect(try reader.read(0, into: &batch, limit: 10) == (isVisible ? 1 : 0))
    }
}
