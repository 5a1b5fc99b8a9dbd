import Vocabulary

/// A record of `attention`: of a decision, of a payment, of a worker, or of a topic.
package enum AttentionRecord: Hashable, Sendable {
    case decision(Attention)
    case payment(PaymentAttention, at: Timestamp)
    case standstill(StandstillAttention)
    case topic(TopicAttention)
}

/// The one value of `type`.
enum AttentionType: String, CaseIterable {
    case attention = "attention"

    static let table = WordTable<AttentionType>()
}

extension Attention.Kind {
    static let table = WordTable<Attention.Kind>()
}

extension RecordDecoder {
    /// Reads a record of `attention`, by either worker.
    package mutating func decodeAttention(
        _ value: UnsafeRawBufferPointer?
    ) throws(Malformation) -> AttentionRecord {
        try read(value, largest: RecordLimits.ownValue)
        _ = try members.type(among: AttentionType.table)
        if (try? members.choice(.kind, among: StandstillAttentionWord.table)) != nil {
            return .standstill(try standstill())
        }
        if let kind = try? members.choice(.kind, among: TopicAttention.Kind.table) {
            return .topic(try topicAttention(kind))
        }
        guard let word = try? members.choice(.kind, among: PaymentAttentionWord.table) else {
            return .decision(try decision(try members.choice(.kind, among: Attention.Kind.table)))
        }
        switch word {
        case .parked:
            return try payment(
                .parked(try members.choice(.reason, among: PaymentDoubt.table)), [.reason])
        case .conflict: return try payment(.conflict)
        case .contradiction: return try payment(.contradiction)
        case .lateAnswer:
            return try payment(
                .lateAnswer(try members.choice(.class, among: PaymentOutcome.Class.table)),
                [.class])
        case .unresolved:
            return try payment(
                .unresolved(try members.choice(.reason, among: ResolutionRefusal.table)),
                [.reason])
        case .overLimit:
            return try payment(
                .overLimit(try members.quantity(.whole), try members.currency(.currency)),
                [.whole, .currency])
        }
    }

    private mutating func decision(_ kind: Attention.Kind) throws(Malformation) -> Attention {
        try members.checkListed([
            .type, .kind, .offering, .seq, .topic, .partition, .offset, .at, .expectedPartition,
            .command, .account, .amount, .currency, .error,
        ])
        return Attention(
            kind: kind, offering: try members.optionalIdentifier(.offering),
            sequence: try members.quantity(.seq), source: try source(),
            expectedPartition: try members.optionalQuantity(.expectedPartition),
            command: members.has(.command) ? try members.derivedPaymentID(.command) : nil,
            account: try members.optionalIdentifier(.account),
            amount: try members.optionalQuantity(.amount),
            currency: members.has(.currency) ? try members.currency(.currency) : nil,
            error: members.has(.error) ? try malformation() : nil)
    }
}

extension RecordEncoder {
    /// Writes a record of `attention`.
    package static func encode(
        _ attention: Attention, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(attention: attention.kind.rawValue, in: buffer)
        if let offering = attention.offering { writer.member(",\"offering\":\"", offering) }
        writer.member(",\"seq\":", attention.sequence)
        writer.source(attention.source)
        writer.member(",\"at\":", attention.source.at)
        writer.optionalMember(",\"expectedPartition\":", attention.expectedPartition)
        if let command = attention.command { writer.member(",\"command\":\"", command) }
        if let account = attention.account { writer.member(",\"account\":\"", account) }
        writer.optionalMember(",\"amount\":", attention.amount)
        if let currency = attention.currency { writer.member(",\"currency\":\"", currency) }
        if let error = attention.error { writer.error(error) }
        return writer.end()
    }
}
