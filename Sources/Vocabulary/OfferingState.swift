/// The states of an offering (allocation.md, States). *filled* holds exactly when
/// settled == shares; *fullyReserved* only says that nothing is free just now.
public enum OfferingState: String, Sendable, CaseIterable {
    case open, fullyReserved, filled
}
