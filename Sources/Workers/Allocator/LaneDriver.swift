import EventLog
import Foundation
import Messages
import Synchronization
import Vocabulary

/// Drives one lane: does what it asks for on a real log, and tells it what happened.
///
/// `run` belongs to one thread; `stop` may be called from any.
public final class LaneDriver: @unchecked Sendable {
    private var lane: AllocatorLane
    private let configuration: LaneConfiguration
    private let log: any EventLog
    private let chassis: LaneChassis
    private let clock: @Sendable () -> Timestamp
    private let observer: (LaneNotice) -> Void
    private let committer: any BatchCommitter

    private var inputs: (any LogReader)?
    /// Whether the inputs' reader must be put where the lane wants to read on.
    private var mustSeek = true
    private var box: BatchBox
    private let isInline: Bool
    private var next = LaneAction.askBounds(isFenced: false)

    /// - Parameters:
    ///   - clock: the worker's clock, in milliseconds since 1970 UTC.
    ///   - isInline: commit on the calling thread and never sleep, for stepping.
    ///   - observer: hears what people should know, on the lane's thread.
    public init(
        _ configuration: LaneConfiguration, log: any EventLog,
        clock: @escaping @Sendable () -> Timestamp, isInline: Bool = false,
        observer: @escaping (LaneNotice) -> Void
    ) {
        self.configuration = configuration
        self.log = log
        self.clock = clock
        self.observer = observer
        self.isInline = isInline
        chassis = LaneChassis(
            log, book: configuration.decisions, transactionalIDs: configuration.transactionalIDs,
            isInline: isInline)
        lane = AllocatorLane(configuration)
        box = BatchBox(configuration)
        committer = isInline
            ? InlineCommitter() : ThreadedCommitter(name: "commit-\(configuration.partition)")
        next = lane.step(.started, now: clock())
    }

    /// The last decision and the epoch; on the lane's own thread.
    public var standing: (sequence: DecisionNumber, epoch: Epoch) { lane.standing }

    /// How long the next step would do nothing, if nothing comes; 0 where it has something to do.
    public var idleMilliseconds: Int {
        switch next {
        case .wait(let milliseconds): milliseconds
        case .pause(let least, _): least
        default: 0
        }
    }

    public var positions: [ReadStart] { chassis.noted.latest }
    public var memory: MemoryUse? { chassis.noted.memory }

    /// Asks the lane to end once what it decided is committed. From any thread.
    public func stop() {
        chassis.stop()
        wakeUp.withLock { $0?.wake() }
    }

    /// The reader to wake, shared with `stop`.
    private let wakeUp = Mutex<WakeHandle?>(nil)

    private struct WakeHandle: @unchecked Sendable {
        let reader: any LogReader
        func wake() { reader.wake() }
    }

    /// Does one action; answers the lane's end once it has come to it.
    public func step() -> LaneEnd? {
        if chassis.isStopping { lane.stop() }
        if case .stop(let end) = next {
            close()
            return end
        }
        let event: LaneEvent
        do throws(LogError) {
            event = try perform(next)
        } catch {
            event = .failed(error)
        }
        lane.noteClockSpread(log.clockSpreadMilliseconds)
        next = lane.step(event, now: clock())
        if lane.isLive { chassis.closeBook() }
        chassis.noted.note { lane.positions } memory: { lane.memoryUse }
        for notice in lane.notices { observer(notice) }
        lane.notices.removeAll(keepingCapacity: true)
        return nil
    }

    private func perform(_ action: LaneAction) throws(LogError) -> LaneEvent {
        switch action {
        case .askBounds(let isFenced):
            mustSeek = true
            // A reader that met an error may not find its way back by itself: a lane that begins
            // again does so with new ones.
            if !isFenced { closeReaders() }
            let book = try log.bounds(
                of: [configuration.decisions], isFenced ? .written : .committed)[0]
            return .bounds(decisions: book, inputs: try askInputs(log.bounds))
        case .askOutputs:
            return try askOutputs()
        case .readBook(let offset):
            return .bookRead(
                position: try chassis.readBook(
                    from: offset, into: &lane.bookBuffer, limit: 20_000))
        case .readSource(let topic, let offset):
            return .sourceRead(found: try readSource(Int(topic.rawValue), offset))
        case .openWriter:
            try chassis.openWriter()
            return .writerOpened
        case .giveWriterBack:
            chassis.closeWriter()
            return .bookEnd(
                try chassis.bookEnd(known: nil, isFenced: false, into: &lane.bookBuffer))
        case .askBookEnd(let known, let isFenced):
            return .bookEnd(
                try chassis.bookEnd(known: known, isFenced: isFenced, into: &lane.bookBuffer))
        case .poll(let inputs):
            return .polled(ends: try poll(inputs))
        case .commit:
            guard let writer = chassis.writer else {
                preconditionFailure("a batch without a writer")
            }
            lane.exchangeBatch(&box.batch)
            committer.submit(box, to: writer)
            return .handedOver
        case .awaitCommit:
            let answer = committer.answer { [observer] in
                observer(.commitPending(milliseconds: $0))
            }
            switch answer {
            case .success(let lastAppendTime): return .committed(lastAppendTime: lastAppendTime)
            case .failure(let failure): return .commitFailed(failure)
            }
        case .wait(let milliseconds):
            if !isInline { try openInputs().wait(timeoutMilliseconds: milliseconds) }
            return .woken
        case .pause(let least, let most):
            chassis.pause(leastMilliseconds: least, mostMilliseconds: most)
            return .woken
        case .stop:
            preconditionFailure("a lane that stopped has nothing to do")
        }
    }

    // MARK: Reading

    /// Asks about the inputs: about commands and bids up to their high watermark, since an
    /// acknowledged record may lie behind another client's open transaction; about payment results
    /// up to the last stable offset, since nobody was promised a place before a payment that is not
    /// committed yet (TheLog.md, Merging).
    private func askInputs<Answer>(
        _ question: ([TopicPartition], EndKind) throws(LogError) -> [Answer]
    ) throws(LogError) -> [Answer] {
        let inputs = configuration.inputs
        let written = try question([inputs[0], inputs[2]], .written)
        let committed = try question([inputs[1]], .committed)
        return [written[0], committed[0], written[1]]
    }

    /// Asks for the books last: a worker that began one meanwhile wrote to it first.
    private func askOutputs() throws(LogError) -> LaneEvent {
        let commands = configuration.everyPartition(of: .paymentCommands)
        let outputs = try log.ends(of: commands + [configuration.place(.progress)], .written)
        let decisions = try log.ends(of: configuration.everyPartition(of: .decisions), .written)
        return .outputs(
            decisions: decisions, paymentCommands: Array(outputs.dropLast()),
            progress: outputs[commands.count])
    }

    private func poll(_ which: [Int]) throws(LogError) -> [LogOffset]? {
        let reader = try openInputs()
        for input in which { try lane.fill(input, from: reader) }
        guard lane.asksForEnds else { return nil }
        return try askInputs(log.ends)
    }

    /// The reader of the inputs, standing where the lane reads on.
    private func openInputs() throws(LogError) -> any LogReader {
        if let inputs, !mustSeek { return inputs }
        if let inputs {
            for input in 0..<3 { try inputs.seek(input, to: lane.start(of: input)) }
            mustSeek = false
            return inputs
        }
        var starts: [ReadStart] = []
        for input in 0..<3 {
            starts.append(ReadStart(configuration.inputs[input], from: lane.start(of: input)))
        }
        let reader = try log.openSharedReader(starts)
        inputs = reader
        wakeUp.withLock { $0 = WakeHandle(reader: reader) }
        mustSeek = false
        return reader
    }

    /// Reads the one record at `offset` of an input; false where it is no longer kept.
    private func readSource(_ input: Int, _ offset: LogOffset) throws(LogError) -> Bool {
        lane.sourceBuffer.removeAll()
        let place = configuration.inputs[input]
        let reader = try log.openReader([ReadStart(place, from: offset)])
        defer { reader.close() }
        let end = DispatchTime.now().uptimeNanoseconds + 10_000_000_000
        do throws(LogError) {
            while reader.position(0) <= offset {
                if try reader.read(0, into: &lane.sourceBuffer, limit: 1) > 0 { break }
                guard DispatchTime.now().uptimeNanoseconds < end else {
                    throw LogError(
                        .timedOut, "\(place)/\(offset) could not be read in 10 s",
                        isRetriable: true)
                }
                try reader.wait(timeoutMilliseconds: 100)
            }
        } catch where error.code == .offsetOutOfRange {
            return false
        }
        return lane.sourceBuffer.count == 1 && lane.sourceBuffer.offset(0) == offset
    }

    private func closeReaders() {
        wakeUp.withLock { $0 = nil }
        chassis.closeBook()
        inputs?.close()
        inputs = nil
    }

    private func close() {
        committer.close()
        closeReaders()
        chassis.closeWriter()
    }
}
