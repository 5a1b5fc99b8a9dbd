import EventLog
import Foundation
import Synchronization

extension Check {
    static let ends = [
        Check("an empty partition begins and ends at the same offset") { bench in
            let bounds = try bench.bounds(try bench.newPartition())
            try expectEqual(bounds.start, bounds.end)
        },
        Check("an asked-for end is never too low: an acknowledged record lies below it") { bench in
            let partition = try bench.newPartition()
            let other = try bench.otherHandle()
            for number in 0..<50 {
                let receipt = try bench.append(["\(number)"], to: partition)[0]
                for kind in [EndKind.committed, .written] {
                    let end = try other.bounds(of: [partition], kind)[0].end
                    try expect(end > receipt.offset, "\(kind): \(end) after \(receipt.offset)")
                }
            }
        },
        Check("a committed transaction lies below the end, and a reader's position gets there") {
            bench in
            let partition = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            let reader = try bench.log.openReader([ReadStart(partition, from: 0)])
            defer { reader.close() }
            for number in 0..<10 {
                try writer.write(["\(number)"], to: partition)
                let end = try bench.bounds(partition).end
                let seen = try bench.read(reader, upTo: end)
                try expectEqual(seen.map(\.text), ["\(number)"])
                try expect(reader.position(0) >= end)
            }
        },
        Check("the end of what is written is never below the end of what is committed") { bench in
            let partition = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            let transaction = try writer.begin(["open"], to: partition)
            let committed = try bench.bounds(partition, .committed).end
            let written = try bench.bounds(partition, .written).end
            try expect(written >= committed)
            try transaction.commit().mustBeCommitted()
            // Readers may see it a moment later than its commit is answered.
            try expect(try bench.bounds(partition, .written).end > committed)
            try expectEqual(try bench.values(partition), ["open"])
            try expect(try bench.bounds(partition, .committed).end > committed)
        },
        Check("what a reader has seen lies below the end, of either kind, asked for by anybody") {
            bench in
            let partition = try bench.newPartition()
            let other = try bench.otherHandle()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            let reader = try bench.log.openReader([ReadStart(partition, from: 0)])
            defer { reader.close() }
            for number in 0..<20 {
                try writer.write(["\(number)"], to: partition)
                let written = try bench.bounds(partition).end
                let seen = try bench.read(reader, upTo: written)
                for kind in [EndKind.committed, .written] {
                    let end = try other.bounds(of: [partition], kind)[0].end
                    try expect(end > seen[0].offset, "\(kind): \(end) after \(seen[0].offset)")
                }
            }
        },
        Check("an end asked for while others append is not too low, nor does it step back") {
            bench in
            let partition = try bench.newPartition()
            let log = bench.log
            let other = try bench.otherHandle()
            try inParallel(4) { number in
                let appender = try log.openAppender()
                defer { appender.close() }
                var before: LogOffset = 0
                for round in 0..<25 {
                    var records = OutgoingRecords()
                    records.add(["\(number) \(round)"], to: partition)
                    let offset = try appender.append(records)[0].receipt().offset
                    let end = try other.bounds(of: [partition], .written)[0].end
                    try expect(end > offset, "\(end) after \(offset) was acknowledged")
                    try expect(end > before, "\(end) after \(before)")
                    before = end
                }
            }
            try expectEqual(try bench.values(partition).count, 100)
        },
    ]
}

/// Runs `body` on so many threads at once; throws what the first of them threw.
private func inParallel(
    _ count: Int, _ body: @escaping @Sendable (Int) throws -> Void
) throws {
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: count) { number in
        do { try body(number) } catch { failure.withLock { $0 = $0 ?? error } }
    }
    if let error = failure.withLock({ $0 }) { throw error }
}
