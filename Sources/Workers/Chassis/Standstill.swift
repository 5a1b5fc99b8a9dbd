import Vocabulary

/// Looks out for what keeps a live lane from its work without any call failing: inputs that are no
/// longer what was read of them, though nothing comes, and a commit that is not answered.
struct Standstill {
    /// After this long it is looked for, and told.
    static let patienceMilliseconds: Int64 = 3_000

    private var askedAt: Timestamp?
    private var handedOverAt: Timestamp?
    /// Whether the ends are to be asked for though nothing is at hand.
    private(set) var isDue = false

    mutating func look(at now: Timestamp) {
        guard let askedAt else {
            isDue = true
            return
        }
        isDue = abs(now.rawValue - askedAt.rawValue) >= Self.patienceMilliseconds
    }

    mutating func asked(at now: Timestamp) {
        askedAt = now
        isDue = false
    }

    mutating func handedOver(at now: Timestamp) { handedOverAt = now }

    /// Since when the commit that was just answered had been waited for, if it took long.
    mutating func slowCommit(now: Timestamp) -> Timestamp? {
        defer { handedOverAt = nil }
        guard let handedOverAt,
            now.rawValue - handedOverAt.rawValue >= Self.patienceMilliseconds
        else { return nil }
        return handedOverAt
    }

    /// Begins anew.
    mutating func forget() { self = Standstill() }
}
