import Vocabulary

/// How far an offering is: what a record of `progress` says, but for the time and the epoch.
package struct OfferingOverview: Hashable, Sendable {
    package let offering: Identifier
    package let state: OfferingState
    /// Whether bids are refused for now.
    package let isPaused: Bool
    /// The size of the offering.
    package let shares: Shares
    /// Where its shares are.
    package let counters: Counters
    /// Shares that bids wait for.
    package let waiting: Shares
    /// Shares ever queued: what of each bid was reserved or waited on arrival. It stops at
    /// `largestInteger`.
    package let queued: Shares
    /// Shares ever reserved, on arrival or from the waitlist. It stops at `largestInteger`.
    package let served: Shares
    /// Bids ever reserved or waitlisted.
    package let bids: Int64
    /// Accounts of those bids.
    package let accounts: Int64
}

/// What an account has of an offering, all its bids together.
package struct Holder: Hashable, Sendable {
    package let account: Identifier
    /// The sums over its bids.
    package let standing: Standing

    package init(account: Identifier, standing: Standing) {
        self.account = account
        self.standing = standing
    }
}

// What can be read of a book. Each answers nil where the partition does not know the offering.
extension PartitionBook {
    /// Whether the partition knows the offering.
    package func contains(_ offering: Identifier) -> Bool {
        index(of: offering) != nil
    }

    /// Whether bids for it are refused for now; nil where the partition does not know it.
    package func isPaused(_ offering: Identifier) -> Bool? {
        index(of: offering).map { offerings[$0].isPaused }
    }

    /// Some offering, where there is one.
    package var anyOffering: Identifier? { offerings.first?.identifier }

    /// Whether something follows from the book as it stands that is not decided yet: the group of
    /// the last decision taken up is not whole.
    package var hasMoreToDecide: Bool {
        guard let index = lastTouched else { return false }
        var offering = offerings[index]
        return offering.hasMoreToDecide
    }

    /// All offerings, in order of opening.
    package var overviews: [OfferingOverview] {
        offerings.map(\.overview)
    }

    /// How far one offering is.
    package func overview(of offering: Identifier) -> OfferingOverview? {
        index(of: offering).map { offerings[$0].overview }
    }

    /// The terms with their defaults filled in, as `opened` carries them.
    package func terms(of offering: Identifier) -> OfferingTerms? {
        index(of: offering).map { offerings[$0].terms }
    }

    /// The deadline at which the clock closed an offering; nil too where nobody or a command did.
    package func endByClock(of offering: Identifier) -> Timestamp? {
        index(of: offering).flatMap { index in
            offerings[index].isClosedByClock ? offerings[index].closesAt : nil
        }
    }

    /// Whether a refund was called off since the bank took back what it was to give back; false too
    /// where there is no such refund.
    package func isCalledOff(_ payment: PaymentID) -> Bool {
        index(of: payment.offering).flatMap { offerings[$0].payout(payment)?.isCalledOff } ?? false
    }

    /// The accounts that hold shares or wait for some, in order of first appearance.
    package func holders(of offering: Identifier) -> [Holder]? {
        index(of: offering).map { offerings[$0].holders }
    }

    /// Whether money that came late would bring in one account more than may have shares.
    package func isOneAccountTooMany(_ account: Identifier, in offering: Identifier) -> Bool? {
        index(of: offering).map { index in
            guard let known = offerings[index].accounts.find(account) else { return false }
            return offerings[index].isOneAccountTooMany(known)
        }
    }

    /// The parts that wait, in the order in which they will be looked at.
    package func waitlist(of offering: Identifier) -> [WaitingPart]? {
        index(of: offering).map { offerings[$0].waitingParts }
    }

    /// How an accepted bid stands; nil too where no such bid was accepted.
    package func standing(of bid: Identifier, in offering: Identifier) -> Standing? {
        guard let index = index(of: offering), let bid = offerings[index].bids.accepted(bid) else {
            return nil
        }
        return offerings[index].standing(of: bid)
    }

    /// Recomputes every total of every offering from the single bids; the cost grows with them.
    package func checkInvariants() throws(InvariantViolation) {
        for offering in offerings { try offering.checkAll() }
    }
}

extension OfferingBook {
    var overview: OfferingOverview {
        OfferingOverview(
            offering: identifier, state: state, isPaused: isPaused, shares: bidTerms.shares,
            counters: counters, waiting: waiting, queued: queued, served: served,
            bids: archived?.bids ?? Int64(bids.count), accounts: Int64(accounts.count))
    }

    var holders: [Holder] {
        if let archived { return archived.holders }
        let nothing = Standing(reserved: 0, settled: 0, waiting: 0)
        var standings = [Standing](repeating: nothing, count: accounts.count)
        for index in 0..<bids.count {
            let bid = BidIndex(value: UInt32(index))
            let account = Int(bids.account(of: bid).value)
            let now = standing(of: bid)
            standings[account].reserved += now.reserved
            standings[account].settled += now.settled
            standings[account].waiting += now.waiting
        }
        return standings.indices.filter { standings[$0] != nothing }.map { index in
            Holder(
                account: accounts.identifier(of: AccountIndex(value: UInt32(index))),
                standing: standings[index])
        }
    }

    var waitingParts: [WaitingPart] {
        var parts: [WaitingPart] = []
        parts.reserveCapacity(waitlist.count)
        waitlist.forEach { bid, _ in parts.append(waitingPart(of: bid)) }
        return parts
    }
}
