import Vocabulary

/// Finds an offering of a partition by its id.
struct OfferingTable: Sendable {
    private var identifiers = IdentifierTable()

    /// The number of the offering, in order of opening, from 0.
    func find(_ offering: Identifier) -> Int? {
        let hash = identifiers.hash(offering)
        guard let handle = identifiers.find(offering, hash: hash) else { return nil }
        return identifiers.records.read(handle) { record in
            record.skipIdentifier()
            return Int(record.word())
        }
    }

    /// Adds an offering that is not there yet, as the next one.
    mutating func append(_ offering: Identifier) {
        let index = UInt32(identifiers.count)
        _ = identifiers.insert(hash: identifiers.hash(offering)) {
            $0.identifier(offering)
            $0.word(index)
        }
    }
}
