import Vocabulary

// The first part of decisions about money that is given back or paid out, and about an offering.
extension JSONWriter {
    mutating func moneyEvent(
        _ event: MoneyEvent, _ sequence: Sequence, _ offering: Identifier?
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

    mutating func offeringEvent(
        _ event: OfferingEvent, _ sequence: Sequence, _ offering: Identifier?
    ) {
        switch event {
        case .opened(let command, let terms):
            head("{\"type\":\"opened\",\"seq\":", sequence, offering)
            member(",\"command\":\"", command)
            self.terms(terms)
        case .scheduled(let command, let terms):
            head("{\"type\":\"scheduled\",\"seq\":", sequence, offering)
            member(",\"command\":\"", command)
            self.terms(terms)
        case .amended(let command, let closesAt):
            head("{\"type\":\"amended\",\"seq\":", sequence, offering)
            member(",\"command\":\"", command)
            member(",\"closesAt\":", closesAt)
        case .paused(let command):
            head("{\"type\":\"paused\",\"seq\":", sequence, offering)
            member(",\"command\":\"", command)
        case .resumed(let command):
            head("{\"type\":\"resumed\",\"seq\":", sequence, offering)
            member(",\"command\":\"", command)
        case .fullyReserved: head("{\"type\":\"fullyReserved\",\"seq\":", sequence, offering)
        case .reopened: head("{\"type\":\"reopened\",\"seq\":", sequence, offering)
        case .filled: head("{\"type\":\"filled\",\"seq\":", sequence, offering)
        case .closing(let command):
            head("{\"type\":\"closing\",\"seq\":", sequence, offering)
            if let command { member(",\"command\":\"", command) }
        case .closedShort: head("{\"type\":\"closedShort\",\"seq\":", sequence, offering)
        case .cancelling(.command(let command, let reason)):
            head("{\"type\":\"cancelling\",\"seq\":", sequence, offering)
            member(",\"command\":\"", command)
            if let reason {
                literal(",\"reason\":")
                text(reason)
            }
        case .cancelling(.shortfall):
            head("{\"type\":\"cancelling\",\"seq\":", sequence, offering)
            literal(",\"reason\":\"shortfall\"")
        case .offeringCancelled:
            head("{\"type\":\"offeringCancelled\",\"seq\":", sequence, offering)
        case .certificate(let certificate):
            head("{\"type\":\"certificate\",\"seq\":", sequence, offering)
            self.certificate(certificate)
        case .archived: head("{\"type\":\"archived\",\"seq\":", sequence, offering)
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

    private mutating func certificate(_ certificate: Certificate) {
        member(",\"state\":\"", word: certificate.state.rawValue)
        terms(certificate.terms)
        member(",\"bids\":", certificate.bids)
        member(",\"accounts\":", certificate.accounts)
        member(",\"refunded\":", certificate.refunded)
        member(",\"returned\":", certificate.returned)
        offsets(",\"firstOffsets\":{", certificate.inputs.map { ($0.topic, $0.first) })
        offsets(",\"lastOffsets\":{", certificate.inputs.map { ($0.topic, $0.last) })
        literal(",\"refusals\":{")
        for (index, refusals) in certificate.refusals.enumerated() {
            literal(index == 0 ? "\"" : ",\"")
            word(refusals.reason.rawValue)
            member("\":", refusals.count)
        }
        literal("}")
    }

    private mutating func offsets(_ name: StaticString, _ offsets: [(InputTopic, Offset)]) {
        literal(name)
        for (index, (topic, offset)) in offsets.enumerated() {
            literal(index == 0 ? "\"" : ",\"")
            literal(topic.name)
            member("\":", offset)
        }
        literal("}")
    }
}
