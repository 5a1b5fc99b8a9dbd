import Vocabulary

// A refund or payout that was declined, or came back, is commanded again (Rules.md,
// Paying again).

extension OfferingBook {
    /// The same obligation under the next number. The payer's cap sees to it that all its commands
    /// together move what is due once at most.
    mutating func decideRepayment(
        _ command: OfferingCommand, of payment: PaymentID?, into group: inout DecisionGroup
    ) {
        guard let payment, let payout = payout(payment),
            payment.number == 0 || payment.number == payout.number, payout.mayBeRepaid,
            payment.bid != nil || state == .filled || state == .closedShort
        else { return reject(spending: command, .wrongState, into: &group) }
        let next = repay(payment, by: command.command, sequence: group.nextSequence)
        let outcome = PayoutResult(
            payment: next, account: payout.account, amount: payout.amount, result: 0)
        record(.money(.repaying(command: command.command, named: payment, outcome)), into: &group)
        recordPayout(next, into: &group)
    }
}
