import Vocabulary

// Decisions of an offering, with its counters after them.

extension OfferingBook {
    /// Appends a decision whose event the book already shows.
    @inline(__always)
    func record(_ event: consuming DecisionEvent, into group: inout DecisionGroup) {
        group.append(consume event, of: identifier, counters)
    }

    mutating func record(
        _ event: OfferingEvent, entering state: OfferingState, into group: inout DecisionGroup
    ) {
        enter(state)
        record(.offering(event), into: &group)
    }

    mutating func recordPlacement(
        of bid: Bid, at position: TablePosition, shares: Shares, waiting: Shares, cut: Cut?,
        into group: inout DecisionGroup
    ) throws(InvariantViolation) {
        var placement = Placement(
            bid: bid.bid, account: bid.account, asked: bid.shares, allOrNone: bid.allOrNone,
            shares: shares, waiting: waiting, queued: 0, cut: cut)
        let index = place(placement, at: position, sequence: group.nextSequence)
        // Where nothing waits it is not on the wire, and so not in the decision.
        if waiting > 0 { placement.queued = queued }
        record(shares > 0 ? .bid(.reserved(placement)) : .bid(.waitlisted(placement)), into: &group)
        if shares > 0 {
            recordCollection(
                of: shares, bid: bid.bid, account: bid.account, number: 1,
                due: bid.shares - (cut?.shares ?? 0), into: &group)
        }
        try check(index)
    }

    mutating func reject(
        spending bid: Bid, hash: UInt64, _ reason: ConsumedIDReason, into group: inout DecisionGroup
    ) {
        spend(
            bid.bid, hash: hash, account: bid.account, asked: bid.shares,
            allOrNone: bid.allOrNone, reason: reason, sequence: group.nextSequence)
        reject(Rejection(Self.subject(bid), reason.reason), into: &group)
    }

    /// Records a rejection, which the certificate counts.
    @inline(__always)
    mutating func reject(_ rejection: consuming Rejection, into group: inout DecisionGroup) {
        inputCounts.note(rejection.reason)
        record(.rejected(consume rejection), into: &group)
    }

    /// The payment command of a reservation: each has its own, and all of a bid name the same
    /// `due` (Records.md).
    func recordCollection(
        of shares: Shares, bid: Identifier, account: Identifier, number: Int32, due: Shares,
        into group: inout DecisionGroup
    ) {
        group.append(
            PaymentCommand(
                id: PaymentID(offering: identifier, bid: bid, number: number),
                partition: group.partition, account: account, amount: bidTerms.cost(of: shares),
                currency: bidTerms.currency, due: bidTerms.cost(of: due)))
    }

    func account(of bid: BidIndex) -> Identifier {
        accounts.identifier(of: bids.account(of: bid))
    }

    /// Whether the bid is this account's.
    func has(_ bid: BidIndex, _ account: Identifier) -> Bool {
        accounts.has(bids.account(of: bid), account)
    }

    func waitingPart(of bid: BidIndex) -> WaitingPart {
        WaitingPart(
            bid: bids.identifier(of: bid), account: account(of: bid), shares: waiting(of: bid))
    }
}
