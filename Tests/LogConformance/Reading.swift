import EventLog

extension Check {
    static let reading = [
        Check("a reader stands where it was told, and reads at most what it was asked for") {
            bench in
            let place = try bench.newPartition()
            let receipts = try bench.append((0..<100).map { "\($0)" }, to: place)
            let reader = try bench.log.openReader([ReadStart(place, from: receipts[40].offset)])
            defer { reader.close() }
            try expectEqual(reader.position(0), receipts[40].offset)
            var batch = RecordBatch()
            var waits = 0
            while batch.count < 7 {
                try reader.read(0, into: &batch, limit: 7 - batch.count)
                try reader.wait(timeoutMilliseconds: 10)
                waits += 1
                try expect(waits < 1_000, "seven records never came")
            }
            try expectEqual(batch.count, 7)
            try expectEqual(Seen(batch, 0).text, "40")
            try expectEqual(Seen(batch, 6).text, "46")
            try expectEqual(reader.position(0), receipts[47].offset)

            try reader.seek(0, to: receipts[98].offset)
            let rest = try bench.read(reader, upTo: receipts[99].offset.next)
            try expectEqual(rest.map(\.text), ["98", "99"])
        },
        Check("each input has a queue of its own: a backlog in one hides nothing of another") {
            bench in
            let busy = try bench.newPartition()
            let quiet = try bench.newPartition()
            try bench.append((0..<20_000).map { "\($0)" }, to: busy)
            try bench.append(["heard"], to: quiet)
            let reader = try bench.log.openReader([
                ReadStart(busy, from: 0), ReadStart(quiet, from: 0),
            ])
            defer { reader.close() }
            let seen = try bench.read(reader, 1, upTo: try bench.bounds(quiet).end)
            try expectEqual(seen.map(\.text), ["heard"])
            try expectEqual(reader.position(0), 0)
        },
        Check("what is not there yet is not waited for, and comes to the same reader later") {
            bench in
            let place = try bench.newPartition()
            let reader = try bench.log.openReader([ReadStart(place, from: 0)])
            defer { reader.close() }
            var batch = RecordBatch()
            try expectEqual(try reader.read(0, into: &batch, limit: 10), 0)
            try bench.append(["later"], to: place)
            let seen = try bench.read(reader, upTo: try bench.bounds(place).end)
            try expectEqual(seen.map(\.text), ["later"])
        },
        Check("an offset past the end is an error, not an empty partition") { bench in
            let place = try bench.newPartition()
            try bench.append(["a", "b"], to: place)
            let past = try bench.bounds(place, .written).end.next
            let reader = try bench.log.openReader([ReadStart(place, from: past)])
            defer { reader.close() }
            var batch = RecordBatch()
            try expectError(.offsetOutOfRange) {
                for _ in 0..<500 {
                    try reader.read(0, into: &batch, limit: 1)
                    try reader.wait(timeoutMilliseconds: 20)
                }
            }
        },
        Check("another handle, as another process has one, reads the same") { bench in
            let place = try bench.newPartition()
            try bench.append(["one", "two"], to: place)
            let other = try bench.otherHandle()
            try expectEqual(other.clusterID, bench.log.clusterID)
            let reader = try other.openReader([ReadStart(place, from: 0)])
            defer { reader.close() }
            let seen = try bench.read(reader, upTo: try bench.bounds(place).end)
            try expectEqual(seen.map(\.text), ["one", "two"])
        },
    ]

    static let ends = [
        Check("an empty partition begins and ends at the same offset") { bench in
            let bounds = try bench.bounds(try bench.newPartition())
            try expectEqual(bounds.start, bounds.end)
        },
        Check("an asked-for end is never too low: an acknowledged record lies below it") { bench in
            let place = try bench.newPartition()
            let other = try bench.otherHandle()
            for number in 0..<50 {
                let receipt = try bench.append(["\(number)"], to: place)[0]
                for kind in [EndKind.committed, .written] {
                    let end = try other.bounds(of: [place], kind)[0].end
                    try expect(end > receipt.offset, "\(kind): \(end) after \(receipt.offset)")
                }
            }
        },
        Check("a committed transaction lies below the end, and a reader's position gets there") {
            bench in
            let place = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            let reader = try bench.log.openReader([ReadStart(place, from: 0)])
            defer { reader.close() }
            for number in 0..<10 {
                try writer.write(["\(number)"], to: place)
                let end = try bench.bounds(place).end
                let seen = try bench.read(reader, upTo: end)
                try expectEqual(seen.map(\.text), ["\(number)"])
                try expect(reader.position(0) >= end)
            }
        },
        Check("the end of what is written is never below the end of what is committed") { bench in
            let place = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            let transaction = try writer.begin(["open"], to: place)
            let committed = try bench.bounds(place, .committed).end
            let written = try bench.bounds(place, .written).end
            try expect(written >= committed)
            try transaction.commit().mustBeCommitted()
            // Readers may see it a moment later than its commit is answered.
            try expect(try bench.bounds(place, .written).end > committed)
            try expectEqual(try bench.values(place), ["open"])
            try expect(try bench.bounds(place, .committed).end > committed)
        },
    ]
}
