import Vocabulary

// Sending, and what is next for a command that is open.
extension PaymentBook {
    /// Begins to send commands whose turn it is, at most `count`, in the order in which their
    /// turns came.
    package mutating func begin(atMost count: Int, now: Timestamp) -> PayerStep {
        var step = PayerStep()
        // Found first: a sending takes turns away.
        for index in firstTurns(count, now) where hasTurn(index) && !isHeld(index, now) {
            send(index, isRepeat: false, now, &step)
        }
        return step
    }

    /// The first turns that no brake holds; one may stand there twice.
    private func firstTurns(_ count: Int, _ now: Timestamp) -> [Int] {
        var found: [Int] = []
        var place = turnsBegin
        while place < turns.count, found.count < count {
            let index = turns[place]
            if hasTurn(index), !isHeld(index, now) { found.append(index) }
            place += 1
        }
        return found
    }

    /// Goes on with a command whose time has come: to be called at the moments that
    /// `PayerAction.wait` names. At any other moment it is harmless.
    ///
    /// `draft` is asked where people agreed that it is to be sent again.
    package mutating func resume(
        _ id: PaymentID, now: Timestamp, draft: Draft
    ) -> PayerStep {
        var step = PayerStep()
        guard let index = indexByID[id] else { return step }
        if !sayings.isEmpty { actOnAgreement(index, now, &step, draft) }
        follow(index, now, &step)
        return step
    }

    /// Decides what is next for a command. A timer alone never brings one out of doubt: it only
    /// asks again, sends the same under the same key, or calls people.
    mutating func follow(_ index: Int, _ now: Timestamp, _ step: inout PayerStep) {
        if !sayings.isEmpty { showAwaited(index, now, &step) }
        let looksUpByKey = profile(index).looksUpByKey
        switch payments[index].state {
        case .ready, .sending, .paid, .declined, .declinedProven, .recalled, .failedByPerson,
            .conflict, .returned:
            break
        case .retryWait(let until): retry(index, until, now, &step)
        case .unknown where !looksUpByKey: repeatBlindly(index, now, &step)
        case .unknown, .pending, .declinedUnconfirmed:
            if let reason = reasonToPark(index, now) { park(index, reason, now, &step) }
            lookUp(index, &step)
        case .parked(let doubt):
            if doubt.isSettledByLookup { lookUp(index, &step) }
        }
    }

    private func reasonToPark(_ index: Int, _ now: Timestamp) -> PaymentDoubt? {
        let payment = payments[index]
        let profile = profile(index)
        let age = Self.age(since: payment.doubtSince, now)
        let isDeclined = payment.state == .declinedUnconfirmed
        if !profile.looksUpByKey { return isDeclined ? .declineUnconfirmed : .noLookup }
        guard age >= profile.largestDoubtAgeMilliseconds else { return nil }
        return isDeclined ? .declineUnconfirmed : .unresolved
    }

    private func lookUp(_ index: Int, _ step: inout PayerStep) {
        guard profile(index).looksUpByKey, let intent = payments[index].intent,
            let channel = payments[index].channel, hasChannel(channel)
        else { return }
        step.actions.append(
            .lookUp(payments[index].id, key: intent.key.description, over: channel))
    }

    /// Sends again what is proven not to have been executed.
    private mutating func retry(
        _ index: Int, _ until: Timestamp, _ now: Timestamp, _ step: inout PayerStep
    ) {
        let profile = profile(index)
        let first = payments[index].firstSentAt
        if Self.age(since: first, now) >= profile.largestRetryAgeMilliseconds
            || profile.keyIsExpired(firstSentAt: first ?? now, now: now)
        {
            park(index, .unavailable, now, &step)
        } else if now < until {
            step.actions.append(.wait(payments[index].id, until: until))
        } else if isStopped(index) {
            step.actions.append(.wait(payments[index].id, until: now + pauseWhileStopped))
        } else {
            send(index, isRepeat: false, now, &step)
        }
    }

    /// For a provider that can't be asked: the same key again, or people.
    private mutating func repeatBlindly(
        _ index: Int, _ now: Timestamp, _ step: inout PayerStep
    ) {
        if !profile(index).isIdempotent { return park(index, .noLookup, now, &step) }
        if let reason = reasonNotToRepeat(index, now) { return park(index, reason, now, &step) }
        let quiet = quietFrom(index)
        if now < quiet {
            step.actions.append(.wait(payments[index].id, until: quiet))
        } else if isStopped(index) {
            step.actions.append(.wait(payments[index].id, until: now + pauseWhileStopped))
        } else {
            send(index, isRepeat: true, now, &step)
        }
    }

    /// Why the same key is not sent again; nil where it may be.
    func reasonNotToRepeat(_ index: Int, _ now: Timestamp) -> PaymentDoubt? {
        let payment = payments[index]
        let profile = profile(index)
        if profile.keyIsExpired(firstSentAt: payment.firstSentAt ?? now, now: now) {
            return .keyExpired
        }
        return payment.repeats >= profile.largestRepeatCount ? .repeatsExhausted : nil
    }

    /// Writes the leave to send once; the window runs from before it is handed to the log.
    mutating func send(
        _ index: Int, isRepeat: Bool, _ now: Timestamp, _ step: inout PayerStep
    ) {
        guard let intent = payments[index].intent, let channel = payments[index].channel else {
            return
        }
        bind(channel, now, &step)
        let window = profile(index).sendingWindowMilliseconds
        let sending = PaymentSending(
            command: intent.command.id, attempt: payments[index].attempts + 1,
            isRepeat: isRepeat, epoch: epoch, channel: channel, key: intent.key,
            windowEndsAt: now + Milliseconds(window), at: now)
        record(.sending(sending), &step)
        step.actions.append(
            .send(
                sending.command, attempt: sending.attempt, request: intent.request,
                windowEndsAt: sending.windowEndsAt, over: channel))
    }

    /// How long something lasts. A negative age comes from clocks that disagree and proves
    /// nothing: it counts as the largest.
    static func age(since start: Timestamp?, _ now: Timestamp) -> Int64 {
        guard let start else { return 0 }
        let age = now.rawValue - start.rawValue
        return age < 0 ? .max : age
    }

    /// Leaves a command to people; what the cap holds may have room then.
    mutating func park(
        _ index: Int, _ reason: PaymentDoubt, _ now: Timestamp, _ step: inout PayerStep
    ) {
        let id = payments[index].id
        let result = result(index, becoming: .parked(reason))
        record(
            .parked(PaymentParking(command: id, reason: reason, result: result, at: now)), &step)
        notice(.parked(reason), index, &step)
        settled(index, now, &step)
    }

    /// What follows wherever a command has come to stand otherwise.
    mutating func settled(_ index: Int, _ now: Timestamp, _ step: inout PayerStep) {
        admitHeld(with: payments[index].id, now, &step)
        tellThoseBehind(index, now, &step)
    }
}
