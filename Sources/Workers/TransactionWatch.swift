import EventLog
import Foundation
import Vocabulary

/// Looks out for transactions that stay open on what the lanes of a process read, whether they are
/// live or still at their beginning. A lane can't do that by itself: while it waits for the end of
/// a book that nobody can read, it only waits.
///
/// One thread asks for all lanes of the process, two questions every few seconds.
public final class TransactionWatch: @unchecked Sendable {
    private struct Entry {
        weak var lane: (any DrivenLane & AnyObject)?
        var places: [TopicPartition]
    }

    private let log: any EventLog
    private let hear: (TransactionNotice) -> Void
    private let condition = NSCondition()
    private var entries: [Entry] = []
    private var isOver = false
    private var open = OpenTransactions()

    private static let every = 2.0

    /// - Parameter hear: told what people should know, on a thread of the watch.
    public init(_ log: any EventLog, hear: @escaping (TransactionNotice) -> Void) {
        self.log = log
        self.hear = hear
        // Where nobody sees a transaction that is not committed, none holds anybody up.
        guard !log.boundsAreOfOneMoment else { return }
        let thread = Thread { [self] in run() }
        thread.name = "transactions"
        thread.start()
    }

    /// Looks at these partitions for as long as the lane is there.
    public func add(_ lane: any DrivenLane & AnyObject, _ places: [TopicPartition]) {
        condition.lock()
        entries.removeAll { $0.lane == nil }
        entries.append(Entry(lane: lane, places: places))
        condition.unlock()
    }

    /// Looks no more.
    public func end() {
        condition.lock()
        isOver = true
        condition.broadcast()
        condition.unlock()
    }

    private func run() {
        while true {
            condition.lock()
            let due = Date(timeIntervalSinceNow: Self.every)
            while !isOver, condition.wait(until: due) {}
            guard !isOver else { return condition.unlock() }
            entries.removeAll { $0.lane == nil }
            let groups = entries.map(\.places)
            condition.unlock()
            // All at once; where one of them can't be asked about, each lane's by themselves.
            let all = groups.flatMap(\.self)
            if !look(at: all) { for places in groups { _ = look(at: places) } }
        }
    }

    private func look(at places: [TopicPartition]) -> Bool {
        guard !places.isEmpty else { return true }
        do throws(LogError) {
            let committed = try log.ends(of: places, .committed)
            let written = try log.ends(of: places, .written)
            for (index, place) in places.enumerated() {
                let notice = open.look(
                    at: place, committed: committed[index], written: written[index], now: .now)
                if let notice { hear(notice) }
            }
            return true
        } catch {
            return false
        }
    }
}
