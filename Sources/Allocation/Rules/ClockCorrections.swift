import Vocabulary

/// Bids to come that count from another moment than their stamp (TheLog.md, Book time).
struct ClockCorrections: Equatable, Sendable {
    /// Of those that may still be to come, in the order in which they were decided; rarely any.
    private var corrections: [ClockCorrection] = []

    @inline(__always)
    var isEmpty: Bool { corrections.isEmpty }

    mutating func append(_ correction: ClockCorrection) { corrections.append(correction) }

    func time(ofBidAt offset: Offset, stamped at: Timestamp) -> Timestamp {
        corrections.reduce(at) { $1.time(ofBidAt: offset, stamped: $0) }
    }

    /// A decision about an input: what lies before a bid is done with. All decisions of that bid
    /// itself are of the same time.
    @inline(__always)
    mutating func pass(_ source: Source) {
        if corrections.isEmpty || source.topic != .bids { return }
        corrections.removeAll { $0.last < source.offset }
    }
}

extension PartitionBook {
    /// The moment that an input counts with: its append time, but for a bid of which an operator
    /// said that it was stamped ahead.
    @inline(__always)
    package func time(of source: Source) -> Timestamp {
        if corrections.isEmpty || source.topic != .bids { return source.at }
        return corrections.time(ofBidAt: source.offset, stamped: source.at)
    }
}
