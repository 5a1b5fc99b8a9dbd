import Vocabulary

// Decisions and orders in words: every member that is not the same in a whole group.

package func describe(_ decision: Decision) -> String {
    var text = describe(decision.event)
    if let counters = decision.counters {
        text += " | \(counters.free) \(counters.reserved) \(counters.settled)"
    }
    if decision.offering != ledgerOffering {
        text += " @\(decision.offering?.description ?? "")"
    }
    return text
}

package func describe(_ event: DecisionEvent) -> String {
    let type = event.type.rawValue
    switch event {
    case .bid(.reserved(let placement)), .bid(.waitlisted(let placement)):
        let whole = placement.allOrNone ? " whole" : ""
        let queued = placement.queued > 0 ? " queued \(placement.queued)" : ""
        let cut = placement.cut.map { " cut \($0.shares) \($0.reason.rawValue)" } ?? ""
        return "\(type) \(placement.bid) \(placement.account) \(placement.asked)\(whole): "
            + "\(placement.shares) + \(placement.waiting)\(queued)\(cut)"
    case .rejected(let rejection):
        return "\(type) \(describe(rejection))"
    case .repeated(.bid(let bid, let account, let of, let was, let reason, let now)):
        let reason = reason.map { " \($0.rawValue)" } ?? ""
        return "\(type) \(bid) \(account) of \(of) \(was.rawValue)\(reason), now "
            + "\(now.reserved) \(now.settled) \(now.waiting)"
    case .repeated(.command(let command, let of, let refused)):
        return "\(type) \(command) of \(of)" + (refused.map { " rejected \($0.rawValue)" } ?? "")
    case .repeated(.payment(let payment, let result, let last)):
        return "\(type) \(payment) #\(result) last #\(last)"
    case .bid(.promoted(let promotion)):
        return "\(type) \(promotion.bid) \(promotion.account): "
            + "\(promotion.shares) + \(promotion.waiting)"
    case .bid(.settled(let part)), .bid(.inDoubt(let part)):
        return "\(type) \(describe(part))"
    case .bid(.released(let part, let reason)):
        return "\(type) \(describe(part)) \(reason.rawValue)"
    case .bid(.cancelRequested(let request)):
        return "\(type) \(request.bid)/\(request.number) \(request.account) \(request.shares)"
    case .bid(.cancelled(let part)), .bid(.expired(let part)):
        return "\(type) \(part.bid) \(part.account) \(part.shares)"
    case .offering(.opened(let command, let terms)):
        return "\(type) \(command) \(describe(terms))"
    case .offering(.paused(let command)), .offering(.resumed(let command)):
        return "\(type) \(command)"
    case .offering(.scheduled(let command, let terms)):
        return "\(type) \(command) \(describe(terms))"
    case .offering(.fullyReserved), .offering(.reopened), .offering(.filled),
        .offering(.closedShort), .offering(.offeringCancelled), .offering(.archived):
        return type
    default:
        return "\(type) \(describeEnding(event))"
    }
}

private func describeEnding(_ event: DecisionEvent) -> String {
    switch event {
    case .bid(.settledLate(let part)): return "\(describe(part)) late"
    case .money(.refunding(let refund)):
        let late = refund.result.map { " late #\($0)" } ?? ""
        return "\(refund.bid)/\(refund.number) \(refund.account) \(refund.shares): "
            + "refund \(refund.refund) \(refund.amount)\(late)"
    case .money(.refunded(let result)), .money(.payoutInDoubt(let result)),
        .money(.paymentReturned(let result)),
        .money(.paidOut(let result)):
        return describe(result)
    case .money(.payoutDeclined(let result, let reason, let isProven)):
        return "\(describe(result)) \(reason.rawValue)\(isProven ? " proven" : "")"
    case .money(.repaying(let command, _, let result)): return "\(command) \(describe(result))"
    case .offering(.amended(let command, let closesAt)): return "\(command) to \(closesAt)"
    case .offering(.closing(let command)): return command.map { "\($0)" } ?? "by the clock"
    case .offering(.cancelling(.shortfall)): return "shortfall"
    case .offering(.cancelling(.command(let command, let reason))):
        return "\(command)" + (reason.map { " \($0)" } ?? "")
    case .money(.distributed(let part)):
        return "\(part.command) \(part.kind.rawValue) \(part.distribution) \(part.total): "
            + "\(part.account) \(part.amount)"
    case .offering(.certificate(let certificate)):
        let inputs = certificate.inputs.map { "\($0.topic.name) \($0.first)-\($0.last)" }
        let refusals = certificate.refusals.map { "\($0.reason.rawValue) \($0.count)" }
        return ([
            certificate.state.rawValue, "bids \(certificate.bids)",
            "accounts \(certificate.accounts)", "refunded \(certificate.refunded)",
        ] + (certificate.returned > 0 ? ["returned \(certificate.returned)"] : []) + inputs
            + refusals).joined(separator: ", ")
    default: preconditionFailure("\(event.type) is not described")
    }
}

private func describe(_ result: PayoutResult) -> String {
    let number = result.result > 0 ? " #\(result.result)" : ""
    return "\(result.payment)\(number) \(result.account) \(result.amount)"
}

package func describe(_ recall: PaymentRecall) -> String {
    "recall \(recall.command) \(recall.account)"
}

package func describe(_ part: PaidPart) -> String {
    "\(part.bid)/\(part.number) #\(part.result) \(part.account) \(part.shares)"
}

package func describe(_ rejection: Rejection) -> String {
    let subject =
        switch rejection.subject {
        case .bid(let bid, let account, let asked, let allOrNone):
            "\(bid) \(account) \(asked)\(allOrNone ? " whole" : "")"
        case .cancellation(let bid, let account): "cancel \(bid) \(account)"
        case .command(let command, _): "\(command)"
        case .partitionCommand(let command): "\(command.command)"
        case .payment(let payment, let result):
            "\(payment.map(\.description) ?? "?") #\(result)"
        case .batch(let last): "a batch up to \(last)"
        case .unreadable(let malformation, let bid, let account):
            "unreadable at \(malformation.position)" + (bid.map { " \($0)" } ?? "")
                + (account.map { " of \($0)" } ?? "")
        }
    let member = rejection.member.map { " \($0.rawValue)" } ?? ""
    let partition = rejection.expectedPartition.map { " to \($0)" } ?? ""
    return "\(subject): \(rejection.reason.rawValue)\(member)\(partition)"
}

package func describe(_ payment: PaymentCommand) -> String {
    let where_ = payment.partition == ledgerPartition ? "" : " to partition \(payment.partition)"
    return "\(payment.kind.rawValue) \(payment.id) \(payment.account) \(payment.amount) "
        + "\(payment.currency) due \(payment.due)\(where_)"
        + (payment.original.map { " of \($0)" } ?? "")
}
