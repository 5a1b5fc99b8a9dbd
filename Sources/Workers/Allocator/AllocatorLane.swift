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
/// decide and commit, batch after batch. When a commit goes wrong in any way, the state is dropped
/// and the book read again: the book alone says what is decided.
package struct AllocatorLane: WorkerLane, ~Copyable {
    /// What the lane wants done next.
    package typealias Action = LaneAction<AllocatorWork>
    /// What came of it.
    package typealias Event = LaneEvent<AllocatorOutcome>

    let configuration: AllocatorConfiguration

    // The state of the partition.
    var book: PartitionBook
    var chain: DecisionChain
    /// The last record of each input that is decided.
    var decided = PerInput<DecidedInput?>(repeating: nil)

    // The book being read, and the inputs.
    /// Filled by the driver on `.readBook`.
    var bookBuffer = RecordBatch()
    /// Filled by the driver on `.readSource`.
    var sourceBuffer = InputQueue.batch(capacityBytes: 1 << 15)
    var queues: PerInput<InputQueue> = [InputQueue(), InputQueue(), InputQueue()]
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
    var lastMisrouted = PerInput<Int64?>(repeating: nil)
    var lastMalformed = PerInput<Int64?>(repeating: nil)
    /// Where offerings are opened and resumed by commands that are not decided yet.
    var commandsAtHand = CommandsAtHand()

    // Where it stands.
    package var phase = LanePhase.recovering
    package var isStopping = false
    /// Whether the inputs were read since the last commit was begun or answered.
    var isPolled = false
    /// The last read of an input brought nothing, not even a step past what readers never see.
    var hasReadNothing = PerInput<Bool>(repeating: false)
    /// Where each input ends for a lane that stops at the end.
    var targets: PerInput<Int64>?
    /// The last decision of the batch handed over, 0 where it holds none, and the last that is
    /// known to be committed: a book that ends before it has lost it.
    var handedOver: DecisionNumber = 0
    var lastCommitted: DecisionNumber = 0
    package var worries = LaneWorries()
    /// The payments that are to be commanded again, where that was asked for.
    var recommandScan: RecommandScan?
    /// What brings deadlines about where no bid does.
    var deadlineClock: DeadlineClock

    package var memoryWatch: MemoryWatch
    /// Whether it has its writer.
    var lease: WriterLease<BookHead>

    /// Append time of the input behind the last decision.
    var lastAt: Timestamp = 0

    package var notices: [AllocatorNotice] = []

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

    init(_ configuration: AllocatorConfiguration) {
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

    package var positions: [ReadStart] {
        guard phase == .live else { return [] }
        let inputs = configuration.inputs
        return InputTopic.inputs.map {
            ReadStart(inputs[$0], from: LogOffset(merge.inputs[$0].decided))
        }
    }

    package var epoch: Epoch { chain.epoch }

    /// A topic that is gone may come back.
    package static var outlivesTopics: Bool { true }

    package mutating func drop() {
        book = configuration.emptyBook
        deadlineClock.forget()
        chain = DecisionChain(partition: configuration.partition)
        decided = PerInput(repeating: nil)
        bookBuffer.removeAll()
        for input in InputTopic.inputs { queues[input].removeAll() }
        merge = InputMerge()
        recovery = Recovery(configuration.partition)
        batch.removeAll()
        group.removeAll()
        progress = ProgressPublisher(
            intervalMilliseconds: configuration.progressIntervalMilliseconds)
        commandsAtHand.forget()
        worries.beginAgain()
        recommandScan = nil
        memoryWatch.forget()
        lease.forget()
        isInsideGroup = false
        isInFlight = false
        isPolled = false
        hasReadNothing = PerInput(repeating: false)
        phase = .recovering
    }

    /// Begins again from the book, once what is under way is answered: it tells whether the inputs
    /// are still those that were decided.
    mutating func startOver(now: Timestamp) -> Action {
        guard !isInFlight, let doubt = worries.doubt else { return .work(.awaitCommit) }
        notices.append(.doubting(doubt))
        worries.noteTrouble(at: now)
        worries.lostEpoch = chain.epoch
        drop()
        return .pause(leastMilliseconds: 200, mostMilliseconds: 1_000)
    }
}
