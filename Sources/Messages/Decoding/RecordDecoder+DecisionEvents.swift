import Vocabulary

extension DecisionType {
    /// The members that every decision lists.
    static let chain: MemberNames = [
        .type, .seq, .offering, .free, .reserved, .settled, .topic, .partition, .offset, .n, .at,
        .epoch, .hash,
    ]

    /// The members that a decision of this type lists besides.
    var members: MemberNames {
        switch self {
        case .reserved, .waitlisted:
            [.bid, .account, .asked, .allOrNone, .shares, .waiting, .queued, .cut]
        case .rejected:
            [
                .bid, .account, .asked, .allOrNone, .command, .action, .payment, .result, .reason,
                .member, .expectedPartition, .lastOffset, .error,
            ]
        case .repeated:
            [.bid, .account, .of, .was, .reason, .now, .command, .payment, .result, .last]
        case .promoted: [.bid, .account, .shares, .waiting]
        case .settled: [.bid, .account, .shares, .payment, .result, .late]
        case .inDoubt: [.bid, .account, .shares, .payment, .amount, .result]
        case .released: [.bid, .account, .shares, .payment, .result, .reason]
        case .cancelRequested: [.bid, .account, .shares, .payment]
        case .cancelled, .expired: [.bid, .account, .shares]
        case .refunding:
            [.bid, .account, .shares, .payment, .refund, .amount, .result]
        case .refunded, .paymentReturned, .paidOut:
            [.bid, .account, .payment, .amount, .result]
        case .payoutDeclined: [.bid, .account, .payment, .amount, .result, .reason, .proven]
        case .repaying: [.command, .action, .bid, .account, .payment, .amount]
        case .opened, .scheduled: OfferingTerms.members + [.command]
        case .paused, .resumed, .closing: [.command]
        case .amended: [.command, .closesAt]
        case .cancelling: [.command, .reason]
        case .distributed: [.command, .distribution, .kind, .total, .account, .amount]
        case .certificate:
            OfferingTerms.members + [
                .state, .bids, .accounts, .refunded, .returned, .firstOffsets, .lastOffsets,
                .refusals, .head,
            ]
        case .fullyReserved, .reopened, .filled, .closedShort, .offeringCancelled, .archived,
            .epochStarted:
            []
        case .clockCorrected: [.command, .from, .to, .countsAt]
        case .paymentsRecommanded: [.command, .payments, .recalls]
        }
    }
}

extension Reason {
    static let table = WordTable<Reason>()
}

extension ReleaseReason {
    static let table = WordTable<ReleaseReason>()
}

extension RecordDecoder {
    /// What a decision of `type` about an input of `topic` says.
    @inline(__always)
    mutating func event(
        _ type: DecisionType, _ topic: InputTopic, _ offering: Identifier?
    ) throws(Malformation) -> DecisionEvent {
        switch type {
        case .reserved: return .bid(.reserved(try placement(offering)))
        case .waitlisted: return .bid(.waitlisted(try placement(offering)))
        case .rejected: return .rejected(try rejection(topic))
        case .repeated: return .repeated(try repetition(topic, offering))
        case .promoted: return .bid(.promoted(try promotion(offering)))
        case .settled:
            let part = try paidPart(offering)
            let isLate = try members.optionalBoolean(.late)
            return .bid(isLate ? .settledLate(part) : .settled(part))
        case .released:
            return .bid(
                .released(
                    try paidPart(offering),
                    try members.choice(.reason, among: ReleaseReason.table)))
        case .cancelRequested: return .bid(.cancelRequested(try recallRequest(offering)))
        case .cancelled: return .bid(.cancelled(try waitingPart(offering)))
        case .expired: return .bid(.expired(try waitingPart(offering)))
        case .inDoubt: return try inDoubt(offering)
        case .refunding: return .money(.refunding(try refund(offering)))
        case .refunded: return .money(.refunded(try refunded(offering)))
        case .paymentReturned: return .money(.paymentReturned(try payoutResult(offering)))
        case .paidOut: return .money(.paidOut(try paidOut(offering)))
        case .payoutDeclined: return .money(try payoutDeclined(offering))
        case .repaying: return .money(try repaying(offering))
        case .distributed: return .money(.distributed(try distributed(offering)))
        case .opened:
            return .offering(
                .opened(command: try members.identifier(.command), try offeringTerms()))
        case .scheduled:
            return .offering(
                .scheduled(command: try members.identifier(.command), try offeringTerms()))
        case .amended: return .offering(try amended())
        case .paused: return .offering(.paused(command: try members.identifier(.command)))
        case .resumed: return .offering(.resumed(command: try members.identifier(.command)))
        case .fullyReserved: return .offering(.fullyReserved)
        case .reopened: return .offering(.reopened)
        case .filled: return .offering(.filled)
        case .closing:
            return .offering(.closing(command: try members.optionalIdentifier(.command)))
        case .closedShort: return .offering(.closedShort)
        case .cancelling: return .offering(.cancelling(try cancelling()))
        case .offeringCancelled: return .offering(.offeringCancelled)
        case .certificate: return .offering(.certificate(try certificate()))
        case .archived: return .offering(.archived)
        case .clockCorrected: return .partition(try clockCorrected())
        case .paymentsRecommanded: return .partition(try paymentsRecommanded())
        case .epochStarted: preconditionFailure("a control record is no decision")
        }
    }

    private func promotion(_ offering: Identifier?) throws(Malformation) -> Promotion {
        Promotion(
            bid: try members.bid(.bid, of: offering),
            account: try members.identifier(.account),
            shares: try members.quantity(.shares), waiting: try members.quantity(.waiting))
    }

    /// `queued` stands in the record where a part waits; without one it is 0.
    @inline(__always)
    private mutating func placement(
        _ offering: Identifier?
    ) throws(Malformation) -> Placement {
        let bid = try members.bid(.bid, of: offering)
        let account = try members.identifier(.account)
        let asked = try members.quantity(.asked, as: Shares.self)
        let allOrNone = try members.boolean(.allOrNone)
        let shares = try members.quantity(.shares, as: Shares.self)
        let waiting = try members.quantity(.waiting, as: Shares.self)
        return Placement(
            bid: bid, account: account, asked: asked, allOrNone: allOrNone, shares: shares,
            waiting: waiting, queued: waiting > 0 ? try members.quantity(.queued) : 0,
            cut: members.has(.cut) ? try cut() : nil)
    }

    private mutating func cut() throws(Malformation) -> Cut {
        try nested.read(members.object(.cut), in: members.reader)
        try nested.checkListed([.shares, .reason])
        return Cut(
            shares: try nested.quantity(.shares),
            reason: try nested.choice(.reason, among: Reason.table))
    }

    func paidPart(_ offering: Identifier?) throws(Malformation) -> PaidPart {
        let bid = try members.bid(.bid, of: offering)
        let account = try members.identifier(.account)
        let shares = try members.quantity(.shares, as: Shares.self)
        return PaidPart(
            bid: bid, account: account, shares: shares,
            number: try collection(of: bid, offering), result: try members.integer(.result))
    }

    private func recallRequest(_ offering: Identifier?) throws(Malformation) -> RecallRequest {
        let bid = try members.bid(.bid, of: offering)
        return RecallRequest(
            bid: bid, account: try members.identifier(.account),
            shares: try members.quantity(.shares), number: try collection(of: bid, offering))
    }

    /// The number of the collection that `payment` names, which must be one of this bid.
    func collection(
        of bid: Identifier, _ offering: Identifier?
    ) throws(Malformation) -> Int32 {
        guard let id = try members.paymentID(.payment), id.kind == .collection,
            id.offering == offering, id.subject == bid
        else { throw members.fault(.badValue, .payment, try members.required(.payment)) }
        return id.number
    }

    private func waitingPart(_ offering: Identifier?) throws(Malformation) -> WaitingPart {
        WaitingPart(
            bid: try members.bid(.bid, of: offering), account: try members.identifier(.account),
            shares: try members.quantity(.shares))
    }
}
