import Messages
import Vocabulary

// payment-commands and payment-results, held against the journals.
extension MoneyAudit {
    /// Whether the journal took up what is commanded here.
    func compare(_ command: PaymentCommand, _ partition: Partition, _ offset: Offset) {
        guard let index = table.index(of: command.id) else { return }
        let payment = table.payments[index]
        guard payment.home == partition.rawValue, payment.source == offset.rawValue else { return }
        table.payments[index].isCommanded = true
        guard payment.content != MoneyTable.hash(command) else { return }
        add(
            .otherContent, .record(.paymentJournal, partition, Offset(payment.takenUpAt)),
            "\(command.id)",
            "it took up \(payment.amount.words(in: payment.currency)), and the command at "
                + "\(words(.paymentCommands, payment.home, payment.source)) is over "
                + "\(command.amount.words(in: command.currency)): amount, account, currency, what "
                + "is due or where to answer differ")
    }

    /// Whether the journal gave this answer.
    func compare(
        _ result: PaymentResult, _ partition: Partition, _ offset: Offset, _ isOld: Bool
    ) {
        report.answers += 1
        let location = MoneyFinding.Location.record(.paymentResults, partition, offset)
        guard let id = result.payment else {
            return add(
                .notJournaled, location, nil, "it answers a command of a form that no decision has")
        }
        let what = "answer \(result.result) of \(id), \(result.kind.rawValue),"
        guard let index = table.index(of: id) else {
            guard isKnown(result.account) else { return unheld += 1 }
            guard isOld else { return }
            return add(
                .notJournaled, location, "\(id)",
                "\(what) is in no journal: no payer took the command up")
        }
        let payment = table.payments[index]
        guard let answer = table.answer(index, result.result) else {
            let isLost = result.result <= payment.lostThrough
            if isLost || !isWhole(.paymentJournal, payment.home) {
                if !isLost { unheld += 1 }
                return table.add(
                    MoneyTable.Answer(
                        number: result.result, kind: result.kind, isProven: result.isProven,
                        givenAt: -1, offset: offset.rawValue,
                        partition: Int32(partition.rawValue)), to: index)
            }
            guard isOld else { return }
            return add(
                .notJournaled, location, "\(id)",
                "\(what) is in no journal: \(words(index)) gave "
                    + "\(payment.lastResult) so far")
        }
        let given = table.answers[answer]
        if given.offset >= 0 {
            return add(
                .answeredTwice, location, "\(id)",
                "\(what) stands there before: "
                    + words(.paymentResults, given.partition, given.offset))
        }
        table.answers[answer].offset = offset.rawValue
        table.answers[answer].partition = Int32(partition.rawValue)
        guard let difference = difference(result, given, payment, partition) else { return }
        add(
            .otherAnswer, location, "\(id)",
            "\(what) is not what the journal gave at "
                + "\(words(.paymentJournal, payment.home, given.givenAt)): \(difference)")
    }

    private func difference(
        _ result: PaymentResult, _ given: MoneyTable.Answer, _ payment: MoneyTable.Payment,
        _ partition: Partition
    ) -> String? {
        if result.kind != given.kind { return "there it is \(given.kind.rawValue)" }
        if result.isProven != given.isProven {
            return given.isProven ? "there it is proven" : "there it is not proven"
        }
        if MoneyTable.hash(result.account) != payment.account { return "the account differs" }
        if partition.rawValue != payment.answerPartition {
            return "it was to be answered to partition \(payment.answerPartition)"
        }
        guard result.kind == .paid || result.kind == .conflict, payment.kind != nil,
            result.amount != payment.amount
        else { return nil }
        return "it was over \(payment.amount.words(in: payment.currency))"
    }
}
