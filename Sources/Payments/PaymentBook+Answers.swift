import Vocabulary

extension PaymentBook {
    /// The answer that is written with an entry that was applied last; nil where none is. It
    /// follows from the journal alone, number included.
    package func answer(with entry: JournalEntry) -> PaymentAnswer? {
        switch entry {
        case .epoch, .sending, .admitted, .conflict, .channel, .redrafted, .rebuilt, .proposed,
            .agreed, .resolved, .unresolved, .statement, .proven, .brake, .recallNoted, .invalid:
            nil
        case .lost(let entry): entry.result.flatMap { answer(entry.command, $0) }
        case .intent(let entry): entry.result.flatMap { answer(entry.command.id, $0) }
        case .outcome(let entry): entry.result.flatMap { answer(entry.command, $0) }
        case .lookup(let entry): entry.result.flatMap { answer(entry.command, $0) }
        case .parked(let entry): entry.result.flatMap { answer(entry.command, $0) }
        case .recalled(let entry): answer(entry.recall.command, entry.result)
        case .waiting(let entry):
            answer(entry.command, entry.result, as: .inDoubt, reason: .behindDoubt)
        }
    }

    /// The answer that the state of a command is.
    private func answer(_ id: PaymentID, _ number: Int64) -> PaymentAnswer? {
        guard let payment = self[id] else { return nil }
        switch payment.state {
        case .paid: return answer(id, number, as: .paid)
        case .declined: return answer(id, number, as: .declined)
        case .recalled: return answer(id, number, as: .recalled)
        default:
            guard let reason = payment.inDoubtReason else { return nil }
            return answer(id, number, as: .inDoubt, reason: reason)
        }
    }

    private func answer(
        _ id: PaymentID, _ number: Int64, as kind: PaymentResult.Kind, reason: PaymentDoubt? = nil
    ) -> PaymentAnswer? {
        guard let payment = self[id] else { return nil }
        let result = PaymentResult(
            kind: kind, payment: id, result: number, offering: id.offering,
            account: payment.account,
            amount: kind == .paid ? payment.intent?.command.amount : nil)
        return PaymentAnswer(
            result: result, partition: payment.partition,
            reference: kind == .paid ? payment.reference : nil, reason: reason)
    }

    /// The number of the answer to give once a command has come to stand like this; nil where
    /// the last answer said so already, or where there is nothing to say.
    func result(_ index: Int, becoming next: PaymentState) -> Int64? {
        if next.isFinal { return nextResult(index) }
        let reason: PaymentDoubt?
        if case .parked(let doubt) = next { reason = doubt } else { reason = next.doubt }
        guard let reason, reason != payments[index].lastReason else { return nil }
        return nextResult(index)
    }
}
