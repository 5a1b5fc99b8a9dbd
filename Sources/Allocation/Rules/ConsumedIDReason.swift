import Vocabulary

/// The reasons for which a bid is refused and its id is spent (Rules.md, Bids); those before
/// them in the order of checks leave no trace.
enum ConsumedIDReason: UInt8 {
    case notOpenYet, paused, filled, closed, belowMinimum, notALot, tooLarge, tooManyBids
    case rateLimited, overAccountCap, tooManyAccounts, waitlistFull

    /// Whether a bid refused for it had passed the check of its account's rate.
    var passedRate: Bool { rawValue > Self.rateLimited.rawValue }

    init?(_ reason: Reason) {
        switch reason {
        case .notOpenYet: self = .notOpenYet
        case .paused: self = .paused
        case .filled: self = .filled
        case .closed: self = .closed
        case .belowMinimum: self = .belowMinimum
        case .notALot: self = .notALot
        case .tooLarge: self = .tooLarge
        case .tooManyBids: self = .tooManyBids
        case .rateLimited: self = .rateLimited
        case .overAccountCap: self = .overAccountCap
        case .tooManyAccounts: self = .tooManyAccounts
        case .waitlistFull: self = .waitlistFull
        default: return nil
        }
    }

    var reason: Reason {
        switch self {
        case .notOpenYet: .notOpenYet
        case .paused: .paused
        case .filled: .filled
        case .closed: .closed
        case .belowMinimum: .belowMinimum
        case .notALot: .notALot
        case .tooLarge: .tooLarge
        case .tooManyBids: .tooManyBids
        case .rateLimited: .rateLimited
        case .overAccountCap: .overAccountCap
        case .tooManyAccounts: .tooManyAccounts
        case .waitlistFull: .waitlistFull
        }
    }
}
