import Vocabulary

// What the payer must have been told on the strength of the decisions (Records.md,
// payment-commands).
extension OfferingAudit {
    /// The orders that a decision which was followed just now must have caused.
    mutating func orders(
        of decision: borrowing Decision, _ partition: Partition, _ body: (PaymentOrder) -> Void
    ) {
        switch decision.event {
        case .bid(.reserved(let placement)): collect(placement.bid, partition, body)
        case .bid(.promoted(let promotion)): collect(promotion.bid, partition, body)
        case .money(.refunding(let refund)):
            let kind = PaymentID.Kind.refund(refund.refund)
            let id = PaymentID(offering: name, bid: refund.bid, kind: kind, number: 1)
            payOut(id, partition, body)
        case .money(.distributed(let part)):
            let kind = PaymentID.Kind.distribution(part.kind, part.distribution)
            let id = PaymentID(offering: name, subject: part.account, kind: kind, number: 1)
            payOut(id, partition, body)
        case .offering(.filled), .offering(.closedShort):
            guard let payee = terms.payee, counters.settled > 0 else { return }
            let id = PaymentID(offering: name, subject: payee, kind: .disbursement, number: 1)
            payOut(id, partition, body)
        case .money(.repaying(_, _, let result)): payOut(result.payment, partition, body)
        case .bid(.cancelRequested(let request)):
            let id = PaymentID(offering: name, bid: request.bid, number: request.number)
            body(.recall(id, partition, request.account))
        case .money(.paymentReturned(let result)):
            for id in calledOff { body(.recall(id, partition, result.account)) }
            calledOff.removeAll()
        // No money moves by these, or it has moved.
        case .bid(.waitlisted), .bid(.settled), .bid(.settledLate), .bid(.released),
            .bid(.inDoubt), .bid(.cancelled), .bid(.expired), .money(.refunded),
            .money(.payoutInDoubt), .money(.paidOut), .money(.payoutDeclined),
            .offering(.opened), .offering(.scheduled), .offering(.amended), .offering(.paused),
            .offering(.resumed), .offering(.fullyReserved), .offering(.reopened),
            .offering(.closing), .offering(.cancelling), .offering(.offeringCancelled),
            .offering(.certificate), .offering(.archived), .partition, .rejected, .repeated:
            break
        }
    }

    /// All orders without a final result: the payments, and the recalls of some.
    func openOrders(_ partition: Partition, _ body: (PaymentOrder) -> Void) {
        for (index, bid) in names.enumerated() where bids[index].reserved > 0 {
            for number in stride(from: 1, through: bids[index].partCount, by: 1) {
                guard let part = part(number, of: index), part.state == .reserved else { continue }
                let id = PaymentID(offering: name, bid: bid, number: number)
                collect(id, part, of: index, partition, body)
                if part.isRecalled { body(.recall(id, partition, bids[index].account)) }
            }
        }
        for obligation in obligations {
            guard let payout = payouts[obligation], payout.isUnderWay else { continue }
            var id = obligation
            id.number = Int32(payout.commands.count)
            payOut(id, partition, body)
            if payout.isCalledOff { body(.recall(id, partition, payout.account)) }
        }
    }

    /// The newest part of a bid is to be paid for.
    private func collect(
        _ bid: Identifier, _ partition: Partition, _ body: (PaymentOrder) -> Void
    ) {
        guard let index = bidIndices[bid], let part = part(bids[index].partCount, of: index) else {
            return
        }
        let id = PaymentID(offering: name, bid: bid, number: bids[index].partCount)
        collect(id, part, of: index, partition, body)
    }

    private func collect(
        _ id: PaymentID, _ part: Part, of index: Int, _ partition: Partition,
        _ body: (PaymentOrder) -> Void
    ) {
        guard let amount = MinorUnits.product(part.shares, price: terms.price),
            let due = MinorUnits.product(bids[index].due, price: terms.price)
        else { return }
        body(
            .payment(
                PaymentCommand(
                    id: id, partition: partition, account: bids[index].account, amount: amount,
                    currency: allTerms.currency, due: due)))
    }

    private func payOut(
        _ id: PaymentID, _ partition: Partition, _ body: (PaymentOrder) -> Void
    ) {
        guard let payout = payouts[id.obligation], 0...largestInteger ~= payout.amount.rawValue
        else { return }
        body(
            .payment(
                PaymentCommand(
                    id: id, partition: partition, account: payout.account, amount: payout.amount,
                    currency: allTerms.currency, due: payout.amount, original: payout.original)))
    }
}

extension PaymentOrder {
    fileprivate static func recall(
        _ command: PaymentID, _ partition: Partition, _ account: Identifier
    ) -> PaymentOrder {
        .recall(PaymentRecall(command: command, partition: partition, account: account))
    }
}
