import Allocation
import EventLog
import Messages
import Vocabulary

/// The allocator of one partition, as a state machine: told what happened, it says what to do next
/// (TheLog.md). It reads no clock, starts no thread and calls no log by itself, so that the same
/// lane runs in the daemon, under a simulator and in a test, step by step.
///
/// Its life: read the book as it stands and check that the inputs fit to it; only then open the
/// writer, which fences the one before; read what that one still wrote; start an epoch; then merge,
/// decide and commit, batch after batch. Whatever goes wrong with a commit, the state is dropped
/// and the book read again: the book alone says what is decided.
public struct AllocatorLane: ~Copyable {
    public let configuration: LaneConfiguration

    // The state of the partition.
    var book: PartitionBook
    var chain: DecisionChain
    /// The last record of each input that is decided, by `InputTopic`.
    var decided: InlineArray<3, DecidedInput?> = InlineArray(repeating: nil)

    // The book being read, and the inputs.
    /// Filled by the driver on `.readBook`.
    public var bookBuffer = RecordBatch()
    /// Filled by the driver on `.readSource`.
    public var sourceBuffer = InputQueue.batch(capacityBytes: 1 << 15)
    /// By `InputTopic`: commands, payment results, bids.
    var queues: InlineArray<3, InputQueue> = [InputQueue(), InputQueue(), InputQueue()]
    var merge = InputMerge()
    var admission: Admission
    var decoder = RecordDecoder()
    var recovery: Recovery

    // What is on its way out.
    var batch: OutgoingBatch
    var group = DecisionGroup()
    /// Headers of all that the group at hand causes.
    var headers = OutgoingHeaders()
    /// More decisions of the last input are to come.
    var isInsideGroup = false
    var isInFlight = false
    var progress: ProgressPublisher
    /// When `attention` heard last of what may come often, by source.
    var lastMisrouted: InlineArray<3, Int64?> = InlineArray(repeating: nil)
    var lastMalformed: InlineArray<3, Int64?> = InlineArray(repeating: nil)
    /// Where offerings are opened and resumed by commands that are not decided yet.
    var commandsAtHand = CommandsAtHand()

    // Where it stands.
    var phase = Phase.recovering
    var isStopping = false
    /// Whether the inputs were read since the last commit was begun or answered.
    var isPolled = false
    /// The last read of an input brought nothing, not even a step past what readers never see.
    var hasReadNothing: InlineArray<3, Bool> = InlineArray(repeating: false)
    /// Where each input ends for a lane that stops at the end.
    var targets: InlineArray<3, Int64>?
    /// The epoch that this lane lost a commit in.
    var lostEpoch: Epoch?
    /// The last decision of the batch handed over, 0 where it holds none, and the last that is
    /// known to be committed: a book that ends before it has lost it.
    var handedOver: DecisionNumber = 0
    var lastCommitted: DecisionNumber = 0
    /// How often in a row the log contradicted what this lane knew, and how often it may.
    var contradictions = 0
    static let mostContradictions = 4
    /// What reading met that only the book can judge.
    var doubt: LogError?
    /// When the inputs were last asked about, and since when there was trouble.
    var standstill = Standstill()
    var troubledSince: Timestamp?
    var isClockBehind = false
    /// The payments that are to be commanded again, where that was asked for.
    var recommanding: Recommanding?
    /// What brings deadlines about where no bid does.
    var deadlineClock: DeadlineClock

    var memoryWatch: MemoryWatch
    /// Whether it has its writer.
    var lease: WriterLease<BookHead>

    /// Append time of the input behind the last decision.
    var lastAt: Timestamp = 0

    /// What people should hear; the driver takes it after each step.
    public var notices: [LaneNotice] = []

    enum Phase { case recovering, startingEpoch, live, stopped }

    /// What was decided last of an input.
    struct DecidedInput {
        var offset: Int64
        /// The same, but for a batch that can't be unpacked.
        var last: Int64
        /// Its append time; nil for such a batch.
        var at: Int64?

        init(_ source: Source, batchUpTo end: Int64?) {
            offset = source.offset.rawValue
            last = end ?? offset
            at = end == nil ? source.at.rawValue : nil
        }
    }

    public init(_ configuration: LaneConfiguration) {
        self.configuration = configuration
        book = configuration.emptyBook
        deadlineClock = DeadlineClock(
            graceMilliseconds: configuration.environment.clockGraceMilliseconds)
        chain = DecisionChain(partition: configuration.partition)
        recovery = Recovery(configuration.partition)
        admission = Admission(configuration)
        batch = OutgoingBatch(configuration)
        progress = ProgressPublisher(
            intervalMilliseconds: configuration.progressIntervalMilliseconds)
        memoryWatch = MemoryWatch(
            LanePost(.allocator, configuration.partition), configuration.memory)
        lease = WriterLease(idleMilliseconds: configuration.writerIdleMilliseconds)
        headers.environment = configuration.environment.name
    }

    /// Goes one step: takes in what happened and answers what to do next. `now` is the worker's
    /// clock.
    public mutating func step(_ event: LaneEvent, now: Timestamp) -> LaneAction {
        do throws(LaneEnd) {
            switch phase {
            case .recovering: return try recover(event, now: now)
            case .startingEpoch: return try startEpoch(event, now: now)
            case .live: return try live(event, now: now)
            case .stopped: return .stop(.finished)
            }
        } catch {
            phase = .stopped
            return .stop(error)
        }
    }

    /// The first record of each input that is not decided; nothing while the lane is not live.
    var positions: [ReadStart] {
        guard phase == .live else { return [] }
        return configuration.inputs.enumerated().map { input, place in
            ReadStart(place, from: LogOffset(merge.inputs[input].decided))
        }
    }

    /// Whether the book was read to its end, and this lane writes on in it.
    public var isLive: Bool { phase == .live }

    /// Ends the lane once what is decided is committed.
    public mutating func stop() { isStopping = true }

    /// The last decision and the epoch.
    public var standing: (sequence: DecisionNumber, epoch: Epoch) { (book.sequence, chain.epoch) }

    /// Reads more of an input, behind what is at hand; for the driver, on `.poll`.
    public mutating func fill(_ input: Int, from reader: any LogReader) throws(LogError) {
        hasReadNothing[input] = false
        let count = try queues[input].fill(
            from: reader, input: input, limit: configuration.largestBatch)
        let position = reader.position(input).rawValue
        if count > 0 {
            merge.arrived(input, position: position)
            if input == 0 { commandsAtHand.forget() }
        } else {
            hasReadNothing[input] = merge.inputs[input].position == position
            merge.inputs[input].position = position
        }
        merge.inputs[input].head = head(of: input)
    }

    /// Whether a poll asks for the inputs' ends: a record is at hand, a deadline is past, or the
    /// last look was long ago.
    public var asksForEnds: Bool {
        !queues[0].isEmpty || !queues[1].isEmpty || !queues[2].isEmpty || deadlineClock.isDue
            || standstill.isDue
    }

    /// Exchanges the batch for an empty one; for the driver, on `.commit`.
    public mutating func exchangeBatch(_ other: inout OutgoingBatch) {
        handedOver = batch.decisions > 0 ? batch.lastSequence : 0
        swap(&batch, &other)
        batch.removeAll()
    }

    /// Forgets everything that is not in the book, and begins again from it.
    mutating func drop() {
        book = configuration.emptyBook
        deadlineClock.forget()
        chain = DecisionChain(partition: configuration.partition)
        decided = InlineArray(repeating: nil)
        bookBuffer.removeAll()
        for input in 0..<3 { queues[input].removeAll() }
        merge = InputMerge()
        recovery = Recovery(configuration.partition)
        batch.removeAll()
        group.removeAll()
        progress = ProgressPublisher(
            intervalMilliseconds: configuration.progressIntervalMilliseconds)
        commandsAtHand.forget()
        standstill.forget()
        doubt = nil
        recommanding = nil
        memoryWatch.forget()
        lease.forget()
        isInsideGroup = false
        isInFlight = false
        isPolled = false
        hasReadNothing = InlineArray(repeating: false)
        phase = .recovering
    }

    /// What to do after a commit of which nothing is known for sure.
    mutating func recoverAfter(
        _ failure: CommitFailure, now: Timestamp
    ) throws(LaneEnd) -> LaneAction {
        notices.append(.recoveringAfter(failure))
        noteTrouble(since: now)
        switch failure {
        // A topic that is gone may come back.
        case .aborted(let error) where error.code == .unknownTopic: break
        case .aborted(let error) where !error.isRetriable || error.code == .busy,
            .unknown(let error) where !error.isRetriable:
            throw .log(error)
        default:
            break
        }
        lostEpoch = epochInBook(after: failure)
        drop()
        // If another allocator took over, give it the time to say so in the book.
        return .pause(leastMilliseconds: 1_000, mostMilliseconds: 3_000)
    }

    /// The epoch that stands in the book if nobody took over. A first commit that failed for sure
    /// left no epoch of ours there: the same number in the book is then another one's.
    private func epochInBook(after failure: CommitFailure) -> Epoch {
        if case .startingEpoch = phase {
            if case .unknown = failure { return chain.epoch }
            return Epoch(rawValue: chain.epoch.rawValue - 1)
        }
        return chain.epoch
    }

    /// Something keeps the lane from its work; the first such moment counts.
    mutating func noteTrouble(since moment: Timestamp) {
        if troubledSince == nil { troubledSince = moment }
    }

    /// Begins again from the book, once what is under way is answered: it tells whether the inputs
    /// are still those that were decided.
    mutating func startOver(now: Timestamp) -> LaneAction {
        guard !isInFlight, let doubt else { return .awaitCommit }
        notices.append(.doubting(doubt))
        noteTrouble(since: now)
        lostEpoch = chain.epoch
        drop()
        return .pause(leastMilliseconds: 200, mostMilliseconds: 1_000)
    }

    /// What to do after an action that the log refused.
    mutating func retry(_ error: LogError, now: Timestamp) throws(LaneEnd) -> LaneAction {
        // A topic that was there may come back: the operator hears of it, and looks.
        let mayComeBack = error.code == .unknownTopic && lostEpoch != nil
        guard error.isRetriable || mayComeBack, error.code != .busy else { throw .log(error) }
        notices.append(.retrying(error))
        noteTrouble(since: now)
        return .pause(leastMilliseconds: 200, mostMilliseconds: 1_000)
    }
}
