import EventLog
import Foundation
import Vocabulary
import Workers

/// What lanes tell: remarks for people, and with `--json` objects for programs.
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

    private let output: Output?
    private var decided: [Partition: Vocabulary.Sequence] = [:]

    init(_ arguments: Arguments, isBounded: Bool) {
        isQuiet = arguments.isQuiet
        isVerbose = arguments.has("verbose")
        self.isBounded = isBounded
        output = arguments.isJSON ? Output() : nil
    }

    /// The last decision of each partition, for programs.
    func end() throws(Failure) {
        lock.lock()
        defer { lock.unlock() }
        for (partition, sequence) in decided.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            print("ended", partition, sequence)
        }
        try output?.flush()
    }

    private func print(
        _ event: String, _ partition: Partition, _ sequence: Vocabulary.Sequence,
        epoch: Epoch? = nil
    ) {
        guard let output else { return }
        var line = JSONLine()
        line.add("event", event)
        line.add("partition", partition.rawValue)
        if let epoch { line.add("epoch", epoch.rawValue) }
        line.add("seq", sequence.rawValue)
        // Nobody who stopped reading stops a worker.
        try? output.line(line.line)
        try? output.flush()
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
            decided[partition] = sequence
            print("live", partition, sequence, epoch: epoch)
            say("partition \(partition): live in epoch \(epoch), after decision \(sequence)")
        case .decided(let sequence, _):
            decided[partition] = sequence
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
        case .doubting(let error):
            Remark.say("partition \(partition): \(error.message); reading the book again")
        case .heldUp(let topic, let offset, let end):
            Remark.say(
                "partition \(partition): \(topic.name) can't be read past offset \(offset), though "
                    + "it ends at \(end): a transaction on it is open. Nothing goes on before it "
                    + "ends; whoever writes \(topic.name) must not do so in transactions")
        case .commitPending(let milliseconds):
            Remark.say(
                "partition \(partition): a commit has not been answered for "
                    + "\(milliseconds / 1_000) s; waiting for it")
        case .atWorkAgain(let milliseconds):
            Remark.say(
                "partition \(partition): at work again, after \(milliseconds / 1_000)."
                    + "\(milliseconds % 1_000 / 100) s")
        case .clockBehind(let record, let offset, let worker):
            Remark.say(
                "partition \(partition): the bid at offset \(offset) is stamped "
                    + "\(MomentText.local(record)) by the log's clock, and this machine's clock "
                    + "says \(MomentText.local(worker)), more than 30 s less. Bids of the "
                    + "partition wait until then. If this machine's clock is wrong, set it; if "
                    + "the log's was, set that, then let these bids count from now: fairfill "
                    + "topics clock --partition \(partition) --offset \(offset)")
        case .clocksDiffer(let milliseconds):
            Remark.say(
                "partition \(partition): the clocks of the processes that use this log differ "
                    + "by \(milliseconds) ms; no offering is opened or closed by any of them "
                    + "until they agree")
        case .clockAhead(let milliseconds):
            Remark.say(
                "partition \(partition): this machine's clock is \(milliseconds) ms ahead of the "
                    + "log's; no offering is opened or closed by it until that is mended")
        }
    }

    private func say(_ text: String) {
        if !isQuiet { Remark.say(text) }
    }
}

extension CommitFailure {
    var words: String {
        switch self {
        case .fenced(let error), .aborted(let error), .unknown(let error): error.message
        }
    }
}
