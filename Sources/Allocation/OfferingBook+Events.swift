import Vocabulary

// What each event does to the book. Nothing else changes it: neither a rule nor the rebuilding of
// a book from its decisions.

/// Where a bid that arrives belongs in the tables: looked up once, by the rules or by `restore`.
struct Arrival {
    let bidHash: UInt64
    let accountHash: UInt64
    /// nil: the account's first bid in this offering.
    let account: AccountIndex?
}

extension OfferingBook {
    /// `reserved` and `waitlisted`: a bid is accepted.
    @inline(__always)
    mutating func place(
        _ placement: Placement, at arrival: Arrival, sequence: Sequence
    ) -> BidIndex {
        let account =
            arrival.account ?? accounts.insert(placement.account, hash: arrival.accountHash)
        let bid = bids.accept(
            placement, hash: arrival.bidHash, account: account, sequence: sequence)
        let accepted = placement.shares + placement.waiting
        accounts.commit(accepted, to: account)
        queued = Self.sum(queued, accepted)
        if placement.shares > 0 { reserve(placement.shares, for: bid) }
        if placement.waiting > 0 {
            let place = waitlist.append(
                bid, amount: placement.waiting,
                whole: !bidTerms.maySplit(allOrNone: placement.allOrNone))
            bids.setPlace(of: bid, place)
            waiting += placement.waiting
        }
        return bid
    }

    /// `rejected`, of a bid, for a reason that spends its id.
    @inline(__always)
    mutating func spend(
        _ bid: Identifier, hash: UInt64, account: Identifier, asked: Shares, allOrNone: Bool,
        reason: SpendingReason, sequence: Sequence
    ) {
        bids.spend(
            bid, hash: hash, account: account, asked: asked, allOrNone: allOrNone,
            reason: reason, sequence: sequence)
    }

    /// `promoted`: shares that are free go to a bid that waits.
    mutating func promote(_ bid: BidIndex, _ shares: Shares) {
        stopWaiting(bid, shares)
        reserve(shares, for: bid)
    }

    /// `settled`: a reserved part is paid.
    mutating func settle(_ place: PartPlace, result: Int64) {
        let shares = bids[place].shares
        bids.move(place, to: .settled, result: result)
        counters.reserved -= shares
        counters.settled += shares
    }

    /// `released`: a reserved part will not be paid, and its shares are free again.
    mutating func release(_ place: PartPlace, result: Int64) {
        let shares = bids[place].shares
        bids.move(place, to: .released, result: result)
        counters.reserved -= shares
        counters.free += shares
        accounts.giveBack(shares, of: bids.account(of: place.bid))
    }

    /// `inDoubt`: nobody knows whether a reserved part was paid. Nothing moves.
    mutating func doubt(_ place: PartPlace, result: Int64) {
        bids[place].lastResult = result
    }

    /// `cancelled` and `expired`: the part of a bid that waits is given up.
    mutating func withdraw(_ bid: BidIndex, _ shares: Shares) {
        stopWaiting(bid, shares)
        accounts.giveBack(shares, of: bids.account(of: bid))
    }

    /// `fullyReserved`, `reopened` and `filled`.
    mutating func enter(_ state: OfferingState) {
        self.state = state
        // What is sold is not paused: there is nothing to resume.
        if state == .filled { isPaused = false }
    }

    /// `paused` and `resumed`.
    mutating func pause(_ isPaused: Bool, by command: Identifier, sequence: Sequence) {
        self.isPaused = isPaused
        commands.add(command, isPaused ? .pause : .resume, sequence: sequence)
    }

    private mutating func reserve(_ shares: Shares, for bid: BidIndex) {
        _ = bids.reserve(shares, for: bid)
        counters.free -= shares
        counters.reserved += shares
        served = Self.sum(served, shares)
    }

    private mutating func stopWaiting(_ bid: BidIndex, _ shares: Shares) {
        let place = bids.place(of: bid)
        let left = waitlist.amount(at: place) - shares
        waitlist.reduce(place, by: shares)
        waiting -= shares
        if left == 0 {
            bids.setPlace(of: bid, .none)
            waitlist.compact(tellingNewPlacesTo: &bids)
        }
    }

    private static func sum(_ total: Shares, _ shares: Shares) -> Shares {
        min(total + shares, Shares(rawValue: largestInteger))
    }
}
