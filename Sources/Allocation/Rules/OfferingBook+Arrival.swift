import Vocabulary

// What an accepted bid gets, what of it waits, and what is taken off it (Rules.md, Bids and
// Serving).

extension OfferingBook {
    enum Fit {
        case placed(shares: Shares, waiting: Shares, cut: Cut?)
        case rejected(ConsumedIDReason)
    }

    /// How `bid` fits into its account's cap, what is free and the waitlist's room. `committed` is
    /// what its account has already.
    ///
    /// The free shares serve no bid that waits, or serving would have given them to it. So they go
    /// to the bid that arrives, though it stands at the end. Only under `hold` may a bid wait that
    /// the free shares would serve: it waits behind one that they don't, and so does the new bid.
    @inline(__always)
    func fit(_ bid: Bid, committed: Shares) -> Fit {
        let allowed = bidTerms.maxSharesPerAccount - committed
        let room = bidTerms.waitlistShares - waiting
        // A bid that takes all or nothing is refused where the cap would cut it.
        if bid.shares > allowed, bid.allOrNone { return .rejected(.overAccountCap) }
        if isOneAccountTooMany(committed: committed) { return .rejected(.tooManyAccounts) }
        if bidTerms.maySplit(allOrNone: bid.allOrNone) {
            return fitSplit(bid.shares, allowed: allowed, room: room)
        }
        return fitWhole(bid.shares, allowed: allowed, room: room)
    }

    /// A bid that is served as a whole: cut to the cap, but never to the waitlist's room, or it
    /// might fit where a longer waitlist would have kept it waiting.
    @inline(__always)
    private func fitWhole(_ asked: Shares, allowed: Shares, room: Shares) -> Fit {
        let eligible = min(asked, allowed)
        if eligible == 0 { return .rejected(.overAccountCap) }
        let taken = asked - eligible
        let cut = taken == 0 ? nil : Cut(shares: taken, reason: .overAccountCap)
        let isHeldUp = bidTerms.remainder == .hold && waitlist.count > 0
        if eligible <= counters.free, !isHeldUp {
            return .placed(shares: eligible, waiting: 0, cut: cut)
        }
        if eligible > room { return .rejected(.waitlistFull) }
        return .placed(shares: 0, waiting: eligible, cut: cut)
    }

    @inline(__always)
    private func fitSplit(_ asked: Shares, allowed: Shares, room: Shares) -> Fit {
        let eligible = min(asked, allowed)
        if eligible == 0 { return .rejected(.overAccountCap) }
        let shares = min(counters.free, eligible)
        let rest = eligible - shares
        let waiting = min(rest, wholeLots(of: room))
        if shares + waiting == 0 { return .rejected(.waitlistFull) }
        let taken = asked - shares - waiting
        if taken == 0 { return .placed(shares: shares, waiting: waiting, cut: nil) }
        let cut = Cut(shares: taken, reason: waiting < rest ? .waitlistFull : .overAccountCap)
        return .placed(shares: shares, waiting: waiting, cut: cut)
    }

    /// The waitlist's room, and what is free behind a backstop, need not be a multiple of the lot;
    /// what a bid gets is.
    @inline(__always)
    func wholeLots(of shares: Shares) -> Shares {
        bidTerms.lot == 1
            ? shares : Shares(rawValue: shares.rawValue - shares.rawValue % bidTerms.lot.rawValue)
    }
}
