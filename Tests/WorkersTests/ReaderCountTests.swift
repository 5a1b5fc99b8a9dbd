import EventLog
import MemoryLog
import Synchronization
import Testing
import Vocabulary
import Workers

/// What a lane holds on to while it is live.
@Suite struct ReaderCountTests {
    /// A lane that read its book and is live reads its inputs and nothing else: a reader of the
    /// book would fetch back, and keep, all that the lane writes.
    @Test func aLiveLaneReadsItsInputsOnly() throws {
        let clock = ScriptedClock(5)
        let memory = MemoryLog(clock: clock.read)
        let scene = try LaneScene(memory)
        try scene.open("o", shares: 10)
        try scene.bid("b1", "a", 1)
        try scene.decideAll()
        let log = CountingLog(memory)
        let driver = AllocatorDriver(
            scene.configuration(stopsAtEnd: false), log: log, clock: { 5 }, isInline: true
        ) { _ in }
        var seen: Set<String> = []
        for _ in 0..<1_000 where driver.idleMilliseconds == 0 {
            #expect(driver.step() == nil)
            seen.formUnion(log.open.values)
        }
        #expect(driver.idleMilliseconds > 0)
        #expect(seen == ["t.decisions", "t.offering-commands"], "the book was never read")
        #expect(log.open.values.sorted() == ["t.offering-commands"])
        driver.stop()
        for _ in 0..<1_000 where driver.step() == nil {}
        #expect(log.open.isEmpty)
    }
}

/// A log that knows which of its readers are open, by the first topic of each.
final class CountingLog: EventLog, @unchecked Sendable {
    private let log: MemoryLog
    private let readers = Mutex<[Int: String]>([:])
    private let opened = Atomic<Int>(0)
    private let everOpened = Mutex<[String: Int]>([:])

    init(_ log: MemoryLog) { self.log = log }

    var open: [Int: String] { readers.withLock { $0 } }

    /// How many readers were opened whose first topic is this one.
    func opened(of topic: String) -> Int { everOpened.withLock { $0[topic] ?? 0 } }
    var url: String { log.url }
    var clusterID: String { log.clusterID }

    func topics() throws(LogError) -> [TopicDescription] { try log.topics() }
    func create(_ topic: TopicSpecification) throws(LogError) { try log.create(topic) }
    func bounds(
        of partitions: [TopicPartition], _ end: EndKind
    ) throws(LogError) -> [Bounds] {
        try log.bounds(of: partitions, end)
    }
    func openAppender() throws(LogError) -> any LogAppender { try log.openAppender() }
    func openWriter(transactionalIDs: [String]) throws(LogError) -> any LogWriter {
        try log.openWriter(transactionalIDs: transactionalIDs)
    }

    func openReader(_ starts: [ReadStart]) throws(LogError) -> any LogReader {
        let number = opened.add(1, ordering: .relaxed).newValue
        readers.withLock { $0[number] = starts[0].partition.topic }
        everOpened.withLock { $0[starts[0].partition.topic, default: 0] += 1 }
        return Counted(try log.openReader(starts)) { [self] in
            _ = readers.withLock { $0.removeValue(forKey: number) }
        }
    }

    private final class Counted: LogReader, @unchecked Sendable {
        private let reader: any LogReader
        private let closed: () -> Void

        init(_ reader: any LogReader, _ closed: @escaping () -> Void) {
            self.reader = reader
            self.closed = closed
        }

        func read(
            _ input: Int, into batch: inout RecordBatch, limit: Int
        ) throws(LogError) -> Int {
            try reader.read(input, into: &batch, limit: limit)
        }
        func position(_ input: Int) -> LogOffset { reader.position(input) }
        func seek(_ input: Int, to offset: LogOffset) throws(LogError) {
            try reader.seek(input, to: offset)
        }
        func wait(timeoutMilliseconds: Int) throws(LogError) {}
        nonisolated func wake() { reader.wake() }
        func close() {
            reader.close()
            closed()
        }
    }
}
