extension Reason {
    /// Whether asking again makes sense.
    public enum Advice: String, Sendable, CaseIterable {
        /// The same answer will come again.
        case never = "never"
        /// With the record corrected, and under a new id where the old one is spent.
        case changed = "changed"
        /// As it is, after a while, under a new id.
        case later = "later"
    }

    /// Whether a new try makes sense.
    public var advice: Advice {
        switch self {
        case .archived, .filled, .closed, .alreadyOver, .tooLate, .tooManyBids, .notYourBid,
            .wrongState, .amountMismatch, .unknownCommand:
            .never
        case .malformed, .wrongEnvironment, .misrouted, .unknownOffering, .conflictingDuplicate,
            .belowMinimum, .notALot, .tooLarge, .unknownBid, .badTerms, .overAccountCap,
            .unsupported:
            .changed
        case .notOpenYet, .paused, .rateLimited, .tooManyAccounts, .waitlistFull:
            .later
        }
    }

    /// What it means, in a sentence for the sender of the record.
    public var sentence: String {
        switch self {
        case .malformed: "The record can't be read; the decision says where it is wrong."
        case .wrongEnvironment: "The record was meant for another environment."
        case .misrouted: "The record stands on the wrong partition; use murmur2 of the offering."
        case .unknownOffering: "No such offering has been opened."
        case .archived: "The offering ended long ago."
        case .conflictingDuplicate:
            "This id was used before, with other content; it stays as it was."
        case .notOpenYet: "The offering is not open yet."
        case .paused: "The offering is paused; bids are not taken for now."
        case .filled: "All shares are sold and paid."
        case .closed: "The offering takes no more bids."
        case .belowMinimum: "The bid asks for fewer shares than the smallest bid allowed."
        case .notALot: "The bid is not a multiple of the offering's lot."
        case .tooLarge: "The bid can't be split, and asks for more shares than the offering has."
        case .tooManyBids: "The account has made as many bids as it may."
        case .rateLimited: "The account bids too fast; wait a minute."
        case .overAccountCap: "The account would have, or wait for, more shares than it may hold."
        case .tooManyAccounts:
            "The offering has as many accounts with shares, or waiting for some, as it may have."
        case .waitlistFull: "Too little is free just now, and the waitlist has no room for the bid."
        case .unknownBid: "There is no such bid."
        case .notYourBid: "The bid belongs to another account."
        case .alreadyOver: "Nothing of the bid is left to cancel."
        case .tooLate: "The bid is paid and can't be cancelled."
        case .badTerms:
            "A term is impossible, contradicts another, or is not supported by this version of the "
                + "rules; the decision names it."
        case .wrongState:
            "The offering, or the payment, is not in a state that allows this."
        case .unknownCommand: "The payment result answers no payment command of this offering."
        case .amountMismatch: "The amount paid is not the amount asked for."
        case .unsupported: "This version of the rules does not support it."
        }
    }
}

extension Member {
    /// The rule that a command broke which was refused as `badTerms` with this member
    /// (Terms.md); nil where no such refusal names it.
    public var rule: String? {
        switch self {
        case .distribution: "the distribution is one that the offering was opened with"
        case .amount:
            "the amount is 1 or more, and all principal is at most what was paid for the shares"
        default: Term.named(self)?.rule
        }
    }
}
