import EventLog

extension Check {
    static let offsets = [
        Check("from every offset on, a reader sees all there is, and its position gets past it") {
            bench in
            let partition = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            // Markers and aborted records take offsets on some logs: a reader may begin there, too.
            for round in 0..<3 {
                try bench.append(["\(round) a", "\(round) b"], to: partition)
                try writer.write(["\(round) c", "\(round) d"], to: partition)
                try writer.begin(["never"], to: partition).abort()
            }
            let all = try bench.read(partition)
            let end = try bench.bounds(partition).end
            try expectEqual(all.count, 12)
            let reader = try bench.log.openReader([ReadStart(partition, from: 0)])
            defer { reader.close() }
            for offset in (0...end.rawValue).reversed().map(LogOffset.init(_:)) {
                let expected = all.filter { $0.offset >= offset }
                try reader.seek(0, to: offset)
                try expectEqual(try bench.read(reader, upTo: end), expected)
                let other = try bench.log.openReader([ReadStart(partition, from: offset)])
                defer { other.close() }
                try expectEqual(try bench.read(other, upTo: end), expected)
                try expect(other.position(0) >= end)
            }
        },
        Check("what retention took away is an error, not silence; what is kept is read") { bench in
            let partition = try bench.newPartition()
            let receipts = try bench.append((0..<10).map { "\($0)" }, to: partition)
            let before = try bench.bounds(partition)
            try bench.cut(partition, receipts[4].offset)
            for kind in [EndKind.committed, .written] {
                try expectEqual(
                    try bench.otherHandle().bounds(of: [partition], kind),
                    [Bounds(start: receipts[4].offset, end: before.end)])
            }
            for lost in [receipts[0].offset, receipts[3].offset] {
                try expectError(.offsetOutOfRange) { try bench.readOne(partition, from: lost) }
            }
            let reader = try bench.log.openReader([ReadStart(partition, from: receipts[4].offset)])
            defer { reader.close() }
            let kept = try bench.read(reader, upTo: before.end)
            try expectEqual(kept.map(\.text), (4..<10).map { "\($0)" })
            try expectEqual(kept.map(\.offset), receipts[4...].map(\.offset))
        },
        Check("a partition of which nothing is kept goes on where it was") { bench in
            let partition = try bench.newPartition()
            try bench.append(["a", "b"], to: partition)
            let end = try bench.bounds(partition).end
            try bench.cut(partition, end)
            try expectEqual(try bench.bounds(partition), Bounds(start: end, end: end))
            try expectError(.offsetOutOfRange) { try bench.readOne(partition, from: 0) }
            try expectEqual(try bench.append(["c"], to: partition)[0].offset, end)
            let reader = try bench.log.openReader([ReadStart(partition, from: end)])
            defer { reader.close() }
            let seen = try bench.read(reader, upTo: try bench.bounds(partition).end)
            try expectEqual(seen.map(\.text), ["c"])
        },
    ]
}

extension Workbench {
    /// Tries to read a record at this offset; an error may take some seconds to come.
    func readOne(_ partition: TopicPartition, from offset: LogOffset) throws {
        let reader = try log.openReader([ReadStart(partition, from: offset)])
        defer { reader.close() }
        var batch = RecordBatch()
        for _ in 0..<500 where batch.isEmpty {
            try reader.read(0, into: &batch, limit: 1)
            if batch.isEmpty { try reader.wait(timeoutMilliseconds: 20) }
        }
    }
}
