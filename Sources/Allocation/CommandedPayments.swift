import Vocabulary

/// Which payments and recalls decisions command, in their order (records.md, payments.recommand).
///
/// The book knows what each of them says, but not when it was commanded; decisions tell.
public struct CommandedPayments: Sendable {
    /// An order to the payer, by the id of the payment that it is about.
    public enum Order: Hashable, Sendable {
        case payment(PaymentID)
        case recall(PaymentID)
    }

    /// How many parts the bids were given that wait, or have waited.
    private var partCounts: [PaymentID: Int32] = [:]

    public init() {}

    /// What the decision commands, if that has no final result in `book`. Decisions come in their
    /// order, from the first one on.
    public mutating func follow(_ decision: Decision, in book: PartitionBook) -> Order? {
        guard let offering = decision.offering else { return nil }
        switch decision.event {
        case .reserved(let placement):
            let first = PaymentID(offering: offering, bid: placement.bid, number: 1)
            if placement.waiting > 0 { partCounts[first] = 1 }
            return open(first, in: book)
        case .promoted(let promotion):
            var id = PaymentID(offering: offering, bid: promotion.bid, number: 1)
            id.number = partCounts[id, default: 0] + 1
            partCounts[PaymentID(offering: offering, bid: promotion.bid, number: 1)] = id.number
            return open(id, in: book)
        case .refunding(let refund):
            let id = PaymentID(
                offering: offering, bid: refund.bid, kind: .refund(refund.refund), number: 1)
            return open(id, in: book)
        case .distributed(let part):
            let id = PaymentID(
                offering: offering, subject: part.account,
                kind: .distribution(part.kind, part.distribution), number: 1)
            return open(id, in: book)
        case .filled, .closedShort:
            return book.disbursement(of: offering).flatMap { open($0, in: book) }
        case .repaying(_, _, let result):
            return open(result.payment, in: book)
        case .cancelRequested(let request):
            let id = PaymentID(offering: offering, bid: request.bid, number: request.number)
            return book.openRecall(id) == nil ? nil : .recall(id)
        default: return nil
        }
    }

    private func open(_ id: PaymentID, in book: PartitionBook) -> Order? {
        book.openPayment(id) == nil ? nil : .payment(id)
    }
}

extension PartitionBook {
    /// The command that pays an offering's proceeds out, where somebody is named to get them.
    func disbursement(of offering: Identifier) -> PaymentID? {
        index(of: offering).flatMap { offerings[$0].disbursement }
    }
}
