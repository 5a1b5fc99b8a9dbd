import EventLog
import Vocabulary

/// Where a lane stands on its way from the book to its end.
package enum LanePhase: Sendable { case recovering, startingEpoch, live, stopped }

/// What both workers tell people in the same words.
package protocol LaneRemarks {
    /// An action failed and is tried again.
    static func retrying(_ error: LogError) -> Self
    /// A commit failed; the lane reads the book again.
    static func recoveringAfter(_ failure: CommitFailure) -> Self
    /// What kept the lane from its work is over; it took this long.
    static func atWorkAgain(milliseconds: Int64) -> Self
    /// Its state comes near its share of the memory: past that it stands still.
    static func memoryIsHigh(_ use: MemoryUse, share: Int) -> Self
}

/// A worker's lane as a state machine: told what happened, it says what to do next. It reads no
/// clock, starts no thread and calls no log by itself, so that the same lane runs in the daemon,
/// under a simulator and in a test, step by step.
package protocol WorkerLane: ~Copyable {
    /// What this worker's lane wants done that others don't, and what came of it.
    associatedtype Work: Sendable
    associatedtype Outcome: Sendable
    associatedtype Notice: LaneRemarks

    var phase: LanePhase { get set }
    /// Asked to end once what it began is committed and answered.
    var isStopping: Bool { get set }
    /// What people should hear; the driver takes it after each step.
    var notices: [Notice] { get set }
    var worries: LaneWorries { get set }
    /// The epoch that it read last in its book, or began.
    var epoch: Epoch { get }
    /// Whether a commit to a topic that is gone is tried again.
    static var outlivesTopics: Bool { get }

    /// The first record of each input that is not worked through; nothing while it is not live.
    var positions: [ReadStart] { get }
    /// What its state takes.
    var memoryUse: MemoryUse { get }
    /// The bytes of it alone, which are quicker to tell, and how many records made it so large.
    var stateBytes: Int { get }
    var recordCount: Int64 { get }
    var memoryWatch: MemoryWatch { get set }

    mutating func recover(
        _ event: LaneEvent<Outcome>, now: Timestamp
    ) throws(LaneEnd) -> LaneAction<Work>
    mutating func startEpoch(
        _ event: LaneEvent<Outcome>, now: Timestamp
    ) throws(LaneEnd) -> LaneAction<Work>
    mutating func live(
        _ event: LaneEvent<Outcome>, now: Timestamp
    ) throws(LaneEnd) -> LaneAction<Work>

    /// Lets the driver fill the book buffer, on `.readBook` and where the book's end is asked for.
    mutating func fillBook(
        _ fill: (inout RecordBatch) throws(LogError) -> LogOffset
    ) throws(LogError) -> LogOffset
    /// Forgets everything that is not in the book, and begins again from it.
    mutating func drop()
}

extension WorkerLane where Self: ~Copyable {
    /// Goes one step: takes in what happened and answers what to do next. `now` is the worker's
    /// clock.
    mutating func step(_ event: LaneEvent<Outcome>, now: Timestamp) -> LaneAction<Work> {
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

    /// Whether the book was read to its end, and this lane writes on in it.
    var isLive: Bool { phase == .live }

    /// What to do after a commit of which nothing is known for sure.
    mutating func recoverAfter(
        _ failure: CommitFailure, now: Timestamp
    ) throws(LaneEnd) -> LaneAction<Work> {
        notices.append(.recoveringAfter(failure))
        worries.noteTrouble(at: now)
        switch failure {
        case .aborted(let error) where error.code == .unknownTopic && Self.outlivesTopics: break
        case .aborted(let error) where !error.isRetriable || error.code == .busy,
            .unknown(let error) where !error.isRetriable:
            throw .log(error)
        default:
            break
        }
        worries.lostEpoch = epochInBook(after: failure)
        drop()
        // If another worker took over, give it the time to say so in the book.
        return .pause(leastMilliseconds: 1_000, mostMilliseconds: 3_000)
    }

    /// The epoch that stands in the book if nobody took over. A first commit that failed for sure
    /// left no epoch of ours there: the same number in the book is then another worker's.
    private func epochInBook(after failure: CommitFailure) -> Epoch {
        if case .startingEpoch = phase {
            if case .unknown = failure { return epoch }
            return Epoch(rawValue: epoch.rawValue - 1)
        }
        return epoch
    }

    /// What to do after an action that the log refused.
    mutating func retry(
        _ error: LogError, now: Timestamp
    ) throws(LaneEnd) -> LaneAction<Work> {
        // A topic that was there may come back: the operator who deleted it is told, and looks.
        let mayComeBack =
            error.code == .unknownTopic && Self.outlivesTopics && worries.lostEpoch != nil
        guard error.isRetriable || mayComeBack, error.code != .busy else { throw .log(error) }
        notices.append(.retrying(error))
        worries.noteTrouble(at: now)
        return .pause(leastMilliseconds: 200, mostMilliseconds: 1_000)
    }

    /// The book is not as this lane left it: it is read again, and says who has the partition.
    mutating func lostBook(_ book: TopicPartition, now: Timestamp) {
        let error = LogError(
            .fenced,
            "\(book) does not end with this worker's own record any more: another one wrote to it "
                + "while this one had nothing to write")
        notices.append(.recoveringAfter(.fenced(error)))
        worries.noteTrouble(at: now)
        worries.lostEpoch = epoch
        drop()
    }
}
