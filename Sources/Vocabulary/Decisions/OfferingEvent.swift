/// An offering begins, changes or ends.
public enum OfferingEvent: Hashable, Sendable {
    indirect case opened(command: Identifier, OfferingTerms)
    /// It will be opened at its time.
    indirect case scheduled(command: Identifier, OfferingTerms)
    case amended(command: Identifier, closesAt: Timestamp)
    /// No bids are taken for now; serving and payments go on.
    case paused(command: Identifier)
    case resumed(command: Identifier)
    case fullyReserved
    case reopened
    case filled
    /// No bids are taken any more. nil: its time has come.
    case closing(command: Identifier?)
    case closedShort
    /// Everything is given back: an operator asked for it, or too little is paid.
    indirect case cancelling(Cancelling)
    case offeringCancelled
    indirect case certificate(Certificate)
    /// Its ids are dropped; what its holders have is kept.
    case archived

    /// The value of `type` on the wire.
    public var type: DecisionType {
        switch self {
        case .opened: .opened
        case .scheduled: .scheduled
        case .amended: .amended
        case .paused: .paused
        case .resumed: .resumed
        case .fullyReserved: .fullyReserved
        case .reopened: .reopened
        case .filled: .filled
        case .closing: .closing
        case .closedShort: .closedShort
        case .cancelling: .cancelling
        case .offeringCancelled: .offeringCancelled
        case .certificate: .certificate
        case .archived: .archived
        }
    }
}

/// Why an offering is cancelled.
public enum Cancelling: Hashable, Sendable {
    /// An operator asked for it.
    case command(Identifier, reason: String?)
    /// Less than `minimumShares` is paid.
    case shortfall
}
