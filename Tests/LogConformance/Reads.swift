import EventLog

extension Check {
    package static let reads = [
        Check("a reader stands where it was told, and reads at most what it was asked for") {
            bench in
            let partition = try bench.newPartition()
            let receipts = try bench.append((0..<100).map { "\($0)" }, to: partition)
            let reader = try bench.log.openReader([ReadStart(partition, from: receipts[40].offset)])
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
            let partition = try bench.newPartition()
            let reader = try bench.log.openReader([ReadStart(partition, from: 0)])
            defer { reader.close() }
            var batch = RecordBatch()
            try expectEqual(try reader.read(0, into: &batch, limit: 10), 0)
            try bench.append(["later"], to: partition)
            let seen = try bench.read(reader, upTo: try bench.bounds(partition).end)
            try expectEqual(seen.map(\.text), ["later"])
        },
        Check("an offset past the end is an error, not an empty partition") { bench in
            let partition = try bench.newPartition()
            try bench.append(["a", "b"], to: partition)
            let past = try bench.bounds(partition, .written).end.next
            let reader = try bench.log.openReader([ReadStart(partition, from: past)])
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
            let partition = try bench.newPartition()
            try bench.append(["one", "two"], to: partition)
            let other = try bench.otherHandle()
            try expectEqual(other.clusterID, bench.log.clusterID)
            let reader = try other.openReader([ReadStart(partition, from: 0)])
            defer { reader.close() }
            let seen = try bench.read(reader, upTo: try bench.bounds(partition).end)
            try expectEqual(seen.map(\.text), ["one", "two"])
        },
    ]
}
