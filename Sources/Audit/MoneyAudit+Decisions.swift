import Messages
import Vocabulary

// What decisions say of money, held against the answers that they name.
extension MoneyAudit {
    /// A decision, and where it stands.
    private struct Ruling {
        var offering: Identifier
        var source: Source
        var location: MoneyFinding.Location
    }

    func follow(_ record: DecisionRecord, _ partition: Partition, _ offset: Offset) {
        let place = Int(partition.rawValue)
        guard case .decision(let decision) = record.content else {
            places.decisions[place].epoch = record.epoch
            return
        }
        // A writer that had been replaced.
        guard record.epoch >= places.decisions[place].epoch else { return }
        if decision.source.topic == .paymentResults {
            places.decisions[place].lastDecided = decision.source.offset.rawValue
        }
        switch decision.event {
        case .rejected, .repeated:
            guard decision.source.topic == .paymentResults else { return }
            refused.insert(Self.place(decision.source.partition, decision.source.offset))
        case .offering(.opened(_, let terms)), .offering(.scheduled(_, let terms)):
            guard let offering = decision.offering else { return }
            prices[MoneyTable.hash(offering)] = terms.price
        case .offering, .partition: break
        case .bid(let event):
            guard let offering = decision.offering else { return }
            take(
                event,
                Ruling(
                    offering: offering, source: decision.source,
                    location: .record(.decisions, partition, offset)))
        case .money(let event):
            guard let offering = decision.offering else { return }
            take(
                event,
                Ruling(
                    offering: offering, source: decision.source,
                    location: .record(.decisions, partition, offset)))
        }
    }

    static func place(_ partition: Partition, _ offset: Offset) -> UInt64 {
        MoneyTable.hash([partition.rawValue, offset.rawValue])
    }

    private func take(_ event: BidEvent, _ ruling: Ruling) {
        switch event {
        case .settled(let part):
            settle(part, ruling, isLate: false)
        case .settledLate(let part):
            settle(part, ruling, isLate: true)
        case .released(let part, let reason):
            prove(id(part, ruling), part.result, [reason.kind], "its shares are released", ruling)
        case .inDoubt(let part):
            prove(id(part, ruling), part.result, [.inDoubt], "it is in doubt", ruling)
        case .reserved, .waitlisted, .promoted, .cancelRequested, .cancelled, .expired: break
        }
    }

    private func id(_ part: PaidPart, _ ruling: Ruling) -> PaymentID {
        PaymentID(offering: ruling.offering, bid: part.bid, number: part.number)
    }

    /// Shares are settled by a collection of their price.
    private func settle(_ part: PaidPart, _ ruling: Ruling, isLate: Bool) {
        let id = id(part, ruling)
        prove(
            id, part.result, [.paid, .conflict], "its shares are settled", ruling, decides: true)
        guard let index = table.index(of: id), table.payments[index].kind != nil,
            let price = prices[MoneyTable.hash(ruling.offering)]
        else { return }
        let payment = table.payments[index]
        let worth = MinorUnits.product(part.shares, price: price)
        // Money that came late gets what is still free of its shares.
        if worth == payment.amount || isLate && worth.map({ $0 <= payment.amount }) == true {
            return
        }
        add(
            .otherShares, ruling.location, "\(id)",
            "\(part.shares) shares are settled at \(price.words(in: payment.currency)), and "
                + "\(payment.amount.words(in: payment.currency)) was collected: \(words(index))")
    }

    private func take(_ event: MoneyEvent, _ ruling: Ruling) {
        switch event {
        case .refunding(let refund):
            guard let result = refund.result else { return }
            let id = PaymentID(
                offering: ruling.offering, bid: refund.bid, number: refund.number)
            prove(
                id, result, [.paid, .conflict], "its money is given back", ruling, decides: true)
            guard let index = table.index(of: id), table.payments[index].kind != nil else { return }
            let payment = table.payments[index]
            guard refund.amount > payment.amount else { return }
            add(
                .otherShares, ruling.location, "\(id)",
                "\(refund.amount.words(in: payment.currency)) is given back, and "
                    + "\(payment.amount.words(in: payment.currency)) was collected: "
                    + words(index))
        case .refunded(let paid), .paidOut(let paid):
            prove(
                paid.payment, paid.result, [.paid, .conflict], "it is paid out", ruling,
                decides: true)
            guard let index = table.index(of: paid.payment), table.payments[index].kind != nil,
                table.payments[index].amount != paid.amount
            else { return }
            let payment = table.payments[index]
            add(
                .otherShares, ruling.location, "\(paid.payment)",
                "\(paid.amount.words(in: payment.currency)) is said to be paid out, and "
                    + "\(payment.amount.words(in: payment.currency)) was: \(words(index))")
        case .payoutInDoubt(let paid):
            prove(paid.payment, paid.result, [.inDoubt], "it is in doubt", ruling)
        case .paymentReturned(let paid):
            prove(paid.payment, paid.result, [.returned], "its money came back", ruling)
        case .payoutDeclined(let paid, let reason, _):
            prove(
                paid.payment, paid.result, [reason.kind], "it is not paid out", ruling)
        case .repaying, .distributed: break
        }
    }

    /// Whether the answer that a decision names is there and says so.
    private func prove(
        _ id: PaymentID, _ number: Int64, _ kinds: [PaymentResult.Kind], _ what: String,
        _ ruling: Ruling, decides: Bool = false
    ) {
        // 0: no answer is spoken of.
        guard number > 0 else { return }
        report.decisions += 1
        let wanted = kinds.map(\.rawValue).joined(separator: " or ")
        guard let index = table.index(of: id) else {
            guard !isTooLarge, areAllKnown else { return unheld += 1 }
            return add(
                .withoutProof, ruling.location, "\(id)",
                "\(what) by answer \(number), and no journal has the command")
        }
        if decides { table.payments[index].isDecided = true }
        guard let answer = table.answer(index, number) else {
            guard isWhole(.paymentJournal, table.payments[index].home),
                number > table.payments[index].lostThrough
            else { return unheld += 1 }
            return add(
                .withoutProof, ruling.location, "\(id)",
                "\(what) by answer \(number), which no payer gave: \(words(index))")
        }
        let given = table.answers[answer]
        guard kinds.contains(given.kind) else {
            return add(
                .withoutProof, ruling.location, "\(id)",
                "\(what) by answer \(number), which must be \(wanted) and is "
                    + "\(given.kind.rawValue): "
                    + words(.paymentJournal, table.payments[index].home, given.givenAt))
        }
        guard given.offset >= 0 else {
            let home = table.payments[index].answerPartition
            guard isWhole(.paymentResults, home) else { return unheld += 1 }
            return add(
                .withoutProof, ruling.location, "\(id)",
                "\(what) by answer \(number), which is not in payment-results")
        }
        let source = ruling.source
        guard source.topic == .paymentResults,
            source.partition.rawValue != Int64(given.partition)
                || source.offset.rawValue != given.offset
        else { return }
        add(
            .withoutProof, ruling.location, "\(id)",
            "\(what) by the record at \(source.offset) of partition \(source.partition), and "
                + "answer \(number) stands at "
                + words(.paymentResults, given.partition, given.offset))
    }

    /// Whether every journal is there to be asked.
    private var areAllKnown: Bool {
        (0..<Int32(partitionCount)).allSatisfy { isWhole(.paymentJournal, $0) }
            && report.entries > 0
    }
}

extension ReleaseReason {
    /// The answer that proves it.
    fileprivate var kind: PaymentResult.Kind {
        switch self {
        case .declined: .declined
        case .recalled: .recalled
        case .failedByPerson: .failedByPerson
        case .returned: .returned
        }
    }
}
