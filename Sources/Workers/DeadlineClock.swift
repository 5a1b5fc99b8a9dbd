import Vocabulary

/// When a deadline is decided though no bid brings it about (log.md, Book time): the worker's clock
/// is past it by the grace, the inputs' ends were asked for after that, and everything up to them
/// is decided. So no bid that was in time is passed over, though appends take a while to become
/// readable and clocks differ.
struct DeadlineClock {
    private let grace: Int64
    /// The deadline that is past, if one is, and the ends that were asked for after it was.
    private var due: Milliseconds?
    private var ends: InputMerge.Ends?
    /// When the last batch was handed over, by the worker's clock.
    private var handedOverAt: Milliseconds?
    /// By how much the worker's clock was ahead of the log's when it was last compared.
    private(set) var aheadMilliseconds: Int64 = 0

    init(graceMilliseconds: Int64) { grace = graceMilliseconds }

    /// When they were compared last.
    private var comparedAt: Milliseconds?

    /// Whether a deadline waits for the inputs' ends.
    var isDue: Bool { due != nil && ends == nil }

    /// Whether the worker's clock may bring deadlines about.
    var isTrusted: Bool { aheadMilliseconds <= grace }

    /// Looks at the clock.
    mutating func look(at now: Milliseconds, for deadline: Milliseconds?) {
        guard let deadline, isTrusted, now.rawValue >= deadline.rawValue + grace else {
            due = nil
            ends = nil
            return
        }
        if due != deadline {
            due = deadline
            ends = nil
        }
    }

    mutating func answered(_ ends: InputMerge.Ends) {
        if due != nil, self.ends == nil { self.ends = ends }
    }

    /// Whether everything is decided that was there when the deadline was past.
    func mayDecide(_ inputs: borrowing InputMerge) -> Bool {
        guard let ends else { return false }
        for input in 0..<3 where inputs.inputs[input].decided < ends[input] { return false }
        return true
    }

    /// The time until the deadline is past by the grace; nil where the clock brings none about.
    func millisecondsUntilDue(_ deadline: Milliseconds?, at now: Milliseconds) -> Int? {
        guard let deadline, isTrusted else { return nil }
        return Int(clamping: max(0, deadline.rawValue + grace - now.rawValue))
    }

    mutating func handedOver(at now: Milliseconds) { handedOverAt = now }

    private static let comparisonMilliseconds: Int64 = 5_000

    /// Whether the clocks must be compared again although nothing is decided: a deadline is past by
    /// a clock that was wrong, and may have been put right since.
    func mustCompare(_ deadline: Milliseconds?, at now: Milliseconds) -> Bool {
        guard !isTrusted, let deadline, now.rawValue >= deadline.rawValue + grace else {
            return false
        }
        guard let comparedAt else { return true }
        return abs(now.rawValue - comparedAt.rawValue) >= Self.comparisonMilliseconds
    }

    /// Compares the clocks: what was handed over then was stamped so by the log.
    mutating func committed(lastAppendTime: Int64) {
        if let handedOverAt {
            aheadMilliseconds = handedOverAt.rawValue - lastAppendTime
            comparedAt = handedOverAt
        }
        handedOverAt = nil
    }

    /// Begins anew.
    mutating func forget() {
        due = nil
        ends = nil
        handedOverAt = nil
    }
}
