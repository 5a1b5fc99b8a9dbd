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
                .bid, .account, .asked, .allOrNone, .command, .payment, .result, .reason, .member,
                .expectedPartition, .error,
            ]
        case .repeated:
            [.bid, .account, .of, .was, .reason, .now, .command, .payment, .result, .last]
        case .promoted: [.bid, .account, .shares, .waiting]
        case .settled, .inDoubt: [.bid, .account, .shares, .payment, .result]
        case .released: [.bid, .account, .shares, .payment, .result, .reason]
        case .cancelRequested: [.bid, .account, .shares, .payment]
        case .cancelled, .expired: [.bid, .account, .shares]
        case .opened: OfferingTerms.members + [.command]
        case .paused, .resumed: [.command]
        case .fullyReserved, .reopened, .filled, .epochStarted: []
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
        case .reserved: return .reserved(try placement())
        case .waitlisted: return .waitlisted(try placement())
        case .rejected: return .rejected(try rejection(topic))
        case .repeated: return .repeated(try repetition(topic))
        case .promoted:
            return .promoted(
                Promotion(
                    bid: try members.identifier(.bid), account: try members.identifier(.account),
                    shares: try members.quantity(.shares),
                    waiting: try members.quantity(.waiting)))
        case .settled: return .settled(try paidPart(offering))
        case .released:
            return .released(
                try paidPart(offering), try members.choice(.reason, among: ReleaseReason.table))
        case .cancelRequested: return .cancelRequested(try recallRequest(offering))
        case .cancelled: return .cancelled(try waitingPart())
        case .expired: return .expired(try waitingPart())
        case .inDoubt: return .inDoubt(try paidPart(offering))
        case .opened:
            return .opened(command: try members.identifier(.command), try offeringTerms())
        case .paused: return .paused(command: try members.identifier(.command))
        case .resumed: return .resumed(command: try members.identifier(.command))
        case .fullyReserved: return .fullyReserved
        case .reopened: return .reopened
        case .filled: return .filled
        case .epochStarted: preconditionFailure("a control record is no decision")
        }
    }

    /// `queued` stands in the record where a part waits; without one it is 0.
    @inline(__always)
    private mutating func placement() throws(Malformation) -> Placement {
        let bid = try members.identifier(.bid)
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
        try nested.refuseRepeated([.shares, .reason])
        return Cut(
            shares: try nested.quantity(.shares),
            reason: try nested.choice(.reason, among: Reason.table))
    }

    private func paidPart(_ offering: Identifier?) throws(Malformation) -> PaidPart {
        let bid = try members.identifier(.bid)
        let account = try members.identifier(.account)
        let shares = try members.quantity(.shares, as: Shares.self)
        return PaidPart(
            bid: bid, account: account, shares: shares,
            number: try collection(of: bid, offering), result: try members.integer(.result))
    }

    private func recallRequest(_ offering: Identifier?) throws(Malformation) -> RecallRequest {
        let bid = try members.identifier(.bid)
        return RecallRequest(
            bid: bid, account: try members.identifier(.account),
            shares: try members.quantity(.shares), number: try collection(of: bid, offering))
    }

    /// The number of the collection that `payment` names, which must be one of this bid.
    private func collection(
        of bid: Identifier, _ offering: Identifier?
    ) throws(Malformation) -> Int32 {
        guard let id = try members.paymentID(.payment), id.kind == .collection,
            id.offering == offering, id.bid == bid
        else { throw members.fault(.badValue, .payment, try members.required(.payment)) }
        return id.number
    }

    private func waitingPart() throws(Malformation) -> WaitingPart {
        WaitingPart(
            bid: try members.identifier(.bid), account: try members.identifier(.account),
            shares: try members.quantity(.shares))
    }
}
