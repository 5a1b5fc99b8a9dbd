import Vocabulary

// Payments without a final result (Records.md, offering-commands).

extension PartitionBook {
    /// How many payments have no final result, and how many recalls of such.
    var openPayments: (payments: Int64, recalls: Int64) {
        var (payments, recalls) = (Int64(0), Int64(0))
        for offering in offerings {
            let open = offering.openPayments
            payments += open.payments
            recalls += open.recalls
        }
        return (payments, recalls)
    }

    /// The command of a payment as it was made, where it has no final result.
    package func openPayment(_ id: PaymentID) -> PaymentCommand? {
        index(of: id.offering).flatMap { offerings[$0].openPayment(id, partition) }
    }

    /// The recall of a payment as it was made, where that has no final result.
    package func openRecall(_ id: PaymentID) -> PaymentRecall? {
        index(of: id.offering).flatMap { offerings[$0].openRecall(id, partition) }
    }
}

extension OfferingBook {
    fileprivate var openPayments: (payments: Int64, recalls: Int64) {
        var (payments, recalls) = (Int64(payouts.commanded), Int64(payouts.recalled))
        for value in 0..<bids.count {
            let bid = BidIndex(value: UInt32(value))
            guard bids.reserved(of: bid) > 0 else { continue }
            for number in 1...bids.partCount(of: bid) {
                let part = bids[bids.part(number, of: bid)!]
                if part.state.isOpen { payments += 1 }
                if part.state == .recalling { recalls += 1 }
            }
        }
        return (payments, recalls)
    }

    fileprivate func openPayment(_ id: PaymentID, _ partition: Partition) -> PaymentCommand? {
        guard id.isCollection else {
            // What an earlier command paid after all is not to be paid once more.
            guard let payout = payout(id), id.number == payout.number,
                payout.last.state == .commanded, !payout.isPaid
            else { return nil }
            return PaymentCommand(
                id: id, partition: partition, account: payout.account, amount: payout.amount,
                currency: bidTerms.currency, due: payout.amount, original: payout.original)
        }
        guard let index = openPart(id) else { return nil }
        return PaymentCommand(
            id: id, partition: partition, account: account(of: index.bid),
            amount: bidTerms.cost(of: bids.commanded(index)), currency: bidTerms.currency,
            due: bidTerms.cost(of: bids.content(of: index.bid).due))
    }

    fileprivate func openRecall(_ id: PaymentID, _ partition: Partition) -> PaymentRecall? {
        guard id.isCollection else {
            guard let payout = payout(id), id.number == payout.number, payout.isRecalled else {
                return nil
            }
            return PaymentRecall(command: id, partition: partition, account: payout.account)
        }
        guard let index = openPart(id), bids[index].state == .recalling else { return nil }
        return PaymentRecall(
            command: id, partition: partition, account: account(of: index.bid))
    }

    private func openPart(_ id: PaymentID) -> PartIndex? {
        guard id.isCollection, let bid = bids.accepted(id.subject),
            let index = bids.part(id.number, of: bid), bids[index].state.isOpen
        else { return nil }
        return index
    }
}
