import Allocation
import EventLog
import Messages
import Testing
import Vocabulary
import Workers

/// A golden book, decided by the rules as they are now, and written as a lane writes it.
struct GoldenRun {
    private(set) var book: PartitionBook
    /// Records of `decisions`.
    private(set) var decisions: [String] = []
    /// Records of `payment-commands`, those of a decision behind those of the one before.
    private(set) var commands: [String] = []
    private(set) var steps: [Step] = []

    /// An input, and the book after all that it causes.
    struct Step {
        var input: Input
        var source: Source
        var book: PartitionBook
    }

    /// A call makes at most `limit` decisions, so that a group may span many.
    init(_ story: GoldenStory, limit: Int, rules: RulesByVersion = .released) throws {
        book = GoldenRun.emptyBook(story, rules: rules)
        var writer = GoldenWriter(story)
        var admission = Admission(
            AllocatorConfiguration(environment: story.environment, partition: story.partition))
        for line in story.lines {
            try requireInTime(line)
            let input = Self.input(line, &admission)
            try book.decide(input, from: line.source, limit: limit) { writer.take($0) }
            steps.append(Step(input: input, source: line.source, book: book))
        }
        #expect(writer.epochs.isEmpty, "epochs begin behind the end: \(writer.epochs)")
        decisions = writer.decisions
        commands = writer.commands
    }

    static func emptyBook(
        _ story: GoldenStory, rules: RulesByVersion = .released
    ) -> PartitionBook {
        PartitionBook(
            partition: story.partition,
            archiveAfter: Milliseconds(rawValue: story.environment.archiveAfterMilliseconds),
            rules: rules)
    }

    /// Deadlines stand where TheLog.md wants them: before the first bid at or past them.
    private func requireInTime(_ line: GoldenStory.Line) throws {
        let deadline = book.nextDeadline
        switch line.source.topic {
        case .clock: try #require(deadline == line.source.at, "\(line.text)")
        case .bids:
            let time = book.time(of: line.source)
            try #require(deadline.map { $0 > time } ?? true, "\(line.text)")
        case .offeringCommands, .paymentResults: break
        }
    }

    private static func input(_ line: GoldenStory.Line, _ admission: inout Admission) -> Input {
        if line.source.topic == .clock { return .deadline }
        var batch = RecordBatch()
        let headers = Headers.encode(
            line.environment.map { [(name: "env", value: Array($0.utf8))] } ?? [])
        headers.withUnsafeBytes { headers in
            func append(_ value: UnsafeRawBufferPointer?) {
                batch.append(
                    offset: LogOffset(line.source.offset.rawValue),
                    appendTime: line.source.at.rawValue, key: nil, headers: headers, value: value)
            }
            if let value = line.value { value.withUnsafeBytes(append) } else { append(nil) }
        }
        return admission.admit(batch, 0, from: line.source.topic)
    }
}

extension PartitionBook {
    /// Decides an input and all that it causes; `take` gets what each call says.
    mutating func decide(
        _ input: Input, from source: Source, limit: Int, _ take: (DecisionGroup) -> Void
    ) throws {
        var group = DecisionGroup()
        var progress = try decide(input, from: source, into: &group, limit: limit)
        take(group)
        while progress == .more {
            group.removeAll()
            progress = try resume(into: &group, limit: limit)
            take(group)
        }
    }
}

/// Writes groups as the records of a chain.
private struct GoldenWriter: ~Copyable {
    private let partition: Partition
    private var chain: DecisionChain
    private var sequence: DecisionNumber = 0
    /// After which decisions the epochs begin that did not yet.
    private(set) var epochs: ArraySlice<DecisionNumber>
    private(set) var decisions: [String] = []
    private(set) var commands: [String] = []

    init(_ story: GoldenStory) {
        partition = story.partition
        epochs = story.epochs[...]
        chain = DecisionChain(partition: partition)
    }

    mutating func take(_ group: DecisionGroup) {
        for (index, decision) in group.decisions.enumerated() {
            while let after = epochs.first, after <= sequence { startEpoch() }
            sequence = decision.sequence
            decisions.append(written { chain.append(decision, into: $0) })
            for (payment, cause) in zip(group.payments, group.paymentCauses) where cause == index {
                commands.append(written { RecordEncoder.encode(payment, into: $0) })
            }
            for (recall, cause) in zip(group.recalls, group.recallCauses) where cause == index {
                commands.append(written { RecordEncoder.encode(recall, into: $0) })
            }
        }
    }

    /// Another writer takes over.
    private mutating func startEpoch() {
        epochs.removeFirst()
        chain.epoch += 1
        decisions.append(
            written { room in
                let count = RecordEncoder.encodeEpochStarted(
                    sequence: sequence, partition: partition, into: room)
                return count
                    + RecordEncoder.seal(
                        epoch: chain.epoch, hash: chain.head,
                        into: UnsafeMutableRawBufferPointer(rebasing: room[count...]))
            })
    }
}

private func written(_ encode: (UnsafeMutableRawBufferPointer) -> Int) -> String {
    String(
        unsafeUninitializedCapacity: RecordEncoder.largestDecision + RecordEncoder.largestSeal
    ) { encode(UnsafeMutableRawBufferPointer($0)) }
}
