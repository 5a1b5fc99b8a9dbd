import Allocation
import Vocabulary

/// Decides records that lie in files, under the terms that they give and under others, side by
/// side and in one pass. Time is the records' own.
///
///     var whatIf = WhatIf([.asGiven, Variant(parsing: "remainder=skip")], paysAtOnce: true)
///     // in the order of `TimedMerge`
///     try whatIf.decide(record, from: .bids, offset: 0, at: 1_795_464_049_394)
///     try whatIf.finish()
///     whatIf.outcomes(of: "loan-7")
package struct WhatIf {
    /// Called with each decision of each variant.
    package typealias Observer = (Variant, Decision) -> Void

    /// All records are taken as those of one partition.
    static let partition: Partition = 0

    /// How many variants there may be.
    package static let mostVariants = BidList.mostVariants

    /// One column each.
    package let variants: [Variant]
    private var runs: [VariantRun]
    private var tallies: TallyTable
    private var bids: BidList?
    private let observer: Observer?

    /// - Parameters:
    ///   - variants: at most `mostVariants`.
    ///   - paysAtOnce: every payment command succeeds right after the decisions that made it;
    ///     else only those results count that are among the records.
    ///   - keepsBids: whether `forEachBid` will be asked; it costs memory for every bid.
    package init(
        _ variants: [Variant], paysAtOnce: Bool, keepsBids: Bool = false,
        observer: Observer? = nil
    ) {
        precondition(variants.count <= Self.mostVariants, "too many variants")
        self.variants = variants
        self.observer = observer
        runs = variants.map { VariantRun($0, paysAtOnce: paysAtOnce) }
        tallies = TallyTable(variants: variants.count)
        bids = keepsBids ? BidList() : nil
    }

    /// Decides a record of one of the files; `offset` is its number there, from 0.
    package mutating func decide(
        _ record: InputRecord, from topic: InputTopic, offset: Int64, at: Timestamp
    ) throws(InvariantViolation) {
        let source = Source(
            topic: topic, partition: Self.partition, offset: Offset(rawValue: offset), at: at)
        let offering = record.offering.map { tallies.find($0) }
        var note = BidList.Note()
        for index in runs.indices {
            let event = try runs[index].decide(record, from: source, observer)
            if let offering {
                tallies.note(event, of: record, offering: offering, variant: index)
            }
            if bids != nil { note.take(event, variant: index) }
        }
        if bids != nil, case .bid(let bid) = record {
            bids!.add(bid, offset: offset, note)
        }
    }

    /// Decides what time brought up to `time`, where no record shows it: the clock of an allocator
    /// did.
    package mutating func pass(time: Timestamp) throws(InvariantViolation) {
        for index in runs.indices { try runs[index].pass(time: time, observer) }
    }

    /// The command without which a record would be refused, as the first variant has it: all are
    /// given the records in one order.
    func commandWanted(
        for record: InputRecord
    ) -> (kind: CommandsAtHand.Kind, offering: Identifier)? {
        runs.first?.book.commandWanted(for: record)
    }

    /// When a bid counts from that stands at `offset` and was stamped at `at`.
    package func time(ofBidAt offset: Int64, stamped at: Timestamp) -> Timestamp {
        runs.first?.book.time(
            of: Source(
                topic: .bids, partition: Self.partition, offset: Offset(rawValue: offset), at: at))
            ?? at
    }

    /// Decides what time brings after the last record: offerings open and close.
    package mutating func finish() throws(InvariantViolation) {
        for index in runs.indices { try runs[index].finish(observer) }
    }

    /// The offerings that the records name, in order of appearance.
    package var offerings: [Identifier] { tallies.offerings }

    /// What came of an offering, by variant.
    package func outcomes(of offering: Identifier) -> [WhatIfOutcome] {
        guard let index = tallies.index(of: offering) else { return [] }
        return runs.indices.map { variant in
            WhatIfOutcome(
                offering, variants[variant], runs[variant].book, tallies[index, variant])
        }
    }

    /// Calls `body` with each bid in the order of the records, and what came of it by variant.
    /// What came again is not another bid.
    package func forEachBid<Failure: Error>(
        _ body: (WhatIfBid, [WhatIfBid.Result]) throws(Failure) -> Void
    ) throws(Failure) {
        guard let bids else { return }
        for entry in bids.entries {
            let results = runs.indices.map { variant in
                entry.result(in: runs[variant].book, variant: variant)
            }
            try body(entry.bid, results)
        }
    }
}
