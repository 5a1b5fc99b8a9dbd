import Vocabulary

/// Something in `payment-commands` that is not as the decisions have it.
package struct OrderFinding: Sendable {
    /// What kind of thing; the raw values are stable.
    package enum Code: String, Sendable, CaseIterable {
        /// A decision ordered it, and it is not there.
        case missing
        /// No decision ordered it.
        case unknown
        /// A decision ordered something else under this id.
        case different
        /// It stands in another partition, or under another key, than its account's.
        case misplaced
        /// It stands there more often than it was ordered.
        case repeated
        /// The record can't be read.
        case unreadable
    }

    /// Where to look.
    package enum Location: Sendable {
        /// The decision that ordered it.
        case decision(Partition, Offset, DecisionNumber)
        /// The record of `payment-commands`.
        case record(Partition, Offset)
    }

    package var code: Code
    package var location: Location
    /// The payment it is about, where that could be read.
    package var command: PaymentID?
    /// In plain words.
    package var sentence: String
}

/// What came of comparing `payment-commands` with the decisions.
package struct PaymentsReport: Sendable {
    /// Orders that decisions caused.
    package var ordered: Int64 = 0
    /// Records that were read.
    package var records: Int64 = 0
    /// Those among them that were ordered a second time, by `payments.recommand`.
    package var repeats: Int64 = 0
    /// The first of them; the others are only counted.
    package var findings: [OrderFinding] = []
    package var totalFindings: Int64 = 0
    /// How many of them are missing.
    package var missing: Int64 = 0
    /// What could not be looked at, in plain words.
    package var notLookedAt: [String] = []

    package var verdict: AuditReport.Verdict {
        if totalFindings > 0 { return .failed }
        return notLookedAt.isEmpty ? .right : .incomplete
    }
}
