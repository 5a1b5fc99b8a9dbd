import EventLog

extension Check {
    static let appending = [
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
            for place in [TopicPartition(bench.newName(), 0), TopicPartition(name, 2)] {
                try expectError(.unknownTopic) { _ = try bench.bounds(place) }
                try expectError(.unknownTopic) { try bench.append(["a"], to: place) }
                try expectError(.unknownTopic) {
                    let reader = try bench.log.openReader([ReadStart(place, from: 0)])
                    defer { reader.close() }
                    var batch = RecordBatch()
                    try reader.read(0, into: &batch, limit: 1)
                }
            }
        },
        Check("records of a partition keep the order in which they were appended") { bench in
            let place = try bench.newPartition()
            let values = (0..<1_000).map { "record \($0)" }
            let receipts = try bench.append(values, to: place)
            let seen = try bench.read(place)
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
        Check("keys, headers and values come back byte for byte; empty is not missing") { bench in
            let place = try bench.newPartition()
            let binary = (0..<60_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let headers = Headers.encode([
                ("env", Array("test".utf8)), ("empty", []), ("b", [0, 255]),
            ])
            let parts: [(key: [UInt8]?, headers: [UInt8], value: [UInt8]?)] = [
                (nil, [], nil), ([], [], []), (nil, [], [0]), ([0, 1, 255], headers, binary),
                (Array("k".utf8), headers, nil), (nil, headers, []),
            ]
            let appender = try bench.log.openAppender()
            defer { appender.close() }
            var records = OutgoingRecords(capacityBytes: 64)
            let to = records.destination(place)
            for part in parts {
                records.append(
                    to: to, key: part.key.map { UnsafeRawBufferPointer.copy($0) },
                    headers: .copy(part.headers),
                    value: part.value.map { UnsafeRawBufferPointer.copy($0) })
            }
            _ = try appender.append(records)
            let seen = try bench.read(place)
            try expectEqual(seen.count, parts.count)
            for (part, found) in zip(parts, seen) {
                try expectEqual(found.key, part.key)
                try expectEqual(found.headers, part.headers)
                try expectEqual(found.value, part.value)
            }
        },
        Check("append times are the log's, and never step back within a partition") { bench in
            let place = try bench.newPartition()
            for number in 0..<50 { try bench.append(["\(number)"], to: place) }
            let times = try bench.read(place).map(\.appendTime)
            try expectEqual(times, times.sorted())
            try expect(times[0] > 1_500_000_000_000, "\(times[0]) is no time in milliseconds")
        },
    ]
}

extension UnsafeRawBufferPointer {
    /// Bytes for a check's lifetime; a few are leaked, which a test may.
    static func copy(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        room.copyBytes(from: bytes)
        return UnsafeRawBufferPointer(room)
    }
}
