import Vocabulary

extension BidTerms {
    /// Whether a bid may be given part of what it asks for: not one that wants all or none, and no
    /// bid at all under `skip` and `hold`.
    ///
    /// What follows from it stands with the rules that ask: a bid over all the shares is `tooLarge`
    /// (`OfferingBook+BidChecks.swift`), one over the account's cap is refused or cut
    /// (`OfferingBook+Arrival.swift`), one at the waitlist's front is passed over or stops the
    /// serving (`OfferingBook+Serving.swift`), and late money settles all of it or nothing
    /// (`OfferingBook+LateMoney.swift`).
    @inline(__always)
    package func maySplit(allOrNone: Bool) -> Bool { remainder == .split && !allOrNone }
}
