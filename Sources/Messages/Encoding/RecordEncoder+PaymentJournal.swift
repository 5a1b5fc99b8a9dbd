import Vocabulary

// What the payer writes. Each needs room for `largestJournalEntry` bytes.
extension RecordEncoder {
    /// Room for the largest record of a payer: the texts of an intent, if they were of control
    /// characters only.
    public static let largestJournalEntry =
        6 * (RecordLimits.paymentBody + 2 * RecordLimits.providerText) + 2 * 1_024

    /// Writes a record of `payment-journal`.
    public static func encode(
        _ entry: JournalEntry, number: Int64, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestJournalEntry)
        writer.literal("{\"type\":\"")
        writer.word(JournalEntryType(entry).rawValue)
        switch entry {
        case .epoch(let entry):
            writer.member("\",\"epoch\":", entry.epoch)
            writer.member(",\"at\":", entry.at)
        case .intent(let entry): writer.intent(entry)
        case .sending(let entry): writer.sending(entry)
        case .outcome(let entry): writer.outcome(entry)
        case .lookup(let entry): writer.lookup(entry)
        case .parked(let entry):
            writer.member("\",\"command\":\"", entry.command)
            writer.member(",\"reason\":\"", word: entry.reason.rawValue)
            writer.optionalMember(",\"result\":", entry.result)
            writer.member(",\"at\":", entry.at)
        case .admitted(let entry):
            writer.member("\",\"command\":\"", entry.command)
            writer.member(",\"at\":", entry.at)
        case .waiting(let entry):
            writer.member("\",\"command\":\"", entry.command)
            writer.member(",\"behind\":\"", entry.behind)
            writer.member(",\"result\":", entry.result)
            writer.member(",\"at\":", entry.at)
        case .recalled(let entry):
            writer.recall(entry.recall)
            writer.source(entry.source)
            writer.member(",\"result\":", entry.result)
            writer.member(",\"at\":", entry.at)
        case .conflict(let entry):
            writer.member("\",\"command\":\"", entry.command)
            writer.source(entry.source)
            writer.member(",\"at\":", entry.at)
        case .channel(let entry):
            writer.channel(entry.channel)
            writer.member(",\"at\":", entry.at)
        case .redrafted(let entry):
            writer.member("\",\"command\":\"", entry.command)
            writer.member(",\"channel\":\"", entry.channel)
            writer.draft(token: entry.accountToken, body: entry.body)
            writer.member(",\"at\":", entry.at)
        case .rebuilt(let entry):
            writer.member("\",\"partition\":", entry.rebuild.damage.partition)
            writer.damage(entry.rebuild.damage)
            writer.member(",\"proposedBy\":\"", entry.rebuild.proposedBy)
            writer.member(",\"approvedBy\":\"", entry.rebuild.approvedBy)
            writer.member(",\"resolution\":", entry.rebuild.resolution)
            writer.member(",\"at\":", entry.at)
        case .lost(let entry):
            writer.member("\",\"command\":\"", entry.command)
            writer.member(",\"class\":\"", word: entry.class.rawValue)
            writer.member(",\"answered\":", entry.answered)
            writer.reference(entry.reference)
            writer.optionalMember(",\"result\":", entry.result)
            writer.member(",\"at\":", entry.at)
        }
        writer.member(",\"number\":", number)
        writer.literal("}")
        return writer.count
    }

    /// Writes a record of `payment-results` with all that the payer says.
    public static func encode(
        _ answer: PaymentAnswer, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        guard let payment = answer.result.payment else {
            preconditionFailure("a result answers a payment command")
        }
        var writer = JSONWriter(buffer, largest: largestJournalEntry)
        writer.literal("{\"type\":\"")
        writer.word(answer.result.kind.rawValue)
        writer.member("\",\"command\":\"", payment)
        writer.member(",\"result\":", answer.result.result)
        writer.member(",\"offering\":\"", answer.result.offering)
        writer.member(",\"account\":\"", answer.result.account)
        writer.optionalMember(",\"amount\":", answer.result.amount)
        writer.reference(answer.reference)
        if let reason = answer.reason { writer.member(",\"reason\":\"", word: reason.rawValue) }
        writer.literal("}")
        return writer.count
    }

    /// Writes a recall as a record of `payment-commands`.
    public static func encode(
        _ recall: PaymentRecall, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestSmallRecord)
        writer.literal("{\"type\":\"recall")
        writer.recall(recall)
        writer.literal("}")
        return writer.count
    }
}

extension RecordEncoder {
    /// Writes what people must know of a payment as a record of `attention`; needs room for
    /// `largestSmallRecord` bytes.
    public static func encode(
        _ attention: PaymentAttention, at: Timestamp,
        into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestSmallRecord)
        writer.member(
            "{\"type\":\"attention\",\"kind\":\"",
            word: PaymentAttentionWord(attention.kind).rawValue)
        switch attention.kind {
        case .parked(let doubt): writer.member(",\"reason\":\"", word: doubt.rawValue)
        case .conflict, .contradiction: break
        case .lateAnswer(let outcome): writer.member(",\"class\":\"", word: outcome.rawValue)
        }
        writer.member(",\"offering\":\"", attention.command.offering)
        writer.member(",\"command\":\"", attention.command)
        writer.member(",\"account\":\"", attention.account)
        writer.member(",\"at\":", at)
        writer.literal("}")
        return writer.count
    }

    /// Writes the body of the request that asks a provider for a payment (Payments.md, The
    /// provider); needs room for `largestJournalEntry` bytes. The same command and the same
    /// account give the same bytes. `direction` is the word for the way the money moves.
    public static func encodeRequestBody(
        _ command: PaymentCommand, direction: String, accountToken: String,
        into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestJournalEntry)
        writer.literal("{\"direction\":")
        writer.text(direction)
        writer.member(",\"amount\":", command.amount)
        writer.member(",\"currency\":\"", command.currency)
        writer.literal(",\"account_token\":")
        writer.text(accountToken)
        writer.member(",\"reference\":\"", command.id)
        writer.member(",\"purpose\":\"", word: command.kind.rawValue)
        writer.member(",\"metadata\":{\"obligation\":\"", command.id.obligation)
        writer.literal("}}")
        return writer.count
    }
}

/// The values of `type` in `payment-journal`.
enum JournalEntryType: String, CaseIterable {
    case epoch, intent, sending, outcome, lookup, parked, admitted, waiting, recalled, conflict
    case channel, redrafted, rebuilt, lost

    static let table = WordTable<JournalEntryType>()

    init(_ entry: JournalEntry) {
        switch entry {
        case .epoch: self = .epoch
        case .intent: self = .intent
        case .sending: self = .sending
        case .outcome: self = .outcome
        case .lookup: self = .lookup
        case .parked: self = .parked
        case .admitted: self = .admitted
        case .waiting: self = .waiting
        case .recalled: self = .recalled
        case .conflict: self = .conflict
        case .channel: self = .channel
        case .redrafted: self = .redrafted
        case .rebuilt: self = .rebuilt
        case .lost: self = .lost
        }
    }
}

/// The values of `kind` in what a payer writes to `attention`.
public enum PaymentAttentionWord: String, Sendable, CaseIterable {
    case parked = "paymentParked"
    case conflict = "paymentConflict"
    case contradiction = "paymentContradiction"
    case lateAnswer = "paymentLateAnswer"

    public init(_ kind: PaymentAttention.Kind) {
        switch kind {
        case .parked: self = .parked
        case .conflict: self = .conflict
        case .contradiction: self = .contradiction
        case .lateAnswer: self = .lateAnswer
        }
    }
}
