import Vocabulary

// Taking up decisions about money that was given back or paid out, and about the end of an
// offering.

extension OfferingBook {
    mutating func restoreMoney(_ event: DecisionEvent, sequence: Sequence) throws(Mismatch) {
        switch event {
        case .settledLate(let part):
            let place = try partPlace(part.number, of: part.bid, part.account)
            guard bids[place].state == .released, part.shares > 0,
                part.shares <= min(bids[place].shares, counters.free),
                part.result > bids[place].lastResult
            else { throw Mismatch("part \(part.number) of \(part.bid) was not released") }
            settleLate(place, part.shares, result: part.result)
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
        default: preconditionFailure("no event of money")
        }
    }

    mutating func restoreEnding(_ event: DecisionEvent, sequence: Sequence) throws(Mismatch) {
        switch event {
        case .amended(let command, let closesAt):
            guard state.isBeforeClose, let end = self.closesAt, closesAt > end else {
                throw Mismatch("its end can't be moved to \(closesAt)")
            }
            amend(closesAt, by: command, sequence: sequence)
        case .closing(let command):
            guard state.isBeforeClose else { throw Mismatch("it is \(state)") }
            close(by: command, sequence: sequence)
        case .cancelling(let cancelling):
            guard state.sells || (state == .filled || state == .closedShort) && !isArchived else {
                throw Mismatch("it is \(state)")
            }
            cancel(cancelling, sequence: sequence)
        case .certificate(let certificate):
            guard certificate == self.certificate, state.isFinal, !isCertified else {
                throw Mismatch(
                    "it certifies what these rules don't: it was written by an earlier build, or "
                        + "changed")
            }
            isCertified = true
        case .archived:
            guard state.isFinal, !isArchived else { throw Mismatch("it is \(state)") }
            archive()
        default: preconditionFailure("no event of an offering's end")
        }
    }

    private mutating func restore(_ refund: Refund) throws(Mismatch) {
        let place = try partPlace(refund.number, of: refund.bid, refund.account)
        let part = bids[place]
        let isRight: Bool
        if let result = refund.result {
            isRight = switch part.state {
            // The rest of what was settled late.
            case .settled: result == part.lastResult
            case .reserved, .recalling, .released:
                refund.shares == bids.commanded(place) && result > part.lastResult
            case .refunded, .returned: false
            }
        } else {
            isRight = part.state == .settled && refund.shares == part.shares
        }
        guard isRight, refund.refund == payouts.nextRefund(of: place.bid) else {
            throw Mismatch("part \(refund.number) of \(refund.bid) can't be given back")
        }
        giveBack(place, refund)
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
        let place = try partPlace(result.payment.number, of: result.payment.subject, result.account)
        guard bids[place].state.wasPaid, result.result > bids[place].lastResult else {
            throw Mismatch("\(result.payment) was not paid")
        }
        _ = takeReturn(place, number: result.payment.number, result: result.result)
    }

    private func partPlace(
        _ number: Int32, of bid: Identifier, _ account: Identifier
    ) throws(Mismatch) -> PartPlace {
        guard let index = bids.accepted(bid), self.account(of: index) == account,
            let place = bids.part(number, of: index)
        else { throw Mismatch("bid \(bid) has no part \(number)") }
        return place
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
