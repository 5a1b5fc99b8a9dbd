import Vocabulary

// What each event does to the book. Nothing else changes it: neither a rule nor the rebuilding of
// a book from its decisions.

/// Where a bid that arrives belongs in the tables: looked up once, by the rules or by `restore`.
struct TablePosition {
    let bidHash: UInt64
    let accountHash: UInt64
    /// nil: the account's first bid in this offering.
    let account: AccountIndex?
}

extension OfferingBook {
    /// `reserved` and `waitlisted`: a bid is accepted.
    @inline(__always)
    mutating func place(
        _ placement: Placement, at position: TablePosition, sequence: DecisionNumber
    ) -> BidIndex {
        let accepted = placement.shares + placement.waiting
        let account: AccountIndex
        if let known = position.account {
            account = known
            accounts.commit(accepted, to: account)
        } else {
            account = accounts.insert(
                placement.account, hash: position.accountHash, committing: accepted)
        }
        let bid = bids.next
        var slot = WaitlistSlot.none
        if placement.waiting > 0 {
            slot = waitlist.append(
                bid, amount: placement.waiting,
                whole: !bidTerms.maySplit(allOrNone: placement.allOrNone))
            waiting += placement.waiting
        }
        bids.accept(
            placement, hash: position.bidHash, account: account, slot: slot, sequence: sequence)
        if placement.bid.isDerived { isBackstopUsed = true }
        queued = Self.sum(queued, accepted)
        countReserved(placement.shares)
        return bid
    }

    /// `rejected`, of a bid, for a reason that spends its id.
    @inline(__always)
    mutating func spend(
        _ bid: Identifier, hash: UInt64, account: Identifier, asked: Shares, allOrNone: Bool,
        reason: ConsumedIDReason, sequence: DecisionNumber
    ) {
        bids.spend(
            bid, hash: hash, account: account, asked: asked, allOrNone: allOrNone,
            reason: reason, sequence: sequence)
    }

    /// A bid passed the check of its account's rate, even if it was refused afterwards.
    mutating func passRate(_ account: Identifier, at bookTime: Timestamp) {
        rates.pass(account, at: bookTime)
    }

    /// `promoted`: shares that are free go to a bid that waits.
    mutating func promote(_ bid: BidIndex, _ shares: Shares) {
        stopWaiting(bid, shares)
        reserve(shares, for: bid)
    }

    /// `settled`: a reserved part is paid.
    mutating func settle(_ index: PartIndex, result: Int64) {
        let shares = bids[index].shares
        bids.move(index, to: .settled, result: result)
        counters.reserved -= shares
        counters.settled += shares
        accounts.settle(shares, of: bids.account(of: index.bid))
    }

    /// `settled`, late: shares of a part that was released are its again, and paid.
    mutating func settleLate(_ index: PartIndex, _ shares: Shares, result: Int64) {
        let account = bids.account(of: index.bid)
        bids.settleLate(index, shares, result: result)
        counters.free -= shares
        counters.settled += shares
        accounts.takeBack(shares, of: account)
        accounts.settle(shares, of: account)
    }

    /// `refunding`: a settled part is given up; or money came for shares that are gone, of which
    /// the part still had some if it was reserved.
    mutating func giveBack(_ index: PartIndex, _ refund: Refund) {
        let part = bids[index]
        let account = bids.account(of: index.bid)
        let isGivenUp = refund.result == nil
        refunded += refund.shares
        if isGivenUp {
            counters.settled -= refund.shares
            accounts.settle(Shares(0) - refund.shares, of: account)
        } else if part.state.isOpen {
            counters.reserved -= refund.shares
        }
        if isGivenUp || part.state.isOpen {
            counters.free += refund.shares
            accounts.giveBack(refund.shares, of: account)
        }
        // What was settled late of a part stays so; the rest of its price goes back.
        if isGivenUp || part.state != .settled { bids.refund(index, result: refund.result) }
        payouts.addRefund(
            PaymentID(
                offering: identifier, bid: refund.bid, kind: .refund(refund.refund), number: 1),
            of: index.bid,
            PayoutTable.Payout(
                account: refund.account, amount: refund.amount, original: refund.number))
    }

    /// `released`: a reserved part will not be paid, and its shares are free again.
    mutating func release(_ index: PartIndex, result: Int64) {
        let shares = bids[index].shares
        bids.move(index, to: .released, result: result)
        counters.reserved -= shares
        counters.free += shares
        accounts.giveBack(shares, of: bids.account(of: index.bid))
    }

    /// `paymentReturned`, of a collection: no share moves, and the part of its money that is still
    /// to be given back is owed no more. Answers the commands that are to be recalled for it.
    mutating func takeReturn(_ index: PartIndex, number: Int32, result: Int64) -> [PaymentID] {
        if bids[index].state == .settled { bids[index].state = .returned }
        bids[index].lastResult = result
        guard payouts.openRefunds > 0 else { return [] }
        let bid = bids.identifier(of: index.bid)
        var recalled: [PaymentID] = []
        for refund in stride(from: 1, to: payouts.nextRefund(of: index.bid), by: 1) {
            let id = PaymentID(
                offering: identifier, bid: bid, kind: .refund(refund), number: 0)
            guard payouts[id]?.original == number else { continue }
            if let command = forgo({ $0.callOff(id) }, of: id) { recalled.append(command) }
        }
        return recalled
    }

    /// `payoutDeclined`: a command of what is owed was not executed.
    mutating func decline(_ id: PaymentID, isProven: Bool, result: Int64) {
        forgo({ $0.decline(id, isProven: isProven, result: result) }, of: id)
    }

    /// Changes a payout. Where it was called off and nothing of it is under way any more, it is
    /// forgone: its shares came back from the bank, and were not given back.
    @discardableResult
    private mutating func forgo<Result>(
        _ change: (inout PayoutTable) -> Result, of id: PaymentID
    ) -> Result {
        let wasForgone = payouts[id]!.isForgone
        let result = change(&payouts)
        let payout = payouts[id]!
        if payout.isForgone != wasForgone {
            let shares = bidTerms.shares(for: payout.amount)
            refunded -= wasForgone ? Shares(0) - shares : shares
            returned += wasForgone ? Shares(0) - shares : shares
        }
        return result
    }

    /// `paymentReturned`, of what was paid out.
    mutating func takeBack(_ id: PaymentID, result: Int64) {
        forgo({ $0.takeBack(id, result: result) }, of: id)
    }

    /// `refunded` and `paidOut`.
    mutating func payOut(_ id: PaymentID, result: Int64) {
        forgo({ $0.pay(id, result: result) }, of: id)
    }

    /// `released`, of a settled part whose money was taken back: its shares are free again.
    mutating func releaseReturned(_ index: PartIndex) {
        let shares = bids[index].shares
        let account = bids.account(of: index.bid)
        bids.releaseReturned(index)
        counters.settled -= shares
        counters.free += shares
        returned += shares
        accounts.settle(Shares(0) - shares, of: account)
        accounts.giveBack(shares, of: account)
    }

    /// `inDoubt`: nobody knows whether a reserved part was paid. Nothing moves.
    mutating func doubt(_ index: PartIndex, result: Int64) {
        bids[index].lastResult = result
    }

    /// `cancelRequested`: the payment of a reserved part is recalled.
    mutating func recall(_ index: PartIndex) {
        bids.recall(index)
        if state.sells { takenBack.insert(index.bid.value) }
    }

    /// `cancelled` and `expired`: the part of a bid that waits is given up.
    mutating func withdraw(_ bid: BidIndex, _ shares: Shares) {
        stopWaiting(bid, shares)
        accounts.giveBack(shares, of: bids.account(of: bid))
    }

    /// `fullyReserved`, `reopened` and `opened` at its time; `filled`, `closedShort` and
    /// `offeringCancelled`.
    mutating func enter(_ state: OfferingState) {
        self.state = state
        if state == .filled || state == .closedShort { payOutProceeds() }
        // What is sold is not paused: there is nothing to resume.
        if state.isFinal { isPaused = false }
    }

    /// `closing`.
    mutating func close(by command: Identifier?, sequence: DecisionNumber) {
        state = .closing
        isPaused = false
        closingSequence = sequence
        isClosedByClock = command == nil
        commands.act(command, .close, sequence: sequence)
    }

    /// `cancelling`.
    mutating func cancel(_ cancelling: Cancelling, sequence: DecisionNumber) {
        state = .cancelling
        isPaused = false
        isCertified = false
        overSince = nil
        if case .command(let command, let reason) = cancelling {
            commands.act(command, .cancel(reason: reason), sequence: sequence)
        }
    }

    /// `amended`.
    mutating func amend(_ closesAt: Timestamp, by command: Identifier, sequence: DecisionNumber) {
        self.closesAt = closesAt
        commands.act(command, .amend(closesAt: closesAt), sequence: sequence)
    }

    /// `paused` and `resumed`.
    mutating func pause(_ isPaused: Bool, by command: Identifier, sequence: DecisionNumber) {
        self.isPaused = isPaused
        pauseSequence = sequence
        commands.act(command, isPaused ? .pause : .resume, sequence: sequence)
    }

    /// `repeated`, of a command: the id is spent, as that of the one that it repeats.
    mutating func `repeat`(_ command: Identifier, of sequence: DecisionNumber) {
        commands.spend(command, of: sequence)
    }

    /// `rejected`, of a command, for what it asks.
    mutating func reject(
        _ command: Identifier, _ action: OfferingCommand.Action, _ reason: Reason,
        sequence: DecisionNumber
    ) {
        commands.reject(command, action, reason, sequence: sequence)
    }

    /// `repaying`: answers the new command's id.
    mutating func repay(
        _ payment: PaymentID, by command: Identifier, sequence: DecisionNumber
    ) -> PaymentID {
        commands.act(command, .repay(payment: payment), sequence: sequence)
        return payouts.repay(payment)
    }

    /// `distributed`: answers the id of the command that pays the part.
    mutating func distribute(_ distributed: Distributed, sequence: DecisionNumber) -> PaymentID {
        let distribution = Distribution(
            identifier: distributed.distribution, kind: distributed.kind,
            total: distributed.total)
        if distributions.last?.distribution != distribution {
            distributions.append(DistributionDone(distribution: distribution, sequence: sequence))
            commands.act(
                distributed.command,
                .distribute(
                    distribution: distributed.distribution, kind: distributed.kind,
                    amount: distributed.total),
                sequence: sequence)
        }
        distributions[distributions.count - 1].recorded += distributed.amount
        let id = PaymentID(
            offering: identifier, subject: distributed.account,
            kind: .distribution(distributed.kind, distributed.distribution), number: 1)
        payouts.add(
            id, PayoutTable.Payout(account: distributed.account, amount: distributed.amount))
        return id
    }

    /// `archived`.
    mutating func archive() {
        archived = ArchivedBids(bids: Int64(bids.count), holders: holders)
        bids = BidTable()
        rates = RateTable()
        takenBack = []
        sweep = Sweep()
    }

    private mutating func reserve(_ shares: Shares, for bid: BidIndex) {
        _ = bids.reserve(shares, for: bid)
        countReserved(shares)
    }

    @inline(__always)
    private mutating func countReserved(_ shares: Shares) {
        counters.free -= shares
        counters.reserved += shares
        served = Self.sum(served, shares)
    }

    private mutating func stopWaiting(_ bid: BidIndex, _ shares: Shares) {
        let slot = bids.slot(of: bid)
        let left = waitlist.amount(at: slot) - shares
        waitlist.reduce(slot, by: shares)
        waiting -= shares
        if left == 0 {
            bids.setSlot(of: bid, .none)
            waitlist.compact(tellingNewPlacesTo: &bids)
        }
    }

    private static func sum(_ total: Shares, _ shares: Shares) -> Shares {
        min(total + shares, Shares(rawValue: largestInteger))
    }
}
