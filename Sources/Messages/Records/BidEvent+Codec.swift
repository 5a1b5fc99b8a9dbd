import Vocabulary

// Decisions by which shares go to a bid, or from it.

extension RecordDecoder {
    func promotion(_ offering: Identifier?) throws(Malformation) -> Promotion {
        Promotion(
            bid: try members.bid(.bid, of: offering),
            account: try members.identifier(.account),
            shares: try members.quantity(.shares), waiting: try members.quantity(.waiting))
    }

    /// `queued` stands in the record where a part waits; without one it is 0.
    @inline(__always)
    mutating func placement(
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

    func recallRequest(_ offering: Identifier?) throws(Malformation) -> RecallRequest {
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

    func waitingPart(_ offering: Identifier?) throws(Malformation) -> WaitingPart {
        WaitingPart(
            bid: try members.bid(.bid, of: offering), account: try members.identifier(.account),
            shares: try members.quantity(.shares))
    }
}

extension JSONWriter {
    @inline(__always)
    mutating func bidEvent(
        _ event: borrowing BidEvent, _ sequence: DecisionNumber, _ offering: borrowing Identifier?
    ) {
        switch event {
        case .reserved(let placement):
            head("{\"type\":\"reserved\",\"seq\":", sequence, offering)
            self.placement(placement, of: offering)
        case .waitlisted(let placement):
            head("{\"type\":\"waitlisted\",\"seq\":", sequence, offering)
            self.placement(placement, of: offering)
        case .promoted(let promotion):
            head("{\"type\":\"promoted\",\"seq\":", sequence, offering)
            bidder(promotion.bid, promotion.account, of: offering)
            member(",\"shares\":", promotion.shares)
            member(",\"waiting\":", promotion.waiting)
        case .settled(let part):
            head("{\"type\":\"settled\",\"seq\":", sequence, offering)
            paidPart(part, of: offering)
        case .settledLate(let part):
            head("{\"type\":\"settled\",\"seq\":", sequence, offering)
            paidPart(part, of: offering)
            literal(",\"late\":true")
        case .released(let part, let reason):
            head("{\"type\":\"released\",\"seq\":", sequence, offering)
            paidPart(part, of: offering)
            member(",\"reason\":\"", word: reason.rawValue)
        case .inDoubt(let part):
            head("{\"type\":\"inDoubt\",\"seq\":", sequence, offering)
            paidPart(part, of: offering)
        case .cancelRequested(let request):
            head("{\"type\":\"cancelRequested\",\"seq\":", sequence, offering)
            recallRequest(request, of: offering)
        case .cancelled(let part):
            head("{\"type\":\"cancelled\",\"seq\":", sequence, offering)
            waitingPart(part, of: offering)
        case .expired(let part):
            head("{\"type\":\"expired\",\"seq\":", sequence, offering)
            waitingPart(part, of: offering)
        }
    }

    @inline(__always)
    private mutating func placement(
        _ placement: borrowing Placement, of offering: borrowing Identifier?
    ) {
        bidder(placement.bid, placement.account, of: offering)
        member(",\"asked\":", placement.asked)
        member(",\"allOrNone\":", placement.allOrNone)
        member(",\"shares\":", placement.shares)
        member(",\"waiting\":", placement.waiting)
        if placement.waiting > 0 { member(",\"queued\":", placement.queued) }
        if let cut = placement.cut {
            member(",\"cut\":{\"shares\":", cut.shares)
            member(",\"reason\":\"", word: cut.reason.rawValue)
            literal("}")
        }
    }

    private mutating func paidPart(_ part: PaidPart, of offering: Identifier?) {
        guard let offering else {
            preconditionFailure("a payment belongs to an offering")
        }
        bidder(part.bid, part.account, of: offering)
        member(",\"shares\":", part.shares)
        literal(",\"payment\":\"")
        collectionID(offering: offering, bid: part.bid, number: part.number)
        member("\",\"result\":", part.result)
    }

    private mutating func recallRequest(_ request: RecallRequest, of offering: Identifier?) {
        guard let offering else {
            preconditionFailure("a payment belongs to an offering")
        }
        bidder(request.bid, request.account, of: offering)
        member(",\"shares\":", request.shares)
        literal(",\"payment\":\"")
        collectionID(offering: offering, bid: request.bid, number: request.number)
        literal("\"")
    }

    private mutating func waitingPart(_ part: WaitingPart, of offering: Identifier?) {
        bidder(part.bid, part.account, of: offering)
        member(",\"shares\":", part.shares)
    }
}
