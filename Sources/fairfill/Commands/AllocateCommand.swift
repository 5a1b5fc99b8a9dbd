import EventLog
import Foundation
import Vocabulary
import Workers

extension Command {
    static let allocate = Command(
        words: ["allocate"],
        summary: "run the allocator: decide bids, commands and payment results",
        description: """
            One writer decides a partition. A second one that is started takes over, and the first
            ends with 80. It may be killed at any moment: started again it goes on where the
            decisions in the log end. SIGTERM and SIGINT end it once what it decided is committed.
            """,
        options: [
            Option("partitions", "LIST", "as 0,2-3 (default: all)"),
            Option("until-end", nil, "stop once everything that is there is decided"),
        ],
        examples: ["fairfill allocate", "fairfill allocate --until-end --log sqlite:shop.db"]
    ) { arguments throws(Failure) in
        let place = try arguments.openPlace()
        try place.checkTopics()
        let configurations = try partitions(arguments, place).map {
            LaneConfiguration(
                environment: place.environment, partition: $0,
                stopsAtEnd: arguments.has("until-end"))
        }
        let reporter = LaneReporter(
            isQuiet: arguments.isQuiet, isVerbose: arguments.has("verbose"),
            isBounded: arguments.has("until-end"))
        let daemon = AllocatorDaemon(configurations, log: place.log) { reporter.hear($0, $1) }
        let watch = StopWatch { daemon.stop() }
        defer { watch.end() }
        try check(daemon.run())
        return .done
    }

    static func partitions(
        _ arguments: Arguments, _ place: Place
    ) throws(Failure) -> [Partition] {
        let count = place.environment.partitions
        guard let list = arguments.text("partitions") else {
            return (0..<count).map { Partition(rawValue: $0) }
        }
        var found: [Partition] = []
        for part in list.split(separator: ",") {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
                .map { Int64($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2,
                first <= last, last < count
            else {
                throw Failure(
                    .usage,
                    "--partitions \(list): numbers from 0 to \(count - 1), as 0,2-3")
            }
            for partition in first...last where !found.contains(Partition(partition)) {
                found.append(Partition(partition))
            }
        }
        return found
    }

    /// Throws where lanes did not end because they were done.
    static func check(_ end: LaneEnd) throws(Failure) {
        switch end {
        case .finished: return
        case .fenced(let sentence): throw Failure(.fenced, sentence)
        case .invariant(let sentence): throw Failure(.invariant, sentence)
        case .log(let error): throw Failure(error)
        }
    }
}

/// Calls for a stop once a signal comes.
final class StopWatch: @unchecked Sendable {
    private let condition = NSCondition()
    private var isOver = false

    init(_ stop: @escaping @Sendable () -> Void) {
        Thread { [self] in
            condition.lock()
            while !isOver, Interruption.signal == 0 {
                _ = condition.wait(until: Date(timeIntervalSinceNow: 0.05))
            }
            let mustStop = !isOver
            condition.unlock()
            if mustStop { stop() }
        }.start()
    }

    func end() {
        condition.lock()
        isOver = true
        condition.broadcast()
        condition.unlock()
    }
}

/// What lanes tell, as remarks.
final class LaneReporter: @unchecked Sendable {
    private let isQuiet: Bool
    private let isVerbose: Bool
    /// Whether the work has an end, so that somebody may wait for it.
    private let isBounded: Bool
    private let lock = NSLock()
    private var progress: [Partition: ProgressLine] = [:]
    /// When the next remark of a kind is due, in nanoseconds of uptime.
    private var nextDecided = DispatchTime.now().uptimeNanoseconds + 1_000_000_000
    private var nextRetry: [Partition: (code: LogError.Code, due: UInt64)] = [:]

    init(isQuiet: Bool, isVerbose: Bool, isBounded: Bool) {
        self.isQuiet = isQuiet
        self.isVerbose = isVerbose
        self.isBounded = isBounded
    }

    func hear(_ partition: Partition, _ notice: LaneNotice) {
        lock.lock()
        defer { lock.unlock() }
        switch notice {
        case .recovering(let offset, let end):
            let line = progress[partition]
                ?? ProgressLine("partition \(partition): reading decisions", quiet: isQuiet)
            progress[partition] = line
            line.update(offset, of: end)
        case .live(let epoch, let sequence):
            progress.removeValue(forKey: partition)?.end()
            say("partition \(partition): live in epoch \(epoch), after decision \(sequence)")
        case .decided(let sequence, _):
            let now = DispatchTime.now().uptimeNanoseconds
            guard isVerbose || isBounded && now >= nextDecided else { return }
            nextDecided = now + 3_000_000_000
            say("partition \(partition): decided up to \(sequence)")
        case .sourceGone(let topic, let offset):
            Remark.say(
                "partition \(partition): \(topic.name)/\(offset), the last one decided, is no "
                    + "longer kept; going on after it")
        case .retrying(let error):
            // It is tried several times a second; saying so now and then is enough.
            let now = DispatchTime.now().uptimeNanoseconds
            if let last = nextRetry[partition], last.code == error.code, now < last.due { return }
            nextRetry[partition] = (error.code, now + 5_000_000_000)
            Remark.say("partition \(partition): \(error.message); trying again")
        case .recoveringAfter(let failure):
            Remark.say("partition \(partition): \(failure.words); reading the book again")
        case .clockBehind(let record, let worker):
            Remark.say(
                "partition \(partition): a bid is stamped \(record) and this machine's clock says "
                    + "\(worker), more than 30 s less; waiting: set the clock that is wrong")
        }
    }

    private func say(_ text: String) {
        if !isQuiet { Remark.say(text) }
    }
}

extension CommitFailure {
    fileprivate var words: String {
        switch self {
        case .fenced(let error), .aborted(let error), .unknown(let error): error.message
        }
    }
}
