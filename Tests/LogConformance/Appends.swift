import EventLog

extension Check {
    package static let appends = [
        Check("a topic is made once, and described as it was made") { bench in
            let name = bench.newName()
            let wanted = TopicSpecification(
                name: name, partitions: 3, cleanup: .compact, retentionMilliseconds: nil,
                maxMessageBytes: 2 << 20)
            try bench.log.create(wanted)
            let found = try bench.otherHandle().topics().first { $0.specification.name == name }
            try expectEqual(found?.specification, wanted)
            try expectEqual(found?.timestampType, .logAppendTime)
            try expectError(.alreadyExists) { try bench.log.create(wanted) }
        },
        Check("a topic or partition that is not there is said to be unknown, by every way in") {
            bench in
            let name = try bench.newTopic(partitions: 2)
            for partition in [TopicPartition(bench.newName(), 0), TopicPartition(name, 2)] {
                try expectError(.unknownTopic) { _ = try bench.bounds(partition) }
                try expectError(.unknownTopic) { try bench.append(["a"], to: partition) }
                try expectError(.unknownTopic) {
                    let reader = try bench.log.openReader([ReadStart(partition, from: 0)])
                    defer { reader.close() }
                    var batch = RecordBatch()
                    try reader.read(0, into: &batch, limit: 1)
                }
            }
        },
        Check("records of a partition keep the order in which they were appended") { bench in
            let partition = try bench.newPartition()
            let values = (0..<1_000).map { "record \($0)" }
            let receipts = try bench.append(values, to: partition)
            let seen = try bench.read(partition)
            try expectEqual(seen.map(\.text), values)
            try expectEqual(receipts.map(\.offset), seen.map(\.offset))
            try expectEqual(receipts.map(\.appendTime), seen.map(\.appendTime))
            for (index, record) in seen.enumerated().dropFirst() {
                try expect(record.offset > seen[index - 1].offset, "offsets go up")
            }
        },
        Check("one append to several partitions keeps the order of each") { bench in
            let name = try bench.newTopic(partitions: 3)
            var records = OutgoingRecords()
            for number in 0..<300 {
                records.add(["\(number)"], to: TopicPartition(name, Int32(number % 3)))
            }
            let appender = try bench.log.openAppender()
            defer { appender.close() }
            try expectEqual(try appender.append(records).count, 300)
            for partition in 0..<3 {
                try expectEqual(
                    try bench.values(TopicPartition(name, Int32(partition))),
                    stride(from: partition, to: 300, by: 3).map(String.init))
            }
        },
        Check("append times are the log's, and never step back within a partition") { bench in
            let partition = try bench.newPartition()
            for number in 0..<50 { try bench.append(["\(number)"], to: partition) }
            let times = try bench.read(partition).map(\.appendTime)
            try expectEqual(times, times.sorted())
            try expect(times[0] > 1_500_000_000_000, "\(times[0]) is no time in milliseconds")
        },
    ]
}
