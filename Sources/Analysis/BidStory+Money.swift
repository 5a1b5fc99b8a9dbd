import Vocabulary

// What decisions do to a story: its payments and refunds.

extension BidStory {
    init(offering: Identifier, bid: Identifier, partition: Partition) {
        self.offering = offering
        self.bid = bid
        self.partition = partition
    }

    /// A bid that counts came; an earlier one that did not count becomes a try.
    mutating func arrive(_ arrival: Arrival) {
        if let tried = self.arrival {
            chapters.append(Chapter(decision: tried.decision, cause: nil, before: tried.before))
        }
        self.arrival = arrival
    }

    mutating func tell(_ chapter: Chapter) { chapters.append(chapter) }

    /// Notes what a decision does to its money.
    mutating func move(_ decision: Decision, price: MinorUnits) {
        switch decision.event {
        case .bid(.reserved(let placement)): reserve(placement.shares, price)
        case .bid(.promoted(let promotion)): reserve(promotion.shares, price)
        case .bid(.settled(let part)): set(part.number, .settled)
        case .bid(.settledLate(let part)): set(part.number, .settledLate(part.shares))
        case .bid(.released(let part, let reason)): set(part.number, .released(reason))
        case .bid(.inDoubt(let part)): set(part.number, .inDoubt)
        case .bid(.cancelRequested(let request)): set(request.number, .recallAsked)
        case .money(.refunding(let refund)):
            if !isSettledLate(refund.number) || refund.result == nil {
                set(refund.number, .givenBack)
            }
            refunds.append(
                Refund(
                    id: PaymentID(
                        offering: offering, bid: bid, kind: .refund(refund.refund), number: 1),
                    amount: refund.amount))
        case .money(.refunded(let result)): set(result, .paid)
        case .money(.payoutInDoubt(let result)): set(result, .inDoubt)
        case .money(.payoutDeclined(let result, let reason, let isProven)):
            set(result, .declined(reason, isProven: isProven))
        case .money(.repaying(_, _, let result)): set(result, .awaited)
        case .money(.paymentReturned(let result)):
            if result.payment.kind == .collection {
                set(result.payment.number, .returned)
            } else {
                set(result, .returned)
            }
        default: break
        }
    }

    private mutating func reserve(_ shares: Shares, _ price: MinorUnits) {
        payments.append(
            Payment(
                id: PaymentID(
                    offering: offering, bid: bid, number: Int32(payments.count + 1)),
                shares: shares, amount: MinorUnits.product(shares, price: price) ?? 0))
    }

    private func isSettledLate(_ number: Int32) -> Bool {
        let index = Int(number) - 1
        guard payments.indices.contains(index) else { return false }
        if case .settledLate = payments[index].outcome { return true }
        return false
    }

    private mutating func set(_ number: Int32, _ outcome: Payment.Outcome) {
        let index = Int(number) - 1
        guard payments.indices.contains(index) else { return }
        payments[index].outcome = outcome
    }

    private mutating func set(_ result: PayoutResult, _ outcome: Refund.Outcome) {
        let index = refunds.firstIndex { $0.id.obligation == result.payment.obligation }
        guard let index else { return }
        refunds[index].outcome = outcome
        if result.payment.number > refunds[index].id.number { refunds[index].id = result.payment }
    }
}
