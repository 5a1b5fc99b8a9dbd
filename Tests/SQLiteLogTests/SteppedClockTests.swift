import EventLog
import LogConformance
import SQLiteLog
import Testing

/// Append times where the clock of whoever appends steps back.
@Suite struct SteppedClockTests {
    private static let hour: Int64 = 3_600_000
    private static let base: Int64 = 1_767_225_600_000

    /// Appends a record under a clock that says `moment`; answers its append time.
    private func append(_ log: SQLiteLog, at moment: Int64) throws -> Int64? {
        try log.stamp(by: { moment })
        let appender = try log.openAppender()
        defer { appender.close() }
        var records = OutgoingRecords()
        let destination = records.destination(TopicPartition("t", 0))
        records.append(to: destination, key: nil, headers: nil, value: nil)
        guard case .appended(let receipt) = try appender.append(records)[0] else { return nil }
        return receipt.appendTime
    }

    @Test func appendTimesNeverFallWhenTheClockStepsBack() throws {
        try Folder.with { folder in
            let log = try SQLiteLog.open(path: folder.path("a.db"), create: true)
            try log.create(.plain("t", partitions: 1))
            let (base, hour) = (Self.base, Self.hour)
            let times = try [base, base - hour, base - 1, base + 5, base - hour, base + 6].map {
                try append(log, at: $0)
            }
            #expect(times == [base, base, base, base + 5, base + 5, base + 6])
            // Another process has it from the file.
            let other = try SQLiteLog.open(path: folder.path("a.db"), create: false)
            #expect(try append(other, at: base - hour) == base + 6)
            // Until an operator lets it go back.
            try log.lowerClock(to: base - hour)
            #expect(try append(other, at: base - hour) == base - hour)
        }
    }
}
