/// Why something was refused, in the order in which the reasons are looked at (Rules.md):
/// the first one wins. The raw values are on the wire and never change their meaning.
public enum Reason: String, Sendable, CaseIterable {
    // Bids, in the order of the checks.
    case malformed = "malformed", wrongEnvironment = "wrongEnvironment", misrouted = "misrouted"
    case unknownOffering = "unknownOffering", archived = "archived"
    case conflictingDuplicate = "conflictingDuplicate", notOpenYet = "notOpenYet", paused = "paused"
    case filled = "filled", closed = "closed", belowMinimum = "belowMinimum", notALot = "notALot"
    case tooLarge = "tooLarge", tooManyBids = "tooManyBids", rateLimited = "rateLimited"
    case overAccountCap = "overAccountCap", tooManyAccounts = "tooManyAccounts"
    case waitlistFull = "waitlistFull"
    // Cancellations of bids.
    case unknownBid = "unknownBid", notYourBid = "notYourBid", alreadyOver = "alreadyOver"
    case tooLate = "tooLate"
    // Offering commands.
    case badTerms = "badTerms", wrongState = "wrongState"
    // Payment results.
    case unknownCommand = "unknownCommand", amountMismatch = "amountMismatch"
    /// An input or a term that this version of the rules does not act on.
    case unsupported = "unsupported"
}
