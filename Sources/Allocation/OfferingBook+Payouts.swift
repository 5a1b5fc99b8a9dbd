import Vocabulary

// What a payment result does to money that is paid out: refunds, distributions, the proceeds.

extension OfferingBook {
    /// The order of the checks is that of collections. Any of its commands may pay an obligation;
    /// all else is heard of the last one only.
    mutating func decidePayout(
        _ id: PaymentID, _ result: PaymentResult, into group: inout DecisionGroup
    ) {
        guard let payout = payouts[id], id.number <= payout.number,
            payout.account == result.account
        else { return reject(result, .unknownCommand, into: &group) }
        let brings = result.kind == .paid || result.kind == .conflict
        if brings && result.amount != payout.amount {
            return reject(result, .amountMismatch, into: &group)
        }
        let isLast = id.number == payout.number
        if isLast, result.result <= payout.lastResult {
            return record(
                .repeated(.payment(id, result: result.result, last: payout.lastResult)),
                into: &group)
        }
        let outcome = PayoutResult(
            payment: id, account: payout.account, amount: payout.amount, result: result.result)
        switch (result.kind, payout.state) {
        case (.paid, .commanded), (.paid, .declined), (.conflict, .commanded),
            (.conflict, .declined):
            payouts.pay(id, result: result.result)
            record(id.bid == nil ? .paidOut(outcome) : .refunded(outcome), into: &group)
        case (.returned, .paid):
            if isLast { payouts.note(id, result: result.result) }
            record(.paymentReturned(outcome), into: &group)
        case (.declined, .commanded) where isLast,
            // What was declined may be proven later.
            (.declined, .declined(isProven: false)) where isLast && result.isProven:
            decline(id, .declined, result, outcome, into: &group)
        case (.recalled, .commanded) where isLast:
            decline(id, .recalled, result, outcome, into: &group)
        case (.failedByPerson, .commanded) where isLast,
            (.failedByPerson, .declined(isProven: false)) where isLast:
            decline(id, .failedByPerson, result, outcome, into: &group)
        case (.inDoubt, .commanded) where isLast:
            payouts.note(id, result: result.result)
            record(.payoutInDoubt(outcome), into: &group)
        default:
            reject(result, .wrongState, into: &group)
        }
    }

    /// Two people who say that it failed have proven it, as a closed statement does.
    private mutating func decline(
        _ id: PaymentID, _ reason: ReleaseReason, _ result: PaymentResult,
        _ outcome: PayoutResult, into group: inout DecisionGroup
    ) {
        let isProven = result.isProven || reason != .declined
        payouts.decline(id, isProven: isProven, result: result.result)
        record(.payoutDeclined(outcome, reason, isProven: isProven), into: &group)
    }

    /// `offering.repay`: a payout that was declined is commanded again, under the next number. The
    /// payer's cap sees to it that both together move what is due once at most.
    mutating func decideRepayment(
        _ command: OfferingCommand, of payment: PaymentID?, into group: inout DecisionGroup
    ) {
        guard let payment, payment.offering == identifier, let payout = payouts[payment],
            payment.number == 0 || payment.number == payout.number,
            case .declined = payout.state,
            payment.bid != nil || state == .filled || state == .closedShort
        else { return refuse(command, .wrongState, into: &group) }
        let next = repay(payment, by: command.command, sequence: group.nextSequence)
        let outcome = PayoutResult(
            payment: next, account: payout.account, amount: payout.amount, result: 0)
        record(.repaying(command: command.command, outcome), into: &group)
        recordPayout(next, into: &group)
    }
}
