import Vocabulary

/// A record of `attention`: of a decision, of a payment, of a worker, or of a topic.
public enum AttentionRecord: Hashable, Sendable {
    case decision(Attention)
    case payment(PaymentAttention, at: Timestamp)
    case standstill(StandstillAttention)
    case topic(TopicAttention)
}

extension RecordDecoder {
    /// Reads a record of `attention`, by either worker.
    public mutating func decodeAttention(
        _ value: UnsafeRawBufferPointer?
    ) throws(Malformation) -> AttentionRecord {
        try read(value, largest: RecordLimits.ownValue)
        _ = try members.type(among: AttentionType.table)
        if (try? members.choice(.kind, among: StandstillAttentionWord.table)) != nil {
            return .standstill(try standstill())
        }
        if let kind = try? members.choice(.kind, among: TopicAttention.Kind.table) {
            return .topic(try topic(kind))
        }
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

    private func standstill() throws(Malformation) -> StandstillAttention {
        try members.checkListed([.type, .kind, .worker, .partition, .detail, .at])
        return StandstillAttention(
            worker: try members.choice(.worker, among: StandstillAttention.Worker.table),
            partition: try members.quantity(.partition),
            detail: try members.text(.detail, largest: StandstillAttention.largestDetail),
            at: try members.quantity(.at))
    }

    private func topic(_ kind: TopicAttention.Kind) throws(Malformation) -> TopicAttention {
        try members.checkListed(
            [.type, .kind, .topic, .partition, .offset, .since, .detail, .at])
        return TopicAttention(
            kind, topic: try members.choice(.topic, among: Topic.table),
            partition: try members.quantity(.partition),
            offset: kind == .openTransaction
                ? try members.quantity(.offset) : try members.optionalQuantity(.offset),
            since: try members.quantity(.since),
            detail: try members.text(.detail, largest: StandstillAttention.largestDetail),
            at: try members.quantity(.at))
    }

    private func payment(
        _ kind: PaymentAttention.Kind, _ more: MemberName? = nil
    ) throws(Malformation) -> AttentionRecord {
        try members.checkListed(
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

/// What `kind` is called where it is about a worker.
public enum StandstillAttentionWord: String, Sendable, CaseIterable {
    case laneStandsStill

    static let table = WordTable<StandstillAttentionWord>()
}

extension StandstillAttention.Worker {
    static let table = WordTable<StandstillAttention.Worker>()
}
