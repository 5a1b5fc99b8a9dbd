import Vocabulary

// What becomes of the parts of a bid: promoted, settled, released, gone from the line.
extension OfferingAudit {
    mutating func promote(_ promotion: Promotion, _ faults: inout [Fault]) {
        guard let index = known(promotion.bid, promotion.account, &faults) else { return }
        let free = counters.free
        if bids[index].isOver || promotion.shares < 1 || promotion.shares > free
            || bids[index].waiting != promotion.shares + promotion.waiting
            || terms.isWhole(bids[index].allOrNone) && promotion.waiting > 0
            || promotion.shares.rawValue % terms.lot.rawValue != 0
        {
            fault(
                .wrongParts, promotion.bid, "\(bids[index].waiting) waited and \(free) were free; "
                    + "\(promotion.shares) promoted and \(promotion.waiting) left don't fit",
                &faults)
        }
        if promotion.waiting > 0, promotion.shares != free {
            fault(.notServed, promotion.bid, "it could have got \(free)", &faults)
        }
        checkTurn(index, promotion.bid, free, &faults)
        bids[index].waiting = promotion.waiting
        bids[index].reserved += promotion.shares
        add(Part(shares: promotion.shares), to: index)
        waiting -= promotion.shares
        counters.free -= promotion.shares
        counters.reserved += promotion.shares
    }

    /// Nobody who came earlier and could take shares may be passed over.
    private mutating func checkTurn(
        _ index: Int, _ bid: Identifier, _ free: Shares, _ faults: inout [Fault]
    ) {
        var earlier: Int?
        if terms.remainder == .hold, let front = line.front(bids), front != index {
            earlier = front
        }
        if let split = line.firstSplit(bids), split < index { earlier = split }
        if let whole = line.smallestWhole(bids), whole < index, bids[whole].waiting <= free {
            earlier = whole
        }
        if let earlier {
            fault(
                .wrongOrder, bid, "it got shares before a bid of account "
                    + "\(bids[earlier].account), which came earlier and could take them", &faults)
        }
    }

    /// A part whose payment is recalled: reserved, and for the first time.
    mutating func recall(_ request: RecallRequest, _ faults: inout [Fault]) {
        guard let index = known(request.bid, request.account, &faults) else { return }
        guard let part = part(request.number, of: index), part.state == .reserved,
            !part.isRecalled, part.shares == request.shares
        else {
            fault(
                .wrongPayment, request.bid, "payment \(request.number) of \(request.shares.words) "
                    + "is not open, or was recalled before", &faults)
            return
        }
        change(request.number, of: index) { $0.isRecalled = true }
    }

    mutating func settle(_ part: PaidPart, _ faults: inout [Fault]) {
        guard let index = open(part, &faults) else { return }
        change(part.number, of: index) { $0.state = .settled }
        bids[index].reserved -= part.shares
        bids[index].settled += part.shares
        counters.reserved -= part.shares
        counters.settled += part.shares
        hold(part.shares, part.account)
        if !state.sells {
            fault(.wrongState, part.bid, "it is paid for while the offering is \(state)", &faults)
        }
    }

    mutating func release(_ part: PaidPart, _ faults: inout [Fault]) {
        guard let index = open(part, &faults) else { return }
        change(part.number, of: index) { $0.state = .released }
        bids[index].reserved -= part.shares
        bids[index].isOver = true
        counters.reserved -= part.shares
        counters.free += part.shares
        change(part.account, by: Shares(0) - part.shares, of: part.bid)
        owesCancellation = index
    }

    /// Paid shares of an offering that is cancelled, whose money the bank took back.
    mutating func releaseReturned(_ part: PaidPart, _ faults: inout [Fault]) {
        guard let index = known(part.bid, part.account, &faults) else { return }
        guard let known = self.part(part.number, of: index), known.state == .returned,
            known.shares == part.shares, known.lastResult == part.result, state == .cancelling
        else {
            fault(
                .wrongPayment, part.bid, "payment \(part.number) of \(part.shares.words) did not "
                    + "come back by result \(part.result), or nothing is cancelled", &faults)
            return
        }
        change(part.number, of: index) { $0.state = .released }
        bids[index].settled -= part.shares
        counters.settled -= part.shares
        counters.free += part.shares
        change(part.account, by: Shares(0) - part.shares, of: part.bid)
        settledShares[part.account, default: 0] -= part.shares
        returned += part.shares
    }

    /// A waiting part is no more.
    mutating func leave(_ part: WaitingPart, _ faults: inout [Fault]) {
        guard let index = known(part.bid, part.account, &faults) else { return }
        if bids[index].waiting != part.shares || part.shares < 1 {
            fault(
                .wrongParts, part.bid, "\(bids[index].waiting) waited, and \(part.shares) are said "
                    + "to wait no longer", &faults)
        }
        waiting -= bids[index].waiting
        change(part.account, by: Shares(0) - bids[index].waiting, of: part.bid)
        bids[index].waiting = 0
    }

    /// The index of a bid that was taken.
    func known(
        _ bid: Identifier, _ account: Identifier, _ faults: inout [Fault]
    ) -> Int? {
        guard let index = bidIndices[bid], bids[index].was != .rejected,
            bids[index].account == account
        else {
            fault(.wrongParts, bid, "no such bid of \(account) was taken", &faults)
            return nil
        }
        return index
    }

    /// The index of the bid whose part this is, if the part is open and is moved by a new result.
    mutating func open(_ paid: PaidPart, _ faults: inout [Fault]) -> Int? {
        guard let index = known(paid.bid, paid.account, &faults) else { return nil }
        guard let part = part(paid.number, of: index), part.state == .reserved,
            part.shares == paid.shares, paid.result > part.lastResult
        else {
            fault(
                .wrongPayment, paid.bid, "payment \(paid.number) of \(paid.shares.words) is not "
                    + "open, or its result \(paid.result) is not new", &faults)
            return nil
        }
        change(paid.number, of: index) { $0.lastResult = paid.result }
        return index
    }

    /// A result is refused as a contradiction only where it is new. Which kind it was the decision
    /// does not say: what was never paid can't be returned, for one.
    func reject(
        _ payment: PaymentID, _ result: Int64, _ reason: Reason, _ faults: inout [Fault]
    ) {
        guard reason == .wrongState, payment.kind == .collection else { return }
        guard let part = part(payment), result > part.lastResult else {
            fault(
                .wrongPayment, payment.subject, "result \(result) of payment \(payment.number) is "
                    + "refused, and is not new", &faults)
            return
        }
    }

    // MARK: Parts by number

    /// The part that a payment collects for, if there is one.
    func part(_ payment: PaymentID) -> Part? {
        guard payment.offering == name, payment.kind == .collection,
            let index = bidIndices[payment.subject]
        else { return nil }
        return part(payment.number, of: index)
    }

    func part(_ number: Int32, of index: Int) -> Part? {
        guard number >= 1, number <= bids[index].partCount else { return nil }
        return number == 1 ? bids[index].part : moreParts[index]?[Int(number) - 2]
    }

    private mutating func add(_ part: Part, to index: Int) {
        if bids[index].partCount == 0 {
            bids[index].part = part
        } else {
            moreParts[index, default: []].append(part)
        }
        bids[index].partCount += 1
    }

    mutating func change(_ number: Int32, of index: Int, _ body: (inout Part) -> Void) {
        if number == 1 {
            body(&bids[index].part!)
        } else {
            body(&moreParts[index]![Int(number) - 2])
        }
    }
}
