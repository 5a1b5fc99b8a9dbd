import Vocabulary

/// What an audit can look at (CommandLine.md).
package enum AuditLevel: String, Sendable, CaseIterable {
    /// The hash chain, the numbers of the decisions, the epochs.
    case chain
    /// Every counter and every part of every bid, recomputed from the decisions.
    case arithmetic
}

/// Something that is not as it must be.
package struct AuditFinding: Sendable {
    /// What kind of thing; the raw values are stable.
    package enum Code: String, Sendable, CaseIterable {
        // Of the chain.
        /// The record can't be read.
        case unreadable
        /// The hash is not that of the hash before it and the record's bytes.
        case wrongHash
        /// Decisions are missing, double, or out of order.
        case wrongSequence
        /// An epoch begins that is not higher than the one before, or not where it says.
        case wrongEpoch
        /// A decision of an epoch that never began.
        case unknownEpoch
        /// The decision belongs to another partition.
        case wrongPartition
        // Of the arithmetic.
        /// A source was decided twice, out of order, or its group has gaps.
        case wrongSource
        /// The counters are not those that the decisions add up to.
        case wrongCounters
        /// Parts of a bid do not add up.
        case wrongParts
        /// A payment result moved a reservation that is not open, or has other shares.
        case wrongPayment
        /// An account has more than its cap, or the waitlist more than its room.
        case overLimit
        /// Shares that the terms do not allow: not a lot, or cut without need.
        case againstTerms
        /// The offering's state does not follow from its counters.
        case wrongState
        /// A bid waits that could have been served.
        case notServed
        /// Shares went to a bid although an earlier one waited that could take them.
        case wrongOrder
        /// A bid was decided for the first time twice, or its repeat says what was not.
        case wrongRepeat
    }

    package var code: Code
    package var level: AuditLevel
    /// Of the record in `decisions`.
    package var offset: Offset
    package var sequence: DecisionNumber?
    package var offering: Identifier?
    package var bid: Identifier?
    /// In plain words.
    package var sentence: String
}

/// What an audit of one partition saw.
package struct AuditReport: Sendable {
    package var partition: Partition
    /// The levels that were looked at.
    package var levels: [AuditLevel] = []
    package var records: Int64 = 0
    package var firstOffset: Offset?
    package var lastOffset: Offset?
    package var firstSequence: DecisionNumber = 0
    package var lastSequence: DecisionNumber = 0
    /// Epochs that began.
    package var epochs: Int64 = 0
    /// Decisions of a writer that another had taken over from; readers pass them.
    package var ignoredStale: Int64 = 0
    /// The hash of the last decision, in hex.
    package var head = ""
    /// How many decisions of each type there are, in the order of `DecisionType`.
    package var types: [(type: DecisionType, count: Int64)] = []
    /// How many refusals of each reason there are.
    package var reasons: [(reason: Reason, count: Int64)] = []
    /// The first of them; the others are only counted.
    package var findings: [AuditFinding] = []
    package var totalFindings: Int64 = 0
    /// The record at which the arithmetic ended, since a decision there can't be read or is
    /// missing: what was decided after it can't be added up.
    package var arithmeticEnd: Offset?
    var failed: Set<AuditLevel> = []

    /// Whether the level was looked at, up to the end, and nothing was found.
    package func passed(_ level: AuditLevel) -> Bool { verdict(level) == .right }

    /// What came of a level.
    package enum Verdict: String, Sendable {
        case right
        case failed
        /// Nothing was found, but not everything could be looked at.
        case incomplete
        case notAskedFor
    }

    /// What came of this level.
    package func verdict(_ level: AuditLevel) -> Verdict {
        if !levels.contains(level) { return .notAskedFor }
        if failed.contains(level) { return .failed }
        return level == .arithmetic && arithmeticEnd != nil ? .incomplete : .right
    }
}
