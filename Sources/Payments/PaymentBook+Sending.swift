import Vocabulary

// Sending, and what is next for a command that is open.
extension PaymentBook {
    /// Begins to send commands whose turn it is, at most `count`, in the order in which their
    /// turns came.
    public mutating func begin(atMost count: Int, now: Milliseconds) -> PayerStep {
        var step = PayerStep()
        var begun = 0
        while begun < count, let place = firstTurn() {
            send(place, isRepeat: false, now, &step)
            begun += 1
        }
        return step
    }

    private func firstTurn() -> Int? {
        var index = turnsBegin
        while index < turns.count, !hasTurn(turns[index]) { index += 1 }
        return index < turns.count ? turns[index] : nil
    }

    /// Goes on with a command whose time has come: to be called at the moments that
    /// `PayerAction.wait` names. At any other moment it is harmless.
    public mutating func resume(_ id: PaymentID, now: Milliseconds) -> PayerStep {
        var step = PayerStep()
        if let place = places[id] { follow(place, now, &step) }
        return step
    }

    /// Decides what is next for a command. A timer alone never brings one out of doubt: it only
    /// asks again, sends the same under the same key, or calls people.
    mutating func follow(_ place: Int, _ now: Milliseconds, _ step: inout PayerStep) {
        let payment = payments[place]
        switch payment.state {
        case .ready, .sending, .paid, .declined, .recalled: break
        case .retryWait(let until): retry(place, until, now, &step)
        case .unknown where !profile.looksUpByKey: repeatBlindly(place, now, &step)
        case .unknown, .pending, .declinedUnconfirmed:
            if let reason = reasonToPark(payment, now) { park(place, reason, now, &step) }
            lookUp(place, &step)
        case .parked(let doubt):
            if doubt.isSettledByLookup { lookUp(place, &step) }
        }
    }

    private func reasonToPark(_ payment: Payment, _ now: Milliseconds) -> PaymentDoubt? {
        let age = now.rawValue - (payment.doubtSince ?? now).rawValue
        let isDeclined = payment.state == .declinedUnconfirmed
        if !profile.looksUpByKey { return isDeclined ? .declineUnconfirmed : .noLookup }
        guard age >= profile.largestDoubtAgeMilliseconds else { return nil }
        return isDeclined ? .declineUnconfirmed : .unresolved
    }

    private func lookUp(_ place: Int, _ step: inout PayerStep) {
        guard profile.looksUpByKey, let intent = payments[place].intent else { return }
        step.actions.append(.lookUp(payments[place].id, key: intent.key.description))
    }

    /// Sends again what is proven not to have been executed.
    private mutating func retry(
        _ place: Int, _ until: Milliseconds, _ now: Milliseconds, _ step: inout PayerStep
    ) {
        guard now >= until else {
            step.actions.append(.wait(payments[place].id, until: until))
            return
        }
        let first = payments[place].firstSentAt ?? now
        let age = now.rawValue - first.rawValue
        if age >= profile.largestRetryAgeMilliseconds
            || profile.keyIsExpired(firstSentAt: first, now: now)
        {
            park(place, .unavailable, now, &step)
        } else {
            send(place, isRepeat: false, now, &step)
        }
    }

    /// For a provider that can't be asked: the same key again, or people.
    private mutating func repeatBlindly(
        _ place: Int, _ now: Milliseconds, _ step: inout PayerStep
    ) {
        if !profile.isIdempotent { return park(place, .noLookup, now, &step) }
        if let reason = reasonNotToRepeat(place, now) { return park(place, reason, now, &step) }
        let quiet = quietFrom(payments[place])
        if now < quiet {
            step.actions.append(.wait(payments[place].id, until: quiet))
        } else {
            send(place, isRepeat: true, now, &step)
        }
    }

    /// Why the same key is not sent again; nil where it may be.
    func reasonNotToRepeat(_ place: Int, _ now: Milliseconds) -> PaymentDoubt? {
        let payment = payments[place]
        if profile.keyIsExpired(firstSentAt: payment.firstSentAt ?? now, now: now) {
            return .keyExpired
        }
        return payment.repeats >= profile.largestRepeatCount ? .repeatsExhausted : nil
    }

    /// Writes the leave to send once; the window runs from before it is handed to the log.
    mutating func send(
        _ place: Int, isRepeat: Bool, _ now: Milliseconds, _ step: inout PayerStep
    ) {
        guard let intent = payments[place].intent else { return }
        let sending = PaymentSending(
            command: intent.command.id, attempt: payments[place].attempts + 1,
            isRepeat: isRepeat, epoch: epoch,
            windowEndsAt: now + Milliseconds(profile.sendingWindowMilliseconds), at: now)
        record(.sending(sending), &step)
        step.actions.append(
            .send(
                sending.command, attempt: sending.attempt, request: intent.request,
                windowEndsAt: sending.windowEndsAt))
    }

    /// Leaves a command to people; what the cap holds may have room then.
    mutating func park(
        _ place: Int, _ reason: PaymentDoubt, _ now: Milliseconds, _ step: inout PayerStep
    ) {
        let id = payments[place].id
        let result = result(place, becoming: .parked(reason))
        record(
            .parked(PaymentParking(command: id, reason: reason, result: result, at: now)), &step)
        notice(.parked(reason), place, &step)
        settled(place, now, &step)
    }

    /// What follows wherever a command has come to stand otherwise.
    mutating func settled(_ place: Int, _ now: Milliseconds, _ step: inout PayerStep) {
        admitHeld(with: payments[place].id, now, &step)
        tellThoseBehind(place, now, &step)
    }
}
