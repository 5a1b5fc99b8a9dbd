import Vocabulary

/// The book of one offering: where its shares are, who has them and who waits.
///
/// A rule (the other files of this type) only reads the book and then records a decision; recording
/// changes the book through one function for each kind of event (`OfferingBook+Events.swift`).
/// The same functions rebuild the book from decisions, so decisions alone hold all of it.
struct OfferingBook: Equatable, Sendable {
    let identifier: Identifier
    /// The terms with their defaults filled in.
    let terms: OfferingTerms
    let bidTerms: BidTerms
    /// The number of the decision that opened it.
    let openedSequence: Sequence

    var state = OfferingState.open
    var counters: Counters
    var waiting: Shares = 0
    /// Shares ever queued and ever reserved. They only tell people how far away they are, so they
    /// stop at `largestInteger` instead of leaving what a record can hold.
    var queued: Shares = 0
    var served: Shares = 0

    var bids = BidTable()
    var accounts = AccountTable()
    var waitlist: Waitlist

    /// `terms` are filled in and passed `TermsCheck`.
    init(_ identifier: Identifier, _ terms: OfferingTerms, openedSequence: Sequence) {
        self.identifier = identifier
        self.terms = terms
        self.openedSequence = openedSequence
        bidTerms = BidTerms(terms)
        counters = Counters(free: terms.shares, reserved: 0, settled: 0)
        waitlist = Waitlist(lot: bidTerms.lot)
    }

    /// What of `bid` waits.
    func waiting(of bid: BidIndex) -> Shares {
        let place = bids.place(of: bid)
        return place == .none ? 0 : waitlist.amount(at: place)
    }

    func standing(of bid: BidIndex) -> Standing {
        Standing(
            reserved: bids.reserved(of: bid), settled: bids.settled(of: bid),
            waiting: waiting(of: bid))
    }
}
