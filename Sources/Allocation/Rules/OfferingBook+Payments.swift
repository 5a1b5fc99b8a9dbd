import Vocabulary

// What a payment result does (Rules.md, Payment results).

extension OfferingBook {
    /// The order of the checks: unknownCommand, amountMismatch, repeated, wrongState.
    mutating func decideResult(
        _ result: PaymentResult, into group: inout DecisionGroup
    ) throws(InvariantViolation) {
        if let isCollection = result.payment?.isCollection, !isCollection {
            return decidePayout(result.payment!, result, into: &group)
        }
        guard let index = part(answeredBy: result) else {
            return reject(result, .unknownCommand, into: &group)
        }
        let part = bids[index]
        let brings = result.kind == .paid || result.kind == .conflict
        if brings && result.amount != bidTerms.cost(of: bids.commanded(index)) {
            return reject(result, .amountMismatch, into: &group)
        }
        if result.result <= part.lastResult {
            return record(
                .repeated(
                    .payment(result.payment!, result: result.result, last: part.lastResult)),
                into: &group)
        }
        switch (result.kind, part.state.isOpen) {
        case (.paid, true), (.conflict, true):
            try recordMoney(for: index, by: result, into: &group)
        case (.declined, true):
            try recordRelease(of: index, by: result, .declined, into: &group)
        case (.recalled, true):
            try recordRelease(of: index, by: result, .recalled, into: &group)
        case (.failedByPerson, true):
            try recordRelease(of: index, by: result, .failedByPerson, into: &group)
        case (.inDoubt, true):
            recordDoubt(of: index, by: result, into: &group)
        case (.paid, false) where part.state == .released,
            (.conflict, false) where part.state == .released:
            try recordLateMoney(for: index, by: result, into: &group)
        case (.returned, false) where part.state.wasPaid:
            recordReturn(of: index, by: result, into: &group)
        default:
            // It contradicts the final answer that this payment has.
            reject(result, .wrongState, into: &group)
        }
    }

    /// The part whose collection `result` answers; nil where there never was such a command.
    private func part(answeredBy result: PaymentResult) -> PartIndex? {
        // Looked at member by member: an id is large, and most results are answers like this.
        guard result.payment?.isCollection == true, result.payment!.offering == identifier,
            let bid = bids.accepted(result.payment!.subject), has(bid, result.account)
        else { return nil }
        return bids.part(result.payment!.number, of: bid)
    }

    mutating func reject(
        _ result: PaymentResult, _ reason: Reason, member: Member? = nil,
        into group: inout DecisionGroup
    ) {
        let subject = Rejection.Subject.payment(result.payment, result: result.result)
        reject(Rejection(subject, reason, member: member), into: &group)
    }

    /// What a decision says about the part that `result` moves.
    func paidPart(_ index: PartIndex, _ result: PaymentResult) -> PaidPart {
        PaidPart(
            bid: result.payment!.subject, account: result.account, shares: bids[index].shares,
            number: result.payment!.number, result: result.result)
    }
}
