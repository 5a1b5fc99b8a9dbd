import Vocabulary

/// What became of a bid's id in its offering.
package struct BidFate: Hashable, Sendable {
    package let account: Identifier
    package let asked: Shares
    package let allOrNone: Bool
    /// Why it was refused; nil where it was accepted.
    package let refusal: Reason?
    /// How an accepted bid stands; all 0 of a refused one.
    package let standing: Standing
}

// What can be read of single bids. Of an archived offering there is nothing left to read.
extension PartitionBook {
    /// What became of the first bid under this id; nil where the id is unused, or was used by
    /// nothing but what leaves no trace (Rules.md, Bids).
    package func fate(of bid: Identifier, in offering: Identifier) -> BidFate? {
        index(of: offering).flatMap { offerings[$0].fate(of: bid) }
    }

    /// Calls `body` with each accepted bid of an offering, in order of arrival: its id, what it
    /// asked for, and how it stands.
    package func forEachAcceptedBid(
        of offering: Identifier, _ body: (Identifier, Shares, Standing) -> Void
    ) {
        guard let index = index(of: offering) else { return }
        let book = offerings[index]
        for value in 0..<book.bids.count {
            let bid = BidIndex(value: UInt32(value))
            body(
                book.bids.identifier(of: bid), book.bids.content(of: bid).asked,
                book.standing(of: bid))
        }
    }
}

extension OfferingBook {
    fileprivate func fate(of bid: Identifier) -> BidFate? {
        guard let handle = bids.find(bid) else { return nil }
        let content = bids.content(at: handle)
        switch content.fate {
        case .accepted(let index, _):
            return BidFate(
                account: account(of: index), asked: content.asked, allOrNone: content.allOrNone,
                refusal: nil, standing: standing(of: index))
        case .rejected(let reason, let account):
            return BidFate(
                account: account, asked: content.asked, allOrNone: content.allOrNone,
                refusal: reason.reason,
                standing: Standing(reserved: 0, settled: 0, waiting: 0))
        }
    }
}
