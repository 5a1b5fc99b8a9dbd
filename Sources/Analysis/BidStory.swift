import Allocation
import Vocabulary

/// What happened to one bid, as the decisions tell it, and why.
public struct BidStory: Sendable {
    public let offering: Identifier
    public let bid: Identifier
    /// The partition whose decisions tell it.
    public let partition: Partition
    /// The first decision that counts: what it was accepted with, or why it was refused. nil where
    /// records under this id were no bids, such as a cancellation of a bid that never came.
    public internal(set) var arrival: Arrival?
    /// What came after the arrival, or before it without counting, in order.
    public internal(set) var chapters: [Chapter] = []
    /// Its reservations, each with its payment; the k-th is `<offering>/<bid>/<k>`.
    public internal(set) var payments: [Payment] = []
    /// Money that goes back, in order.
    public internal(set) var refunds: [Refund] = []
    /// How it stands at the end of the decisions.
    public internal(set) var standing = Standing(reserved: 0, settled: 0, waiting: 0)
    /// What waits before it at the end of the decisions, if it waits.
    public internal(set) var ahead: Queue?
    /// How its offering stands at the end; nil where it was never opened.
    public internal(set) var overview: OfferingOverview?
    /// What was settled when the offering ended with fewer shares than its minimum; nil where it
    /// did not.
    public internal(set) var shortfall: Shares?
    /// The offering's terms; nil where it was never opened.
    public internal(set) var terms: OfferingTerms?
    /// The values of the records of `decisions` that are about it.
    public internal(set) var records: [[UInt8]] = []

    /// What is to go back to its account and did not yet, in minor units.
    public var owed: MinorUnits {
        refunds.filter { $0.outcome != .paid }.reduce(0) { $0 + $1.amount }
    }

    /// What it is called in records: the backstop's bid stands behind its offering's id.
    public var name: String { bid.isDerived ? "\(offering)\(bid)" : "\(bid)" }

    /// A place in the waitlist.
    public struct Queue: Hashable, Sendable {
        public var shares: Shares
        public var bids: Int
    }

    /// What was decided when the bid was first looked at.
    public struct Arrival: Sendable {
        public let decision: Decision
        public let account: Identifier
        public let asked: Shares
        public let allOrNone: Bool
        /// How the offering stood before; nil where it was unknown.
        public let before: OfferingOverview?
        public let terms: OfferingTerms?
        /// What the account had or waited for before, where its limit mattered.
        public let committed: Shares?

        /// What the bid was given.
        public var placement: Placement? {
            switch decision.event {
            case .bid(.reserved(let placement)), .bid(.waitlisted(let placement)): placement
            default: nil
            }
        }

        /// Why it was refused.
        public var rejection: Rejection? {
            if case .rejected(let rejection) = decision.event { rejection } else { nil }
        }

        /// Whether the id is used up.
        public var spendsID: Bool { rejection.map { $0.reason.spendsID } ?? true }
    }

    /// A decision about the bid, and what brought it about where that was another one.
    public struct Chapter: Sendable {
        public let decision: Decision
        /// A decision of the same group.
        public let cause: Decision?
        /// How the offering stood before it; nil where it was unknown.
        public let before: OfferingOverview?
        /// Where money came for what the bid no longer has.
        public var late: LateMoney?
    }

    /// A payment command of the bid, and what became of it.
    public struct Payment: Hashable, Sendable {
        /// What is known of it.
        public enum Outcome: Hashable, Sendable {
            case awaited, recallAsked, inDoubt, settled, released(ReleaseReason)
            /// Paid after its shares were given back; it was given so many of them again.
            case settledLate(Shares)
            /// Its money goes back.
            case givenBack
            /// The bank took it back after it was paid.
            case returned
        }

        public let id: PaymentID
        public let shares: Shares
        public let amount: MinorUnits
        public internal(set) var outcome = Outcome.awaited

        /// Whether its shares were given back before the money came.
        var isReleased: Bool { if case .released = outcome { true } else { false } }
    }

    /// Money that goes back to the account.
    public struct Refund: Hashable, Sendable {
        /// What is known of it.
        public enum Outcome: Hashable, Sendable {
            case awaited, inDoubt, paid, returned, declined(ReleaseReason, isProven: Bool)
        }

        /// The last command that pays it.
        public internal(set) var id: PaymentID
        public let amount: MinorUnits
        public internal(set) var outcome = Outcome.awaited
    }
}

extension Reason {
    /// Whether a bid that is refused for it has used its id up (Rules.md, Bids). The id of a
    /// conflicting duplicate was used up before.
    public var spendsID: Bool {
        switch self {
        case .malformed, .wrongEnvironment, .misrouted, .unknownOffering, .archived: false
        default: true
        }
    }
}
