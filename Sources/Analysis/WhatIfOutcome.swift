import Allocation
import Vocabulary

/// What came of one offering under one variant.
package struct WhatIfOutcome: Sendable {
    /// What kind of record was refused.
    package enum RecordKind: String, Sendable, CaseIterable {
        case bids, cancellations, commands, payments

        init(_ record: InputRecord) {
            switch record {
            case .bid: self = .bids
            case .cancellation: self = .cancellations
            case .command, .partitionCommand: self = .commands
            case .paymentResult: self = .payments
            }
        }
    }

    /// How many records of one kind were refused for one reason.
    package struct Refusals: Hashable, Sendable {
        package var kind: RecordKind
        package var reason: Reason
        package var count: Int64
    }

    package let offering: Identifier
    package let variant: Variant
    /// Where its shares are; nil where it was never opened.
    package let overview: OfferingOverview?
    /// Why it could not be opened; nil too where nobody asked for it.
    package let openRejection: Rejection?
    /// Accounts that have shares, reserved or paid.
    package private(set) var accounts: Int64 = 0
    /// The account that has the most; the first of several.
    package private(set) var largest: Holder?
    /// Bids that have all that they asked for, some of it, or nothing: refused ones too. The
    /// backstop is none of them.
    package private(set) var whole: Int64 = 0
    package private(set) var part: Int64 = 0
    package private(set) var nothing: Int64 = 0
    /// What the backstop has.
    package private(set) var backstop: Shares = 0
    /// Bids that came again and changed nothing.
    package let repeated: Int64
    /// By kind, then in the order of the checks.
    package let refusals: [Refusals]

    init(
        _ offering: Identifier, _ variant: Variant, _ book: PartitionBook, _ tally: Tally
    ) {
        self.offering = offering
        self.variant = variant
        overview = book.overview(of: offering)
        openRejection = overview == nil ? tally.openRejection : nil
        repeated = tally.repeated
        refusals = RecordKind.allCases.flatMap { kind in
            Reason.allCases.compactMap { reason in
                tally.refusals.first { $0.kind == kind && $0.reason == reason }
                    .map { Refusals(kind: kind, reason: reason, count: $0.count) }
            }
        }
        countBids(book)
        // An id that was used before is not another bid.
        for refusal in refusals
        where refusal.kind == .bids && refusal.reason != .conflictingDuplicate {
            nothing += refusal.count
        }
        countHolders(book)
    }

    private mutating func countBids(_ book: PartitionBook) {
        var (whole, part, nothing, backstop) = (Int64(0), Int64(0), Int64(0), Shares(0))
        book.forEachAcceptedBid(of: offering) { bid, asked, standing in
            let got = standing.reserved + standing.settled
            if bid.isDerived {
                backstop += got
            } else if got == asked {
                whole += 1
            } else if got > 0 {
                part += 1
            } else {
                nothing += 1
            }
        }
        (self.whole, self.part, self.nothing, self.backstop) = (whole, part, nothing, backstop)
    }

    private mutating func countHolders(_ book: PartitionBook) {
        for holder in book.holders(of: offering) ?? [] {
            let shares = holder.standing.reserved + holder.standing.settled
            guard shares > 0 else { continue }
            accounts += 1
            let most = largest.map { $0.standing.reserved + $0.standing.settled } ?? 0
            if shares > most { largest = holder }
        }
    }
}
