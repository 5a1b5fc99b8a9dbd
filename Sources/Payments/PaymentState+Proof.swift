import Vocabulary

extension PaymentOutcome.Class {
    /// The state of a command after an attempt that came out so. One that was not executed may be
    /// sent again from `retryAt` on.
    func state(retryAt: Timestamp) -> PaymentState {
        switch self {
        case .paid: .paid
        case .declined: .declinedUnconfirmed
        case .pending: .pending
        case .notExecuted: .retryWait(until: retryAt)
        case .unknown: .unknown
        case .rejected: .parked(.rejected)
        case .conflict: .parked(.keyReused)
        case .mismatch: .parked(.mismatch)
        }
    }
}

extension PaymentLookup.Class {
    /// The state of a command after a lookup at `now` that found this, where it was in `state`.
    func state(after state: PaymentState, now: Timestamp) -> PaymentState {
        switch self {
        case .paid: .paid
        case .declined: .declined
        case .pending: .pending
        case .returned: .parked(.returned)
        case .mismatch: .parked(.mismatch)
        case .notFound, .unknown: state
        case .notExecuted: .retryWait(until: now)
        }
    }
}
