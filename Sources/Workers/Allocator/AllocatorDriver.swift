import EventLog
import Messages
import Synchronization
import Vocabulary

/// Drives an allocator's lane: reads its inputs, and hands its batches to a committer.
package final class AllocatorDriver: LaneDriver<AllocatorLane>, @unchecked Sendable {
    private let configuration: AllocatorConfiguration
    private let log: any EventLog
    private let committer: any BatchCommitter
    private var box: BatchBox

    private var inputs: (any LogReader)?
    /// Whether the inputs' reader must be put where the lane wants to read on.
    private var mustSeek = true
    /// The reader to wake, shared with `stop`.
    private let wakeUp = Mutex<WakeHandle?>(nil)

    private struct WakeHandle: @unchecked Sendable {
        let reader: any LogReader
        func wake() { reader.wake() }
    }

    /// - Parameters:
    ///   - clock: the worker's clock, in milliseconds since 1970 UTC.
    ///   - isInline: commit on the calling thread and never sleep, for stepping.
    ///   - observer: hears what people should know, on the lane's thread.
    package init(
        _ configuration: AllocatorConfiguration, log: any EventLog,
        clock: @escaping @Sendable () -> Timestamp, isInline: Bool = false,
        observer: @escaping (AllocatorNotice) -> Void
    ) {
        self.configuration = configuration
        self.log = log
        box = BatchBox(configuration)
        committer = isInline
            ? InlineCommitter() : ThreadedCommitter(name: "commit-\(configuration.partition)")
        let chassis = LaneChassis(
            log, book: configuration.decisions, readLimit: 20_000,
            transactionalIDs: configuration.transactionalIDs, isInline: isInline)
        super.init(AllocatorLane(configuration), chassis, clock: clock, observer: observer)
    }

    /// The last decision and the epoch; on the lane's own thread.
    package var standing: (sequence: DecisionNumber, epoch: Epoch) { lane.standing }

    override func prepareStep() { lane.noteClockSpread(log.clockSpreadMilliseconds) }

    override func perform(
        _ work: AllocatorWork
    ) throws(LogError) -> LaneEvent<AllocatorOutcome> {
        switch work {
        case .askBounds(let isFenced):
            mustSeek = true
            // A reader that met an error may not find its way back by itself: a lane that begins
            // again does so with new ones.
            if !isFenced {
                chassis.closeBook()
                closeInputs()
            }
            let book = try log.bounds(
                of: [configuration.decisions], isFenced ? .written : .committed)[0]
            return .outcome(.bounds(decisions: book, inputs: try askInputs(log.bounds)))
        case .askOutputs:
            return .outcome(try askOutputs())
        case .readSource(let input, let offset):
            return .outcome(.sourceRead(found: try readSource(input, offset)))
        case .poll(let inputs, let mustAsk):
            return .outcome(.polled(ends: try poll(inputs, mustAsk: mustAsk)))
        case .commit:
            guard let writer = chassis.writer else {
                preconditionFailure("a batch without a writer")
            }
            lane.exchangeBatch(&box.batch)
            committer.submit(box, to: writer)
            return .outcome(.handedOver)
        case .awaitCommit:
            let answer = committer.answer { [observer] in
                observer(.commitPending(milliseconds: $0))
            }
            switch answer {
            case .success(let lastAppendTime): return .committed(lastAppendTime: lastAppendTime)
            case .failure(let failure): return .commitFailed(failure)
            }
        }
    }

    override func wait(milliseconds: Int) throws(LogError) {
        try openInputs().wait(timeoutMilliseconds: milliseconds)
    }

    override func wake() { wakeUp.withLock { $0?.wake() } }

    override func close() {
        committer.close()
        closeInputs()
    }

    // MARK: Asking

    /// Asks about the inputs: about commands and bids up to their high watermark, since an
    /// acknowledged record may lie behind another writer's open transaction; about payment results
    /// up to the last stable offset, since nobody was promised a place before a payment that is
    /// not committed yet (TheLog.md, Merging).
    private func askInputs<Answer>(
        _ question: ([TopicPartition], EndKind) throws(LogError) -> [Answer]
    ) throws(LogError) -> PerInput<Answer> {
        let partitions = configuration.inputs
        let written = try question([partitions[.offeringCommands], partitions[.bids]], .written)
        let committed = try question([partitions[.paymentResults]], .committed)
        return [written[0], committed[0], written[1]]
    }

    /// Asks for the books last: a worker that began one meanwhile wrote to it first.
    private func askOutputs() throws(LogError) -> AllocatorOutcome {
        let commands = configuration.everyPartition(of: .paymentCommands)
        let outputs = try log.ends(
            of: commands + [configuration.topicPartition(.progress)], .written)
        let decisions = try log.ends(of: configuration.everyPartition(of: .decisions), .written)
        return .outputs(
            decisions: decisions, paymentCommands: Array(outputs.dropLast()),
            progress: outputs[commands.count])
    }

    // MARK: Reading

    private func poll(
        _ which: [InputTopic], mustAsk: Bool
    ) throws(LogError) -> PerInput<LogOffset>? {
        let reader = try openInputs()
        var isAnythingNew = false
        for input in which {
            let index = Int(input.rawValue)
            let count = try lane.queues[input].fill(
                from: reader, input: index, limit: configuration.largestBatch)
            lane.noteRead(of: input, count, upTo: reader.position(index))
            if count > 0 { isAnythingNew = true }
        }
        return mustAsk || isAnythingNew ? try askInputs(log.ends) : nil
    }

    /// The reader of the inputs, standing where the lane reads on.
    private func openInputs() throws(LogError) -> any LogReader {
        if let inputs, !mustSeek { return inputs }
        if let inputs {
            for input in InputTopic.inputs {
                try inputs.seek(Int(input.rawValue), to: lane.start(of: input))
            }
            mustSeek = false
            return inputs
        }
        let partitions = configuration.inputs
        let reader = try log.openSharedReader(
            InputTopic.inputs.map { ReadStart(partitions[$0], from: lane.start(of: $0)) })
        inputs = reader
        wakeUp.withLock { $0 = WakeHandle(reader: reader) }
        mustSeek = false
        return reader
    }

    /// Reads the one record at `offset` of an input; false where it is no longer kept.
    private func readSource(_ input: InputTopic, _ offset: LogOffset) throws(LogError) -> Bool {
        lane.sourceBuffer.removeAll()
        let partition = configuration.inputs[input]
        let reader = try log.openReader([ReadStart(partition, from: offset)])
        defer { reader.close() }
        do throws(LogError) {
            var isRead = false
            _ = try LogSpan.readBatches(
                partition, of: reader, upTo: offset.next, limit: 1, isPatient: false,
                into: &lane.sourceBuffer, isStopping: { isRead }
            ) { _ in isRead = true }
        } catch where error.code == .offsetOutOfRange {
            return false
        }
        return lane.sourceBuffer.count == 1 && lane.sourceBuffer.offset(0) == offset
    }

    private func closeInputs() {
        wakeUp.withLock { $0 = nil }
        inputs?.close()
        inputs = nil
    }
}
