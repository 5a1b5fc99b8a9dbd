import EventLog
import Foundation
import Payments
import Vocabulary
import Workers

/// What payers tell: remarks for people, and with `--json` objects for programs.
final class PayerReporter: @unchecked Sendable {
    private let provider: String
    private let isQuiet: Bool
    private let isVerbose: Bool
    private let output: Output?
    private let lock = NSLock()
    private var progress: [Partition: ProgressLine] = [:]
    private var settled: [Partition: (paid: Int, declined: Int, inDoubt: Int)] = [:]
    /// When the next remark of a kind is due, in nanoseconds of uptime.
    private var nextSettled: UInt64 = 0
    private var nextUnreached: UInt64 = 0
    private var nextUnasked: UInt64 = 0
    private var nextRetry: [Partition: (code: LogError.Code, due: UInt64)] = [:]

    init(_ arguments: Arguments, gateway provider: String) {
        self.provider = provider
        isQuiet = arguments.isQuiet
        isVerbose = arguments.has("verbose")
        output = arguments.isJSON ? Output() : nil
    }

    func hear(_ partition: Partition, _ notice: PayerNotice) {
        lock.lock()
        defer { lock.unlock() }
        let now = DispatchTime.now().uptimeNanoseconds
        switch notice {
        case .recovering(let offset, let end):
            let line = progress[partition]
                ?? ProgressLine("partition \(partition): reading the journal", quiet: isQuiet)
            progress[partition] = line
            line.update(offset, of: end)
        case .live(let epoch, let commands):
            progress.removeValue(forKey: partition)?.end()
            var line = event("live", partition)
            line.add("epoch", epoch.rawValue)
            line.add("commands", commands)
            print(line)
            say("partition \(partition): paying in epoch \(epoch), \(commands) commands known")
        case .retrying(let error):
            // It is tried several times a second; saying so now and then is enough.
            if let last = nextRetry[partition], last.code == error.code, now < last.due { return }
            nextRetry[partition] = (error.code, now + 5_000_000_000)
            Remark.say("partition \(partition): \(error.message); trying again")
        case .recoveringAfter(let failure):
            Remark.say("partition \(partition): \(failure.words); reading the journal again")
        case .unreadable(let offset, let malformation):
            Remark.say(
                "partition \(partition): the command at offset \(offset) can't be read: "
                    + "\(malformation.sentence); it is kept in invalid")
        case .unpackable(let place, let first, let last):
            Remark.say(
                "partition \(partition): \(UnreadableRange(place, first, last).offsets), can't be "
                    + "unpacked, so whatever payments are commanded there are not made; where they "
                    + "stood is kept in invalid")
        case .wrongEnvironment(let offset):
            Remark.say(
                "partition \(partition): the command at offset \(offset) is meant for another "
                    + "environment; it is kept in invalid")
        case .doubtful(let id, let state):
            hearDoubt(id, state, now)
        case .cannotAsk(let id):
            guard now >= nextUnasked else { return }
            nextUnasked = now + 5_000_000_000
            Remark.say(
                "\(provider) can't be asked about payments in doubt (\(id) among others); they "
                    + "stay in doubt, and it is asked again")
        case .attention(let attention):
            Remark.say("\(attention.command) of \(attention.account): \(attention.sentence)")
        case .settled(let paid, let declined, let inDoubt):
            settled[partition] = (paid, declined, inDoubt)
            guard isVerbose || now >= nextSettled else { return }
            nextSettled = now + 3_000_000_000
            say("partition \(partition): \(Self.text(paid, declined, inDoubt))")
        }
    }

    /// How each partition stands at the end.
    func end() throws(Failure) {
        lock.lock()
        defer { lock.unlock() }
        for (partition, counts) in settled.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            var line = event("ended", partition)
            line.add("paid", counts.paid)
            line.add("declined", counts.declined)
            line.add("inDoubt", counts.inDoubt)
            print(line)
            say(
                "partition \(partition): "
                    + Self.text(counts.paid, counts.declined, counts.inDoubt))
        }
    }

    /// A provider that can't be reached answers nothing for many payments: one remark now and
    /// then says so for all.
    private func hearDoubt(_ id: PaymentID, _ state: PaymentState, _ now: UInt64) {
        if case .retryWait = state {
            guard now >= nextUnreached else { return }
            nextUnreached = now + 5_000_000_000
            return Remark.say(
                "\(provider) took no payment, or none was sent for want of time; nothing was "
                    + "executed (\(id) among others); trying again")
        }
        if isVerbose { say("\(id): \(state.words)") }
    }

    private static func text(_ paid: Int, _ declined: Int, _ inDoubt: Int) -> String {
        "\(paid) paid, \(declined) declined, \(inDoubt) in doubt"
    }

    private func event(_ name: String, _ partition: Partition) -> JSONLine {
        var line = JSONLine()
        line.add("event", name)
        line.add("partition", partition.rawValue)
        return line
    }

    private func print(_ line: JSONLine) {
        guard let output else { return }
        // Nobody who stopped reading stops a payer.
        try? output.line(line.line)
        try? output.flush()
    }

    private func say(_ text: String) {
        if !isQuiet { Remark.say(text) }
    }
}

extension PaymentAttention {
    /// What happened, for people.
    var sentence: String {
        switch kind {
        case .parked(let doubt): "people must decide: \(doubt.words)"
        case .conflict: "another command came under the same id; the first one stands"
        case .contradiction: "the provider declined it, and its record says that it paid"
        case .lateAnswer(let outcome):
            "an answer came late (\(outcome.rawValue)); it changes nothing"
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
            "with what was paid, or is not proven unpaid, it would come to more than is due"
        case .unknownAccount: "the account is not in the file of accounts"
        case .rejected: "the provider refused the request as such"
        case .unavailable: "nothing was executed for as long as it is tried"
        case .behindDoubt: "a command of the account before it is in doubt"
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
        }
    }
}
