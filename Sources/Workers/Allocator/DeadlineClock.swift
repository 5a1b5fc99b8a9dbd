import Vocabulary

/// When a deadline is decided though no bid brings it about (TheLog.md, Book time): the worker's
/// clock is past it by the grace, its own record that the log stamped after that agrees, the
/// inputs' ends were asked for after that, and everything up to them is decided. So no bid that was
/// in time is passed over, though appends take a while to become readable and clocks differ.
package struct DeadlineClock {
    private let grace: Int64
    /// The deadline that is past, if one is, and the ends that were asked for after it was.
    private var due: Timestamp?
    private var ends: InputMerge.Ends?
    /// When the last batch was handed over, by the worker's clock.
    private var handedOverAt: Timestamp?
    /// By how much the worker's clock was ahead of the log's when it was last compared.
    package private(set) var aheadMilliseconds: Int64 = 0
    /// When they were compared last, by the worker's clock.
    private var comparedAt: Timestamp?
    /// How far the clocks of all processes at work on the log differ. Where the log is stamped by
    /// the worker's own clock, its stamps say nothing about that.
    package var spreadMilliseconds: Int64 = 0

    package init(graceMilliseconds: Int64) { grace = graceMilliseconds }

    /// Whether a deadline waits for the inputs' ends.
    package var isDue: Bool { due != nil && ends == nil }

    /// Whether the worker's clock may bring deadlines about.
    package var isTrusted: Bool { aheadMilliseconds <= grace && spreadMilliseconds <= grace }

    /// Looks at the clock.
    package mutating func look(at now: Timestamp, for deadline: Timestamp?) {
        guard let deadline, isTrusted, isPast(deadline, at: now), isCompared(deadline, at: now)
        else {
            due = nil
            ends = nil
            return
        }
        if due != deadline {
            due = deadline
            ends = nil
        }
    }

    /// The ends of the inputs, asked for since the deadline came.
    package mutating func answered(_ ends: InputMerge.Ends) {
        if due != nil, self.ends == nil { self.ends = ends }
    }

    /// Whether everything is decided that was there when this deadline was past. What is decided
    /// meanwhile may have put the one off that was looked at.
    package func mayDecide(
        _ deadline: Timestamp, _ inputs: borrowing InputMerge
    ) -> Bool {
        guard let ends, due == deadline else { return false }
        for input in InputTopic.inputs where inputs.inputs[input].decided < ends[input] {
            return false
        }
        return true
    }

    /// The time until the deadline is past by the grace; nil where the clock brings none about.
    package func millisecondsUntilDue(_ deadline: Timestamp?, at now: Timestamp) -> Int? {
        guard let deadline, isTrusted else { return nil }
        return Int(clamping: max(0, deadline.rawValue + grace - now.rawValue))
    }

    private func isPast(_ deadline: Timestamp, at now: Timestamp) -> Bool {
        now.rawValue >= deadline.rawValue + grace
    }

    /// Whether the clocks were compared since the deadline was past: a clock that agreed with the
    /// log's hours ago may have been set since.
    private func isCompared(_ deadline: Timestamp, at now: Timestamp) -> Bool {
        guard let comparedAt else { return false }
        return isPast(deadline, at: comparedAt) && comparedAt <= now
    }

    private static let comparisonMilliseconds: Int64 = 5_000

    /// Whether the clocks must be compared again although nothing is decided: a deadline is past by
    /// the worker's clock, which was not compared since; or that was wrong, and may have been put
    /// right since.
    package func mustCompare(_ deadline: Timestamp?, at now: Timestamp) -> Bool {
        guard let deadline, isPast(deadline, at: now) else { return false }
        guard let comparedAt, isCompared(deadline, at: now) else { return true }
        guard aheadMilliseconds > grace else { return false }
        return now.rawValue - comparedAt.rawValue >= Self.comparisonMilliseconds
    }

    /// A batch was handed over to be committed.
    package mutating func handedOver(at now: Timestamp) { handedOverAt = now }

    /// Compares the clocks: what was handed over then was stamped so by the log.
    package mutating func committed(lastAppendTime: Int64) {
        if let handedOverAt {
            aheadMilliseconds = handedOverAt.rawValue - lastAppendTime
            comparedAt = handedOverAt
        }
        handedOverAt = nil
    }

    /// Begins anew.
    package mutating func forget() {
        due = nil
        ends = nil
        handedOverAt = nil
    }
}
