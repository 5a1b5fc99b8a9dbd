import Vocabulary

// What follows from the book as it stands (Rules.md, Serving, States and *filled*). After
// every input these consequences are drawn one by one until none is left; since each is read off
// the book alone, a group may stop between any two of them and go on later.

extension OfferingBook {
    /// Records what follows, until nothing does or `group` has `limit` decisions. When nothing
    /// does any more, the totals must agree.
    mutating func drawConsequences(
        into group: inout DecisionGroup, limit: Int
    ) throws(InvariantViolation) -> GroupProgress {
        while let consequence = nextConsequence() {
            if group.decisions.count >= limit { return .more }
            try record(consequence, into: &group)
        }
        try checkTotals()
        return .complete
    }

    /// Whether something follows that is not recorded yet.
    var hasMoreToDecide: Bool {
        mutating get { nextConsequence() != nil || isDistributing }
    }

    enum Consequence {
        case promotion(WaitlistSlot)
        case fullyReserved, reopened, filled
        case expiry(WaitlistSlot)
        case backstop(Shares)
        case closedShort, shortfall
        // Of a bid, or all of them, that are taken back.
        case recall(PartIndex, number: Int32)
        // Of cancelling.
        case withdrawal(WaitlistSlot)
        case refund(PartIndex, number: Int32)
        case release(PartIndex, number: Int32)
        case offeringCancelled
        // After the end.
        case certificate
        case distribution
    }

    @inline(__always)
    private mutating func nextConsequence() -> Consequence? {
        if recalling != nil, let recall = nextRecall() { return recall }
        guard state.sells else { return nextAfterTheSale() }
        if counters.settled == bidTerms.shares {
            // Late money can settle the last free shares at once.
            return state == .open ? .fullyReserved : .filled
        }
        if let slot = heldUpForEver() { return .expiry(slot) }
        if let slot = nextServed() { return .promotion(slot) }
        if state == .open && counters.free == 0 { return .fullyReserved }
        if state == .fullyReserved && counters.free > 0 { return .reopened }
        if state == .closing && counters.reserved == 0 { return ending }
        return nil
    }

    private mutating func nextAfterTheSale() -> Consequence? {
        if state == .cancelling { return nextOfCancelling() }
        if let front = waitlist.front { return .expiry(front) }
        if !isCertified { return .certificate }
        return pending == nil ? nil : .distribution
    }

    private mutating func record(
        _ consequence: Consequence, into group: inout DecisionGroup
    ) throws(InvariantViolation) {
        switch consequence {
        case .promotion(let slot): try recordPromotion(at: slot, into: &group)
        case .fullyReserved: record(.fullyReserved, entering: .fullyReserved, into: &group)
        case .reopened: record(.reopened, entering: .open, into: &group)
        case .filled: recordStanding(.filled, entering: .filled, into: &group)
        case .expiry(let slot): try recordGivingUp(at: slot, BidEvent.expired, into: &group)
        case .backstop(let shares): try recordBackstop(of: shares, into: &group)
        case .closedShort: recordStanding(.closedShort, entering: .closedShort, into: &group)
        case .shortfall:
            cancel(.shortfall, sequence: group.nextSequence)
            record(.offering(.cancelling(.shortfall)), into: &group)
        case .withdrawal(let slot):
            try recordGivingUp(at: slot, BidEvent.cancelled, into: &group)
        case .recall(let index, let number): recordRecall(of: index, number: number, into: &group)
        case .refund(let index, let number):
            try recordRefund(of: index, number: number, into: &group)
        case .release(let index, let number):
            try recordReleaseOfReturned(index, number: number, into: &group)
        case .offeringCancelled:
            record(.offeringCancelled, entering: .cancelled, into: &group)
        case .certificate:
            isCertified = true
            record(.offering(.certificate(certificate)), into: &group)
        case .distribution: recordDistribution(into: &group)
        }
    }

    /// Whose turn it is. Under `split` that is the first bid that the free shares can serve: an
    /// all-or-none bid that does not fit is passed over. `skip` differs only in that every bid
    /// waits as a whole, `hold` in that only the front is looked at.
    @inline(__always)
    private func nextServed() -> WaitlistSlot? {
        if counters.free == 0 { return nil }
        guard bidTerms.remainder == .hold else { return waitlist.first(servedBy: counters.free) }
        guard let front = waitlist.front, waitlist.amount(at: front) <= counters.free else {
            return nil
        }
        return front
    }

    /// Under `hold` a bid at the front that is larger than all that can ever be free again would
    /// keep everybody behind it waiting, and the offering from filling: it expires.
    @inline(__always)
    private func heldUpForEver() -> WaitlistSlot? {
        guard bidTerms.remainder == .hold, let front = waitlist.front,
            waitlist.amount(at: front) > bidTerms.shares - counters.settled
        else { return nil }
        return front
    }

    private mutating func recordPromotion(
        at slot: WaitlistSlot, into group: inout DecisionGroup
    ) throws(InvariantViolation) {
        let bid = waitlist.bid(at: slot)
        let shares = min(counters.free, waitlist.amount(at: slot))
        promote(bid, shares)
        let promotion = Promotion(
            bid: bids.identifier(of: bid), account: account(of: bid), shares: shares,
            waiting: waiting(of: bid))
        record(.bid(.promoted(promotion)), into: &group)
        recordCollection(
            of: shares, bid: promotion.bid, account: promotion.account,
            number: bids.partCount(of: bid), due: bids.content(of: bid).due, into: &group)
        try check(bid)
    }

    /// A part that waits is given up.
    private mutating func recordGivingUp(
        at slot: WaitlistSlot, _ event: (WaitingPart) -> BidEvent,
        into group: inout DecisionGroup
    ) throws(InvariantViolation) {
        let bid = waitlist.bid(at: slot)
        let part = waitingPart(of: bid)
        withdraw(bid, part.shares)
        record(.bid(event(part)), into: &group)
        try check(bid)
    }
}
