import EventLog
import Foundation
import Vocabulary

/// Reads partitions record by record, up to an end or as they come.
package struct Follow: ~Copyable {
    private let reader: any LogReader
    private let starts: [ReadStart]
    /// Whether what can't be unpacked is given to `body` like a record; else it is a failure.
    private let takesUnreadable: Bool
    private let shouldStop: () -> Bool
    private var count: Int { starts.count }
    private var batch = RecordBatch()

    /// `shouldStop` is asked again and again: whether to end early.
    package init(
        _ log: any EventLog, _ starts: [ReadStart], takesUnreadable: Bool = false,
        shouldStop: @escaping () -> Bool
    ) throws(ClientError) {
        reader = try logged { () throws(LogError) in try log.openReader(starts) }
        self.starts = starts
        self.takesUnreadable = takesUnreadable
        self.shouldStop = shouldStop
    }

    deinit { reader.close() }

    /// Calls `body` with each record below the ends; answers whether it came to all of them:
    /// false where it was to stop.
    package mutating func read(
        upTo ends: [LogOffset],
        _ body: (_ input: Int, _ batch: borrowing RecordBatch, _ index: Int)
            throws(ClientError) -> Void
    ) throws(ClientError) -> Bool {
        for input in 0..<count {
            while reader.position(input) < ends[input] {
                if shouldStop() { return false }
                try fill(input)
                if batch.isEmpty { try wait(milliseconds: 100) }
                for index in 0..<batch.count where batch.offset(index) < ends[input] {
                    try body(input, batch, index)
                }
            }
        }
        return true
    }

    /// Calls `body` with each record as it comes, until it answers false, it is to stop,
    /// or the time is over. `idle` is called before each wait.
    package mutating func follow(
        until end: UInt64 = .max, idle: () throws(ClientError) -> Void = {},
        _ body: (_ input: Int, _ batch: borrowing RecordBatch, _ index: Int)
            throws(ClientError) -> Bool
    ) throws(ClientError) {
        while !shouldStop() {
            var isIdle = true
            for input in 0..<count {
                try fill(input)
                for index in 0..<batch.count {
                    isIdle = false
                    guard try body(input, batch, index) else { return }
                }
            }
            if isIdle { try idle() }
            let now = DispatchTime.now().uptimeNanoseconds
            guard now < end else { return }
            if isIdle { try wait(milliseconds: Int(min(200, (end - now) / 1_000_000 + 1))) }
        }
    }

    /// Calls `body` with each record that is there now.
    package mutating func readAvailable(
        _ body: (_ input: Int, _ batch: borrowing RecordBatch, _ index: Int)
            throws(ClientError) -> Void
    ) throws(ClientError) {
        for input in 0..<count {
            repeat {
                try fill(input)
                for index in 0..<batch.count { try body(input, batch, index) }
            } while !batch.isEmpty && !shouldStop()
        }
    }

    private mutating func fill(_ input: Int) throws(ClientError) {
        batch.removeAll()
        do throws(LogError) {
            try reader.read(input, into: &batch, limit: 2_000)
        } catch {
            throw ClientError(error)
        }
        guard !takesUnreadable else { return }
        for index in 0..<batch.count {
            guard let last = batch.unreadable(index) else { continue }
            let range = UnreadableRange(starts[input].partition, batch.offset(index), last)
            throw ClientError(.inputOutput, range.sentence)
        }
    }

    private func wait(milliseconds: Int) throws(ClientError) {
        try logged { () throws(LogError) in
            try reader.wait(timeoutMilliseconds: milliseconds)
        }
    }
}
