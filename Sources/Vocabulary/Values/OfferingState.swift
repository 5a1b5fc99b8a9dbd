/// The states of an offering (Rules.md, States). *filled* holds exactly when
/// settled == shares; *fullyReserved* only says that nothing is free just now.
public enum OfferingState: String, Sendable, CaseIterable {
    case open, fullyReserved, filled
    /// Opened for a later time.
    case scheduled
    /// Takes no more bids; the waitlist keeps its claim until nothing is reserved any more.
    case closing
    /// Ended with fewer shares paid than offered, and enough to stand.
    case closedShort
    /// Everything is given back.
    case cancelling
    /// Everything was given back.
    case cancelled

    /// Whether it has ended. An offering that was filled or closed short may still be cancelled.
    public var isFinal: Bool { self == .filled || self == .closedShort || self == .cancelled }

    /// Whether it is before its close: bids come, or will.
    public var isBeforeClose: Bool {
        self == .scheduled || self == .open || self == .fullyReserved
    }

    /// Whether shares that are free may still be sold: before the close, and while closing.
    public var sells: Bool { isBeforeClose || self == .closing }
}
