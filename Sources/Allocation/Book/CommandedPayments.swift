import Vocabulary

/// Which payments and recalls decisions command, in their order (Records.md, offering-commands).
///
/// The book knows what each of them says, but not when it was commanded; decisions tell.
package struct CommandedPayments: Sendable {
    /// An order to the payer, by the id of the payment that it is about.
    package enum Order: Hashable, Sendable {
        case payment(PaymentID)
        case recall(PaymentID)
    }

    /// How many parts the bids were given that wait, or have waited.
    private var partCounts: [PaymentID: Int32] = [:]
    /// By collection the refunds of its money, each by its last command, whose recall is not at
    /// hand yet.
    private var refunds: [PaymentID: [PaymentID]] = [:]

    package init() {}

    /// Adds what the decision commands, as far as that has no final result in `book`. Decisions
    /// come in their order, from the first one on.
    package mutating func follow(
        _ decision: Decision, in book: PartitionBook, into orders: inout [Order]
    ) {
        guard let offering = decision.offering else { return }
        func command(_ id: PaymentID) {
            if book.openPayment(id) != nil { orders.append(.payment(id)) }
        }
        switch decision.event {
        case .bid(.reserved(let placement)):
            let first = PaymentID(offering: offering, bid: placement.bid, number: 1)
            if placement.waiting > 0 { partCounts[first] = 1 }
            command(first)
        case .bid(.promoted(let promotion)):
            let first = PaymentID(offering: offering, bid: promotion.bid, number: 1)
            var id = first
            id.number = partCounts[first, default: 0] + 1
            partCounts[first] = id.number
            command(id)
        case .money(.refunding(let refund)):
            let id = PaymentID(
                offering: offering, bid: refund.bid, kind: .refund(refund.refund), number: 1)
            let original = PaymentID(offering: offering, bid: refund.bid, number: refund.number)
            refunds[original, default: []].append(id)
            command(id)
        case .money(.distributed(let part)):
            command(
                PaymentID(
                    offering: offering, subject: part.account,
                    kind: .distribution(part.kind, part.distribution), number: 1))
        case .offering(.filled), .offering(.closedShort):
            if let id = book.disbursement(of: offering) { command(id) }
        case .money(.repaying(_, _, let result)):
            goOn(with: result.payment, in: book)
            command(result.payment)
        case .bid(.cancelRequested(let request)):
            let id = PaymentID(offering: offering, bid: request.bid, number: request.number)
            if book.openRecall(id) != nil { orders.append(.recall(id)) }
        case .money(.paymentReturned(let result)): callOff(result.payment, in: book, into: &orders)
        default: break
        }
    }

    /// A refund is commanded once more.
    private mutating func goOn(with id: PaymentID, in book: PartitionBook) {
        guard case .refund = id.kind, let original = book.original(of: id),
            let index = refunds[original]?.firstIndex(where: { $0.obligation == id.obligation })
        else { return }
        refunds[original]![index] = id
    }

    /// The bank took a collection back, so refunds of its money that were under way are recalled,
    /// each once.
    private mutating func callOff(
        _ collection: PaymentID, in book: PartitionBook, into orders: inout [Order]
    ) {
        guard collection.isCollection, let ids = refunds[collection] else { return }
        let isRecalled = ids.map { book.openRecall($0) != nil }
        orders += zip(ids, isRecalled).filter(\.1).map { .recall($0.0) }
        refunds[collection] = zip(ids, isRecalled).filter { !$0.1 }.map(\.0)
    }
}

extension PartitionBook {
    /// The command that pays an offering's proceeds out, where a payee is named.
    func disbursement(of offering: Identifier) -> PaymentID? {
        index(of: offering).flatMap { offerings[$0].disbursement }
    }

    /// The collection whose money a refund returns.
    func original(of refund: PaymentID) -> PaymentID? {
        guard let index = index(of: refund.offering),
            let number = offerings[index].payout(refund)?.original
        else { return nil }
        return PaymentID(offering: refund.offering, bid: refund.subject, number: number)
    }
}
