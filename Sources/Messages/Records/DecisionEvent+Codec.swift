import Vocabulary

// The first part of a decision: its type and number, its offering, and the members of its type
// in the order of Records.md.

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
}

extension JSONWriter {
    @inline(__always)
    mutating func event(_ decision: borrowing Decision) {
        let (sequence, offering) = (decision.sequence, decision.offering)
        switch decision.event {
        case .bid(let event): bidEvent(event, sequence, offering)
        case .rejected(let rejection):
            head("{\"type\":\"rejected\",\"seq\":", sequence, offering)
            self.rejection(rejection, of: offering)
        case .repeated(let repetition):
            head("{\"type\":\"repeated\",\"seq\":", sequence, offering)
            self.repetition(repetition, of: offering)
        case .money(let event): moneyEvent(event, sequence, offering)
        case .offering(let event): offeringEvent(event, sequence, offering)
        case .partition(let event): partitionEvent(event, sequence)
        }
    }

    @inline(__always)
    mutating func head(
        _ type: StaticString, _ sequence: DecisionNumber, _ offering: borrowing Identifier?
    ) {
        literal(type)
        integer(sequence)
        if let offering = copy offering { member(",\"offering\":\"", offering) }
    }

    @inline(__always)
    mutating func bidder(
        _ bid: borrowing Identifier, _ account: borrowing Identifier,
        of offering: borrowing Identifier?
    ) {
        literal(",\"bid\":\"")
        if bid.isDerived, let offering = copy offering { identifier(offering) }
        identifier(bid)
        literal("\"")
        member(",\"account\":\"", account)
    }
}
