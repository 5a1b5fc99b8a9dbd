import CommandLine
import EventLog
import FairfillClient
import Foundation
import Payments
import Vocabulary
import Workers

/// What payers tell: remarks for people, and with `--json` objects for programs.
final class PayerReporter: @unchecked Sendable {
    private let provider: String
    private let isQuiet: Bool
    private let isVerbose: Bool
    private let isJSON: Bool
    private let lock = NSLock()
    private var progress: [Partition: ProgressLine] = [:]
    private var settled: [Partition: (paid: Int, declined: Int, inDoubt: Int)] = [:]
    /// When the next remark of a kind is due, in nanoseconds of uptime.
    private var nextSettled: UInt64 = 0
    private var notSent = Pacing()
    private var notAsked = Pacing()
    private var trouble = TroubleReport()
    /// The epochs that this process began.
    private var epochs: [Partition: Epoch] = [:]

    init(_ arguments: Arguments, gateway provider: String) {
        self.provider = provider
        isQuiet = arguments.isQuiet
        isVerbose = arguments.has("verbose")
        isJSON = arguments.isJSON
    }

    private func post(_ partition: Partition) -> LanePost { LanePost(.payer, partition) }

    private static var now: Int64 { Int64(DispatchTime.now().uptimeNanoseconds / 1_000_000) }

    func hear(_ partition: Partition, _ notice: PayerNotice) {
        lock.lock()
        defer { lock.unlock() }
        let post = post(partition)
        switch notice {
        case .recovering(let offset, let end):
            let line = progress[partition]
                ?? ProgressLine("reading the journal", of: post, quiet: isQuiet)
            progress[partition] = line
            line.update(offset, of: end)
        case .live(let epoch, let commands):
            progress.removeValue(forKey: partition)?.end()
            var line = event("live", partition)
            line.add("epoch", epoch.rawValue)
            line.add("commands", commands)
            print(line)
            let before = TakeOver(epoch, after: epochs.updateValue(epoch, forKey: partition))
            say(
                Remark(
                    .live,
                    "paying in epoch \(epoch)\(before.words), "
                        + "\(Words.count(commands, "command")) known"
                ).with("epoch", epoch.rawValue).with("commands", commands), post)
            trouble.end(post)
        case .memoryIsHigh(let use, let share): use.remark(ofShare: share).of(post).say()
        case .retrying(let error):
            trouble.add(post, error, .retrying, "trying again")
        case .recoveringAfter(let failure):
            trouble.add(post, failure.error, .readingAgain, "reading the journal again")
        case .atWorkAgain:
            trouble.end(post)
        case .unreadable(let offset, let malformation):
            Remark(
                .commandUnreadable,
                "the command at offset \(offset) can't be read: \(malformation.sentence); it is "
                    + "kept in invalid"
            ).of(post).with("offset", offset.rawValue).say()
        case .misplaced(let offset, let id):
            Remark(
                .commandMisplaced,
                "the command at offset \(offset) (\(id)) names a partition that does not exist, "
                    + "or stands on another partition than its account's; it is not executed, and "
                    + "is kept in invalid"
            ).of(post).with("offset", offset.rawValue).with("command", "\(id)").say()
        case .rebuilt(let rebuild, let commands):
            Remark(
                .rebuilt,
                "the journal goes on behind entry "
                    + "\(max(rebuild.damage.last, rebuild.damage.mark)), as \(rebuild.proposedBy) "
                    + "proposed and \(rebuild.approvedBy) approved; "
                    + "\(commands == 1 ? "1 command counts" : "\(commands) commands count") as "
                    + "sent once: the last answer counts, or the provider is asked"
            ).of(post).with("commands", Int64(commands)).say()
        case .unpackable(let place, let first, let last):
            Remark(
                .commandUnreadable,
                "\(UnreadableRange(place, first, last).offsets), can't be unpacked, so the "
                    + "payments that are commanded there are not made; invalid keeps the place"
            ).of(post).with("offset", first.rawValue).with("lastOffset", last.rawValue).say()
        case .wrongEnvironment(let offset):
            Remark(
                .commandOfOtherEnvironment,
                "the command at offset \(offset) is meant for another environment; it is kept in "
                    + "invalid"
            ).of(post).with("offset", offset.rawValue).say()
        case .doubtful(let id, let state):
            hearDoubt(id, state, post)
        case .cannotAsk(let id):
            guard notAsked.admits(at: Self.now) else { return }
            Remark(
                .cannotAsk,
                "\(provider) can't be asked about payments in doubt (\(id) among others); they "
                    + "stay in doubt, and it is asked again"
            ).of(post).with("command", "\(id)").say()
        case .attention(let attention):
            Remark(
                .attention,
                "\(attention.command) of \(attention.account): \(attention.sentence)"
            ).of(post).with("command", "\(attention.command)")
                .with("account", "\(attention.account)").say()
        case .settled(let paid, let declined, let inDoubt):
            hearSettled(partition, paid, declined, inDoubt)
        }
    }

    private func hearSettled(
        _ partition: Partition, _ paid: Int, _ declined: Int, _ inDoubt: Int
    ) {
        let before = settled.updateValue((paid, declined, inDoubt), forKey: partition)
        if let before, paid + declined > before.paid + before.declined { hearAnswers(partition) }
        let now = DispatchTime.now().uptimeNanoseconds
        guard isVerbose || now >= nextSettled else { return }
        nextSettled = now + 3_000_000_000
        say(sum(paid, declined, inDoubt), post(partition))
    }

    /// The provider answers.
    private func hearAnswers(_ partition: Partition) {
        let ends = [notSent.end(at: Self.now), notAsked.end(at: Self.now)].compactMap { $0 }
        guard let milliseconds = ends.map(\.milliseconds).max() else { return }
        let leftOut = ends.reduce(0) { $0 + $1.leftOut }
        Remark(
            .atWorkAgain,
            "\(provider) answers again, after \(TroubleReport.seconds(milliseconds))"
                + (leftOut > 0 ? "; \(leftOut) remarks about it were left out" : "")
        ).of(post(partition)).with("milliseconds", milliseconds).with("leftOut", leftOut).say()
    }

    /// How each partition stands at the end.
    func end() {
        lock.lock()
        defer { lock.unlock() }
        for (partition, counts) in settled.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            var line = event("ended", partition)
            line.add("paid", counts.paid)
            line.add("declined", counts.declined)
            line.add("inDoubt", counts.inDoubt)
            print(line)
            say(sum(counts.paid, counts.declined, counts.inDoubt), post(partition))
        }
    }

    /// The lane can't go on for now: that is reported, and nothing more of what it tried before.
    func forget(_ partition: Partition) {
        lock.lock()
        defer { lock.unlock() }
        progress.removeValue(forKey: partition)?.end()
        trouble.end(post(partition))
    }

    /// A provider that can't be reached answers nothing for many payments: one remark now and
    /// then says so for all.
    private func hearDoubt(_ id: PaymentID, _ state: PaymentState, _ post: LanePost) {
        if case .retryWait = state {
            guard notSent.admits(at: Self.now) else { return }
            return Remark(
                .notSent,
                "\(provider) accepted no payment, or the time to send one ran out; nothing was "
                    + "executed (\(id) among others); trying again"
            ).of(post).with("command", "\(id)").say()
        }
        if isVerbose {
            say(Remark(.inDoubt, "\(id): \(state.words)").with("command", "\(id)"), post)
        }
    }

    private func sum(_ paid: Int, _ declined: Int, _ inDoubt: Int) -> Remark {
        Remark(.settled, "\(paid) paid, \(declined) declined, \(inDoubt) in doubt")
            .with("paid", paid).with("declined", declined).with("inDoubt", inDoubt)
    }

    private func event(_ name: String, _ partition: Partition) -> JSONLine {
        var line = JSONLine()
        line.add("event", name)
        line.add("partition", partition.rawValue)
        return line
    }

    private func print(_ line: JSONLine) {
        if isJSON { DaemonOutput.line(line.line) }
    }

    private func say(_ remark: Remark, _ post: LanePost) {
        if !isQuiet { remark.of(post).say() }
    }
}

extension PaymentAttention {
    /// What happened, for people.
    var sentence: String {
        switch kind {
        case .parked(let doubt): "people must decide: \(doubt.words)"
        case .conflict: "another command came under the same id; the first one stands"
        case .contradiction: "the provider's record contradicts what was told of it"
        case .lateAnswer(let outcome):
            "an answer came late (\(outcome.rawValue)); it changes nothing"
        case .unresolved(let refusal): "what was said about it changes nothing: \(refusal.words)"
        case .overLimit(let whole, let currency):
            "it is larger than what may be paid out in a day; it goes with a limit of "
                + whole.words(in: currency)
        }
    }
}

extension PaymentState {
    /// How a command stands, for people.
    var words: String {
        switch self {
        case .ready: "waits for its turn"
        case .sending(let attempt): "under way, attempt \(attempt)"
        case .unknown: "in doubt: nobody knows whether it was executed"
        case .pending: "accepted by the provider, to be done later"
        case .declinedUnconfirmed: "declined, says the provider's answer; its record is asked"
        case .retryWait: "not executed, to be sent again"
        case .paid: "paid"
        case .declined: "declined"
        case .recalled: "recalled, never sent"
        case .parked(let doubt): "left to people: \(doubt.words)"
        }
    }

    /// The same where there is little room.
    var shortWords: String {
        switch self {
        case .ready: "waiting"
        case .sending: "under way"
        case .unknown: "in doubt"
        case .pending: "accepted"
        case .declinedUnconfirmed: "being checked"
        case .retryWait: "to be sent again"
        case .paid: "paid"
        case .declined: "declined"
        case .recalled: "recalled"
        case .parked: "left to people"
        }
    }

    /// One word for programs.
    var word: String {
        switch self {
        case .ready: "ready"
        case .sending: "sending"
        case .unknown: "unknown"
        case .pending: "pending"
        case .declinedUnconfirmed: "declinedUnconfirmed"
        case .retryWait: "retryWait"
        case .paid: "paid"
        case .declined: "declined"
        case .recalled: "recalled"
        case .parked: "parked"
        }
    }
}

extension PaymentDoubt {
    /// Why a payment is not settled, for people.
    var words: String {
        switch self {
        case .overObligation:
            "with all that was paid, or may have been paid, it would exceed what is due"
        case .unknownAccount: "the account is not in the file of accounts"
        case .rejected: "the provider refused the request as such"
        case .unavailable: "nothing was executed for as long as it is tried"
        case .behindDoubt: "a command of the account before it is in doubt"
        case .channelMissing: "the payer was not given the channel that it must go over"
        case .malformed: "it names a partition that there is not"
        case .invalid: "its currency or an amount can't be"
        case .outcomeUnknown: "nobody knows whether it was executed"
        case .pending: "accepted by the provider, to be done later"
        case .declineUnconfirmed: "declined, but no record of the provider says so"
        case .keyExpired: "the provider may have forgotten the key"
        case .repeatsExhausted: "sent again as often as is done automatically"
        case .noLookup: "the provider can't be asked"
        case .unresolved: "asked for as long as is done automatically"
        case .mismatch: "the provider did something else than asked for"
        case .keyReused: "the provider knows the key with other content"
        case .returned: "paid, and given back since"
        case .journalLost: "the journal lost what became of it; it is never sent again"
        }
    }
}

extension ResolutionRefusal {
    /// Why something that was said changes nothing, for people.
    var words: String {
        switch self {
        case .wrongVersion: "more is known of it since; look at it again"
        case .sameActor: "another person than the one who proposed it has to approve"
        case .unknownCommand: "no payer has taken up such a command"
        case .unknownResolution: "no such proposal is open"
        case .wrongState: "as it stands now, this can't be said of it"
        case .neverSent: "it was never sent"
        case .underWay: "an attempt is under way; wait for what comes of it"
        case .noReference: "the provider's id of the payment is missing"
        case .overObligation: "it would exceed what is due"
        case .unknownAccount: "the account is not in the file of accounts"
        case .channelMissing: "the payer was not given the channel that it must go over"
        case .otherChannel: "the statement is another channel's than it was sent over"
        case .otherKey: "the line has another key"
        case .otherContent: "the line has another amount, currency or direction"
        case .notCovered: "the statement does not cover the time in which it was sent"
        case .contradiction: "it contradicts what is final"
        }
    }
}
