import Vocabulary

/// What the audit of money saw.
package struct MoneyReport: Sendable {
    /// An amount, and how many payments it is of.
    package struct Sum: Hashable, Sendable {
        package var amount: MinorUnits = 0
        package var count: Int64 = 0

        package init() {}

        /// Adds a payment. A sum that no integer holds stays at the largest one.
        mutating func add(_ amount: MinorUnits) {
            let (sum, isTooLarge) = self.amount.rawValue.addingReportingOverflow(amount.rawValue)
            self.amount = MinorUnits(rawValue: isTooLarge ? .max : sum)
            count += 1
        }
    }

    /// What moved of a currency, as the journal says. What came back is not counted.
    package struct Sums: Hashable, Sendable {
        package var currency: CurrencyCode
        package var collected = Sum()
        package var refunded = Sum()
        /// Interest and principal.
        package var distributed = Sum()
        package var disbursed = Sum()
        /// What came back of all that was paid.
        package var returned = Sum()
        /// What may have been collected, and may have been paid out.
        package var collectionsInDoubt = Sum()
        package var payoutsInDoubt = Sum()

        package init(currency: CurrencyCode) { self.currency = currency }

        /// Collected less all that was paid out: what should be there.
        package var kept: MinorUnits {
            var left = collected.amount.rawValue
            for out in [refunded, distributed, disbursed] {
                let (rest, isTooSmall) = left.subtractingReportingOverflow(out.amount.rawValue)
                left = isTooSmall ? .min : rest
            }
            return MinorUnits(rawValue: left)
        }
    }

    /// Commands that the journal took up.
    package var payments: Int64 = 0
    package var obligations: Int64 = 0
    /// Entries of the journal.
    package var entries: Int64 = 0
    /// Records of payment-results.
    package var answers: Int64 = 0
    /// Decisions that name an answer.
    package var decisions: Int64 = 0
    /// Movements of a bank.
    package var movements: Int64 = 0
    /// Payments in doubt that the bank has executed.
    package var doubtsExecuted: Int64 = 0
    /// By currency, in the order in which the journal brings them.
    package var sums: [Sums] = []
    /// The first of them; the others are only counted.
    package var findings: [MoneyFinding] = []
    package var totalFindings: Int64 = 0
    /// What could not be looked at, in plain words.
    package var notLookedAt: [String] = []

    package var verdict: AuditReport.Verdict {
        if totalFindings > 0 { return .failed }
        return notLookedAt.isEmpty ? .right : .incomplete
    }
}
