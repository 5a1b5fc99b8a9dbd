import Vocabulary

// A payment succeeded, or nobody knows.

extension OfferingBook {
    /// `paid`: reserved -> settled. Whether the offering is filled follows from the book.
    mutating func recordSettlement(
        of index: PartIndex, by result: PaymentResult, into group: inout DecisionGroup
    ) throws(InvariantViolation) {
        let part = paidPart(index, result)
        settle(index, result: result.result)
        record(.bid(.settled(part)), into: &group)
        try check(index.bid)
    }

    /// `inDoubt`: shown, and nothing moves, however long it takes (Payments.md).
    mutating func recordDoubt(
        of index: PartIndex, by result: PaymentResult, into group: inout DecisionGroup
    ) {
        let part = paidPart(index, result)
        doubt(index, result: result.result)
        record(.bid(.inDoubt(part)), into: &group)
    }

    /// `returned`: the bank took back what was paid. No share moves; a person must look at it. What
    /// was to go back of the money is recalled, or its account would have it twice.
    mutating func recordReturn(
        of index: PartIndex, by result: PaymentResult, into group: inout DecisionGroup
    ) {
        let recalled = takeReturn(
            index, number: result.payment!.number, result: result.result)
        let returned = PayoutResult(
            payment: result.payment!, account: result.account,
            amount: result.amount ?? bidTerms.cost(of: bids.commanded(index)),
            result: result.result)
        record(.money(.paymentReturned(returned)), into: &group)
        for command in recalled {
            group.append(
                PaymentRecall(
                    command: command, partition: group.partition, account: result.account))
        }
    }
}
