import Vocabulary

// Decisions about money that is given back or paid out, and about the end of an offering.
extension RecordDecoder {
    mutating func moneyEvent(
        _ type: DecisionType, _ offering: Identifier?
    ) throws(Malformation) -> DecisionEvent {
        guard offering != nil else { throw members.missing(.offering) }
        switch type {
        case .inDoubt:
            let isCollection = try payment(of: offering).kind == .collection
            return isCollection
                ? .inDoubt(try paidPart(offering)) : .payoutInDoubt(try payoutResult(offering))
        case .refunding: return .refunding(try refund(offering))
        case .refunded:
            guard case .refund = try payment(of: offering).kind else { throw badPayment() }
            return .refunded(try payoutResult(offering))
        case .paymentReturned: return .paymentReturned(try payoutResult(offering))
        case .paidOut:
            guard try payment(of: offering).bid == nil else { throw badPayment() }
            return .paidOut(try payoutResult(offering))
        case .payoutDeclined:
            let reason = try members.choice(.reason, among: ReleaseReason.table)
            guard reason != .returned else {
                throw members.fault(.badValue, .reason, try members.required(.reason))
            }
            return .payoutDeclined(
                try payoutResult(offering), reason,
                isProven: try members.optionalBoolean(.proven))
        case .repaying:
            let command = try members.identifier(.command)
            guard case .repay(let named?) = try action() else {
                throw members.fault(.badValue, .action, try members.required(.action))
            }
            return .repaying(command: command, named: named, try payoutResult(offering))
        case .distributed:
            return .distributed(
                Distributed(
                    command: try members.identifier(.command),
                    distribution: try members.identifier(.distribution),
                    kind: try members.choice(.kind, among: DistributionKind.table),
                    total: try members.quantity(.total),
                    account: try members.identifier(.account),
                    amount: try members.quantity(.amount)))
        default: preconditionFailure("no event of money")
        }
    }

    mutating func offeringEvent(_ type: DecisionType) throws(Malformation) -> DecisionEvent {
        switch type {
        case .scheduled:
            return .scheduled(command: try members.identifier(.command), try offeringTerms())
        case .amended:
            return .amended(
                command: try members.identifier(.command),
                closesAt: try members.quantity(.closesAt))
        case .closing: return .closing(command: try members.optionalIdentifier(.command))
        case .closedShort: return .closedShort
        case .cancelling:
            let reason = try members.optionalText(
                .reason, largest: RecordLimits.cancellationReason)
            guard let command = try members.optionalIdentifier(.command) else {
                guard reason == "shortfall" else { throw members.missing(.command) }
                return .cancelling(.shortfall)
            }
            return .cancelling(.command(command, reason: reason))
        case .offeringCancelled: return .offeringCancelled
        case .certificate: return .certificate(try certificate())
        case .archived: return .archived
        default: preconditionFailure("no event of an offering's end")
        }
    }

    private func refund(_ offering: Identifier?) throws(Malformation) -> Refund {
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

    private func payoutResult(_ offering: Identifier?) throws(Malformation) -> PayoutResult {
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

    private mutating func certificate() throws(Malformation) -> Certificate {
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
