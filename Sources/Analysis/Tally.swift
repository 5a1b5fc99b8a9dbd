import Vocabulary

/// What is counted of the records about one offering under one variant, and is not in its book.
struct Tally: Equatable, Sendable {
    /// Refusals of one kind of record for one reason.
    struct Refusals: Equatable, Sendable {
        var kind: WhatIfOutcome.RecordKind
        var reason: Reason
        var count: Int64
    }

    /// Few, so that looking for one is cheap.
    private(set) var refusals: [Refusals] = []
    /// Bids that came again and changed nothing.
    private(set) var repeated: Int64 = 0
    /// Why the offering could not be opened when that was asked for last.
    private(set) var openRejection: Rejection?

    mutating func note(_ event: DecisionEvent, of record: InputRecord) {
        switch event {
        case .rejected(let rejection):
            count(rejection.reason, of: WhatIfOutcome.RecordKind(record))
            if case .command(let command) = record, case .open = command.action {
                openRejection = rejection
            }
        case .repeated(.bid):
            if case .bid = record { repeated += 1 }
        default: break
        }
    }

    private mutating func count(_ reason: Reason, of kind: WhatIfOutcome.RecordKind) {
        for index in refusals.indices
        where refusals[index].reason == reason && refusals[index].kind == kind {
            refusals[index].count += 1
            return
        }
        refusals.append(Refusals(kind: kind, reason: reason, count: 1))
    }
}

/// The tallies of all offerings under all variants.
struct TallyTable {
    private(set) var offerings: [Identifier] = []
    private var indices: [Identifier: Int] = [:]
    private var tallies: [Tally] = []
    private let variants: Int
    /// The offering that was looked up last: most records are about the same one again.
    private var last = 0

    init(variants: Int) { self.variants = variants }

    func index(of offering: Identifier) -> Int? { indices[offering] }

    /// The number of an offering, which is added where it is new.
    @inline(__always)
    mutating func find(_ offering: Identifier) -> Int {
        if last < offerings.count, offerings[last] == offering { return last }
        last = findSlowly(offering)
        return last
    }

    private mutating func findSlowly(_ offering: Identifier) -> Int {
        if let index = indices[offering] { return index }
        indices[offering] = offerings.count
        offerings.append(offering)
        for _ in 0..<variants { tallies.append(Tally()) }
        return offerings.count - 1
    }

    subscript(offering: Int, variant: Int) -> Tally { tallies[offering * variants + variant] }

    @inline(__always)
    mutating func note(
        _ event: DecisionEvent, of record: InputRecord, offering: Int, variant: Int
    ) {
        tallies[offering * variants + variant].note(event, of: record)
    }
}
