import Vocabulary

/// The values of `kind` in what a payer writes to `attention`.
package enum PaymentAttentionWord: String, Sendable, CaseIterable {
    case parked = "paymentParked"
    case conflict = "paymentConflict"
    case contradiction = "paymentContradiction"
    case lateAnswer = "paymentLateAnswer"
    case unresolved = "paymentUnresolved"
    case overLimit = "paymentOverLimit"

    package init(_ kind: PaymentAttention.Kind) {
        switch kind {
        case .parked: self = .parked
        case .conflict: self = .conflict
        case .contradiction: self = .contradiction
        case .lateAnswer: self = .lateAnswer
        case .unresolved: self = .unresolved
        case .overLimit: self = .overLimit
        }
    }

    static let table = WordTable<PaymentAttentionWord>()
}

extension RecordDecoder {
    func payment(
        _ kind: PaymentAttention.Kind, _ more: MemberNames = []
    ) throws(Malformation) -> AttentionRecord {
        try members.checkListed([.type, .kind, .offering, .command, .account, .at] + more)
        return .payment(
            PaymentAttention(
                kind: kind, command: try members.derivedPaymentID(.command),
                account: try members.identifier(.account)),
            at: try members.quantity(.at))
    }
}

extension RecordEncoder {
    /// Writes what people must know of a payment as a record of `attention`; needs room for
    /// `largestSmallRecord` bytes.
    package static func encode(
        _ attention: PaymentAttention, at: Timestamp,
        into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        let kind = PaymentAttentionWord(attention.kind).rawValue
        var writer = JSONWriter(attention: kind, in: buffer)
        switch attention.kind {
        case .parked(let doubt): writer.member(",\"reason\":\"", word: doubt.rawValue)
        case .conflict, .contradiction: break
        case .lateAnswer(let outcome): writer.member(",\"class\":\"", word: outcome.rawValue)
        case .unresolved(let refusal): writer.member(",\"reason\":\"", word: refusal.rawValue)
        case .overLimit(let whole, let currency):
            writer.member(",\"whole\":", whole)
            writer.member(",\"currency\":\"", currency)
        }
        writer.member(",\"offering\":\"", attention.command.offering)
        writer.member(",\"command\":\"", attention.command)
        writer.member(",\"account\":\"", attention.account)
        writer.member(",\"at\":", at)
        return writer.end()
    }
}
