import Vocabulary

// What a payment result does to money that is paid out: refunds, distributions, the proceeds.

extension OfferingBook {
    /// What is owed under this id; an id that names another offering is none of this one.
    func payout(_ id: PaymentID) -> PayoutTable.Payout? {
        id.offering == identifier ? payouts[id] : nil
    }

    /// The order of the checks is that of collections. Any command of an obligation may pay it,
    /// and what was declined of any of them may be proven later; all that comes once it is paid
    /// contradicts that, but that the money came back: then it is owed again.
    mutating func decidePayout(
        _ id: PaymentID, _ result: PaymentResult, into group: inout DecisionGroup
    ) {
        guard let payout = payout(id), (1...payout.number).contains(id.number),
            payout.account == result.account
        else { return reject(result, .unknownCommand, into: &group) }
        let brings = result.kind == .paid || result.kind == .conflict
        if brings && result.amount != payout.amount {
            return reject(result, .amountMismatch, into: &group)
        }
        let command = payout[id.number]
        if result.result <= command.lastResult {
            return record(
                .repeated(.payment(id, result: result.result, last: command.lastResult)),
                into: &group)
        }
        let outcome = PayoutResult(
            payment: id, account: payout.account, amount: payout.amount, result: result.result)
        switch (result.kind, command.state) {
        case (.returned, .paid):
            takeBack(id, result: result.result)
            record(.money(.paymentReturned(outcome)), into: &group)
        case _ where payout.isPaid:
            reject(result, .wrongState, into: &group)
        case (.paid, _), (.conflict, _):
            payOut(id, result: result.result)
            record(
                .money(id.bid == nil ? .paidOut(outcome) : .refunded(outcome)), into: &group)
        case (.declined, .commanded):
            decline(id, .declined, result, outcome, into: &group)
        case (.declined, .declined(isProven: false)) where result.isProven:
            decline(id, .declined, result, outcome, into: &group)
        case (.recalled, .commanded):
            decline(id, .recalled, result, outcome, into: &group)
        case (.failedByPerson, .commanded), (.failedByPerson, .declined(isProven: false)):
            decline(id, .failedByPerson, result, outcome, into: &group)
        case (.inDoubt, .commanded):
            payouts.note(id, result: result.result)
            record(.money(.payoutInDoubt(outcome)), into: &group)
        default:
            reject(result, .wrongState, into: &group)
        }
    }

    /// Two people who say that it failed have proven it, as a closed statement does; and what was
    /// recalled never left.
    private mutating func decline(
        _ id: PaymentID, _ reason: ReleaseReason, _ result: PaymentResult,
        _ outcome: PayoutResult, into group: inout DecisionGroup
    ) {
        let isProven = result.isProven || reason != .declined
        decline(id, isProven: isProven, result: result.result)
        record(.money(.payoutDeclined(outcome, reason, isProven: isProven)), into: &group)
    }
}
