import Foundation

/// The bank's time, and what is due at some time of it. It runs as the machine's does, and may be
/// moved forward, so that hours pass at once; a change of the machine's own clock moves nothing.
final class BankClock: @unchecked Sendable {
    /// What is done when it is due, with the time at which it was.
    typealias Work = @Sendable (_ at: Int64) -> Void

    private struct Entry {
        var at: Int64
        var work: Work
    }

    private let condition = NSCondition()
    private let startedAt: Int64
    private let startedUptime: UInt64
    private var offset: Int64
    /// The last is due first; those of one time in the order in which they came.
    private var entries: [Entry] = []
    private var isStopped = false

    /// `offset`: how far it was moved before, in milliseconds.
    init(offset: Int64) {
        self.offset = offset
        startedAt = Int64(Date().timeIntervalSince1970 * 1_000)
        startedUptime = DispatchTime.now().uptimeNanoseconds
        Thread.detachNewThread { [weak self] in
            while self?.runDue() == true {}
        }
    }

    /// Milliseconds since 1970 UTC.
    var now: Int64 { condition.withLock { time } }

    private var time: Int64 {
        startedAt + offset
            + Int64((DispatchTime.now().uptimeNanoseconds - startedUptime) / 1_000_000)
    }

    func after(_ milliseconds: Int64, _ work: @escaping Work) {
        condition.withLock { insert(time + milliseconds, work) }
    }

    func at(_ time: Int64, _ work: @escaping Work) {
        condition.withLock { insert(time, work) }
    }

    /// Ten years and some days.
    private static let largestOffset: Int64 = 3_660 * 86_400_000

    /// Moves the time forward and does what became due; answers how far it has been moved in all,
    /// or nil where that would be too far, and it isn't moved.
    func advance(_ milliseconds: Int64) -> Int64? {
        let all = condition.withLock { () -> Int64? in
            let (sum, isTooLarge) = offset.addingReportingOverflow(milliseconds)
            guard !isTooLarge, sum <= Self.largestOffset else { return nil }
            offset = sum
            return sum
        }
        guard let all else { return nil }
        while let entry = takeDue() { entry.work(entry.at) }
        return all
    }

    /// Nothing is done any more.
    func stop() {
        condition.withLock {
            isStopped = true
            entries = []
            condition.broadcast()
        }
    }

    private func insert(_ at: Int64, _ work: @escaping Work) {
        guard !isStopped else { return }
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].at < at { high = middle } else { low = middle + 1 }
        }
        // Before its equals: the last goes first.
        while low > 0, entries[low - 1].at == at { low -= 1 }
        entries.insert(Entry(at: at, work: work), at: low)
        condition.broadcast()
    }

    private func takeDue() -> Entry? {
        condition.withLock {
            guard !isStopped, let last = entries.last, last.at <= time else { return nil }
            return entries.removeLast()
        }
    }

    /// Does what is due and waits for more; false once it has stopped. It waits no longer than a
    /// second, so that a clock that nobody holds any more ends its thread.
    private func runDue() -> Bool {
        while let entry = takeDue() { entry.work(entry.at) }
        return condition.withLock {
            if isStopped { return false }
            let left = entries.last.map { max(0, $0.at - time) } ?? 1_000
            if left > 0 {
                _ = condition.wait(
                    until: Date(timeIntervalSinceNow: Double(min(left, 1_000)) / 1_000))
            }
            return true
        }
    }
}
