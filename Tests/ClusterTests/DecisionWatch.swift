import EventLog
import Foundation
import KafkaLog
import Messages
import Synchronization
import Vocabulary

/// Follows `decisions` while things go wrong, and notes when a decision about each bid came.
final class DecisionWatch: Sendable {
    private struct Seen {
        /// When the first decision about the bid at each offset came, in seconds of uptime.
        var arrivals: [Int64: Double] = [:]
        /// The bids' offsets in the order of their decisions.
        var order: [Int64] = []
        var twice: [Int64] = []
        var refusals: [String: Int] = [:]
        var complaints: [String] = []
    }

    private let seen = Mutex(Seen())
    private let isOver = Atomic<Bool>(false)
    private let source: TopicPartition

    init(_ brokers: String, _ topic: String, partition: Int32 = 0) throws {
        source = TopicPartition(topic, partition)
        let log = try KafkaLog(brokers: brokers)
        let thread = Thread { [self] in follow(log) }
        thread.start()
    }

    func end() { isOver.store(true, ordering: .releasing) }

    static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1_000_000_000 }

    private func follow(_ log: KafkaLog) {
        var position: LogOffset = 0
        while !isOver.load(ordering: .acquiring) {
            do throws(LogError) {
                let reader = try log.openReader([ReadStart(source, from: position)])
                defer { reader.close() }
                var batch = RecordBatch()
                while !isOver.load(ordering: .acquiring) {
                    batch.removeAll()
                    if try reader.read(0, into: &batch, limit: 5_000) == 0 {
                        try reader.wait(timeoutMilliseconds: 20)
                    }
                    take(batch)
                    position = reader.position(0)
                }
            } catch {
                seen.withLock { $0.complaints.append("\(error)") }
                usleep(200_000)
            }
        }
    }

    private func take(_ batch: borrowing RecordBatch) {
        guard batch.count > 0 else { return }
        let now = Self.now
        var decoder = RecordDecoder()
        seen.withLock { seen in
            for index in 0..<batch.count {
                guard let record = try? decoder.decodeDecision(batch.value(index)) else {
                    seen.complaints.append("unreadable at \(batch.offset(index))")
                    continue
                }
                guard case .decision(let decision) = record.content,
                    decision.source.topic == .bids, decision.n == 0
                else { continue }
                let offset = decision.source.offset.rawValue
                if seen.arrivals.updateValue(now, forKey: offset) != nil {
                    seen.twice.append(offset)
                }
                seen.order.append(offset)
                if case .rejected(let rejection) = decision.event {
                    seen.refusals[rejection.reason.rawValue, default: 0] += 1
                }
            }
        }
    }

    var count: Int { seen.withLock { $0.order.count } }
    var twice: [Int64] { seen.withLock { $0.twice } }
    var order: [Int64] { seen.withLock { $0.order } }
    var complaints: [String] { seen.withLock { $0.complaints } }
    /// How many bids were refused, by reason.
    var refusals: [String: Int] { seen.withLock { $0.refusals } }

    func isDecided(_ offset: Int64) -> Bool { seen.withLock { $0.arrivals[offset] != nil } }
    func arrival(of offset: Int64) -> Double? { seen.withLock { $0.arrivals[offset] } }

    /// How many decisions came since then, and the longest time in it without one, in seconds.
    func since(_ start: Double) -> (count: Int, longestGap: Double) {
        let times = seen.withLock { $0.arrivals.values.filter { $0 >= start } }.sorted()
        var last = start
        var longest = 0.0
        for time in times + [Self.now] {
            longest = max(longest, time - last)
            last = time
        }
        return (times.count, longest)
    }

    /// Whether the last three seconds brought decisions again and again.
    var isFlowing: Bool { since(Self.now - 3).longestGap < 1.2 }
}
