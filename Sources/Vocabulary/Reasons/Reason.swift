/// Why something was refused, in the order in which the reasons are looked at (Rules.md):
/// the first one wins. The raw values are on the wire and never change their meaning.
public enum Reason: String, Sendable, CaseIterable {
    // Bids, in the order of the checks.
    case malformed, wrongEnvironment, misrouted, unknownOffering, archived
    case conflictingDuplicate, notOpenYet, paused, filled, closed, belowMinimum, notALot
    case tooLarge, tooManyBids, rateLimited, overAccountCap, waitlistFull
    // Cancellations of bids.
    case unknownBid, notYourBid, alreadyOver, tooLate
    // Offering commands.
    case badTerms, wrongState
    // Payment results.
    case unknownCommand, amountMismatch
    /// An input or a term that this version of the rules does not act on.
    case unsupported
}
