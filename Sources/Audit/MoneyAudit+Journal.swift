import Messages
import Vocabulary

// What the entries of a journal say, one after the other.
extension MoneyAudit {
    /// An entry, and where it stands.
    struct Entry {
        var partition: Partition
        var offset: Offset
        var location: MoneyFinding.Location { .record(.paymentJournal, partition, offset) }
    }

    func follow(_ record: JournalRecord, _ partition: Partition, _ offset: Offset) {
        let at = Entry(partition: partition, offset: offset)
        report.entries += 1
        checkNumber(record, at)
        switch record.entry {
        case .epoch(let entry): begin(entry, at)
        case .intent(let entry): take(entry, at)
        case .rebuilt(let entry):
            if entry.rebuild.proposedBy == entry.rebuild.approvedBy { tellOne(nil, at) }
            if entry.rebuild.damage.isRestarted {
                places.journals[Int(partition.rawValue)].restartedAt = offset.rawValue
            }
        case .recalled(let entry): recall(entry, at)
        case .invalid(let entry):
            guard table.index(of: entry.command) == nil else {
                return tellTwice(entry.command, at)
            }
            guard let index = addUnknown(
                entry.command, entry.account, entry.partition, at)
            else { return }
            table.payments[index].standing = .parked
            answer(index, .inDoubt, entry.result, at)
        case .channel, .brake, .conflict, .proposed, .agreed, .unresolved, .recallNoted: break
        case .sending, .outcome, .lookup, .parked, .admitted, .waiting, .redrafted, .lost,
            .resolved, .statement, .proven:
            guard let id = record.entry.command else { return }
            guard let index = table.index(of: id) else {
                // With too many payments, or behind a beginning that is gone, nobody can tell.
                if !isTooLarge, isWhole(.paymentJournal, Int32(partition.rawValue)) {
                    add(
                        .unknownCommand, at.location, "\(id)",
                        "no entry before it took \(id) up")
                }
                return
            }
            move(index, record.entry, at)
        }
    }

    /// Numbers have no gaps, but where people agreed to go on behind entries that were lost.
    private func checkNumber(_ record: JournalRecord, _ at: Entry) {
        let index = Int(at.partition.rawValue)
        let place = places.journals[index]
        places.journals[index].number = record.number
        // What comes before it may be gone.
        if place.records == 1, place.start > 0 { return }
        var expected = place.number + 1
        if case .rebuilt(let entry) = record.entry, entry.rebuild.damage.last == place.number {
            expected = max(place.number, entry.rebuild.damage.mark) + 1
        }
        guard record.number != expected else { return }
        add(
            .wrongNumber, at.location, record.entry.command.map { "\($0)" },
            "entry \(record.number) stands where \(expected) must: entries are missing, double or "
                + "out of order")
    }

    private func begin(_ entry: PayerEpoch, _ at: Entry) {
        let index = Int(at.partition.rawValue)
        let before = places.journals[index].epoch
        if entry.epoch <= before {
            add(
                .wrongEpoch, at.location, nil,
                "epoch \(entry.epoch) begins after epoch \(before)")
        }
        places.journals[index].epoch = max(before, entry.epoch)
    }

    private func take(_ entry: PaymentIntent, _ at: Entry) {
        let command = entry.command
        guard table.index(of: command.id) == nil else { return tellTwice(command.id, at) }
        guard let index = addUnknown(command.id, command.account, command.partition, at) else {
            return
        }
        let key = MoneyTable.hash(entry.key)
        let obligation = table.obligation(of: command, index)
        let channel = channel(entry.channel)
        change(index) { payment in
            payment.kind = command.kind
            payment.amount = command.amount
            payment.currency = command.currency
            payment.content = MoneyTable.hash(command)
            payment.obligation = Int32(obligation)
            payment.key = key
            payment.channel = channel
            payment.source = entry.source.offset.rawValue
        }
        if table.obligations[obligation].due != command.due {
            let first = Int(table.obligations[obligation].first)
            add(
                .otherDue, at.location, "\(command.id)",
                "\(command.due.words(in: command.currency)) is due, and "
                    + "\(words(first)) says "
                    + "\(table.obligations[obligation].due.words(in: command.currency))")
        }
        claim(key, index, at)
        guard let doubt = entry.parked else { return }
        change(index) { payment in
            payment.standing = doubt.mayHaveMoved ? .doubt : .parked
            if doubt == .journalLost { payment.attempts = 1 }
        }
        answer(index, .inDoubt, entry.result, at)
    }

    private func recall(_ entry: PaymentRecalled, _ at: Entry) {
        let id = entry.recall.command
        if let index = table.index(of: id) {
            let payment = table.payments[index]
            if payment.attempts > 0, payment.standing != .parked {
                add(
                    .contradiction, at.location, "\(id)",
                    "it is recalled though it was sent: \(words(index))")
            }
            stand(index, .recalled, at)
            answer(index, .recalled, entry.result, at)
        } else if let index = addUnknown(
            id, entry.recall.account, entry.recall.partition, at)
        {
            stand(index, .recalled, at)
            answer(index, .recalled, entry.result, at)
        }
    }

    // MARK: What the entries have in common

    func addUnknown(
        _ id: PaymentID, _ account: Identifier, _ partition: Partition, _ at: Entry
    ) -> Int? {
        guard hasRoom else { return nil }
        report.payments += 1
        return table.add(id) { name in
            MoneyTable.Payment(
                name: name, account: MoneyTable.hash(account),
                home: Int32(at.partition.rawValue),
                answerPartition: Int32(truncatingIfNeeded: partition.rawValue),
                takenUpAt: at.offset.rawValue, standsSince: at.offset.rawValue)
        }
    }

    func change(_ index: Int, _ body: (inout MoneyTable.Payment) -> Void) {
        body(&table.payments[index])
    }

    func stand(_ index: Int, _ standing: MoneyTable.Standing, _ at: Entry) {
        table.payments[index].standing = standing
        table.payments[index].standsSince = at.offset.rawValue
    }

    /// A key is one command's for good.
    func claim(_ key: UInt64, _ index: Int, _ at: Entry) {
        let owner = table.take(key, index)
        guard owner != index else { return }
        add(
            .sharedKey, at.location, table.name(index),
            "its key is that of \(words(owner)): a provider would take one for the other")
    }

    func channel(_ name: Identifier) -> Int32 {
        let hash = MoneyTable.hash(name)
        if let known = channels.firstIndex(of: hash) { return Int32(known) }
        channels.append(hash)
        return Int32(channels.count - 1)
    }

    /// Takes note of an answer that an entry gave.
    func answer(
        _ index: Int, _ kind: PaymentResult.Kind, _ number: Int64?, isProven: Bool = false,
        _ at: Entry
    ) {
        guard let number else {
            guard kind != .inDoubt else { return }
            return add(
                .wrongResult, at.location, table.name(index),
                "it is final, and the entry gives no answer: its shares or money go on waiting")
        }
        let expected = table.payments[index].lastResult + 1
        if number != expected {
            add(
                .wrongResult, at.location, table.name(index),
                "it gives answer \(number) where \(expected) is next")
        }
        table.payments[index].lastResult = max(number, expected - 1)
        guard table.answer(index, number) == nil else { return }
        table.add(
            MoneyTable.Answer(
                number: number, kind: kind, isProven: isProven, givenAt: at.offset.rawValue),
            to: index)
    }

    func tellOne(_ command: String?, _ at: Entry) {
        add(
            .notByTwo, at.location, command,
            "one person proposed and approved it: it takes two")
    }

    private func tellTwice(_ id: PaymentID, _ at: Entry) {
        guard let index = table.index(of: id) else { return }
        add(
            .takenUpTwice, at.location, "\(id)",
            "it was taken up before: \(words(index))")
    }

    /// A payment, with the entry that made it stand as it does.
    func words(_ index: Int) -> String {
        let payment = table.payments[index]
        return "\(table.name(index)) (\(payment.standing.words), "
            + "\(words(.paymentJournal, payment.home, payment.standsSince)))"
    }
}

extension MoneyTable.Standing {
    /// For people.
    var words: String {
        switch self {
        case .ready: "not sent"
        case .parked: "parked, and nothing moved"
        case .sending, .doubt: "in doubt"
        case .paid: "paid"
        case .declined: "declined"
        case .declinedProven: "declined, which is proven"
        case .recalled: "recalled"
        case .failed: "given up by two people"
        case .conflict: "paid after all"
        case .returned: "paid and returned"
        }
    }
}
