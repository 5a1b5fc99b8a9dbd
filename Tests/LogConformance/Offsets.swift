import EventLog

extension Check {
    static let offsets = [
        Check("from every offset on, a reader sees all there is, and its position gets past it") {
            bench in
            let place = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            // Markers and aborted records take offsets on some logs: a reader may begin there, too.
            for round in 0..<3 {
                try bench.append(["\(round) a", "\(round) b"], to: place)
                try writer.write(["\(round) c", "\(round) d"], to: place)
                try writer.begin(["never"], to: place).abort()
            }
            let all = try bench.read(place)
            let end = try bench.bounds(place).end
            try expectEqual(all.count, 12)
            let reader = try bench.log.openReader([ReadStart(place, from: 0)])
            defer { reader.close() }
            for offset in (0...end.rawValue).reversed().map(LogOffset.init(_:)) {
                let expected = all.filter { $0.offset >= offset }
                try reader.seek(0, to: offset)
                try expectEqual(try bench.read(reader, upTo: end), expected)
                let other = try bench.log.openReader([ReadStart(place, from: offset)])
                defer { other.close() }
                try expectEqual(try bench.read(other, upTo: end), expected)
                try expect(other.position(0) >= end)
            }
        },
        Check("what retention took away is an error, not silence; what is kept is read") { bench in
            let place = try bench.newPartition()
            let receipts = try bench.append((0..<10).map { "\($0)" }, to: place)
            let before = try bench.bounds(place)
            try bench.cut(place, receipts[4].offset)
            for kind in [EndKind.committed, .written] {
                try expectEqual(
                    try bench.otherHandle().bounds(of: [place], kind),
                    [Bounds(start: receipts[4].offset, end: before.end)])
            }
            for lost in [receipts[0].offset, receipts[3].offset] {
                try expectError(.offsetOutOfRange) { try bench.readOne(place, from: lost) }
            }
            let reader = try bench.log.openReader([ReadStart(place, from: receipts[4].offset)])
            defer { reader.close() }
            let kept = try bench.read(reader, upTo: before.end)
            try expectEqual(kept.map(\.text), (4..<10).map { "\($0)" })
            try expectEqual(kept.map(\.offset), receipts[4...].map(\.offset))
        },
        Check("a partition of which nothing is kept goes on where it was") { bench in
            let place = try bench.newPartition()
            try bench.append(["a", "b"], to: place)
            let end = try bench.bounds(place).end
            try bench.cut(place, end)
            try expectEqual(try bench.bounds(place), Bounds(start: end, end: end))
            try expectError(.offsetOutOfRange) { try bench.readOne(place, from: 0) }
            try expectEqual(try bench.append(["c"], to: place)[0].offset, end)
            let reader = try bench.log.openReader([ReadStart(place, from: end)])
            defer { reader.close() }
            let seen = try bench.read(reader, upTo: try bench.bounds(place).end)
            try expectEqual(seen.map(\.text), ["c"])
        },
    ]
}

extension Workbench {
    /// Tries to read a record at this offset; an error may take some seconds to come.
    func readOne(_ place: TopicPartition, from offset: LogOffset) throws {
        let reader = try log.openReader([ReadStart(place, from: offset)])
        defer { reader.close() }
        var batch = RecordBatch()
        for _ in 0..<500 where batch.isEmpty {
            try reader.read(0, into: &batch, limit: 1)
            if batch.isEmpty { try reader.wait(timeoutMilliseconds: 20) }
        }
    }
}
