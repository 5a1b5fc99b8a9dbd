import EventLog
import MemoryLog
import Synchronization

/// A memory log that does something just before it is asked something, once.
final class HookedLog: EventLog, Sendable {
    private let log: MemoryLog
    private struct Hooks: @unchecked Sendable {
        var writer: (() -> Void)?
        var bounds: (topic: String, body: () -> Void)?
    }
    private let hooks = Mutex(Hooks())
    private let writers = Atomic<Int>(0)

    /// How many writers were opened.
    var writersOpened: Int { writers.load(ordering: .relaxed) }

    init(_ log: MemoryLog) { self.log = log }

    func onWriter(_ body: @escaping () -> Void) {
        nonisolated(unsafe) let body = body
        hooks.withLock { $0.writer = body }
    }

    func onBounds(of topic: String, _ body: @escaping () -> Void) {
        nonisolated(unsafe) let body = body
        hooks.withLock { $0.bounds = (topic, body) }
    }

    func bounds(of partitions: [TopicPartition], _ end: EndKind) throws(LogError) -> [Bounds] {
        let found = hooks.withLock { hooks -> Hooks in
            defer { if hooks.bounds?.topic == partitions.first?.topic { hooks.bounds = nil } }
            return hooks
        }
        if let (topic, body) = found.bounds, topic == partitions.first?.topic { body() }
        return try log.bounds(of: partitions, end)
    }

    func openWriter(transactionalIDs: [String]) throws(LogError) -> any LogWriter {
        let found = hooks.withLock { hooks -> Hooks in
            defer { hooks.writer = nil }
            return hooks
        }
        found.writer?()
        writers.add(1, ordering: .relaxed)
        return try log.openWriter(transactionalIDs: transactionalIDs)
    }

    var url: String { log.url }
    var clusterID: String { log.clusterID }
    func topics() throws(LogError) -> [TopicDescription] { try log.topics() }
    func create(_ topic: TopicSpecification) throws(LogError) { try log.create(topic) }
    func openReader(_ starts: [ReadStart]) throws(LogError) -> any LogReader {
        try log.openReader(starts)
    }
    func openAppender() throws(LogError) -> any LogAppender { try log.openAppender() }
}
