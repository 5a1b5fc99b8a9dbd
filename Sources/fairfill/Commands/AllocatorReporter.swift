import CommandLine
import EventLog
import Foundation
import Vocabulary
import Workers

/// What lanes tell: remarks for people, and with `--json` objects for programs.
final class AllocatorReporter: @unchecked Sendable {
    private let isQuiet: Bool
    private let isVerbose: Bool
    private let isJSON: Bool
    /// Whether the work has an end, so that a caller may wait for it.
    private let isBounded: Bool
    private let lock = NSLock()
    private var progress: [Partition: ProgressLine] = [:]
    /// When the next remark of a kind is due, in nanoseconds of uptime.
    private var nextDecided = DispatchTime.now().uptimeNanoseconds + 1_000_000_000
    private var trouble = TroubleReport()
    private var pending: [Partition: Pacing] = [:]
    /// Batches that can't be unpacked, and how often that is said.
    private var unreadable: [Partition: (count: Int, pacing: Pacing)] = [:]
    private var decided: [Partition: DecisionNumber] = [:]
    /// The epochs that this process began.
    private var epochs: [Partition: Epoch] = [:]

    init(_ arguments: Arguments, isBounded: Bool) {
        isQuiet = arguments.isQuiet
        isVerbose = arguments.has("verbose")
        isJSON = arguments.isJSON
        self.isBounded = isBounded
    }

    /// The last decision of each partition, for programs.
    func end() {
        lock.lock()
        defer { lock.unlock() }
        for (partition, sequence) in decided.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            print("ended", partition, sequence)
        }
    }

    private func print(
        _ event: String, _ partition: Partition, _ sequence: DecisionNumber,
        epoch: Epoch? = nil
    ) {
        guard isJSON else { return }
        var line = JSONLine()
        line.add("event", event)
        line.add("partition", partition.rawValue)
        if let epoch { line.add("epoch", epoch.rawValue) }
        line.add("seq", sequence.rawValue)
        DaemonOutput.line(line.line)
    }

    /// The lane can't go on for now: that is reported, and nothing more of what it tried before.
    func forget(_ partition: Partition) {
        lock.lock()
        defer { lock.unlock() }
        progress.removeValue(forKey: partition)?.end()
        trouble.end(post(partition))
        pending[partition] = nil
    }

    private func post(_ partition: Partition) -> LanePost { LanePost(.allocator, partition) }

    func hear(_ partition: Partition, _ notice: AllocatorNotice) {
        lock.lock()
        defer { lock.unlock() }
        let post = post(partition)
        switch notice {
        case .recovering(let offset, let end):
            let line = progress[partition]
                ?? ProgressLine("reading decisions", of: post, quiet: isQuiet)
            progress[partition] = line
            line.update(offset, of: end)
        case .live(let epoch, let sequence):
            progress.removeValue(forKey: partition)?.end()
            decided[partition] = sequence
            print("live", partition, sequence, epoch: epoch)
            let before = TakeOver(epoch, after: epochs.updateValue(epoch, forKey: partition))
            say(
                Remark(.live, "live in epoch \(epoch)\(before.words), after decision \(sequence)")
                    .with("epoch", epoch.rawValue).with("seq", sequence.rawValue), post)
            trouble.end(post)
        case .decided(let sequence, _):
            decided[partition] = sequence
            let now = DispatchTime.now().uptimeNanoseconds
            guard isVerbose || isBounded && now >= nextDecided else { return }
            nextDecided = now + 3_000_000_000
            say(
                Remark(.decided, "decided up to \(sequence)").with("seq", sequence.rawValue), post)
        case .sourceGone(let topic, let offset):
            Remark(
                .sourceGone,
                "\(topic.name)/\(offset), the last one decided, is no longer kept; going on after "
                    + "it"
            ).of(post).with("topic", "\(topic.name)").with("offset", offset.rawValue).say()
        case .memoryIsHigh(let use, let share): use.remark(ofShare: share).of(post).say()
        case .unreadable(let topic, let first, let last):
            // Who sends one may send many.
            let now = Int64(DispatchTime.now().uptimeNanoseconds / 1_000_000)
            unreadable[partition, default: (0, Pacing())].count += 1
            guard unreadable[partition]!.pacing.admits(at: now) else { return }
            Remark(
                .unreadable,
                "\(topic.name), offsets \(first) to \(last), can't be unpacked and is refused as "
                    + "malformed (\(unreadable[partition]!.count) so far): a client with the "
                    + "right to write \(topic.name) sent it"
            ).of(post).with("topic", "\(topic.name)").with("offset", first.rawValue)
                .with("lastOffset", last.rawValue).say()
        case .retrying(let error):
            trouble.add(post, error, .retrying, "trying again")
        case .recoveringAfter(let failure):
            trouble.add(post, failure.error, .readingAgain, "reading the book again")
        case .doubting(let error):
            trouble.add(post, error, .readingAgain, "reading the book again")
        case .commitPending(let milliseconds):
            let now = Int64(DispatchTime.now().uptimeNanoseconds / 1_000_000)
            guard pending[partition, default: Pacing()].admits(at: now) else { return }
            Remark(
                .commitPending,
                "a commit has not been answered for \(milliseconds / 1_000) s; waiting for it"
            ).of(post).with("milliseconds", milliseconds).say()
        case .atWorkAgain(let milliseconds):
            pending[partition] = nil
            guard !trouble.contains(post) else { return trouble.end(post) }
            Remark(.atWorkAgain, "at work again, after \(TroubleReport.seconds(milliseconds))")
                .of(post).with("milliseconds", milliseconds).say()
        case .clockBehind(let record, let offset, let worker):
            Remark(
                .clockBehind,
                "the bid at offset \(offset) is stamped \(MomentText.local(record)) by the log's "
                    + "clock, and this machine's clock says \(MomentText.local(worker)), more than "
                    + "30 s less. Bids of the partition wait until then. If this machine's clock "
                    + "is wrong, set it; if the log's was, set that, then let these bids count "
                    + "from now: fairfill topics clock --partition \(partition) --offset \(offset)"
            ).of(post).with("offset", offset.rawValue).with("record", record.rawValue)
                .with("worker", worker.rawValue).say()
        case .clocksDiffer(let milliseconds):
            Remark(
                .clocksDiffer,
                "the clocks of the processes that use this log differ by \(milliseconds) ms; until "
                    + "they agree none of them opens or closes an offering by its clock"
            ).of(post).with("milliseconds", milliseconds).say()
        case .clockAhead(let milliseconds):
            Remark(
                .clockAhead,
                "this machine's clock is \(milliseconds) ms ahead of the log's; until that is "
                    + "corrected it opens and closes no offering by its clock"
            ).of(post).with("milliseconds", milliseconds).say()
        }
    }

    private func say(_ remark: Remark, _ post: LanePost) {
        if !isQuiet { remark.of(post).say() }
    }
}

/// From whom a lane took its partition over.
struct TakeOver {
    /// For people: how it goes on after the epoch.
    let words: String

    /// `own` is the last epoch that this process itself began.
    init(_ epoch: Epoch, after own: Epoch?) {
        if epoch.rawValue <= 1 {
            words = ", the first"
        } else if let own, own.rawValue == epoch.rawValue - 1 {
            words = ", after its own epoch \(own)"
        } else {
            words = ", taken over from epoch \(epoch.rawValue - 1)"
        }
    }
}

extension CommitFailure {
    var error: LogError {
        switch self {
        case .fenced(let error), .aborted(let error), .unknown(let error): error
        }
    }
}
