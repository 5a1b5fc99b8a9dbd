import Vocabulary

// Money is given back (Rules.md, Cancelling): each time one obligation and one command.

extension OfferingBook {
    /// A settled part is given up: its shares are free, and its money goes back.
    mutating func recordRefund(
        of index: PartIndex, number: Int32, into group: inout DecisionGroup
    ) throws(InvariantViolation) {
        let refund = refund(of: bids[index].shares, index, number, result: nil)
        try record(refund, of: index, into: &group)
    }

    /// Money came for which there are no shares: `shares` of the part's price go back.
    mutating func recordRefund(
        of index: PartIndex, _ shares: Shares, by result: PaymentResult,
        into group: inout DecisionGroup
    ) throws(InvariantViolation) {
        let number = result.payment!.number
        let refund = refund(of: shares, index, number, result: result.result)
        try record(refund, of: index, into: &group)
    }

    private func refund(
        of shares: Shares, _ index: PartIndex, _ number: Int32, result: Int64?
    ) -> Refund {
        Refund(
            bid: bids.identifier(of: index.bid), account: account(of: index.bid), shares: shares,
            number: number, refund: payouts.nextRefund(of: index.bid),
            amount: bidTerms.cost(of: shares), result: result)
    }

    private mutating func record(
        _ refund: Refund, of index: PartIndex, into group: inout DecisionGroup
    ) throws(InvariantViolation) {
        guard refund.shares > 0, refund.shares <= bids.commanded(index) else {
            throw violation(
                "\(refund.shares) shares of bid \(refund.bid) are to be given back, of "
                    + "\(bids.commanded(index))")
        }
        giveBack(index, refund)
        record(.money(.refunding(refund)), into: &group)
        recordPayout(
            PaymentID(
                offering: identifier, bid: refund.bid, kind: .refund(refund.refund), number: 1),
            into: &group)
        try check(index.bid)
    }

    /// The command of a payout that the book holds.
    func recordPayout(_ id: PaymentID, into group: inout DecisionGroup) {
        guard let payout = payout(id) else { preconditionFailure("\(id) is not owed") }
        group.append(
            PaymentCommand(
                id: id, partition: group.partition, account: payout.account,
                amount: payout.amount, currency: bidTerms.currency, due: payout.amount,
                original: payout.original))
    }
}
