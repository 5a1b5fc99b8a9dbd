import Vocabulary

/// Looks out for what keeps a live lane from its work without any call failing: an input whose
/// records can't be read though they are there, since somebody's transaction on it is open
/// (log.md, A batch), and a commit that is not answered.
struct Standstill {
    /// After this long it is told.
    static let patienceMilliseconds: Int64 = 3_000

    private var askedAt: Milliseconds?
    private var handedOverAt: Milliseconds?
    private var places: InlineArray<3, Place?> = InlineArray(repeating: nil)
    /// Whether the ends are to be asked for though nothing is at hand: what nobody can read yet
    /// brings no record.
    private(set) var isDue = false

    private struct Place {
        var position: Int64
        var since: Milliseconds
        var isTold = false
    }

    mutating func look(at now: Milliseconds) {
        guard let askedAt else {
            isDue = true
            return
        }
        isDue = abs(now.rawValue - askedAt.rawValue) >= Self.patienceMilliseconds
    }

    mutating func asked(at now: Milliseconds) {
        askedAt = now
        isDue = false
    }

    /// Everything of this input that is there can be read.
    mutating func moves(_ input: Int) { places[input] = nil }

    /// There is more of this input than can be read past `position`; true where people should hear
    /// of it now.
    mutating func stays(_ input: Int, at position: Int64, now: Milliseconds) -> Bool {
        guard var place = places[input], place.position == position else {
            places[input] = Place(position: position, since: now)
            return false
        }
        guard !place.isTold,
            now.rawValue - place.since.rawValue >= Self.patienceMilliseconds
        else { return false }
        place.isTold = true
        places[input] = place
        return true
    }

    func since(_ input: Int) -> Milliseconds? { places[input]?.since }

    /// Whether people were told that an input stands still, and it still does.
    var isAnywhere: Bool {
        for input in 0..<3 where places[input]?.isTold == true { return true }
        return false
    }

    mutating func handedOver(at now: Milliseconds) { handedOverAt = now }

    /// Since when the commit that was just answered had been waited for, if it took long.
    mutating func slowCommit(now: Milliseconds) -> Milliseconds? {
        defer { handedOverAt = nil }
        guard let handedOverAt,
            now.rawValue - handedOverAt.rawValue >= Self.patienceMilliseconds
        else { return nil }
        return handedOverAt
    }

    /// Begins anew.
    mutating func forget() { self = Standstill() }
}
