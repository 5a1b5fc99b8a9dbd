import Allocation
import Vocabulary

// The end of an offering, and money that goes back, as plainly as the rest.
extension NaiveBook {
    mutating func expireAll() {
        for index in entries.indices where entries[index].waits > 0 {
            let part = waitingPart(index)
            entries[index].waits = 0
            answer(.bid(.expired(part)))
        }
    }

    mutating func endSale() {
        expireAll()
        let least = (terms.minimumShares ?? terms.shares).rawValue
        if let backstop = terms.backstop, !hasBackstop {
            let takes = min(free, backstop.maxShares.rawValue)
            if takes > 0 && settled + takes >= least {
                hasBackstop = true
                let bid = Bid(
                    bid: .backstop, offering: Ledger.offering, account: backstop.account,
                    shares: Shares(takes))
                var entry = Entry(bid: bid, first: sequence + 1, was: .reserved)
                place(&entry, gets: takes, waits: 0, cut: 0, reason: nil)
                entries.append(entry)
                return
            }
        }
        if settled >= least {
            answer(.offering(.closedShort), state: .closedShort)
        } else {
            answer(.offering(.cancelling(.shortfall)), state: .cancelling)
        }
    }

    mutating func giveBack() {
        for index in entries.indices where entries[index].waits > 0 {
            let part = waitingPart(index)
            entries[index].waits = 0
            answer(.bid(.cancelled(part)))
        }
        for index in entries.indices {
            for part in entries[index].parts.indices {
                switch entries[index].parts[part].state {
                case .reserved
                where !entries[index].parts[part].isRecalled || fault == .recallsTwice:
                    recall(index, part)
                case .returned where fault != .refundsWhatCameBack:
                    entries[index].parts[part].state = .released
                    let entry = entries[index]
                    answer(
                        .bid(.released(
                            PaidPart(
                                bid: entry.bid.bid, account: entry.bid.account,
                                shares: Shares(entry.parts[part].shares),
                                number: Int32(part + 1), result: entry.parts[part].lastResult),
                            .returned)))
                    returned += entry.parts[part].shares
                case .settled, .returned:
                    entries[index].parts[part].state = .refunded
                    refund(index, part, entries[index].parts[part].shares, result: nil)
                default: break
                }
            }
        }
        if reserved == 0 && refunds.allSatisfy({ $0.isPaid || $0.isForgone }) {
            answer(.offering(.offeringCancelled), state: .cancelled)
        }
    }

    mutating func recall(_ index: Int, _ part: Int) {
        let entry = entries[index]
        entries[index].parts[part].isRecalled = true
        answer(
            .bid(.cancelRequested(
                RecallRequest(
                    bid: entry.bid.bid, account: entry.bid.account,
                    shares: Shares(entry.parts[part].shares), number: Int32(part + 1)))))
        recalls.append(
            PaymentRecall(
                command: PaymentID(
                    offering: Ledger.offering, bid: entry.bid.bid, number: Int32(part + 1)),
                partition: 3, account: entry.bid.account))
    }

    /// Money of a part goes back, for so many of its shares.
    mutating func refund(_ index: Int, _ part: Int, _ shares: Int64, result: Int64?) {
        let bid = entries[index].bid
        let n = Int32(refunds.count { $0.entry == index } + 1)
        refunds.append(Refund(entry: index, n: n, shares: shares, of: Int32(part + 1)))
        answer(
            .money(.refunding(
                Vocabulary.Refund(
                    bid: bid.bid, account: bid.account, shares: Shares(shares),
                    number: Int32(part + 1), refund: n,
                    amount: MinorUnits(shares * terms.price.rawValue), result: result))))
        command(refunds.count - 1)
    }

    /// The bank took back the k-th collection of a bid: what of it was to be given back is not.
    mutating func callOffRefunds(_ entry: Int, of k: Int32) {
        for index in refunds.indices
        where refunds[index].entry == entry && refunds[index].of == k && !refunds[index].isPaid
            && !refunds[index].isCalledOff
        {
            refunds[index].isCalledOff = true
            guard refunds[index].isUnderWay else { continue }
            recalls.append(
                PaymentRecall(
                    command: id(index, Int32(refunds[index].commands.count)), partition: 3,
                    account: entries[entry].bid.account))
        }
    }

    mutating func command(_ index: Int) {
        let refund = refunds[index]
        let amount = MinorUnits(refund.shares * terms.price.rawValue)
        payments.append(
            PaymentCommand(
                id: id(index, Int32(refund.commands.count)), partition: 3,
                account: entries[refund.entry].bid.account, amount: amount,
                currency: terms.currency, due: amount, original: refund.of))
    }

    func id(_ index: Int, _ k: Int32) -> PaymentID {
        PaymentID(
            offering: Ledger.offering, bid: entries[refunds[index].entry].bid.bid,
            kind: .refund(refunds[index].n), number: k)
    }

    var certificate: Certificate {
        let taken = entries.filter { $0.was != .rejected }
        return Certificate(
            state: state, terms: filledIn,
            inputs: [Certificate.Range(topic: .bids, first: 0, last: 0)],
            refusals: Reason.allCases.compactMap { reason in
                refusals[reason].map { Certificate.Refusals(reason: reason, count: $0) }
            },
            bids: Int64(taken.count), accounts: Int64(Set(taken.map(\.bid.account)).count),
            refunded: Shares(
                refunds.filter { !$0.isForgone }.reduce(0) { $0 + $1.shares }),
            returned: Shares(
                returned + refunds.filter(\.isForgone).reduce(0) { $0 + $1.shares }))
    }

    var filledIn: OfferingTerms {
        var all = terms
        all.lot = terms.lot ?? 1
        all.minShares = terms.minShares ?? all.lot
        all.remainder = rule
        all.waitlistShares = terms.waitlistShares ?? terms.shares
        all.minimumShares = terms.minimumShares ?? terms.shares
        all.rules = terms.rules ?? RulesByVersion.released.newest
        return all
    }

    /// Money for shares that were released: what is free of them is the bid's, the rest goes back.
    mutating func takeLate(_ index: Int, _ number: Int, _ result: PaymentResult) {
        let bid = entries[index].bid
        let had = entries[index].parts[number].commanded
        var gets: Int64 = 0
        if sells {
            let has = entries.filter { $0.bid.account == bid.account }
                .reduce(0) { $0 + $1.sum(.reserved) + $1.settled + $1.waits }
            gets = max(0, min(had, (terms.maxSharesPerAccount?.rawValue ?? .max) - has))
            if fault == .forgetsTheCapOfLateMoney { gets = had }
            if (bid.allOrNone || rule != .split) && fault != .splitsLateMoney {
                if gets > free || gets < had { gets = 0 }
            } else {
                gets = min(gets, free) / lot * lot
            }
            let isBehind = entries[..<index].contains { $0.waits > 0 }
            if rule == .hold && isBehind { gets = 0 }
            if !bid.bid.isDerived && isOneAccountTooMany(bid.account) { gets = 0 }
        }
        entries[index].parts[number].lastResult = result.result
        entries[index].parts[number].state = .refunded
        if gets > 0 {
            entries[index].parts[number].state = .settled
            entries[index].parts[number].shares = gets
            answer(
                .bid(.settledLate(
                    PaidPart(
                        bid: bid.bid, account: bid.account, shares: Shares(gets),
                        number: Int32(number + 1), result: result.result))))
        }
        if gets < had { refund(index, number, had - gets, result: result.result) }
    }

    mutating func decideRefund(_ payment: PaymentID, _ result: PaymentResult) {
        guard let index = refunds.indices.first(where: { id($0, 0) == payment.obligation }),
            payment.number <= refunds[index].commands.count,
            entries[refunds[index].entry].bid.account == result.account
        else { return reject(result, .unknownCommand) }
        let refund = refunds[index]
        let outcome = outcome(index, payment.number, result.result)
        let isMoney = result.kind == .paid || result.kind == .conflict
        if isMoney && result.amount != outcome.amount { return reject(result, .amountMismatch) }
        let k = fault == .mistakesRepaidCommands ? 0 : Int(payment.number) - 1
        let command = refund.commands[k]
        if result.result <= command.lastResult {
            return answer(
                .repeated(.payment(payment, result: result.result, last: command.lastResult)))
        }
        var next: Refund.Command.State?
        switch result.kind {
        case .returned: if command.state == .paid { next = .returned }
        case .paid, .conflict: if !refund.isPaid { next = .paid }
        case .inDoubt: if !refund.isPaid && command.state == .commanded { next = .commanded }
        case .recalled: if !refund.isPaid && command.state == .commanded { next = .proven }
        case .declined, .failedByPerson:
            let isProven = result.isProven || result.kind == .failedByPerson
            let isNews = command.state == .commanded || command.state == .declined && isProven
            if !refund.isPaid && isNews { next = isProven ? .proven : .declined }
        }
        guard let next else { return reject(result, .wrongState) }
        refunds[index].commands[k] = Refund.Command(state: next, lastResult: result.result)
        switch result.kind {
        case .returned: answer(.money(.paymentReturned(outcome)))
        case .paid, .conflict: answer(.money(.refunded(outcome)))
        case .inDoubt: answer(.money(.payoutInDoubt(outcome)))
        case .declined, .recalled, .failedByPerson:
            answer(
                .money(.payoutDeclined(
                    outcome, ReleaseReason(rawValue: result.kind.rawValue)!,
                    isProven: next == .proven)))
        }
    }

    func outcome(_ index: Int, _ k: Int32, _ result: Int64) -> PayoutResult {
        PayoutResult(
            payment: id(index, k), account: entries[refunds[index].entry].bid.account,
            amount: MinorUnits(refunds[index].shares * terms.price.rawValue), result: result)
    }
}
