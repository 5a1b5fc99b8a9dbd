import Vocabulary

// Money that comes late, is given back, or is paid out.
extension OfferingAudit {
    mutating func follow(
        _ event: MoneyEvent, _ sequence: DecisionNumber, _ faults: inout [Fault]
    ) {
        switch event {
        case .refunding(let refund): giveBack(refund, &faults)
        case .refunded(let result), .paidOut(let result):
            change(result, &faults) { command, isPaid in
                command.isPaid = true
                command.isDeclined = false
                command.isProven = false
                return !isPaid
            }
        case .payoutInDoubt(let result):
            change(result, &faults) { command, isPaid in !isPaid && !command.isDeclined }
        case .payoutDeclined(let result, let reason, let isProven):
            change(result, &faults) { command, isPaid in
                let isRight = !isPaid && (!command.isDeclined || isProven && !command.isProven)
                    && (reason == .declined || isProven)
                command.isDeclined = true
                command.isProven = isProven
                return isRight
            }
        case .repaying(let command, let named, let result):
            act(command, .repay(payment: named), sequence, &faults)
            guard var payout = payouts[result.payment.obligation], !payout.isPaid,
                !payout.isCalledOff, payout.commands.last!.isDeclined,
                named.obligation == result.payment.obligation,
                named.number == 0 || Int(named.number) == payout.commands.count,
                Int(result.payment.number) == payout.commands.count + 1,
                result.amount == payout.amount, result.account == payout.account
            else {
                fault(
                    .wrongPayment, result.payment.bid,
                    "\(result.payment) was not declined, and did not come back", &faults)
                return
            }
            count(result.payment, payout, by: -1)
            payout.commands.append(Payout.Command())
            count(result.payment, payout, by: 1)
            payouts[result.payment.obligation] = payout
        case .paymentReturned(let result): takeReturn(result, &faults)
        case .distributed(let distributed):
            distribute(distributed, sequence, &faults)
        }
    }

    // MARK: Late money

    mutating func settleLate(_ paid: PaidPart, _ faults: inout [Fault]) {
        guard let index = known(paid.bid, paid.account, &faults) else { return }
        guard let part = part(paid.number, of: index), part.state == .released,
            paid.result > part.lastResult, paid.shares == sharesLeft(for: index, part)
        else {
            fault(
                .wrongPayment, paid.bid, "payment \(paid.number) settles "
                    + "\(paid.shares.words) late, and that is not what it was due", &faults)
            return
        }
        change(paid.number, of: index) {
            $0.state = .settled
            $0.shares = paid.shares
            $0.givenBack = part.shares - paid.shares
            $0.lastResult = paid.result
        }
        bids[index].settled += paid.shares
        counters.free -= paid.shares
        counters.settled += paid.shares
        change(paid.account, by: paid.shares, of: paid.bid)
        hold(paid.shares, paid.account)
        if paid.shares < part.shares {
            owesRefund = (index, paid.number, part.shares - paid.shares)
        }
    }

    /// What a released part may have again, as if it stood at its old place: in lots, and where its
    /// bid is served as a whole, all of it or nothing.
    private mutating func sharesLeft(for index: Int, _ part: Part) -> Shares {
        guard state.sells else { return 0 }
        let bid = bids[index]
        if !names[index].isDerived, isOneTooMany(bid.account) { return 0 }
        var room = counters.free
        if let cap = terms.cap { room = min(room, cap - (held[bid.account] ?? 0)) }
        if terms.isWhole(bid.allOrNone) {
            if terms.remainder == .hold, let front = line.front(bids), front < index { return 0 }
            return part.shares <= room ? part.shares : 0
        }
        let shares = max(0, min(part.shares, room)).rawValue
        return Shares(rawValue: shares - shares % terms.lot.rawValue)
    }

    // MARK: Refunds

    private mutating func giveBack(_ refund: Refund, _ faults: inout [Fault]) {
        guard let index = known(refund.bid, refund.account, &faults),
            let part = part(refund.number, of: index)
        else { return }
        let isRight: Bool
        if let result = refund.result {
            isRight = takeLate(refund, result, index, part)
        } else {
            isRight = state == .cancelling && part.state == .settled
                && refund.shares == part.shares
            counters.settled -= refund.shares
            counters.free += refund.shares
            bids[index].settled -= refund.shares
            change(refund.account, by: Shares(0) - refund.shares, of: refund.bid)
            settledShares[refund.account, default: 0] -= refund.shares
            change(refund.number, of: index) { $0.state = .refunded }
        }
        owesRefund = nil
        refunded += refund.shares
        let count = (refundCounts[refund.bid] ?? 0) + 1
        refundCounts[refund.bid] = count
        let amount = refund.shares.rawValue.multipliedReportingOverflow(by: terms.price.rawValue)
        if !isRight || refund.refund != count || amount.overflow
            || refund.amount.rawValue != amount.partialValue
        {
            fault(
                .wrongPayment, refund.bid, "\(refund.amount) are given back for \(refund.shares) "
                    + "shares of payment \(refund.number), and are not due", &faults)
        }
        let id = PaymentID(
            offering: name, bid: refund.bid, kind: .refund(refund.refund), number: 0)
        owe(id, refund.account, refund.amount, original: refund.number)
    }

    /// Money that came for shares which are gone; answers whether it had to go back.
    private mutating func takeLate(
        _ refund: Refund, _ result: Int64, _ index: Int, _ part: Part
    ) -> Bool {
        if let owed = owesRefund {
            return owed.index == index && owed.number == refund.number
                && owed.shares == refund.shares && result == part.lastResult
        }
        let isOpen = part.state == .reserved
        let isRight = result > part.lastResult && refund.shares == part.shares + part.givenBack
            && (isOpen && !state.sells
                || part.state == .released && sharesLeft(for: index, part) == 0)
        if isOpen {
            counters.reserved -= part.shares
            counters.free += part.shares
            bids[index].reserved -= part.shares
            change(refund.account, by: Shares(0) - part.shares, of: refund.bid)
        }
        change(refund.number, of: index) {
            $0.state = .refunded
            $0.lastResult = result
        }
        return isRight
    }

    /// The rest of what came late goes back at once, and a distribution is paid out whole.
    mutating func settleDebts(before event: DecisionEvent?, _ faults: inout [Fault]) {
        if let owed = owesRefund {
            if case .money(.refunding) = event { return }
            fault(
                .wrongPayment, nil, "money for \(owed.shares.words) came late and is kept",
                &faults)
            owesRefund = nil
        }
        if !owesParts.isEmpty {
            if case .money(.distributed) = event { return }
            fault(.wrongPayment, nil, "a distribution leaves holders out", &faults)
            owesParts.removeAll()
        }
    }

    // MARK: Payouts

    /// A result of one command, with a new number; `body` answers whether it may do what it does,
    /// where money for the obligation has come already or not.
    private mutating func change(
        _ result: PayoutResult, _ faults: inout [Fault],
        _ body: (inout Payout.Command, _ isPaid: Bool) -> Bool
    ) {
        let id = result.payment.obligation
        guard var payout = payouts[id], payout.account == result.account,
            payout.amount == result.amount, result.payment.number >= 1,
            Int(result.payment.number) <= payout.commands.count
        else {
            fault(.wrongPayment, result.payment.bid, "\(result.payment) is not owed", &faults)
            return
        }
        let index = Int(result.payment.number) - 1
        let isNew = result.result > payout.commands[index].lastResult
        count(id, payout, by: -1)
        let isRight = body(&payout.commands[index], payout.isPaid)
        payout.commands[index].lastResult = result.result
        count(id, payout, by: 1)
        noteIfForgone(payouts[id]!, payout)
        if !isNew || !isRight {
            fault(
                .wrongPayment, result.payment.bid, "result \(result.result) of \(result.payment) "
                    + "does not follow", &faults)
        }
        payouts[id] = payout
    }

    /// The command of a payout that an id names, if there is one.
    func command(_ id: PaymentID) -> Payout.Command? {
        guard let payout = payouts[id.obligation], id.number >= 1,
            Int(id.number) <= payout.commands.count
        else { return nil }
        return payout.commands[Int(id.number) - 1]
    }

    private mutating func owe(
        _ id: PaymentID, _ account: Identifier, _ amount: MinorUnits, original: Int32? = nil
    ) {
        if let known = payouts[id] { count(id, known, by: -1) } else { obligations.append(id) }
        let payout = Payout(account: account, amount: amount, original: original)
        payouts[id] = payout
        count(id, payout, by: 1)
    }

    private mutating func count(_ id: PaymentID, _ payout: Payout, by step: Int) {
        if id.bid != nil {
            if payout.isOwed { openRefunds += step }
        } else {
            if payout.isOwed { openPayouts += step }
            if !payout.isProven { unprovenPayouts += step }
        }
    }

    private mutating func takeReturn(_ result: PayoutResult, _ faults: inout [Fault]) {
        guard result.payment.kind == .collection else {
            return change(result, &faults) { command, _ in
                let wasPaid = command.isPaid
                command.isPaid = false
                command.isDeclined = true
                command.isProven = false
                return wasPaid
            }
        }
        guard let index = known(result.payment.subject, result.account, &faults) else { return }
        guard let part = part(result.payment.number, of: index),
            part.state == .settled || part.state == .refunded || part.state == .returned,
            result.result > part.lastResult
        else {
            fault(
                .wrongPayment, result.payment.bid, "\(result.payment) came back, and was not paid",
                &faults)
            return
        }
        change(result.payment.number, of: index) {
            $0.lastResult = result.result
            if $0.state == .settled { $0.state = .returned }
        }
        callOffRefunds(of: result.payment)
    }

    /// What of a collection's money is still to be given back is owed no more, once the bank has
    /// taken it back.
    private mutating func callOffRefunds(of collection: PaymentID) {
        calledOff.removeAll()
        var count = refundCounts[collection.subject] ?? 0
        while count > 0 {
            let id = PaymentID(
                offering: name, bid: collection.subject, kind: .refund(count), number: 0)
            count -= 1
            guard let known = payouts[id], known.original == collection.number, !known.isPaid,
                !known.isCalledOff
            else { continue }
            if known.isUnderWay {
                var command = id
                command.number = Int32(known.commands.count)
                calledOff.append(command)
            }
            self.count(id, known, by: -1)
            var payout = known
            payout.isCalledOff = true
            payouts[id] = payout
            self.count(id, payout, by: 1)
            noteIfForgone(known, payout)
        }
    }

    /// The shares of a refund that is owed no more came back from the bank: they count as returned.
    private mutating func noteIfForgone(_ before: Payout, _ after: Payout) {
        guard before.isForgone != after.isForgone else { return }
        let price = max(1, terms.price.rawValue)
        let shares = Shares(rawValue: after.amount.rawValue / price)
        let moved = after.isForgone ? shares : Shares(0) - shares
        refunded -= moved
        returned += moved
    }

    /// Settled shares of an account, in order of first settlement.
    mutating func hold(_ shares: Shares, _ account: Identifier) {
        if settledShares[account] == nil { settledOrder.append(account) }
        settledShares[account, default: 0] += shares
    }

    /// An offering that stands owes its payee the proceeds.
    mutating func owePayee() {
        guard let payee = terms.payee, counters.settled > 0 else { return }
        let id = PaymentID(offering: name, subject: payee, kind: .disbursement, number: 0)
        let amount = counters.settled.rawValue.multipliedReportingOverflow(
            by: terms.price.rawValue)
        owe(id, payee, MinorUnits(amount.partialValue))
    }

    // MARK: Distribution

    private mutating func distribute(
        _ part: Distributed, _ sequence: DecisionNumber, _ faults: inout [Fault]
    ) {
        let id = PaymentID(
            offering: name, subject: part.account,
            kind: .distribution(part.kind, part.distribution), number: 0)
        var name = id
        name.subject = self.name
        if owesParts.isEmpty {
            begin(part, name, sequence, &faults)
        } else if distributed[name].map({ $0.total != part.total }) ?? true {
            fault(.wrongPayment, nil, "two distributions in one group", &faults)
        }
        if let next = owesParts.first, next.account == part.account, next.amount == part.amount {
            owesParts.removeFirst()
        } else {
            fault(
                .wrongPayment, nil, "account \(part.account) gets \(part.amount) of distribution "
                    + "\(part.distribution), which is not its part", &faults)
        }
        owe(id, part.account, part.amount)
    }

    private mutating func begin(
        _ part: Distributed, _ name: PaymentID, _ sequence: DecisionNumber, _ faults: inout [Fault]
    ) {
        let allowed = part.kind == .interest
            ? terms.distributions?.interest : terms.distributions?.principal
        if state != .filled && state != .closedShort || distributed[name] != nil
            || !(allowed?.contains(part.distribution) ?? false)
        {
            fault(.againstTerms, nil, "\(part.distribution) is not to be distributed", &faults)
        }
        let action = OfferingCommand.Action.distribute(
            distribution: part.distribution, kind: part.kind, amount: part.total)
        act(part.command, action, sequence, &faults)
        distributed[name] = (part.total, sequence)
        if part.kind == .principal { checkPrincipal(part.total, &faults) }
        // Rounded down; then a unit each by size of the remainder, and by first settlement.
        let all = Int128(max(1, counters.settled.rawValue))
        var shares = settledOrder.map { account in
            let product = Int128(part.total.rawValue) * Int128(settledShares[account]!.rawValue)
            return (account: account, amount: Int64(product / all), rest: product % all)
        }
        var left = part.total.rawValue - shares.reduce(0) { $0 + $1.amount }
        for index in shares.indices.sorted(by: {
            shares[$0].rest != shares[$1].rest ? shares[$0].rest > shares[$1].rest : $0 < $1
        }) where left > 0 {
            shares[index].amount += 1
            left -= 1
        }
        owesParts = shares.filter { $0.amount > 0 }.map { ($0.account, MinorUnits($0.amount)) }
    }

    private mutating func checkPrincipal(_ total: MinorUnits, _ faults: inout [Fault]) {
        principal += Int128(total.rawValue)
        if principal > Int128(counters.settled.rawValue) * Int128(terms.price.rawValue) {
            fault(.againstTerms, nil, "more principal than was paid", &faults)
        }
    }
}
