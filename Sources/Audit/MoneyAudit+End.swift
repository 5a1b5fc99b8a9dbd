import Messages
import Vocabulary

// What can be told once all topics were read.
extension MoneyAudit {
    /// Ends the audit.
    package func finish() -> MoneyReport {
        for index in table.payments.indices {
            addUp(index)
            checkSource(index)
            checkAnswers(index)
        }
        checkObligations()
        report.obligations = Int64(table.obligations.count)
        tellEmpty()
        if isTooLarge {
            report.notLookedAt.append(
                "all payments but \(table.payments.count): no more are held against each other at "
                    + "once")
        }
        if unheld > 0 {
            report.notLookedAt.append(
                "\(unheld) answers or decisions: the journal that they are from is not whole")
        }
        return report
    }

    /// Results of an environment whose journals are empty: they were lost, or no payer wrote them.
    private func tellEmpty() {
        guard report.entries == 0, report.answers > 0 else { return }
        report.notLookedAt.append(
            "\(Topic.paymentJournal.fullName(environment: environment)): it is empty, and "
                + "payment-results has \(report.answers) records")
    }

    private func addUp(_ index: Int) {
        let payment = table.payments[index]
        guard let kind = payment.kind else { return }
        let place = report.sums.firstIndex { $0.currency == payment.currency }
            ?? report.sums.count
        if place == report.sums.count {
            report.sums.append(MoneyReport.Sums(currency: payment.currency))
        }
        if payment.standing.isInDoubt {
            if kind == .collect {
                report.sums[place].collectionsInDoubt.add(payment.amount)
            } else {
                report.sums[place].payoutsInDoubt.add(payment.amount)
            }
        } else if payment.standing == .returned {
            report.sums[place].returned.add(payment.amount)
        } else if payment.standing.isPaid {
            let obligation = Int(payment.obligation)
            let (paid, isTooLarge) = table.obligations[obligation].paid
                .addingReportingOverflow(payment.amount.rawValue)
            table.obligations[obligation].paid = isTooLarge ? .max : paid
            switch kind {
            case .collect: report.sums[place].collected.add(payment.amount)
            case .refund: report.sums[place].refunded.add(payment.amount)
            case .interest, .principal: report.sums[place].distributed.add(payment.amount)
            case .disburse: report.sums[place].disbursed.add(payment.amount)
            }
        }
    }

    /// Whether its command stands where the journal says.
    private func checkSource(_ index: Int) {
        let payment = table.payments[index]
        guard payment.source >= 0, !payment.isCommanded,
            // What was taken up of a topic that is gone stands nowhere.
            payment.takenUpAt > places.journals[Int(payment.home)].restartedAt,
            isWhole(.paymentCommands, payment.home)
        else { return }
        add(
            .notCommanded,
            .record(
                .paymentJournal, Partition(rawValue: Int64(payment.home)),
                Offset(payment.takenUpAt)), table.name(index),
            "it took up what is not at "
                + words(.paymentCommands, payment.home, payment.source))
    }

    /// Whether each answer is in payment-results, and money that came was decided on.
    private func checkAnswers(_ index: Int) {
        let payment = table.payments[index]
        var next = payment.firstAnswer
        while next >= 0 {
            let answer = table.answers[Int(next)]
            next = answer.next
            let place = Partition(rawValue: Int64(payment.answerPartition))
            if answer.offset < 0 {
                guard isWhole(.paymentResults, payment.answerPartition) else { continue }
                add(
                    .notAnswered,
                    .record(
                        .paymentJournal, Partition(rawValue: Int64(payment.home)),
                        Offset(answer.givenAt)), table.name(index),
                    "its answer \(answer.number), \(answer.kind.rawValue), is not in "
                        + words(.paymentResults, place))
                continue
            }
            checkDecided(index, answer)
        }
    }

    private func checkDecided(_ index: Int, _ answer: MoneyTable.Answer) {
        guard answer.kind == .paid || answer.kind == .conflict, !table.payments[index].isDecided,
            isWhole(.decisions, answer.partition),
            // What comes later is decided later.
            answer.offset < places.decisions[Int(answer.partition)].lastDecided
        else { return }
        let partition = Partition(rawValue: Int64(answer.partition))
        guard !refused.contains(Self.place(partition, Offset(answer.offset))) else { return }
        add(
            .notDecided, .record(.paymentResults, partition, Offset(answer.offset)),
            table.name(index),
            "its money came, later answers were decided on, and no decision settles it or gives "
                + "it back")
    }

    private func checkObligations() {
        for obligation in table.obligations where obligation.paid > obligation.due.rawValue {
            let first = Int(obligation.first)
            let payment = table.payments[first]
            add(
                .overDue,
                .record(
                    .paymentJournal, Partition(rawValue: Int64(payment.home)),
                    Offset(payment.takenUpAt)), table.name(first),
                "\(MinorUnits(rawValue: obligation.paid).words(in: payment.currency)) is paid, and "
                    + "\(obligation.due.words(in: payment.currency)) is due: "
                    + paid(payment.obligation).joined(separator: ", "))
        }
    }

    /// The first of its commands that are paid.
    private func paid(_ obligation: Int32) -> [String] {
        Array(
            table.payments.indices.lazy.filter {
                self.table.payments[$0].obligation == obligation
                    && self.table.payments[$0].standing.isPaid
            }.prefix(5).map { self.words($0) })
    }
}
