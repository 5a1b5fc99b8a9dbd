import Vocabulary

// Decisions about money that is given back or paid out, and about an offering.
extension RecordDecoder {
    /// `inDoubt` is one word for what is collected and for what is paid out.
    func inDoubt(_ offering: Identifier?) throws(Malformation) -> DecisionEvent {
        try needs(offering)
        return try payment(of: offering).kind == .collection
            ? .bid(.inDoubt(try paidPart(offering)))
            : .money(.payoutInDoubt(try payoutResult(offering)))
    }

    func refunded(_ offering: Identifier?) throws(Malformation) -> PayoutResult {
        try needs(offering)
        guard case .refund = try payment(of: offering).kind else { throw badPayment() }
        return try payoutResult(offering)
    }

    func paidOut(_ offering: Identifier?) throws(Malformation) -> PayoutResult {
        try needs(offering)
        guard try payment(of: offering).bid == nil else { throw badPayment() }
        return try payoutResult(offering)
    }

    func payoutDeclined(_ offering: Identifier?) throws(Malformation) -> MoneyEvent {
        try needs(offering)
        let reason = try members.choice(.reason, among: ReleaseReason.table)
        guard reason != .returned else {
            throw members.fault(.badValue, .reason, try members.required(.reason))
        }
        return .payoutDeclined(
            try payoutResult(offering), reason, isProven: try members.optionalBoolean(.proven))
    }

    mutating func repaying(_ offering: Identifier?) throws(Malformation) -> MoneyEvent {
        try needs(offering)
        let command = try members.identifier(.command)
        guard case .repay(let named?) = try action() else {
            throw members.fault(.badValue, .action, try members.required(.action))
        }
        return .repaying(command: command, named: named, try payoutResult(offering))
    }

    func distributed(_ offering: Identifier?) throws(Malformation) -> Distributed {
        try needs(offering)
        return Distributed(
            command: try members.identifier(.command),
            distribution: try members.identifier(.distribution),
            kind: try members.choice(.kind, among: DistributionKind.table),
            total: try members.quantity(.total), account: try members.identifier(.account),
            amount: try members.quantity(.amount))
    }

    /// Money belongs to an offering.
    private func needs(_ offering: Identifier?) throws(Malformation) {
        guard offering != nil else { throw members.missing(.offering) }
    }

    func amended() throws(Malformation) -> OfferingEvent {
        .amended(
            command: try members.identifier(.command), closesAt: try members.quantity(.closesAt))
    }

    func cancelling() throws(Malformation) -> Cancelling {
        let reason = try members.optionalText(.reason, largest: RecordLimits.cancellationReason)
        guard let command = try members.optionalIdentifier(.command) else {
            guard reason == "shortfall" else { throw members.missing(.command) }
            return .shortfall
        }
        return .command(command, reason: reason)
    }

    func refund(_ offering: Identifier?) throws(Malformation) -> Refund {
        try needs(offering)
        let bid = try members.bid(.bid, of: offering)
        guard let refund = Int32(exactly: try members.integer(.refund)), refund > 0 else {
            throw members.fault(.outOfRange, .refund, try members.required(.refund))
        }
        return Refund(
            bid: bid, account: try members.identifier(.account),
            shares: try members.quantity(.shares), number: try collection(of: bid, offering),
            refund: refund, amount: try members.quantity(.amount),
            result: try members.optionalInteger(.result))
    }

    func payoutResult(_ offering: Identifier?) throws(Malformation) -> PayoutResult {
        try needs(offering)
        let payment = try payment(of: offering)
        if let bid = payment.bid, try members.bid(.bid, of: offering) != bid {
            throw members.fault(.badValue, .bid, try members.required(.bid))
        }
        return PayoutResult(
            payment: payment, account: try members.identifier(.account),
            amount: try members.quantity(.amount),
            result: try members.optionalInteger(.result) ?? 0)
    }

    /// The payment that the decision names, which must be one of this offering.
    private func payment(of offering: Identifier?) throws(Malformation) -> PaymentID {
        guard let id = try members.paymentID(.payment), id.offering == offering else {
            throw badPayment()
        }
        return id
    }

    private func badPayment() -> Malformation {
        guard let token = members[.payment] else { return members.missing(.payment) }
        return members.fault(.badValue, .payment, token)
    }

    mutating func certificate() throws(Malformation) -> Certificate {
        let terms = try offeringTerms()
        let first = try members.counts(.firstOffsets, by: InputTopic.table)
        let last = try members.counts(.lastOffsets, by: InputTopic.table)
        guard first.map(\.0) == last.map(\.0) else {
            throw members.fault(.badValue, .lastOffsets, try members.required(.lastOffsets))
        }
        return Certificate(
            state: try members.choice(.state, among: OfferingState.table), terms: terms,
            inputs: zip(first, last).map { first, last in
                Certificate.Range(
                    topic: first.0, first: Offset(rawValue: first.1),
                    last: Offset(rawValue: last.1))
            },
            refusals: try members.counts(.refusals, by: Reason.table).map {
                Certificate.Refusals(reason: $0.0, count: $0.1)
            },
            bids: try members.integer(.bids), accounts: try members.integer(.accounts),
            refunded: try members.quantity(.refunded),
            returned: try members.quantity(.returned))
    }
}
