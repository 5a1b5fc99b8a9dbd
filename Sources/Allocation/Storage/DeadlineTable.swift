import Vocabulary

/// The next deadline of each offering, and the first of them all.
struct DeadlineTable: Equatable, Sendable {
    /// By the offering's number; `never` where there is none.
    private var deadlines: [Timestamp] = []
    private var first = never

    private static let never = Timestamp(rawValue: .max)

    var next: Timestamp? { first == Self.never ? nil : first }

    /// Most inputs change no deadline, and end at the first comparison.
    @inline(__always)
    mutating func set(_ deadline: Timestamp?, of offering: Int) {
        let deadline = deadline ?? Self.never
        if offering < deadlines.count, deadlines[offering] == deadline { return }
        change(deadline, of: offering)
    }

    @inline(never)
    private mutating func change(_ deadline: Timestamp, of offering: Int) {
        while deadlines.count <= offering { deadlines.append(Self.never) }
        let before = deadlines[offering]
        deadlines[offering] = deadline
        if deadline <= first {
            first = deadline
        } else if before == first {
            first = deadlines.min()!
        }
    }

    /// The offerings whose deadline is `moment`, in order of their ids (TheLog.md, Book time).
    func due(at moment: Timestamp, by offerings: [OfferingBook]) -> [Int] {
        precondition(moment == first, "deadlines are decided in their order")
        return deadlines.indices.filter { deadlines[$0] == moment }
            .sorted { offerings[$0].identifier < offerings[$1].identifier }
    }
}
