import Allocation
import Vocabulary

/// A bid among the records that are decided.
package struct WhatIfBid: Hashable, Sendable {
    package var offering: Identifier
    package var bid: Identifier
    package var account: Identifier
    package var asked: Shares
    /// Its record's number in its file, from 0.
    package var offset: Int64

    /// What came of it under one variant.
    package struct Result: Hashable, Sendable {
        /// Why it was refused, if it was.
        package var refusal: Reason?
        package var standing: Standing

        /// What it has: reserved or paid.
        package var got: Shares { standing.reserved + standing.settled }
    }
}

/// The bids in the order of their records, kept where the caller wants to see each of them.
struct BidList {
    static let mostVariants = 63

    /// What the variants said of a record.
    struct Note {
        /// A bit a variant: it knew no such offering, and so noted nothing of the bid.
        var unknown: UInt64 = 0
        /// Whether one of them saw that the id had come before.
        var isRepeat = false

        mutating func take(_ event: DecisionEvent, variant: Int) {
            switch event {
            case .repeated: isRepeat = true
            case .rejected(let rejection):
                if rejection.reason == .conflictingDuplicate { isRepeat = true }
                if rejection.reason == .unknownOffering { unknown |= 1 << UInt64(variant) }
            default: break
            }
        }
    }

    struct Entry {
        var bid: WhatIfBid
        var unknown: UInt64

        func result(in book: PartitionBook, variant: Int) -> WhatIfBid.Result {
            let nothing = Standing(reserved: 0, settled: 0, waiting: 0)
            guard unknown >> UInt64(variant) & 1 == 0,
                let fate = book.fate(of: bid.bid, in: bid.offering)
            else { return WhatIfBid.Result(refusal: .unknownOffering, standing: nothing) }
            return WhatIfBid.Result(refusal: fate.refusal, standing: fate.standing)
        }
    }

    private(set) var entries: [Entry] = []

    mutating func add(_ bid: Bid, offset: Int64, _ note: Note) {
        guard !note.isRepeat else { return }
        entries.append(
            Entry(
                bid: WhatIfBid(
                    offering: bid.offering, bid: bid.bid, account: bid.account,
                    asked: bid.shares, offset: offset),
                unknown: note.unknown))
    }
}
