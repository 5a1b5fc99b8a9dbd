/// What an operator asks of a whole partition: a record of `offering-commands` that names no
/// offering. The partition is the one that it stands in.
public struct PartitionCommand: Hashable, Sendable {
    /// What is to be done; its name is the value of `type` on the wire.
    public enum Action: Hashable, Sendable {
        /// `clock.correct`: bids that a clock stamped ahead count from another moment.
        case correctClock(ClockCorrection)
        /// `payments.recommand`: every payment without a final result is commanded again.
        case recommandPayments
    }

    public var command: Identifier
    public var action: Action

    public init(command: Identifier, action: Action) {
        self.command = command
        self.action = action
    }
}

/// Bids that a clock stamped ahead of the time: for book time they count with the smaller of their
/// stamp and `at` (TheLog.md, Book time). Bids in between that were stamped right are left alone
/// so.
public struct ClockCorrection: Hashable, Sendable {
    /// The first and the last of them, as offsets of `bids`.
    public var first: Offset
    public var last: Offset
    public var at: Timestamp

    public init(first: Offset, last: Offset, at: Timestamp) {
        self.first = first
        self.last = last
        self.at = at
    }

    /// When a bid counts from that stands at `offset` and was stamped at `at`.
    public func time(ofBidAt offset: Offset, stamped at: Timestamp) -> Timestamp {
        first <= offset && offset <= last ? min(at, self.at) : at
    }
}
