import Vocabulary

// The first part of a decision: its type and number, its offering, and the members of its type
// in the order of Records.md.
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
    private mutating func bidEvent(
        _ event: borrowing BidEvent, _ sequence: Sequence, _ offering: borrowing Identifier?
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
    mutating func head(
        _ type: StaticString, _ sequence: Sequence, _ offering: borrowing Identifier?
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
