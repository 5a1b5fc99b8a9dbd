/// Shares go to a bid, or from it.
public enum BidEvent: Hashable, Sendable {
    case reserved(Placement)
    case waitlisted(Placement)
    case promoted(Promotion)
    case settled(PaidPart)
    /// Money came for a part that was released, and what is free of its shares is its again:
    /// `shares` may be fewer than were released.
    case settledLate(PaidPart)
    /// The part's payment failed; or its money was taken back, and the offering is cancelled.
    case released(PaidPart, ReleaseReason)
    case inDoubt(PaidPart)
    /// Its account takes a reserved part back: the payer is asked to let its payment be.
    case cancelRequested(RecallRequest)
    /// The waiting part was cancelled.
    case cancelled(WaitingPart)
    /// The waiting part can never be served.
    case expired(WaitingPart)

    /// The value of `type` on the wire.
    public var type: DecisionType {
        switch self {
        case .reserved: .reserved
        case .waitlisted: .waitlisted
        case .promoted: .promoted
        case .settled, .settledLate: .settled
        case .released: .released
        case .inDoubt: .inDoubt
        case .cancelRequested: .cancelRequested
        case .cancelled: .cancelled
        case .expired: .expired
        }
    }
}
