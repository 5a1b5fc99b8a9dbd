import Testing

import Payments
import Vocabulary

let euro = CurrencyCode("EUR")!
let account: Identifier = "a-1"
let second: Int64 = 1_000
let hour: Int64 = 3_600_000

func payment(_ bid: Identifier, _ number: Int32 = 1) -> PaymentID {
    PaymentID(offering: "loan-7", bid: bid, number: number)
}

func command(
    _ id: PaymentID, _ amount: MinorUnits = 60, due: MinorUnits = 100,
    account: Identifier = account
) -> PaymentCommand {
    PaymentCommand(
        id: id, partition: 3, account: account, amount: amount, currency: euro,
        due: due)
}

/// A provider that guarantees all that one can.
let generous: ProviderProfile = {
    var profile = ProviderProfile()
    profile.isIdempotent = true
    profile.keyLifetimeMilliseconds = 24 * hour
    profile.looksUpByKey = true
    profile.limitsBeforeExecution = true
    profile.notExecutedStatuses = [401, 403]
    profile.finalDeclines = ["account-closed"]
    return profile
}()

/// A book with its journal and a clock; after each step, a book read from the journal alone must
/// be the same.
struct Scene: Hashable {
    var book: PaymentBook
    var replica: PaymentBook
    var journal: [JournalEntry] = []
    var now: Timestamp = 1_000_000
    var offset: Offset = 0
    var resolutionOffset: Offset = 0
    var actions: [PayerAction] = []
    var attention: [PaymentAttention.Kind] = []
    /// Whether the journal and the book ever differed.
    var isReplayed = true
    /// Each command's answers, in order.
    var answers: [PaymentAnswer] = []

    init(_ profile: ProviderProfile = generous) {
        book = PaymentBook(profile: profile)
        replica = book
        takeOver()
    }

    init(channels: [ChannelTerms]) {
        book = PaymentBook(channels)
        replica = book
        takeOver()
    }

    /// Goes on as a successor with these channels, from this journal or the one that there is.
    mutating func restart(
        _ channels: [ChannelTerms], after other: [JournalEntry]? = nil,
        _ beforeTakingOver: (inout Scene) -> Void = { _ in }
    ) {
        let old = other ?? journal
        book = PaymentBook(channels)
        replica = book
        journal = []
        answers = other == nil ? answers : []
        for entry in old {
            do {
                try book.apply(entry)
                try replica.apply(entry)
            } catch { Issue.record("\(error)") }
            journal.append(entry)
        }
        beforeTakingOver(&self)
        takeOver()
    }

    /// Notes a step, as if it was committed, and answers it.
    @discardableResult
    mutating func commit(_ step: PayerStep) -> PayerStep {
        for entry in step.entries {
            do { try replica.apply(entry) } catch { isReplayed = false }
            journal.append(entry)
        }
        isReplayed = isReplayed && replica == book
        actions = step.actions
        attention += step.attention.map(\.kind)
        answers += step.answers
        return step
    }

    @discardableResult
    mutating func takeOver() -> PayerStep {
        var step = book.takeOver(epoch: book.epoch + 1, now: now)
        // Committed at the very time at which it was made.
        step.append(book.goOn(at: now) { draft($0, over: $1) })
        return commit(step)
    }

    @discardableResult
    mutating func take(_ command: PaymentCommand, token: String? = "acc_9") -> PayerStep {
        offset += 1
        let source = CommandSource(partition: 0, offset: offset, at: now)
        return commit(
            book.take(command, from: source, now: now) { draft($0, over: $1, token: token) })
    }

    @discardableResult
    mutating func recall(_ id: PaymentID) -> PayerStep {
        offset += 1
        let recall = PaymentRecall(command: id, partition: 3, account: account)
        return commit(
            book.take(
                recall, from: CommandSource(partition: 0, offset: offset, at: now), now: now))
    }

    @discardableResult
    mutating func begin(_ count: Int = 10) -> PayerStep {
        commit(book.begin(atMost: count, now: now))
    }

    /// Answers the attempt that is under way.
    @discardableResult
    mutating func hear(_ answer: SendingAnswer, to id: PaymentID) -> PayerStep {
        let attempt = book[id]?.attempts ?? 0
        return commit(book.hear(answer, to: id, attempt: attempt, now: now))
    }

    @discardableResult
    mutating func hear(
        _ answer: LookupAnswer, of id: PaymentID, askedAt: Timestamp? = nil
    ) -> PayerStep {
        commit(book.hear(answer, of: id, askedAt: askedAt ?? now, now: now))
    }

    @discardableResult
    mutating func resume(_ id: PaymentID, after milliseconds: Int64 = 0) -> PayerStep {
        now += Timestamp(milliseconds)
        return commit(book.resume(id, now: now) { revised($0, over: $1, $2) })
    }

    /// Hears a record of `payment-resolutions`.
    @discardableResult
    mutating func hear(_ record: PaymentResolution, token: String? = "acc_9") -> PayerStep {
        resolutionOffset += 1
        return commit(
            book.hear(record, from: resolutionOffset, now: now) {
                revised($0, over: $1, $2, token: token)
            })
    }

    func state(_ id: PaymentID) -> PaymentState? { book[id]?.state }

    /// The answers to a command, as `kind` or `inDoubt:reason`.
    func said(_ id: PaymentID) -> [String] {
        answers.filter { $0.result.payment == id }.map { answer in
            answer.result.kind.rawValue + (answer.reason.map { ":\($0.rawValue)" } ?? "")
        }
    }
}

func draft(
    _ command: PaymentCommand, over channel: Identifier, token: String? = "acc_9"
) -> RequestDraft {
    // An account has another token at each provider.
    RequestDraft(
        key: key(command.id),
        accountToken: token.map { channel == "default" ? $0 : "\(channel):\($0)" },
        body: "{\"reference\":\"\(command.id)\"}")
}

/// As `draft`, with the key of a revision.
func revised(
    _ command: PaymentCommand, over channel: Identifier, _ revision: Int,
    token: String? = "acc_9"
) -> RequestDraft {
    var draft = draft(command, over: channel, token: token)
    if revision > 0 { draft.key = key(command.id, revision) }
    return draft
}

/// The key of a command: any 32 hex digits of its own do.
func key(_ id: PaymentID, _ revision: Int = 0) -> Identifier {
    ProviderKey.make(environment: "test", command: id, revision: revision) { bytes in
        let sum = bytes.reduce(UInt64(14_695_981_039_346_656_037)) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        let digits = String(sum, radix: 16)
        return String(repeating: "0", count: 40 - digits.count) + digits + "ffff"
    }
}

/// The provider's record of a command.
func record(
    _ id: PaymentID, _ status: ProviderRecord.Status = .succeeded, amount: MinorUnits = 60,
    currency: String = "EUR", key other: String? = nil
) -> ProviderRecord {
    ProviderRecord(
        id: "pay_01", key: other ?? key(id).description, status: status, amount: amount,
        currency: currency)
}

func answered(
    _ status: Int, _ record: ProviderRecord? = nil, problem: String? = nil,
    retryAfter: Int64? = nil
) -> SendingAnswer {
    .answered(
        status: status, record: record, problem: problem, retryAfterSeconds: retryAfter)
}
