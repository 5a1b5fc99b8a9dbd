import Vocabulary

// The proceeds go to the payee, once, when the offering is final and stands (Terms.md).

extension OfferingBook {
    /// The id of the command that pays the proceeds out; nil where there is nobody to pay them to.
    var disbursement: PaymentID? {
        terms.payee.map {
            PaymentID(offering: identifier, subject: $0, kind: .disbursement, number: 1)
        }
    }

    /// Part of `filled` and `closedShort`: the proceeds are owed from now on.
    mutating func payOutProceeds() {
        guard let disbursement, counters.settled > 0 else { return }
        payouts.add(
            disbursement,
            PayoutTable.Payout(
                account: disbursement.subject, amount: bidTerms.cost(of: counters.settled)))
    }

    /// The offering stands; its payee is paid.
    mutating func recordStanding(
        _ event: OfferingEvent, entering state: OfferingState, into group: inout DecisionGroup
    ) {
        record(event, entering: state, into: &group)
        if let disbursement, counters.settled > 0 { recordPayout(disbursement, into: &group) }
    }
}
