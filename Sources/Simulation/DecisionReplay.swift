import Allocation
import EventLog
import Messages
import Vocabulary
import Workers

/// Decides the same inputs again, in the order of the book, without a worker: the decisions must be
/// the same (Rules.md, Invariants).
struct DecisionReplay {
    private let watch: BookWatch
    private unowned let world: World

    init(_ watch: BookWatch, _ world: World) {
        self.watch = watch
        self.world = world
    }

    func check() throws {
        var book = PartitionBook(
            partition: watch.partition,
            archiveAfter: Milliseconds(rawValue: world.environment.archiveAfterMilliseconds))
        var admission = Admission(
            AllocatorConfiguration(environment: world.environment, partition: watch.partition))
        var group = DecisionGroup()
        var batch = RecordBatch()
        var next = 0
        while next < watch.decisions.count {
            let source = watch.decisions[next].source
            let input = try input(of: source, &batch, &admission)
            group.removeAll()
            var progress = try book.decide(input, from: source, into: &group, limit: 1_000)
            while progress == .more { progress = try book.resume(into: &group, limit: 1_000) }
            for decision in group.decisions {
                guard next < watch.decisions.count, watch.decisions[next] == decision else {
                    throw world.failure(
                        "decided again, \(source) gives another decision \(decision.sequence)")
                }
                next += 1
            }
        }
        guard book.overviews == watch.rebuilt.overviews else {
            throw world.failure("decided again, partition \(watch.partition) stands otherwise")
        }
    }

    private func input(
        of source: Source, _ batch: inout RecordBatch, _ admission: inout Admission
    ) throws -> Input {
        let topic: Topic
        switch source.topic {
        case .clock: return .deadline
        case .bids: topic = .bids
        case .offeringCommands: topic = .offeringCommands
        case .paymentResults: topic = .paymentResults
        }
        batch.removeAll()
        let reader = try world.log.openReader([
            ReadStart(
                world.partition(topic, watch.partition), from: LogOffset(source.offset.rawValue))
        ])
        _ = try reader.read(0, into: &batch, limit: 1)
        return admission.admit(batch, 0, from: source.topic)
    }
}
