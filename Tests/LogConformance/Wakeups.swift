import EventLog
import Foundation

extension Check {
    static let wakeups = [
        Check("a waiting reader wakes when a record is committed") { bench in
            let partition = try bench.newPartition()
            let reader = try bench.log.openReader([ReadStart(partition, from: 0)])
            defer { reader.close() }
            let appended = try bench.inAMoment { try bench.append(["now"], to: partition) }
            var batch = RecordBatch()
            try expectSoon("the reader slept through it") {
                while try reader.read(0, into: &batch, limit: 1) == 0 {
                    try reader.wait(timeoutMilliseconds: 20_000)
                }
                try appended.result()
            }
        },
        Check("a waiting reader wakes when it is told to") { bench in
            let partition = try bench.newPartition()
            let reader = try bench.log.openReader([ReadStart(partition, from: 0)])
            defer { reader.close() }
            let handle = Handle(reader)
            let woken = try bench.inAMoment { handle.value.wake() }
            try expectSoon("nobody was woken") {
                try reader.wait(timeoutMilliseconds: 20_000)
                try woken.result()
            }
        },
        Check("a wake before the wait is not lost") { bench in
            let partition = try bench.newPartition()
            let reader = try bench.log.openReader([ReadStart(partition, from: 0)])
            defer { reader.close() }
            reader.wake()
            try expectSoon("the wake was lost") {
                try reader.wait(timeoutMilliseconds: 20_000)
            }
        },
        Check("a wait with nothing to come ends with its time") { bench in
            let partition = try bench.newPartition()
            let reader = try bench.log.openReader([ReadStart(partition, from: 0)])
            defer { reader.close() }
            try reader.wait(timeoutMilliseconds: 30)
            var batch = RecordBatch()
            try expectEqual(try reader.read(0, into: &batch, limit: 1), 0)
        },
    ]
}

/// Throws `Broken` where `body` takes nearly as long as the waits in it may: then it was their time
/// that ended them.
private func expectSoon(
    _ sentence: String, file: StaticString = #fileID, line: UInt = #line,
    _ body: () throws -> Void
) throws {
    let start = DispatchTime.now().uptimeNanoseconds
    try body()
    let waited = (DispatchTime.now().uptimeNanoseconds - start) / 1_000_000
    try expect(waited < 15_000, "it took \(waited) ms: \(sentence)", file: file, line: line)
}

/// Carries a value to another thread; the checks use it there for `wake` alone.
private struct Handle: @unchecked Sendable {
    let value: any LogReader
    init(_ value: any LogReader) { self.value = value }
}

/// Work under way on another thread.
final class Underway: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    private var failure: (any Error)?

    fileprivate init(_ body: @escaping @Sendable () throws -> Void) {
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(100)) {
            do { try body() } catch { self.failure = error }
            self.done.signal()
        }
    }

    /// Waits for the end; throws what the work threw.
    func result() throws {
        done.wait()
        if let failure { throw failure }
    }
}

extension Workbench {
    /// Does something on another thread, a tenth of a second from now.
    func inAMoment(_ body: @escaping () throws -> Void) throws -> Underway {
        nonisolated(unsafe) let body = body
        return Underway { try body() }
    }
}
