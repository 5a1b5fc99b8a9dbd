import Vocabulary

// What an entry of the journal makes of a command that was taken up.
extension MoneyAudit {
    func move(_ index: Int, _ entry: JournalEntry, _ at: Entry) {
        switch entry {
        case .sending(let entry): send(index, entry, at)
        case .outcome(let entry): end(index, entry, at)
        case .lookup(let entry): look(index, entry, at)
        case .parked(let entry):
            let before = table.payments[index].standing
            if before.isFinal || before.isInDoubt && !entry.reason.mayHaveMoved {
                contradict(index, "parked as \(entry.reason.rawValue)", at)
            }
            if !before.isFinal {
                stand(index, entry.reason.mayHaveMoved ? .doubt : .parked, at)
            }
            answer(index, .inDoubt, entry.result, at)
        case .admitted:
            if table.payments[index].standing != .parked {
                contradict(index, "to take its turn again", at)
            }
            stand(index, .ready, at)
        case .waiting(let entry): answer(index, .inDoubt, entry.result, at)
        case .redrafted(let entry):
            if table.payments[index].attempts > 0 {
                contradict(index, "to be sent over another channel", at)
            }
            table.payments[index].channel = channel(entry.channel)
        case .lost(let entry): lose(index, entry, at)
        case .resolved(let entry): resolve(index, entry, at)
        case .statement(let entry): show(index, entry, at)
        case .proven(let entry):
            if table.payments[index].standing.isPaid {
                contradict(index, "declined, as a statement without it proves", at)
            }
            stand(index, .declinedProven, at)
            answer(index, .declined, entry.result, isProven: true, at)
        case .epoch, .intent, .recalled, .conflict, .channel, .rebuilt, .proposed, .agreed,
            .unresolved, .brake, .recallNoted, .invalid:
            preconditionFailure("not about a command that was taken up")
        }
    }

    private func epoch(_ at: Entry) -> Epoch {
        places.journals[Int(at.partition.rawValue)].epoch
    }

    private func send(_ index: Int, _ entry: PaymentSending, _ at: Entry) {
        let payment = table.payments[index]
        // Which payer wrote it may be among what is gone.
        if epoch(at) == 0, places.journals[Int(at.partition.rawValue)].start > 0 {
            places.journals[Int(at.partition.rawValue)].epoch = entry.epoch
        }
        if payment.standing.isFinal { contradict(index, "to be sent", at) }
        if entry.attempt != payment.attempts + 1 {
            add(
                .wrongAttempt, at.location, table.name(index),
                "attempt \(entry.attempt) follows attempt \(payment.attempts)")
        } else if entry.epoch != epoch(at) {
            add(
                .wrongAttempt, at.location, table.name(index),
                "a payer of epoch \(entry.epoch) sends in epoch \(epoch(at)): it had been replaced")
        }
        if payment.standing.isInDoubt, !entry.isRepeat {
            contradict(index, "to be sent as if no attempt were in doubt", at)
        }
        if MoneyTable.hash(entry.key) != payment.key {
            add(
                .otherKey, at.location, table.name(index),
                "it is sent under another key than it was taken up with, and no two people "
                    + "decided that: a provider takes it for another payment")
            claim(MoneyTable.hash(entry.key), index, at)
        } else if channel(entry.channel) != payment.channel {
            add(
                .otherKey, at.location, table.name(index),
                "it is sent over another channel than it was taken up for")
        }
        change(index) { payment in
            payment.attempts = max(payment.attempts, entry.attempt)
            payment.sendingEpoch = entry.epoch
        }
        if !payment.standing.isFinal { stand(index, .sending, at) }
    }

    private func end(_ index: Int, _ entry: PaymentOutcome, _ at: Entry) {
        let payment = table.payments[index]
        if payment.standing != .sending || payment.attempts != entry.attempt
            || payment.sendingEpoch != epoch(at)
        {
            add(
                .wrongAttempt, at.location, table.name(index),
                "an outcome of attempt \(entry.attempt), which is not under way: "
                    + "\(words(index))")
        }
        switch entry.class {
        case .paid: pay(index, entry.result, at)
        case .notExecuted:
            stand(index, .ready, at)
            answer(index, .inDoubt, entry.result, at)
        case .rejected:
            stand(index, .parked, at)
            answer(index, .inDoubt, entry.result, at)
        case .declined, .pending, .unknown, .conflict, .mismatch:
            stand(index, .doubt, at)
            answer(index, .inDoubt, entry.result, at)
        }
    }

    private func look(_ index: Int, _ entry: PaymentLookup, _ at: Entry) {
        let before = table.payments[index].standing
        switch entry.class {
        case .paid:
            if table.payments[index].attempts == 0 { tellNeverSent(index, at) }
            return pay(index, entry.result, at)
        case .declined:
            if before.isFinal { contradict(index, "declined", at) }
            stand(index, .declined, at)
            return answer(index, .declined, entry.result, at)
        case .notExecuted:
            if !before.isFinal { stand(index, .ready, at) }
        case .returned, .mismatch, .pending:
            if !before.isFinal { stand(index, .doubt, at) }
        case .notFound, .unknown: break
        }
        answer(index, .inDoubt, entry.result, at)
    }

    private func resolve(_ index: Int, _ entry: PaymentResolved, _ at: Entry) {
        if entry.proposedBy == entry.approvedBy { tellOne(table.name(index), at) }
        let payment = table.payments[index]
        switch entry.verdict {
        case .paid:
            if payment.attempts == 0 { tellNeverSent(index, at) }
            pay(index, entry.result, at)
        case .failedByPerson:
            if payment.standing.isPaid { contradict(index, "given up", at) }
            stand(index, .failed, at)
            answer(index, .failedByPerson, entry.result, at)
        case .returned:
            if !payment.standing.isPaid, !payment.standing.isInDoubt {
                contradict(index, "returned", at)
            }
            stand(index, .returned, at)
            answer(index, .returned, entry.result, at)
        case .notExecuted, .retry:
            if payment.standing.isFinal { contradict(index, "to be sent again", at) }
            if let revision = entry.revision {
                let key = MoneyTable.hash(revision.key)
                claim(key, index, at)
                let channel = channel(revision.channel)
                change(index) { payment in
                    payment.key = key
                    payment.channel = channel
                }
            }
            if !payment.standing.isFinal { stand(index, .ready, at) }
        }
    }

    private func show(_ index: Int, _ entry: PaymentStatement, _ at: Entry) {
        switch entry.class {
        case .awaited: break
        case .mismatch:
            if !table.payments[index].standing.isFinal { stand(index, .doubt, at) }
            answer(index, .inDoubt, entry.result, at)
        case .paid:
            change(index) { $0.attempts = max($0.attempts, 1) }
            pay(index, entry.result, at)
        case .returned:
            if !table.payments[index].standing.isPaid { contradict(index, "returned", at) }
            stand(index, .returned, at)
            answer(index, .returned, entry.result, at)
        }
    }

    /// What became of a command whose entries may be lost.
    private func lose(_ index: Int, _ entry: PaymentLost, _ at: Entry) {
        change(index) { payment in
            payment.lostThrough = max(payment.lostThrough, entry.answered)
            payment.lastResult = max(payment.lastResult, entry.answered)
            payment.attempts = entry.class == .recalled ? 0 : max(payment.attempts, 1)
        }
        let standing: MoneyTable.Standing =
            switch entry.class {
            case .paid: .paid
            case .declined: .declined
            case .recalled: .recalled
            case .failedByPerson: .failed
            case .conflict: .conflict
            case .returned: .returned
            case .inDoubt: .doubt
            }
        stand(index, standing, at)
        // Its other classes are what an answer said that stands there already.
        if entry.class == .inDoubt { answer(index, .inDoubt, entry.result, at) }
    }

    /// It is paid; after all, where it was final that it is not.
    private func pay(_ index: Int, _ number: Int64?, _ at: Entry) {
        let before = table.payments[index].standing
        if before.isPaid || before == .returned { contradict(index, "paid once more", at) }
        let isAfterAll = before.isUnpaid
        stand(index, isAfterAll ? .conflict : .paid, at)
        answer(index, isAfterAll ? .conflict : .paid, number, at)
    }

    private func tellNeverSent(_ index: Int, _ at: Entry) {
        add(
            .neverSent, at.location, table.name(index),
            "it is said to be paid, and no entry before it let it be sent")
    }

    private func contradict(_ index: Int, _ what: String, _ at: Entry) {
        add(
            .contradiction, at.location, table.name(index),
            "the entry says that it is \(what), and it stands otherwise: \(words(index))")
    }
}
