import Vocabulary

// A payment failed.

extension OfferingBook {
    /// `declined`, `recalled` and `failedByPerson`: the shares are free again and the bid is over.
    /// The part of it that waits is cancelled in the same group, so that it never gets more; other
    /// reserved parts keep their shares until their own results. Then the waitlist is served.
    mutating func recordRelease(
        of index: PartIndex, by result: PaymentResult, _ reason: ReleaseReason,
        into group: inout DecisionGroup
    ) throws(InvariantViolation) {
        let part = paidPart(index, result)
        release(index, result: result.result)
        record(.bid(.released(part, reason)), into: &group)
        // Nearly always nothing of it waits.
        if waiting(of: index.bid) > 0 {
            let rest = waitingPart(of: index.bid)
            withdraw(index.bid, rest.shares)
            record(.bid(.cancelled(rest)), into: &group)
        }
        try check(index.bid)
    }
}
