import EventLog
import Foundation

/// A log in memory: deterministic, with real transactions and fencing and with faults on demand.
/// It lives as long as this object; `--log memory:` is for where one process is enough.
///
/// It behaves like Kafka where that can be seen through the protocol: offsets of aborted records
/// and of markers are passed by readers and never shown, and an open transaction holds readers
/// back at its first record.
package final class MemoryLog: EventLog, @unchecked Sendable {
    struct Topic {
        var specification: TopicSpecification
        var partitions: [MemoryPartition]
    }

    /// What all handles share; guarded by `condition`.
    struct State {
        var topics: [String: Topic] = [:]
        /// The writer that counts, by transactional id.
        var owners: [String: UInt64] = [:]
        /// Writers that were fenced, or whose commit failed for good.
        var dead: Set<UInt64> = []
        /// The writer of each open transaction.
        var open: [UInt64: UInt64] = [:]
        var nextID: UInt64 = 1
        var faults = MemoryFaults()
    }

    package let url = "memory:"
    package let clusterID: String
    private let clock: @Sendable () -> Int64
    private let condition = NSCondition()
    /// Only between `lock` and `unlock`.
    var lockedState = State()

    /// - Parameter clock: gives append times, in milliseconds since 1970 UTC.
    package init(
        clusterID: String = "memory",
        clock: @escaping @Sendable () -> Int64 = {
            Int64(Date().timeIntervalSince1970 * 1_000)
        }
    ) {
        self.clusterID = clusterID
        self.clock = clock
    }

    /// Works on the state alone, and lets all that wait look again.
    func withState<Result>(
        _ body: (inout State, _ now: Int64) throws(LogError) -> Result
    ) throws(LogError) -> Result {
        let now = clock()
        lock()
        defer { unlockAndWake() }
        return try body(&lockedState, now)
    }

    func now() -> Int64 { clock() }
    func lock() { condition.lock() }
    func unlock() { condition.unlock() }
    func unlockAndWake() {
        condition.broadcast()
        condition.unlock()
    }

    /// Waits until `isDone` or the time is over.
    func wait(timeoutMilliseconds: Int, until isDone: (State) -> Bool) {
        let end = Date(timeIntervalSinceNow: Double(timeoutMilliseconds) / 1_000)
        condition.lock()
        while !isDone(lockedState), condition.wait(until: end) {}
        condition.unlock()
    }

    /// Makes waiters look again.
    func wakeAll() {
        condition.lock()
        condition.broadcast()
        condition.unlock()
    }

    package func topics() throws(LogError) -> [TopicDescription] {
        try withState { state, _ throws(LogError) in
            state.topics.values.map {
                TopicDescription(specification: $0.specification, timestampType: .logAppendTime)
            }.sorted { $0.specification.name < $1.specification.name }
        }
    }

    package func create(_ topic: TopicSpecification) throws(LogError) {
        try withState { state, _ throws(LogError) in
            guard state.topics[topic.name] == nil else {
                throw LogError(.alreadyExists, "topic \(topic.name) exists already")
            }
            state.topics[topic.name] = Topic(
                specification: topic,
                partitions: Array(repeating: MemoryPartition(), count: Int(topic.partitions)))
        }
    }

    package func bounds(
        of partitions: [TopicPartition], _ end: EndKind
    ) throws(LogError) -> [Bounds] {
        try withState { state, _ throws(LogError) in
            try state.faults.check(.bounds)
            var bounds: [Bounds] = []
            for topicPartition in partitions {
                let partition = try state.partition(topicPartition)
                let last = end == .written ? partition.end : partition.lastStableOffset
                bounds.append(Bounds(start: LogOffset(partition.start), end: LogOffset(last)))
            }
            return bounds
        }
    }

    /// Appends a batch of so many records that no reader can unpack: what a client may do to Kafka.
    package func appendUnreadable(
        to topicPartition: TopicPartition, count: Int64
    ) throws(LogError) {
        try withState { state, now throws(LogError) in
            _ = try state.partition(topicPartition)
            state.topics[topicPartition.topic]!.partitions[Int(topicPartition.partition)]
                .appendUnreadable(count: count, now: now)
        }
    }

    /// Lets readers unpack a record that they could not, as another version of a library may.
    package func makeReadable(_ topicPartition: TopicPartition, at offset: LogOffset) {
        change(topicPartition, offset, isReadable: true)
    }

    /// Lets no reader unpack a record any more.
    package func makeUnreadable(_ topicPartition: TopicPartition, at offset: LogOffset) {
        change(topicPartition, offset, isReadable: false)
    }

    private func change(_ topicPartition: TopicPartition, _ offset: LogOffset, isReadable: Bool) {
        lock()
        defer { unlockAndWake() }
        lockedState.topics[topicPartition.topic]!.partitions[Int(topicPartition.partition)]
            .change(offset.rawValue, isReadable: isReadable)
    }

    package func openReader(_ starts: [ReadStart]) throws(LogError) -> any LogReader {
        try withState { state, _ throws(LogError) in
            for start in starts { _ = try state.partition(start.partition) }
        }
        return MemoryReader(self, starts)
    }

    package var boundsAreOfOneMoment: Bool { true }

    package var stampsWithOneClock: Bool { true }

    package func openAppender() throws(LogError) -> any LogAppender { MemoryAppender(self) }

    package func openWriter(transactionalIDs: [String]) throws(LogError) -> any LogWriter {
        let id = try withState { state, now throws(LogError) in
            try state.faults.check(.openWriter)
            let id = state.makeID()
            for name in transactionalIDs {
                if let older = state.owners[name] { state.kill(older, now: now) }
                state.owners[name] = id
            }
            return id
        }
        return MemoryWriter(self, id: id)
    }
}

extension MemoryLog.State {
    mutating func makeID() -> UInt64 {
        nextID += 1
        return nextID
    }

    func partition(_ topicPartition: TopicPartition) throws(LogError) -> MemoryPartition {
        guard let topic = topics[topicPartition.topic] else {
            throw LogError(.unknownTopic, "there is no topic \(topicPartition.topic)")
        }
        guard topicPartition.partition >= 0,
            Int(topicPartition.partition) < topic.partitions.count
        else {
            throw LogError(
                .unknownTopic,
                "topic \(topicPartition.topic) has no partition \(topicPartition.partition)")
        }
        return topic.partitions[Int(topicPartition.partition)]
    }

    /// Appends all records with this state; answers where they stand.
    mutating func append(
        _ records: borrowing OutgoingRecords, _ kind: MemoryPartition.State, now: Int64
    ) throws(LogError) -> [Receipt] {
        for topicPartition in records.destinations { _ = try partition(topicPartition) }
        var receipts: [Receipt] = []
        for index in 0..<records.count {
            let record = records[index]
            let topicPartition = records.destinations[record.destination.index]
            let number = Int(topicPartition.partition)
            let (offset, time) = topics[topicPartition.topic]!.partitions[number]
                .append(record, kind, now: now)
            receipts.append(
                Receipt(partition: topicPartition, offset: LogOffset(offset), appendTime: time))
        }
        return receipts
    }

    /// Ends a transaction, in every partition that it touched.
    mutating func end(_ transaction: UInt64, commits: Bool, now: Int64) {
        open[transaction] = nil
        for name in topics.keys.sorted() {
            for index in topics[name]!.partitions.indices {
                topics[name]!.partitions[index].end(transaction, commits: commits, now: now)
            }
        }
    }

    /// Fences a writer, and ends what it left open.
    mutating func kill(_ writer: UInt64, now: Int64) {
        dead.insert(writer)
        for transaction in open.keys.sorted() where open[transaction] == writer {
            end(transaction, commits: false, now: now)
        }
    }
}
