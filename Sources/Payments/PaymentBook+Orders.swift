import Vocabulary

/// What it takes to send a command, found out once, when it is taken up.
package struct RequestDraft: Hashable, Sendable {
    /// See `ProviderKey`.
    package var key: Identifier
    /// The account as the provider knows it; nil where nobody knows: the command is parked then.
    package var accountToken: String?
    /// The request's body, as it is to be sent each time.
    package var body: String

    package init(key: Identifier, accountToken: String?, body: String) {
        self.key = key
        self.accountToken = accountToken
        self.body = body
    }
}

// Orders that come in, and taking over.
extension PaymentBook {
    /// Takes a partition over: to be called behind the fence, with the journal read to its end.
    /// What was being sent is in doubt from here on. It is committed by itself: only then the
    /// log's time is known, by which all ages are counted.
    package mutating func takeOver(epoch: Epoch, now: Timestamp) -> PayerStep {
        var step = PayerStep()
        record(.epoch(PayerEpoch(epoch: epoch, at: now)), &step)
        return step
    }

    /// Goes on with all that is open, once the epoch is committed. `at` is the log's time of that
    /// commit, in place of the time that the entry was made with. Commands that were never sent
    /// come with `begin`.
    package mutating func goOn(
        at now: Timestamp, draft: (PaymentCommand, Identifier) -> RequestDraft
    ) -> PayerStep {
        var step = PayerStep()
        for index in payments.indices
        where payments[index].doubtSince == epochStartedAt { payments[index].doubtSince = now }
        epochStartedAt = now
        redraft(now, &step, draft: draft)
        for index in payments.indices {
            switch payments[index].state {
            case .retryWait(let until):
                if now >= until || Self.age(since: payments[index].firstSentAt, now) == .max {
                    follow(index, now, &step)
                } else {
                    step.actions.append(.wait(payments[index].id, until: until))
                }
            case .parked(.overObligation): admitHeld(with: payments[index].id, now, &step)
            default: follow(index, now, &step)
            }
            if !sayings.isEmpty, let agreed = sayings[index]?.agreed {
                step.actions.append(.wait(agreed.command, until: overFrom(index)))
            }
        }
        return step
    }

    /// Takes a command up. The same command again is no step at all; another one under its id
    /// leaves the first as it is. `draft` is asked for new commands only, and for the channel that
    /// they go over. One that `isMalformed` can't be carried out; an operator is told, and the
    /// allocator that commanded it.
    package mutating func take(
        _ command: PaymentCommand, from source: CommandSource, now: Timestamp,
        isMalformed: Bool = false, draft: (PaymentCommand, Identifier) -> RequestDraft
    ) -> PayerStep {
        var step = PayerStep()
        if let index = indexByID[command.id] {
            guard let known = self.command(index), known != command else { return step }
            let conflict = PaymentConflict(command: command.id, source: source, at: now)
            record(.conflict(conflict), &step)
            notice(.conflict, index, &step)
            return step
        }
        let way = channel(for: command)
        let channel = way ?? channels[0].channel.name
        let draft = draft(command, channel)
        let parked: PaymentDoubt? =
            isMalformed ? .malformed
            : way == nil ? .channelMissing
            : draft.accountToken == nil ? .unknownAccount : fits(command) ? nil : .overObligation
        let intent = PaymentIntent(
            command: command, key: draft.key, channel: channel,
            accountToken: draft.accountToken, body: draft.body, source: source, parked: parked,
            result: parked == nil ? nil : 1, at: now)
        record(.intent(intent), &step)
        let index = payments.count - 1
        if let parked { notice(.parked(parked), index, &step) }
        if parked == nil { noticeIfTooLarge(index, &step) }
        if let holder = lanes[command.account]?.holder { tellThoseBehind(holder, now, &step) }
        return step
    }

    /// Leaves out a command that can't be carried out because of what it says; its allocator is
    /// told, and people. Under its id nothing is taken up any more.
    package mutating func leaveOut(
        _ address: PaymentRecall, from source: CommandSource, now: Timestamp
    ) -> PayerStep {
        var step = PayerStep()
        guard indexByID[address.command] == nil else { return step }
        record(
            .invalid(
                PaymentInvalid(
                    command: address.command, partition: address.partition,
                    account: address.account, source: source, result: 1, at: now)), &step)
        notice(.parked(.invalid), payments.count - 1, &step)
        return step
    }

    /// Takes a recall. It is granted where no leave to send was ever written, a command that did
    /// not come yet included; otherwise the command's own outcome answers it, and this is no
    /// step but that it is noted: should the command turn out never to be sent again, it is
    /// granted. It waits for nobody.
    package mutating func take(
        _ recall: PaymentRecall, from source: CommandSource, now: Timestamp
    ) -> PayerStep {
        var step = PayerStep()
        if let index = indexByID[recall.command] {
            let payment = payments[index]
            guard payment.state != .recalled, payment.account == recall.account else {
                return step
            }
            if payment.attempts > 0 {
                guard !payment.state.isFinal, sayings[index]?.recall == nil else { return step }
                let noted = PaymentRecallNoted(recall: recall, source: source, at: now)
                record(.recallNoted(noted), &step)
                return step
            }
        }
        let result = indexByID[recall.command].map { nextResult($0) } ?? 1
        record(
            .recalled(PaymentRecalled(recall: recall, source: source, result: result, at: now)),
            &step)
        admitHeld(with: recall.command, now, &step)
        return step
    }
}

// What all decisions are made of.
extension PaymentBook {
    /// Applies an entry of this book's own making, and puts it into the step with its answer.
    mutating func record(_ entry: JournalEntry, _ step: inout PayerStep) {
        do {
            try apply(entry)
        } catch {
            preconditionFailure("a payer decided on what can't follow: \(error)")
        }
        step.entries.append(entry)
        if let answer = answer(with: entry) { step.answers.append(answer) }
    }

    func nextResult(_ index: Int) -> Int64 { payments[index].lastResult + 1 }

    func notice(_ kind: PaymentAttention.Kind, _ index: Int, _ step: inout PayerStep) {
        let payment = payments[index]
        step.attention.append(
            PaymentAttention(kind: kind, command: payment.id, account: payment.account))
    }

    /// Admits what the cap holds of an obligation, in order, as far as there is room.
    mutating func admitHeld(
        with id: PaymentID, _ now: Timestamp, _ step: inout PayerStep
    ) {
        for index in obligations[id.obligation]?.held ?? [] {
            // Another one of them may have been granted its recall, and admitted this one.
            guard payments[index].state == .parked(.overObligation),
                let intent = payments[index].intent, hasChannel(intent.channel)
            else { continue }
            let command = intent.command
            guard fits(command) else { continue }
            if payments[index].attempts > 0, let recall = sayings[index]?.recall {
                grant(recall, index, now, &step)
                continue
            }
            record(.admitted(PaymentAdmission(command: command.id, at: now)), &step)
            if let holder = lanes[command.account]?.holder {
                tellThoseBehind(holder, now, &step)
            }
        }
    }

    /// Tells each command that waits behind one in doubt so, once.
    mutating func tellThoseBehind(
        _ index: Int, _ now: Timestamp, _ step: inout PayerStep
    ) {
        guard payments[index].state.doubt != nil, let lane = lanes[payments[index].account],
            lane.holder == index
        else { return }
        for other in lane.waiting where payments[other].lastReason != .behindDoubt {
            let waiting = PaymentWaiting(
                command: payments[other].id, behind: payments[index].id,
                result: nextResult(other), at: now)
            record(.waiting(waiting), &step)
        }
    }
}
