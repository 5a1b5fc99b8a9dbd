import Vocabulary

/// A record of `attention`: of a decision, or of a payment.
public enum AttentionRecord: Hashable, Sendable {
    case decision(Attention)
    case payment(PaymentAttention, at: Milliseconds)
}

extension RecordDecoder {
    /// Reads a record of `attention`, whoever wrote it.
    public mutating func decodeAttention(
        _ value: UnsafeRawBufferPointer?
    ) throws(Malformation) -> AttentionRecord {
        try read(value, largest: RecordLimits.ownValue)
        _ = try members.type(among: AttentionType.table)
        guard let word = try? members.choice(.kind, among: PaymentAttentionWord.table) else {
            return .decision(try decision(try members.choice(.kind, among: Attention.Kind.table)))
        }
        switch word {
        case .parked:
            return try payment(
                .parked(try members.choice(.reason, among: PaymentDoubt.table)), .reason)
        case .conflict: return try payment(.conflict)
        case .contradiction: return try payment(.contradiction)
        case .lateAnswer:
            return try payment(
                .lateAnswer(try members.choice(.class, among: PaymentOutcome.Class.table)), .class)
        }
    }

    private mutating func decision(_ kind: Attention.Kind) throws(Malformation) -> Attention {
        try members.refuseRepeated([
            .type, .kind, .offering, .seq, .topic, .partition, .offset, .at, .expectedPartition,
            .error, .command, .account, .amount, .currency,
        ])
        return Attention(
            kind: kind, offering: try members.optionalIdentifier(.offering),
            sequence: try members.quantity(.seq), source: try source(),
            expectedPartition: try members.optionalQuantity(.expectedPartition),
            error: members.has(.error) ? try malformation() : nil,
            command: members.has(.command) ? try members.derivedPaymentID(.command) : nil,
            account: try members.optionalIdentifier(.account),
            amount: try members.optionalQuantity(.amount),
            currency: members.has(.currency) ? try members.currency(.currency) : nil)
    }

    private func payment(
        _ kind: PaymentAttention.Kind, _ more: MemberName? = nil
    ) throws(Malformation) -> AttentionRecord {
        try members.refuseRepeated(
            [.type, .kind, .offering, .command, .account, .at] + (more.map { [$0] } ?? []))
        return .payment(
            PaymentAttention(
                kind: kind, command: try members.derivedPaymentID(.command),
                account: try members.identifier(.account)),
            at: try members.quantity(.at))
    }
}

/// The one value of `type`.
enum AttentionType: String, CaseIterable {
    case attention

    static let table = WordTable<AttentionType>()
}

extension PaymentAttentionWord {
    static let table = WordTable<PaymentAttentionWord>()
}
