/// The states of an offering (Rules.md, States). *filled* holds exactly when
/// settled == shares; *fullyReserved* only says that nothing is free just now.
public enum OfferingState: String, Sendable, CaseIterable {
    case open = "open", fullyReserved = "fullyReserved", filled = "filled"
    /// Opened for a later time.
    case scheduled = "scheduled"
    /// Takes no more bids; who waits keeps the claim until nothing is reserved any more.
    case closing = "closing"
    /// Ended with fewer shares paid than offered, and enough to stand.
    case closedShort = "closedShort"
    /// Everything is given back.
    case cancelling = "cancelling"
    /// Everything was given back.
    case cancelled = "cancelled"

    /// Whether it has ended. An offering that was filled or closed short may still be cancelled.
    public var isFinal: Bool { self == .filled || self == .closedShort || self == .cancelled }

    /// Whether it is before its close: bids come, or will.
    public var isBeforeClose: Bool {
        self == .scheduled || self == .open || self == .fullyReserved
    }

    /// Whether shares that are free may still be sold: before the close, and while closing.
    public var sells: Bool { isBeforeClose || self == .closing }
}
