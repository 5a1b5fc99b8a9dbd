import Vocabulary

// Sending, and what is next for a command that is open.
extension PaymentBook {
    /// Begins to send commands whose turn it is, at most `count`, in the order in which their
    /// turns came.
    public mutating func begin(atMost count: Int, now: Timestamp) -> PayerStep {
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
    public mutating func resume(_ id: PaymentID, now: Timestamp) -> PayerStep {
        var step = PayerStep()
        if let place = places[id] { follow(place, now, &step) }
        return step
    }

    /// Decides what is next for a command. A timer alone never brings one out of doubt: it only
    /// asks again, sends the same under the same key, or calls people.
    mutating func follow(_ place: Int, _ now: Timestamp, _ step: inout PayerStep) {
        let looksUpByKey = profile(place).looksUpByKey
        switch payments[place].state {
        case .ready, .sending, .paid, .declined, .recalled: break
        case .retryWait(let until): retry(place, until, now, &step)
        case .unknown where !looksUpByKey: repeatBlindly(place, now, &step)
        case .unknown, .pending, .declinedUnconfirmed:
            if let reason = reasonToPark(place, now) { park(place, reason, now, &step) }
            lookUp(place, &step)
        case .parked(let doubt):
            if doubt.isSettledByLookup { lookUp(place, &step) }
        }
    }

    private func reasonToPark(_ place: Int, _ now: Timestamp) -> PaymentDoubt? {
        let payment = payments[place]
        let profile = profile(place)
        let age = Self.age(since: payment.doubtSince, now)
        let isDeclined = payment.state == .declinedUnconfirmed
        if !profile.looksUpByKey { return isDeclined ? .declineUnconfirmed : .noLookup }
        guard age >= profile.largestDoubtAgeMilliseconds else { return nil }
        return isDeclined ? .declineUnconfirmed : .unresolved
    }

    private func lookUp(_ place: Int, _ step: inout PayerStep) {
        guard profile(place).looksUpByKey, let intent = payments[place].intent,
            let channel = payments[place].channel, hasChannel(channel)
        else { return }
        step.actions.append(
            .lookUp(payments[place].id, key: intent.key.description, over: channel))
    }

    /// Sends again what is proven not to have been executed.
    private mutating func retry(
        _ place: Int, _ until: Timestamp, _ now: Timestamp, _ step: inout PayerStep
    ) {
        let profile = profile(place)
        let first = payments[place].firstSentAt
        if Self.age(since: first, now) >= profile.largestRetryAgeMilliseconds
            || profile.keyIsExpired(firstSentAt: first ?? now, now: now)
        {
            park(place, .unavailable, now, &step)
        } else if now < until {
            step.actions.append(.wait(payments[place].id, until: until))
        } else {
            send(place, isRepeat: false, now, &step)
        }
    }

    /// For a provider that can't be asked: the same key again, or people.
    private mutating func repeatBlindly(
        _ place: Int, _ now: Timestamp, _ step: inout PayerStep
    ) {
        if !profile(place).isIdempotent { return park(place, .noLookup, now, &step) }
        if let reason = reasonNotToRepeat(place, now) { return park(place, reason, now, &step) }
        let quiet = quietFrom(place)
        if now < quiet {
            step.actions.append(.wait(payments[place].id, until: quiet))
        } else {
            send(place, isRepeat: true, now, &step)
        }
    }

    /// Why the same key is not sent again; nil where it may be.
    func reasonNotToRepeat(_ place: Int, _ now: Timestamp) -> PaymentDoubt? {
        let payment = payments[place]
        let profile = profile(place)
        if profile.keyIsExpired(firstSentAt: payment.firstSentAt ?? now, now: now) {
            return .keyExpired
        }
        return payment.repeats >= profile.largestRepeatCount ? .repeatsExhausted : nil
    }

    /// Writes the leave to send once; the window runs from before it is handed to the log.
    mutating func send(
        _ place: Int, isRepeat: Bool, _ now: Timestamp, _ step: inout PayerStep
    ) {
        guard let intent = payments[place].intent, let channel = payments[place].channel else {
            return
        }
        bind(channel, now, &step)
        let window = profile(place).sendingWindowMilliseconds
        let sending = PaymentSending(
            command: intent.command.id, attempt: payments[place].attempts + 1,
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
        _ place: Int, _ reason: PaymentDoubt, _ now: Timestamp, _ step: inout PayerStep
    ) {
        let id = payments[place].id
        let result = result(place, becoming: .parked(reason))
        record(
            .parked(PaymentParking(command: id, reason: reason, result: result, at: now)), &step)
        notice(.parked(reason), place, &step)
        settled(place, now, &step)
    }

    /// What follows wherever a command has come to stand otherwise.
    mutating func settled(_ place: Int, _ now: Timestamp, _ step: inout PayerStep) {
        admitHeld(with: payments[place].id, now, &step)
        tellThoseBehind(place, now, &step)
    }
}
