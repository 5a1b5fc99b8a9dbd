import EventLog
import Foundation
import Messages
import Vocabulary

/// What a watch over topics tells people.
package enum TopicNotice: Hashable, Sendable {
    /// Said again now and then while it lasts, each time after ten times as long, at most an hour.
    case heldUp(HeldUpPartition)
    /// It can be read on; it stood still for so many milliseconds.
    case movesOn(TopicPartition, milliseconds: Int64)
    /// Said once a topic and count.
    case added(AddedPartitions)
}

/// Looks out for what keeps the lanes of a process from their topics without any call failing,
/// whether they are live or still at their beginning: transactions that stay open on what they
/// read, and partitions that were added and are read by nobody. A lane can't do that by itself:
/// while it waits for the end of a book that nobody can read, it only waits.
///
/// One thread asks for all lanes of the process, two questions every few seconds.
package final class TopicWatch: @unchecked Sendable {
    private struct Entry {
        weak var lane: (any DrivenLane)?
        var post: LanePost
        var partitions: [TopicPartition]
    }

    private let log: any EventLog
    private let environment: Environment
    private let hear: (TopicNotice) -> Void
    private let condition = NSCondition()
    // Under the condition's lock.
    private var entries: [Entry] = []
    private var isOver = false
    private var open = OpenTransactions()
    private var told: [AddedPartitions] = []

    private let everySeconds: Double
    /// How many looks at transactions go by between two at the counts of partitions.
    private static let looksBetweenCounts = 30

    /// - Parameter hear: told what people should know: of partitions that were added before, at
    ///   once; of all else on a thread of the watch.
    package convenience init(
        _ log: any EventLog, _ environment: Environment, hear: @escaping (TopicNotice) -> Void
    ) {
        self.init(log, environment, everySeconds: 2, hear: hear)
    }

    /// With a time between looks of one's own.
    package init(
        _ log: any EventLog, _ environment: Environment, everySeconds: Double,
        hear: @escaping (TopicNotice) -> Void
    ) {
        self.everySeconds = everySeconds
        self.log = log
        self.environment = environment
        self.hear = hear
        // Where nobody sees a transaction that is not committed, none holds anybody up; and nobody
        // adds partitions to a log of one process or file.
        guard !log.boundsAreOfOneMoment else { return }
        count()
        let thread = Thread { [self] in run() }
        thread.name = "topics"
        thread.start()
    }

    /// Looks at what a lane reads for as long as it is there: nobody's transaction may stay open
    /// on that.
    func add(_ lane: any DrivenLane, _ post: LanePost) {
        let reader: Topic.Role = post.role == .allocator ? .allocator : .payer
        let partitions = Topic.allCases
            .filter { $0.partitions == .environment && $0.readers.contains(reader) }
            .map {
                TopicPartition(
                    $0.fullName(environment: environment.name), Int32(post.partition.rawValue))
            }
        condition.lock()
        entries.removeAll { $0.lane == nil }
        entries.append(Entry(lane: lane, post: post, partitions: partitions))
        condition.unlock()
    }

    /// Looks no more.
    package func end() {
        condition.lock()
        isOver = true
        condition.broadcast()
        condition.unlock()
    }

    // MARK: How it is

    /// What holds a lane up, as it was reported. From any thread.
    package func heldUp(of post: LanePost) -> [HeldUpPartition] {
        condition.lock()
        defer { condition.unlock() }
        return entries.first { $0.post == post && $0.lane != nil }?
            .partitions.compactMap { open.heldUp($0, at: .now) } ?? []
    }

    /// The topics of which partitions are read by nobody. From any thread.
    package var added: [AddedPartitions] {
        condition.lock()
        defer { condition.unlock() }
        return told
    }

    // MARK: Looking

    private func run() {
        var looks = 0
        while true {
            condition.lock()
            let due = Date(timeIntervalSinceNow: everySeconds)
            while !isOver, condition.wait(until: due) {}
            guard !isOver else { return condition.unlock() }
            entries.removeAll { $0.lane == nil }
            let groups = entries.map(\.partitions)
            condition.unlock()
            // All at once; where one of them can't be asked about, each lane's by themselves.
            let all = groups.flatMap(\.self)
            if !look(at: all) { for partitions in groups { _ = look(at: partitions) } }
            looks += 1
            if looks % Self.looksBetweenCounts == 0 { count() }
        }
    }

    private func look(at partitions: [TopicPartition]) -> Bool {
        guard !partitions.isEmpty else { return true }
        do throws(LogError) {
            let committed = try log.ends(of: partitions, .committed)
            let written = try log.ends(of: partitions, .written)
            var notices: [TopicNotice] = []
            condition.lock()
            for (index, partition) in partitions.enumerated() {
                let notice = open.look(
                    at: partition, committed: committed[index], written: written[index], now: .now)
                if let notice { notices.append(notice) }
            }
            condition.unlock()
            notices.forEach(hear)
            return true
        } catch {
            return false
        }
    }

    /// Looks how many partitions the topics have. What can't be asked is asked again.
    private func count() {
        let names = Topic.allCases.map { $0.fullName(environment: environment.name) }
        guard let known = try? log.topics(named: names) else { return }
        let found = AddedPartitions.found(of: environment) { name in
            known.first { $0.specification.name == name }?.specification.partitions
        }
        condition.lock()
        let news = found.filter { !told.contains($0) }
        told = found
        condition.unlock()
        for added in news { hear(.added(added)) }
    }
}
