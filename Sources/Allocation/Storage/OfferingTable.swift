import Vocabulary

/// Finds an offering of a partition by its id.
struct OfferingTable: Sendable {
    private var identifiers = IdentifierList()

    /// The number of the offering, in order of opening, from 0.
    func find(_ offering: Identifier) -> Int? { identifiers.find(offering).map(Int.init) }

    /// Adds an offering that is not there yet, as the next one.
    mutating func append(_ offering: Identifier) {
        _ = identifiers.number(of: offering)
    }
}
