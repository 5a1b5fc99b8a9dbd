import Vocabulary

// Decisions about money that is in doubt, given back or paid out.

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
}

extension JSONWriter {
    mutating func moneyEvent(
        _ event: MoneyEvent, _ sequence: DecisionNumber, _ offering: Identifier?
    ) {
        guard let offering else { preconditionFailure("a payment belongs to an offering") }
        switch event {
        case .refunding(let refund):
            head("{\"type\":\"refunding\",\"seq\":", sequence, offering)
            self.refund(refund, of: offering)
        case .refunded(let result):
            head("{\"type\":\"refunded\",\"seq\":", sequence, offering)
            payoutResult(result)
        case .payoutInDoubt(let result):
            head("{\"type\":\"inDoubt\",\"seq\":", sequence, offering)
            payoutResult(result)
        case .paymentReturned(let result):
            head("{\"type\":\"paymentReturned\",\"seq\":", sequence, offering)
            payoutResult(result)
        case .paidOut(let result):
            head("{\"type\":\"paidOut\",\"seq\":", sequence, offering)
            payoutResult(result)
        case .payoutDeclined(let result, let reason, let isProven):
            head("{\"type\":\"payoutDeclined\",\"seq\":", sequence, offering)
            payoutResult(result)
            member(",\"reason\":\"", word: reason.rawValue)
            if isProven { literal(",\"proven\":true") }
        case .repaying(let command, let named, let result):
            head("{\"type\":\"repaying\",\"seq\":", sequence, offering)
            member(",\"command\":\"", command)
            action(.repay(payment: named))
            payoutResult(result)
        case .distributed(let distributed):
            head("{\"type\":\"distributed\",\"seq\":", sequence, offering)
            member(",\"command\":\"", distributed.command)
            member(",\"distribution\":\"", distributed.distribution)
            member(",\"kind\":\"", word: distributed.kind.rawValue)
            member(",\"total\":", distributed.total)
            member(",\"account\":\"", distributed.account)
            member(",\"amount\":", distributed.amount)
        }
    }

    private mutating func refund(_ refund: Refund, of offering: Identifier) {
        bidder(refund.bid, refund.account, of: offering)
        member(",\"shares\":", refund.shares)
        literal(",\"payment\":\"")
        collectionID(offering: offering, bid: refund.bid, number: refund.number)
        member("\",\"refund\":", Int64(refund.refund))
        member(",\"amount\":", refund.amount)
        optionalMember(",\"result\":", refund.result)
    }

    /// `result` is left out where no result speaks of the payment.
    private mutating func payoutResult(_ result: PayoutResult) {
        if let bid = result.payment.bid {
            bidder(bid, result.account, of: result.payment.offering)
        } else {
            member(",\"account\":\"", result.account)
        }
        member(",\"payment\":\"", result.payment)
        member(",\"amount\":", result.amount)
        if result.result > 0 { member(",\"result\":", result.result) }
    }
}
