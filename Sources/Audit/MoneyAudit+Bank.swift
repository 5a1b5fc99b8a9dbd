import Vocabulary

// What a bank has, held against the journals.
extension MoneyAudit {
    /// Looks at a movement of the bank.
    package func examine(_ movement: BankMovement) {
        report.movements += 1
        let location = MoneyFinding.Location.movement(movement.place)
        let amount = movement.amount.words(in: movement.currency)
        guard let index = index(of: movement) else {
            guard !isTooLarge else { return unheld += 1 }
            let key = movement.key.map { "under the key \($0.prefix(80))" } ?? "without a key"
            return add(
                .unexplained, location, nil,
                "\(amount) moved \(key), and no command explains it")
        }
        let payment = table.payments[index]
        if payment.kind == nil {
            return add(
                .unexplained, location, table.name(index),
                "\(amount) moved for a command that was never to be sent: \(words(index))")
        }
        let isOtherWay = movement.direction
            != (payment.kind == .collect ? MoneyDirection.collect : .payout)
        if movement.amount != payment.amount || movement.currency != payment.currency
            || isOtherWay
        {
            let way = isOtherWay ? ", the other way" : ""
            add(
                .otherMovement, location, table.name(index),
                "\(amount) moved\(way), and \(payment.amount.words(in: payment.currency)) was "
                    + "commanded: \(words(.paymentJournal, payment.home, payment.takenUpAt))")
        }
        let (moved, isTooLarge) = table.obligations[Int(payment.obligation)].moved
            .addingReportingOverflow(
                movement.isReturn ? -movement.amount.rawValue : movement.amount.rawValue)
        table.obligations[Int(payment.obligation)].moved = isTooLarge ? .max : moved
        if movement.isReturn {
            table.payments[index].returned &+= 1
            return
        }
        table.payments[index].booked &+= 1
        guard table.payments[index].booked > 1 else { return }
        add(
            .movedTwice, location, table.name(index),
            "its money moved \(table.payments[index].booked) times: \(words(index))")
    }

    /// By its key; by our own id where the bank repeats no key.
    private func index(of movement: BankMovement) -> Int? {
        if let key = movement.key { return table.index(ofKey: MoneyTable.hash(text: key)) }
        guard var reference = movement.reference else { return nil }
        let id = reference.withUTF8 { PaymentID(UnsafeRawBufferPointer($0)) }
        return id.flatMap { table.index(of: $0) }
    }

    /// A statement that contradicts itself, or has lines that can't be read.
    package func tellBroken(_ statement: String) {
        report.notLookedAt.append(
            "all of \(statement): some of it can't be read, or does not add up")
    }

    /// What can be told once all movements are known.
    ///
    /// - Parameters:
    ///   - channel: the one whose bank it is; nil: any.
    ///   - isComplete: whether the bank says all that ever moved.
    package func endMovements(channel: Identifier?, isComplete: Bool) {
        let channel = channel.map { self.channel($0) }
        var unseen: Int64 = 0
        for (index, payment) in table.payments.enumerated() {
            let location = MoneyFinding.Location.record(
                .paymentJournal, Partition(rawValue: Int64(payment.home)),
                Offset(payment.standsSince))
            if payment.booked > 0 {
                if payment.standing.isInDoubt { report.doubtsExecuted += 1 }
                if !payment.standing.isFinal && !payment.standing.isInDoubt
                    || payment.standing.isUnpaid
                {
                    add(
                        .movedUnpaid, location, table.name(index),
                        "its money moved, and it is \(words(index))")
                }
                if payment.standing.isPaid, payment.returned >= payment.booked {
                    add(
                        .movedBack, location, table.name(index),
                        "its money came back, and it is \(words(index))")
                }
            } else if payment.standing.isPaid || payment.standing == .returned,
                channel == nil || channel == payment.channel
            {
                guard isComplete else {
                    unseen += 1
                    continue
                }
                add(
                    .notMoved, location, table.name(index),
                    "the bank has no movement of it, and it is \(words(index))")
            }
        }
        for obligation in table.obligations {
            let first = Int(obligation.first)
            let payment = table.payments[first]
            guard obligation.moved > obligation.due.rawValue, payment.booked <= 1 else { continue }
            add(
                .overDue,
                .record(
                    .paymentJournal, Partition(rawValue: Int64(payment.home)),
                    Offset(payment.takenUpAt)), table.name(first),
                "at the bank its obligation came to "
                    + "\(MinorUnits(rawValue: obligation.moved).words(in: payment.currency)), and "
                    + "\(obligation.due.words(in: payment.currency)) is due")
        }
        if unseen > 0 {
            report.notLookedAt.append(
                (unseen == 1 ? "1 payment that is" : "\(unseen) payments that are")
                    + " paid and on none of the statements: fairfill reconcile says whether these "
                    + "cover them")
        }
    }
}
