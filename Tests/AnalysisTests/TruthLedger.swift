import Vocabulary

/// What the decisions of one offering say, added up decision by decision and by nothing but their
/// own members: the rules' book has no part in it.
struct TruthLedger {
    struct Part {
        var shares: Shares
        var isReserved = true
        var wasReleased = false
    }

    struct Bid {
        let id: Identifier
        let account: Identifier
        let asked: Shares
        let allOrNone: Bool
        var waiting: Shares
        var settled: Shares = 0
        var parts: [Part] = []

        var reserved: Shares { parts.filter(\.isReserved).reduce(0) { $0 + $1.shares } }
        var committed: Shares { waiting + settled + reserved }
    }

    let terms: OfferingTerms
    var counters: Counters
    var state = OfferingState.open
    var isPaused = false
    /// In the order of acceptance.
    var bids: [Bid] = []
    /// What was settled when it was cancelled for too little.
    var shortfall: Shares?

    init(_ terms: OfferingTerms) {
        self.terms = terms
        counters = Counters(free: terms.shares, reserved: 0, settled: 0)
    }

    var waiting: Shares { bids.reduce(0) { $0 + $1.waiting } }
    /// The first of those who wait.
    var front: Identifier? { bids.first { $0.waiting > 0 }?.id }

    func bid(_ id: Identifier) -> Bid? { bids.first { $0.id == id } }

    func committed(_ account: Identifier) -> Shares {
        bids.filter { $0.account == account }.reduce(0) { $0 + $1.committed }
    }

    /// The accounts that have shares or wait by bids of their own.
    var accounts: Set<Identifier> {
        Set(bids.filter { !$0.id.isDerived && $0.committed > 0 }.map(\.account))
    }

    /// Whether one who waits was accepted before `id`.
    func isAnyoneWaiting(before id: Identifier) -> Bool {
        bids.prefix { $0.id != id }.contains { $0.waiting > 0 }
    }

    private mutating func change(_ id: Identifier, _ body: (inout Bid) -> Void) {
        if let index = bids.firstIndex(where: { $0.id == id }) { body(&bids[index]) }
    }

    mutating func follow(_ decision: Decision) {
        if let counters = decision.counters { self.counters = counters }
        switch decision.event {
        case .bid(.reserved(let placement)), .bid(.waitlisted(let placement)):
            var bid = Bid(
                id: placement.bid, account: placement.account, asked: placement.asked,
                allOrNone: placement.allOrNone, waiting: placement.waiting)
            if placement.shares > 0 { bid.parts = [Part(shares: placement.shares)] }
            bids.append(bid)
        case .bid(.promoted(let promotion)):
            change(promotion.bid) { bid in
                bid.waiting = promotion.waiting
                bid.parts.append(Part(shares: promotion.shares))
            }
        case .bid(.settled(let part)):
            change(part.bid) { bid in
                bid.parts[Int(part.number) - 1].isReserved = false
                bid.settled += part.shares
            }
        case .bid(.settledLate(let part)): change(part.bid) { $0.settled += part.shares }
        case .bid(.released(let part, let reason)):
            change(part.bid) { bid in
                // What its bank took back had been paid.
                if reason == .returned { bid.settled -= part.shares }
                bid.parts[Int(part.number) - 1].isReserved = false
                bid.parts[Int(part.number) - 1].wasReleased = true
            }
        case .money(.refunding(let refund)):
            change(refund.bid) { bid in
                // Money for what is given back moves no settled share.
                if refund.result == nil { bid.settled -= refund.shares }
                bid.parts[Int(refund.number) - 1].isReserved = false
            }
        case .bid(.cancelled(let part)), .bid(.expired(let part)):
            change(part.bid) { $0.waiting = 0 }
        default: followOffering(decision)
        }
    }

    private mutating func followOffering(_ decision: Decision) {
        switch decision.event {
        case .offering(.fullyReserved): state = .fullyReserved
        case .offering(.reopened): state = .open
        case .offering(.filled): state = .filled
        case .offering(.closing): state = .closing
        case .offering(.closedShort): state = .closedShort
        case .offering(.offeringCancelled): state = .cancelled
        case .offering(.cancelling(let why)):
            state = .cancelling
            if case .shortfall = why { shortfall = counters.settled }
        case .offering(.paused): isPaused = true
        case .offering(.resumed): isPaused = false
        default: break
        }
        if !state.isBeforeClose { isPaused = false }
    }
}
