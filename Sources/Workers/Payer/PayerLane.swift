import EventLog
import Messages
import Payments
import Vocabulary

/// The payer of one partition of `payment-commands`, as a state machine: told what happened, it
/// says what to do next (Payments.md). It reads no clock, starts no thread and calls neither log
/// nor provider by itself.
///
/// Its life: read the journal; open the writer, which fences the payer before; read what that one
/// still wrote; start an epoch; then gather answers and commands, write what the book makes of
/// them, and only once that is committed let anything leave. When a commit goes wrong in any way,
/// the book is dropped and the journal read again: the journal alone says what was sent.
package struct PayerLane: WorkerLane, ~Copyable {
    /// What the lane wants done next.
    package typealias Action = LaneAction<PayerWork>
    /// What came of it.
    package typealias Event = LaneEvent<PayerOutcome>

    let configuration: PayerConfiguration

    var book: PaymentBook
    package var phase = LanePhase.recovering
    package var isStopping = false
    package var worries = LaneWorries()

    // The journal being read.
    /// Filled by the driver on `.readBook`.
    var bookBuffer = RecordBatch()
    var journalPosition: LogOffset = 0
    var journalEnd: LogOffset = 0
    var isFenced = false
    /// The epoch that was begun for sure: a journal that ends before it has lost it.
    var lastEpoch: Epoch = 0

    /// The number of the last entry, read or written.
    var lastNumber: Int64 = 0
    /// The number that the last mark says, read or written.
    var mark: Int64 = 0
    /// Whether that mark was asked for after the entries before it had been read.
    var markCovers = false
    /// How often journal and mark did not fit, before the fence.
    var misfits = 0
    /// The command that was read again, and is there as the journal says.
    var checkedSource: CommandSource?
    /// Whether `payment-commands` is another one than the journal speaks of.
    var isRestarted = false
    /// Whether answers were looked for, as an empty journal without a mark must.
    var hasAskedForAnswer = false
    /// An answer of this partition that was found beside such a journal.
    var answer: PaymentAnswers.Place?
    /// The rebuild that goes for the damage found.
    var rebuild: ApprovedRebuild?

    // Time. Ages are counted by the log's clock: from the newest commit, with the steady clock of
    // the driver since.
    /// The newest append time of the journal.
    var journalTime: Timestamp = 0
    /// What the log's clock is ahead of the driver's.
    var clockOffset: Milliseconds = 0

    // The commands.
    /// Filled by the driver on `.gather`.
    var commandBuffer = RecordBatch()
    var commandPosition: LogOffset = 0
    var commandBounds = Bounds(start: 0, end: 0)
    // What people, brakes and statements say.
    /// Filled by the driver on `.gather`.
    var resolutionBuffer = RecordBatch()
    var resolutionPosition: LogOffset = 0
    var resolutionBounds = Bounds(start: 0, end: 0)
    /// The last read brought nothing, not even a step past what readers never see.
    var hasReadNothing = false
    /// Where the commands end for a lane that stops at the end.
    var target: LogOffset?

    // What is on its way out.
    /// When the entries on their way were made.
    var markTime: Timestamp = 0
    var outgoing: PayerOutgoing
    /// To be begun once the records are committed.
    var actions: [PayerAction] = []

    // What is under way, and what comes later.
    var sendsUnderWay = 0
    var lookups = LookupQueue()
    var deadlines = PaymentMoments()

    var decoder = RecordDecoder()
    var counts = Counts()

    /// So many commands, from the first one on, are known to be final.
    var finalCount = 0

    package var memoryWatch: MemoryWatch
    /// Whether it has its writer. The last entry of its journal is told by its number.
    var lease: WriterLease<Int64>
    /// Its state is larger than its share: it takes up nothing more, and ends once what was sent is
    /// answered.
    var overMemory: OverMemory?

    package var notices: [PayerNotice] = []

    /// Answers as they stand: a command counts where its last one put it.
    struct Counts {
        var paid = 0
        var declined = 0
        var inDoubt: Set<PaymentID> = []
        var isChanged = false
    }

    init(_ configuration: PayerConfiguration) {
        self.configuration = configuration
        book = PaymentBook(configuration.channels)
        outgoing = PayerOutgoing(configuration)
        memoryWatch = MemoryWatch(LanePost(.payer, configuration.partition), configuration.memory)
        lease = WriterLease(idleMilliseconds: configuration.writerIdleMilliseconds)
    }

    package var positions: [ReadStart] {
        guard phase == .live else { return [] }
        return [
            ReadStart(configuration.commands, from: commandPosition),
            ReadStart(configuration.resolutions, from: resolutionPosition),
        ]
    }

    package var epoch: Epoch { book.epoch }

    package static var outlivesTopics: Bool { false }

    package mutating func fillBook(
        _ fill: (inout RecordBatch) throws(LogError) -> LogOffset
    ) throws(LogError) -> LogOffset {
        try fill(&bookBuffer)
    }

    /// The log's clock, as far as it is known, at a moment of the driver's.
    func logTime(_ now: Timestamp) -> Timestamp { now + clockOffset }

    /// Asks for the commit of the records, with the mark of the last entry among them; before
    /// that for a writer, where the lane has none.
    mutating func commit() -> Action {
        if let action: Action = lease.actionBeforeCommit() { return action }
        if mark != lastNumber {
            mark = lastNumber
            outgoing.add(
                JournalMark(
                    partition: configuration.partition, number: mark, epoch: book.epoch,
                    at: markTime))
        }
        return .work(.commit)
    }

    /// Whether nothing more is taken up or sent.
    var isEnding: Bool { isStopping || overMemory != nil }

    /// The records to be committed; for the driver, on `.commit`.
    func withRecords<Result>(_ body: (borrowing OutgoingRecords) -> Result) -> Result {
        body(outgoing.records)
    }

    /// How a command stands; nil where none of that id came.
    subscript(id: PaymentID) -> Payment? { book[id] }

    /// What is under way with the provider stays so, and its answer will be a late one.
    package mutating func drop() {
        book = PaymentBook(configuration.channels)
        bookBuffer.removeAll()
        journalPosition = 0
        journalEnd = 0
        isFenced = false
        lastNumber = 0
        mark = 0
        markCovers = false
        misfits = 0
        checkedSource = nil
        isRestarted = false
        hasAskedForAnswer = false
        answer = nil
        rebuild = nil
        journalTime = 0
        clockOffset = 0
        commandBuffer.removeAll()
        resolutionBuffer.removeAll()
        outgoing.records.removeAll()
        actions.removeAll()
        lookups = LookupQueue()
        deadlines = PaymentMoments()
        counts = Counts()
        finalCount = 0
        memoryWatch.forget()
        lease.forget()
        worries.beginAgain()
        overMemory = nil
        hasReadNothing = false
        phase = .recovering
    }
}

/// Lookups that wait for their turn, each command's once.
struct LookupQueue {
    private var waiting: [PayerAction] = []
    private var begin = 0
    private var known: Set<PaymentID> = []
    private(set) var underWay = 0

    var waitingCount: Int { waiting.count - begin }

    /// Whether none waits or is under way.
    var isIdle: Bool { underWay == 0 && begin == waiting.count }

    /// One that waits already is replaced: its key and its channel may be others by now.
    mutating func add(_ action: PayerAction, of id: PaymentID) {
        if known.insert(id).inserted { return waiting.append(action) }
        for index in begin..<waiting.count {
            guard case .lookUp(id, _, _) = waiting[index] else { continue }
            waiting[index] = action
            return
        }
    }

    /// Takes out those that may begin, with at most `most` under way.
    mutating func take(atMost most: Int) -> ArraySlice<PayerAction> {
        let count = max(0, min(most - underWay, waiting.count - begin))
        let taken = waiting[begin..<(begin + count)]
        begin += count
        underWay += count
        if begin == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            begin = 0
        }
        return taken
    }

    /// Takes note of an answer; one to a lookup that this queue did not begin is not counted.
    mutating func answered(_ id: PaymentID) {
        guard known.remove(id) != nil, underWay > 0 else { return }
        underWay -= 1
    }
}
