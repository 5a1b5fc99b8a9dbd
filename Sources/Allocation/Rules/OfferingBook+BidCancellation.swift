import Vocabulary

// An account takes a bid back (Rules.md, An account takes a bid back).

extension OfferingBook {
    /// What waits is cancelled at once. What is reserved stays so: the payer is asked to let the
    /// payment be, and its answer says whether it came in time. Asked again it is a repeat, and
    /// nothing is recalled twice.
    mutating func decideCancellation(
        _ cancellation: BidCancellation, into group: inout DecisionGroup
    ) throws(InvariantViolation) {
        if isArchived { return reject(cancellation, .archived, into: &group) }
        guard let handle = bids.find(cancellation.bid) else {
            return reject(cancellation, .unknownBid, into: &group)
        }
        let first = bids.content(at: handle)
        guard case .accepted(let bid, let was) = first.fate else {
            guard case .rejected(_, let account) = first.fate, account == cancellation.account
            else { return reject(cancellation, .notYourBid, into: &group) }
            return reject(cancellation, .alreadyOver, into: &group)
        }
        guard has(bid, cancellation.account) else {
            return reject(cancellation, .notYourBid, into: &group)
        }
        guard state.sells else { return reject(cancellation, .alreadyOver, into: &group) }
        if takeBack(bid, into: &group) { return try check(bid) }
        let now = standing(of: bid)
        guard now.reserved > 0 else {
            return reject(cancellation, now.settled > 0 ? .tooLate : .alreadyOver, into: &group)
        }
        record(
            .repeated(
                .bid(
                    bid: cancellation.bid, account: cancellation.account, of: first.sequence,
                    was: was, reason: nil, now: now)),
            into: &group)
    }

    /// Answers whether there was anything to take back that was not taken back before. A bid may
    /// have any number of reserved parts: they are recalled one by one, as what follows from this.
    private mutating func takeBack(_ bid: BidIndex, into group: inout DecisionGroup) -> Bool {
        let rest = waitingPart(of: bid)
        if rest.shares > 0 {
            withdraw(bid, rest.shares)
            record(.bid(.cancelled(rest)), into: &group)
        }
        // Nothing is reserved any more for a bid that was taken back: it is recalled once.
        guard bids.reserved(of: bid) > 0, !takenBack.contains(bid.value) else {
            return rest.shares > 0
        }
        recalling = BidRecall(bid: bid)
        return true
    }

    /// The next part to recall of the bid that is being taken back; the same one until it is.
    mutating func nextRecall() -> Consequence? {
        guard let recall = recalling else { return nil }
        var number = recall.part
        while let index = bids.part(number, of: recall.bid) {
            if bids[index].state == .reserved {
                recalling!.part = number
                return .recall(index, number: number)
            }
            number += 1
        }
        recalling = nil
        return nil
    }

    /// The payer is asked to let a reserved part's payment be; its answer says what came of it.
    mutating func recordRecall(
        of index: PartIndex, number: Int32, into group: inout DecisionGroup
    ) {
        let request = RecallRequest(
            bid: bids.identifier(of: index.bid), account: account(of: index.bid),
            shares: bids[index].shares, number: number)
        recall(index)
        record(.bid(.cancelRequested(request)), into: &group)
        group.append(
            PaymentRecall(
                command: PaymentID(offering: identifier, bid: request.bid, number: number),
                partition: group.partition, account: request.account))
    }

    private mutating func reject(
        _ cancellation: BidCancellation, _ reason: Reason, into group: inout DecisionGroup
    ) {
        let subject = Rejection.Subject.cancellation(
            bid: cancellation.bid, account: cancellation.account)
        reject(Rejection(subject, reason), into: &group)
    }
}

/// A bid that is being taken back, and the first of its parts that was not looked at yet.
struct BidRecall: Equatable, Sendable {
    var bid: BidIndex
    var part: Int32 = 1
}
