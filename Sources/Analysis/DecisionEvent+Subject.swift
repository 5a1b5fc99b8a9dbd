import Vocabulary

// Whom a decision is about.
extension DecisionEvent {
    /// The bid that it is about.
    package var bid: Identifier? { payout?.payment.bid ?? subject?.bid ?? unread?.bid }
    /// The account that it is about.
    package var account: Identifier? {
        if let payout { return payout.account }
        if case .money(.distributed(let part)) = self { return part.account }
        return subject?.account ?? unread?.account
    }

    /// The payment whose result it answers without acting on it: one that came before, or is
    /// refused.
    var answeredPayment: PaymentID? {
        switch self {
        case .repeated(.payment(let payment, _, _)): payment
        case .rejected(let rejection):
            if case .payment(let payment, _) = rejection.subject { payment } else { nil }
        default: nil
        }
    }

    /// The payment that it is about, of those that have no shares.
    private var payout: PayoutResult? {
        guard case .money(let event) = self else { return nil }
        switch event {
        case .refunded(let result), .payoutInDoubt(let result), .paymentReturned(let result),
            .paidOut(let result), .payoutDeclined(let result, _, _), .repaying(_, _, let result):
            return result
        case .refunding, .distributed: return nil
        }
    }

    /// What a record that could not be read names all the same.
    private var unread: (bid: Identifier?, account: Identifier?)? {
        guard case .rejected(let rejection) = self,
            case .unreadable(_, let bid, let account) = rejection.subject
        else { return nil }
        return (bid, account)
    }

    private var subject: (bid: Identifier, account: Identifier)? {
        switch self {
        case .bid(let event): event.subject
        case .money(.refunding(let refund)): (refund.bid, refund.account)
        case .repeated(.bid(let bid, let account, _, _, _, _)): (bid, account)
        case .rejected(let rejection):
            switch rejection.subject {
            case .bid(let bid, let account, _, _): (bid, account)
            case .cancellation(let bid, let account): (bid, account)
            case .command, .partitionCommand, .payment, .unreadable, .batch: nil
            }
        case .money, .offering, .partition, .repeated: nil
        }
    }
}

extension BidEvent {
    fileprivate var subject: (bid: Identifier, account: Identifier) {
        switch self {
        case .reserved(let placement), .waitlisted(let placement):
            (placement.bid, placement.account)
        case .promoted(let promotion): (promotion.bid, promotion.account)
        case .settled(let part), .settledLate(let part), .released(let part, _),
            .inDoubt(let part):
            (part.bid, part.account)
        case .cancelRequested(let request): (request.bid, request.account)
        case .cancelled(let part), .expired(let part): (part.bid, part.account)
        }
    }
}
