import EventLog

extension Check {
    static let sizes = [
        Check("100,000 records fit into one transaction, and readers never see a part of it") {
            bench in
            let topics = [try bench.newTopic(partitions: 2), try bench.newTopic()]
            let partitions = [
                TopicPartition(topics[0], 0), TopicPartition(topics[0], 1),
                TopicPartition(topics[1], 0),
            ]
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            // What was aborted is as large, so that its end has as much to do.
            for isKept in [false, true] {
                var transaction = try writer.begin()
                for batch in 0..<10 {
                    var records = OutgoingRecords()
                    for number in (batch * 10_000)..<(batch * 10_000 + 10_000) {
                        records.add(["\(isKept) \(number)"], to: partitions[number % 3])
                    }
                    try transaction.append(records)
                    for partition in partitions {
                        try expectEqual(try bench.readNow(partition).count, 0)
                    }
                }
                if isKept {
                    try transaction.commit().mustBeCommitted()
                } else {
                    try transaction.abort()
                }
            }
            for (index, partition) in partitions.enumerated() {
                let seen = try bench.read(partition)
                let expected = stride(from: index, to: 100_000, by: 3).map { "true \($0)" }
                try expect(seen.map(\.text) == expected, "\(partition): \(seen.count) records")
                for (before, after) in zip(seen, seen.dropFirst()) {
                    try expect(after.offset > before.offset, "offsets go up")
                }
            }
        },
        Check("a topic of 64 partitions: one transaction and one reader for all of them") { bench in
            let name = try bench.newTopic(partitions: 64)
            let partitions = (0..<64).map { TopicPartition(name, $0) }
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            for isKept in [true, false, true] {
                var transaction = try writer.begin()
                var records = OutgoingRecords()
                for number in 0..<10 {
                    for partition in partitions {
                        records.add(["\(isKept) \(partition.partition) \(number)"], to: partition)
                    }
                }
                try transaction.append(records)
                if isKept {
                    try transaction.commit().mustBeCommitted()
                } else {
                    try transaction.abort()
                }
            }
            let ends = try bench.log.bounds(of: partitions, .written).map(\.end)
            let reader = try bench.log.openReader(partitions.map { ReadStart($0, from: 0) })
            defer { reader.close() }
            for (input, partition) in partitions.enumerated() {
                let values = (0..<10).map { "true \(partition.partition) \($0)" }
                let seen = try bench.read(reader, input, upTo: ends[input])
                try expectEqual(seen.map(\.text), values + values)
                // A marker may have come after the end was asked for.
                try expect(reader.position(input) >= ends[input])
            }
            for number in [0, 31, 63] { try bench.append(["late"], to: partitions[number]) }
            for number in [63, 0, 31] {
                let end = try bench.bounds(partitions[number]).end
                let seen = try bench.read(reader, number, upTo: end)
                try expectEqual(seen.map(\.text), ["late"])
            }
        },
    ]
}
