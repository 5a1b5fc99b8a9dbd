import CommandLine
import EventLog
import FairfillClient

/// `fairfill bench log`: appending, reading, and how soon what was appended can be read.
package struct LogBench {
    private let bench: Bench
    private let log: any EventLog
    private let partition: TopicPartition
    private static let valueCount = 200

    /// `fairfill bench log`.
    package static func run(_ arguments: Arguments) throws(Failure) -> ExitCode {
        let bench = try Bench(arguments, bids: 200_000)
        let target = try BenchTarget(arguments)
        let made = try target.make()
        defer { target.remove(made) }
        let log = made.log
        let partition = TopicPartition("\(made.name).records", 0)
        let measured = LogBench(bench: bench, log: log, partition: partition)
        try measured.make(partition)
        for size in [100, 1_000, 10_000] { try measured.append(batch: size) }
        for size in [100, 1_000, 10_000] { try measured.commit(batch: size) }
        try measured.read()
        try measured.copy(to: TopicPartition("\(made.name).copy", 0))
        try LogLatency(bench: bench, log: log, partition: partition).measure()
        return .done
    }

    private func make(_ partition: TopicPartition) throws(Failure) {
        try logged { () throws(LogError) in
            try log.create(
                TopicSpecification(
                    name: partition.topic, partitions: 1, cleanup: .delete,
                    retentionMilliseconds: nil, maxMessageBytes: 1 << 20))
        }
    }

    /// Appends outside transactions, as front ends do.
    private func append(batch size: Int) throws(Failure) {
        let appender = try logged { () throws(LogError) in try log.openAppender() }
        defer { appender.close() }
        let records = records(size)
        try measure("append-\(size)", "append \(grouped(size)) at once", size) {
            () throws(LogError) in
            for outcome in try appender.append(records) {
                if case .refused(let error) = outcome { throw error }
            }
        }
    }

    /// Appends in transactions, as the allocator does.
    private func commit(batch size: Int) throws(Failure) {
        let writer = try logged { () throws(LogError) in
            try log.openWriter(transactionalIDs: ["\(partition.topic).writer"])
        }
        defer { writer.close() }
        let records = records(size)
        try measure("commit-\(size)", "commit \(grouped(size)) in a transaction", size) {
            () throws(LogError) in
            try Self.commit(records, to: writer)
        }
    }

    private static func commit(
        _ records: borrowing OutgoingRecords, to writer: any LogWriter
    ) throws(LogError) {
        var transaction = try writer.begin()
        try transaction.append(records)
        switch transaction.commit() {
        case .committed: return
        case .fenced(let error): throw error
        case .failed(let error): throw error
        case .undecided(_, let error): throw error
        case .mustAbort(_, let error): throw error
        }
    }

    private func measure(
        _ name: String, _ title: String, _ size: Int, _ body: () throws(LogError) -> Void
    ) throws(Failure) {
        // A durable batch takes about as long as a hundred records do: small ones are done less
        // often.
        let batches = max(1, min(bench.bids / size, 1_000))
        try bench.measure(
            "log.\(name)", title, count: batches * size, bytes: Int64(Self.valueCount)
        ) { progress throws(Failure) in
            var clock = BenchClock()
            for batch in 0..<batches {
                try progress.update(batch, of: batches)
                try logged { () throws(LogError) in try clock.time(body) }
            }
            return clock.seconds
        }
    }

    /// Reads everything that was appended before.
    private func read() throws(Failure) {
        try measureReading("read", "read") { _ in }
    }

    /// Reads every record and writes it to another topic in transactions, one after the other on
    /// one thread: an allocator that has nothing to think about.
    private func copy(to target: TopicPartition) throws(Failure) {
        try make(target)
        let writer = try logged { () throws(LogError) in
            try log.openWriter(transactionalIDs: ["\(target.topic).writer"])
        }
        defer { writer.close() }
        var records = OutgoingRecords(capacityBytes: 1 << 22)
        let destination = records.destination(target)
        try measureReading("copy", "read and commit, 10,000 in a transaction") {
            batch throws(LogError) in
            records.removeAll()
            for index in 0..<batch.count {
                records.append(to: destination, key: batch.key(index), value: batch.value(index))
            }
            try Self.commit(records, to: writer)
        }
    }

    /// Reads everything that was appended before, in batches of 10,000; what `use` does with each
    /// is timed, too.
    private func measureReading(
        _ name: String, _ title: String,
        _ use: (borrowing RecordBatch) throws(LogError) -> Void
    ) throws(Failure) {
        let bounds = try logged { () throws(LogError) in
            try log.bounds(of: [partition], .committed)[0]
        }
        let count = Int(bounds.end.rawValue - bounds.start.rawValue)
        try bench.measure("log.\(name)", title, count: count, bytes: Int64(Self.valueCount)) {
            progress throws(Failure) in
            let reader = try logged { () throws(LogError) in
                try log.openReader([ReadStart(partition, from: bounds.start)])
            }
            defer { reader.close() }
            var clock = BenchClock()
            var batch = RecordBatch()
            while reader.position(0) < bounds.end {
                batch.removeAll()
                try logged { () throws(LogError) in
                    try clock.time { () throws(LogError) in
                        if try reader.read(0, into: &batch, limit: 10_000) == 0 {
                            return try reader.wait(timeoutMilliseconds: 100)
                        }
                        try use(batch)
                    }
                }
                try progress.update(Int(reader.position(0).rawValue), of: count)
            }
            return clock.seconds
        }
    }

    /// Records with keys of 16 bytes.
    private func records(_ count: Int) -> OutgoingRecords {
        var records = OutgoingRecords(capacityBytes: 1 << 20)
        let destination = records.destination(partition)
        for number in 0..<count {
            BenchRecords.id(.account, number).withBytes { key in
                records.append(to: destination, key: key, largestValue: Self.valueCount) { room in
                    for index in 0..<Self.valueCount {
                        room[index] = UInt8(truncatingIfNeeded: 32 + (index * 7 + number) % 90)
                    }
                    return Self.valueCount
                }
            }
        }
        return records
    }
}
