import Allocation
import Vocabulary

/// What happened to one bid, as the decisions tell it, and why.
package struct BidStory: Sendable {
    package let offering: Identifier
    package let bid: Identifier
    /// The partition whose decisions tell it.
    package let partition: Partition
    /// The first decision that counts: what it was accepted with, or why it was refused. nil where
    /// records under this id were no bids, such as a cancellation of a bid that never came.
    package internal(set) var arrival: Arrival?
    /// What came after the arrival, or before it without counting, in order.
    package internal(set) var chapters: [Chapter] = []
    /// Its reservations, each with its payment; the k-th is `<offering>/<bid>/<k>`.
    package internal(set) var payments: [Payment] = []
    /// Money that goes back, in order.
    package internal(set) var refunds: [Refund] = []
    /// How it stands at the end of the decisions.
    package internal(set) var standing = Standing(reserved: 0, settled: 0, waiting: 0)
    /// What waits before it at the end of the decisions, if it waits.
    package internal(set) var ahead: Queue?
    /// How its offering stands at the end; nil where it was never opened.
    package internal(set) var overview: OfferingOverview?
    /// What was settled when the offering ended with fewer shares than its minimum; nil where it
    /// did not.
    package internal(set) var shortfall: Shares?
    /// The offering's terms; nil where it was never opened.
    package internal(set) var terms: OfferingTerms?
    /// The values of the records of `decisions` that are about it.
    package internal(set) var records: [[UInt8]] = []

    /// What is to go back to its account and did not yet, in minor units.
    package var owed: MinorUnits {
        refunds.filter { $0.outcome != .paid }.reduce(0) { $0 + $1.amount }
    }

    /// What it is called in records: the backstop's bid stands behind its offering's id.
    package var name: String { bid.isDerived ? "\(offering)\(bid)" : "\(bid)" }

    /// A place in the waitlist.
    package struct Queue: Hashable, Sendable {
        package var shares: Shares
        package var bids: Int
    }

    /// What was decided when the bid was first looked at.
    package struct Arrival: Sendable {
        package let decision: Decision
        package let account: Identifier
        package let asked: Shares
        package let allOrNone: Bool
        /// How the offering stood before; nil where it was unknown.
        package let before: OfferingOverview?
        package let terms: OfferingTerms?
        /// What the account had or waited for before, where its limit mattered.
        package let committed: Shares?

        /// What the bid was given.
        package var placement: Placement? {
            switch decision.event {
            case .bid(.reserved(let placement)), .bid(.waitlisted(let placement)): placement
            default: nil
            }
        }

        /// Why it was refused.
        package var rejection: Rejection? {
            if case .rejected(let rejection) = decision.event { rejection } else { nil }
        }

        /// Whether the id is used up.
        package var spendsID: Bool { rejection.map { $0.reason.spendsID } ?? true }
    }

    /// A decision about the bid, and what brought it about where that was another one.
    package struct Chapter: Sendable {
        package let decision: Decision
        /// A decision of the same group.
        package let cause: Decision?
        /// How the offering stood before it; nil where it was unknown.
        package let before: OfferingOverview?
        /// Where money came for what the bid no longer has.
        package var late: LateMoney?
    }

    /// A payment command of the bid, and what became of it.
    package struct Payment: Hashable, Sendable {
        /// What is known of it.
        package enum Outcome: Hashable, Sendable {
            case awaited, recallAsked, inDoubt, settled, released(ReleaseReason)
            /// Paid after its shares were given back; it was given so many of them again.
            case settledLate(Shares)
            /// Its money goes back.
            case givenBack
            /// The bank took it back after it was paid.
            case returned
        }

        package let id: PaymentID
        package let shares: Shares
        package let amount: MinorUnits
        package internal(set) var outcome = Outcome.awaited

        /// Whether its shares were given back before the money came.
        var isReleased: Bool { if case .released = outcome { true } else { false } }
    }

    /// Money that goes back to the account.
    package struct Refund: Hashable, Sendable {
        /// What is known of it.
        package enum Outcome: Hashable, Sendable {
            case awaited, inDoubt, paid, returned, declined(ReleaseReason, isProven: Bool)
        }

        /// The last command that pays it.
        package internal(set) var id: PaymentID
        package let amount: MinorUnits
        package internal(set) var outcome = Outcome.awaited
    }
}

extension Reason {
    /// Whether a bid that is refused for it has used its id up (Rules.md, Bids). The id of a
    /// conflicting duplicate was used up before.
    package var spendsID: Bool {
        switch self {
        case .malformed, .wrongEnvironment, .misrouted, .unknownOffering, .archived: false
        default: true
        }
    }
}
