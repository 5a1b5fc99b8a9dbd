import Vocabulary

// Taking up decisions about money that was given back or paid out.

extension OfferingBook {
    /// Money that came too late, and what it got of what is free.
    mutating func restoreLate(_ part: PaidPart) throws(Mismatch) {
        let index = try partIndex(part.number, of: part.bid, part.account)
        guard bids[index].state == .released, part.shares > 0,
            part.shares <= min(bids[index].shares, counters.free),
            part.result > bids[index].lastResult
        else { throw Mismatch("part \(part.number) of \(part.bid) was not released") }
        settleLate(index, part.shares, result: part.result)
    }

    mutating func restore(_ event: MoneyEvent, sequence: DecisionNumber) throws(Mismatch) {
        switch event {
        case .refunding(let refund): try restore(refund)
        case .refunded(let result), .paidOut(let result):
            let payout = try owed(result)
            guard !payout.isPaid, result.result > payout[result.payment.number].lastResult else {
                throw Mismatch("it was paid before")
            }
            payOut(result.payment, result: result.result)
        case .payoutInDoubt(let result):
            try isNew(result)
            payouts.note(result.payment, result: result.result)
        case .payoutDeclined(let result, _, let isProven):
            try isNew(result)
            decline(result.payment, isProven: isProven, result: result.result)
        case .paymentReturned(let result): try restoreReturn(result)
        case .repaying(let command, let named, let result):
            guard let payout = payout(result.payment), payout.mayBeRepaid,
                named.obligation == result.payment.obligation,
                named.number == 0 || named.number == payout.number,
                result.payment.number == payout.number + 1, payout.amount == result.amount,
                commands.find(command) == nil
            else { throw Mismatch("\(result.payment) was not declined, and did not come back") }
            _ = repay(named, by: command, sequence: sequence)
        case .distributed(let distributed):
            let id = PaymentID(
                offering: identifier, subject: distributed.account,
                kind: .distribution(distributed.kind, distributed.distribution), number: 0)
            let account = distributed.account
            guard state == .filled || state == .closedShort, payout(id) == nil,
                let holder = accounts.find(account),
                accounts.settled(holder) > 0
            else { throw Mismatch("\(account) has no part in it, or had it before") }
            _ = distribute(distributed, sequence: sequence)
        }
    }

    private mutating func restore(_ refund: Refund) throws(Mismatch) {
        let index = try partIndex(refund.number, of: refund.bid, refund.account)
        let part = bids[index]
        let isRight: Bool
        if let result = refund.result {
            isRight = switch part.state {
            // The rest of what was settled late.
            case .settled: result == part.lastResult
            case .reserved, .recalling, .released:
                refund.shares == bids.commanded(index) && result > part.lastResult
            case .refunded, .returned: false
            }
        } else {
            isRight = part.state == .settled && refund.shares == part.shares
        }
        guard isRight, refund.refund == payouts.nextRefund(of: index.bid) else {
            throw Mismatch("part \(refund.number) of \(refund.bid) can't be given back")
        }
        giveBack(index, refund)
    }

    private mutating func restoreReturn(_ result: PayoutResult) throws(Mismatch) {
        guard result.payment.kind == .collection else {
            let payout = try owed(result)
            let command = payout[result.payment.number]
            guard command.state == .paid, result.result > command.lastResult else {
                throw Mismatch("\(result.payment) was not paid, or came back before")
            }
            return takeBack(result.payment, result: result.result)
        }
        let index = try partIndex(result.payment.number, of: result.payment.subject, result.account)
        guard bids[index].state.wasPaid, result.result > bids[index].lastResult else {
            throw Mismatch("\(result.payment) was not paid")
        }
        _ = takeReturn(index, number: result.payment.number, result: result.result)
    }

    private func partIndex(
        _ number: Int32, of bid: Identifier, _ account: Identifier
    ) throws(Mismatch) -> PartIndex {
        guard let index = bids.accepted(bid), self.account(of: index) == account,
            let part = bids.part(number, of: index)
        else { throw Mismatch("bid \(bid) has no part \(number)") }
        return part
    }

    private func owed(_ result: PayoutResult) throws(Mismatch) -> PayoutTable.Payout {
        guard let payout = payout(result.payment), payout.account == result.account,
            payout.amount == result.amount, (1...payout.number).contains(result.payment.number)
        else { throw Mismatch("\(result.payment) is not owed") }
        return payout
    }

    /// What does not pay answers a command of an obligation that is not paid, with a new number.
    private func isNew(_ result: PayoutResult) throws(Mismatch) {
        let payout = try owed(result)
        guard !payout.isPaid, result.result > payout[result.payment.number].lastResult
        else { throw Mismatch("result \(result.result) of \(result.payment) does not follow") }
    }
}
