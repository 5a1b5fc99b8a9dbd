import Vocabulary

// What becomes of the parts of a bid: promoted, settled, released, gone from the line.
extension OfferingAudit {
    mutating func promote(_ promotion: Promotion, _ faults: inout [Fault]) {
        guard let place = known(promotion.bid, promotion.account, &faults) else { return }
        let free = counters.free
        if bids[place].isOver || promotion.shares < 1 || promotion.shares > free
            || bids[place].waiting != promotion.shares + promotion.waiting
            || terms.isWhole(bids[place].allOrNone) && promotion.waiting > 0
            || promotion.shares.rawValue % terms.lot.rawValue != 0
        {
            fault(
                .wrongParts, promotion.bid, "\(bids[place].waiting) waited and \(free) were free; "
                    + "\(promotion.shares) promoted and \(promotion.waiting) left don't fit",
                &faults)
        }
        if promotion.waiting > 0, promotion.shares != free {
            fault(.notServed, promotion.bid, "it could have got \(free)", &faults)
        }
        checkTurn(place, promotion.bid, free, &faults)
        bids[place].waiting = promotion.waiting
        bids[place].reserved += promotion.shares
        add(Part(shares: promotion.shares), to: place)
        waiting -= promotion.shares
        counters.free -= promotion.shares
        counters.reserved += promotion.shares
    }

    /// Nobody who came earlier and could take shares may be passed over.
    private mutating func checkTurn(
        _ place: Int, _ bid: Identifier, _ free: Shares, _ faults: inout [Fault]
    ) {
        var earlier: Int?
        if terms.remainder == .hold, let front = line.front(bids), front != place {
            earlier = front
        }
        if let split = line.firstSplit(bids), split < place { earlier = split }
        if let whole = line.smallestWhole(bids), whole < place, bids[whole].waiting <= free {
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
        guard let place = known(request.bid, request.account, &faults) else { return }
        guard let part = part(request.number, of: place), part.state == .reserved,
            !part.isRecalled, part.shares == request.shares
        else {
            fault(
                .wrongPayment, request.bid, "payment \(request.number) of \(request.shares.words) "
                    + "is not open, or was recalled before", &faults)
            return
        }
        change(request.number, of: place) { $0.isRecalled = true }
    }

    mutating func settle(_ part: PaidPart, _ faults: inout [Fault]) {
        guard let place = open(part, &faults) else { return }
        change(part.number, of: place) { $0.state = .settled }
        bids[place].reserved -= part.shares
        bids[place].settled += part.shares
        counters.reserved -= part.shares
        counters.settled += part.shares
        hold(part.shares, part.account)
        if !state.sells {
            fault(.wrongState, part.bid, "it is paid for while the offering is \(state)", &faults)
        }
    }

    mutating func release(_ part: PaidPart, _ faults: inout [Fault]) {
        guard let place = open(part, &faults) else { return }
        change(part.number, of: place) { $0.state = .released }
        bids[place].reserved -= part.shares
        bids[place].isOver = true
        counters.reserved -= part.shares
        counters.free += part.shares
        change(part.account, by: Shares(0) - part.shares, of: part.bid)
        owesCancellation = place
    }

    /// Paid shares of an offering that is cancelled, whose money the bank took back.
    mutating func releaseReturned(_ part: PaidPart, _ faults: inout [Fault]) {
        guard let place = known(part.bid, part.account, &faults) else { return }
        guard let known = self.part(part.number, of: place), known.state == .returned,
            known.shares == part.shares, known.lastResult == part.result, state == .cancelling
        else {
            fault(
                .wrongPayment, part.bid, "payment \(part.number) of \(part.shares.words) did not "
                    + "come back by result \(part.result), or nothing is cancelled", &faults)
            return
        }
        change(part.number, of: place) { $0.state = .released }
        bids[place].settled -= part.shares
        counters.settled -= part.shares
        counters.free += part.shares
        change(part.account, by: Shares(0) - part.shares, of: part.bid)
        settledShares[part.account, default: 0] -= part.shares
        returned += part.shares
    }

    /// A waiting part is no more.
    mutating func leave(_ part: WaitingPart, _ faults: inout [Fault]) {
        guard let place = known(part.bid, part.account, &faults) else { return }
        if bids[place].waiting != part.shares || part.shares < 1 {
            fault(
                .wrongParts, part.bid, "\(bids[place].waiting) waited, and \(part.shares) are said "
                    + "to wait no longer", &faults)
        }
        waiting -= bids[place].waiting
        change(part.account, by: Shares(0) - bids[place].waiting, of: part.bid)
        bids[place].waiting = 0
    }

    /// The place of a bid that was taken.
    func known(
        _ bid: Identifier, _ account: Identifier, _ faults: inout [Fault]
    ) -> Int? {
        guard let place = places[bid], bids[place].was != .rejected,
            bids[place].account == account
        else {
            fault(.wrongParts, bid, "no such bid of \(account) was taken", &faults)
            return nil
        }
        return place
    }

    /// The place of the bid whose part this is, if the part is open and is moved by a new result.
    mutating func open(_ paid: PaidPart, _ faults: inout [Fault]) -> Int? {
        guard let place = known(paid.bid, paid.account, &faults) else { return nil }
        guard let part = part(paid.number, of: place), part.state == .reserved,
            part.shares == paid.shares, paid.result > part.lastResult
        else {
            fault(
                .wrongPayment, paid.bid, "payment \(paid.number) of \(paid.shares.words) is not "
                    + "open, or its result \(paid.result) is not new", &faults)
            return nil
        }
        change(paid.number, of: place) { $0.lastResult = paid.result }
        return place
    }

    /// A result is refused as a contradiction only where it is new. Which kind it was the decision
    /// does not say: what was never paid can't be returned, for one.
    func refuse(
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
            let place = places[payment.subject]
        else { return nil }
        return part(payment.number, of: place)
    }

    func part(_ number: Int32, of place: Int) -> Part? {
        guard number >= 1, number <= bids[place].partCount else { return nil }
        return number == 1 ? bids[place].part : moreParts[place]?[Int(number) - 2]
    }

    private mutating func add(_ part: Part, to place: Int) {
        if bids[place].partCount == 0 {
            bids[place].part = part
        } else {
            moreParts[place, default: []].append(part)
        }
        bids[place].partCount += 1
    }

    mutating func change(_ number: Int32, of place: Int, _ body: (inout Part) -> Void) {
        if number == 1 {
            body(&bids[place].part!)
        } else {
            body(&moreParts[place]![Int(number) - 2])
        }
    }
}
