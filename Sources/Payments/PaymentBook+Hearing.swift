import Vocabulary

// What came of sending and of looking up.
extension PaymentBook {
    /// Hears what came of an attempt. An answer to one that is no longer waited for changes
    /// nothing and is shown to people.
    public mutating func hear(
        _ answer: SendingAnswer, to id: PaymentID, attempt: Int64, now: Timestamp
    ) -> PayerStep {
        var step = PayerStep()
        guard let place = places[id], let intent = payments[place].intent else { return step }
        let profile = profile(place)
        let isFirst = payments[place].lastSending.map { !$0.isRepeat } ?? false
        let isAwaited = payments[place].state == .sending(attempt: attempt)
        let outcome = Classification.classify(
            answer, to: intent.request, isFirstSend: isFirst && isAwaited, profile: profile)
        guard isAwaited else {
            notice(.lateAnswer(outcome), place, &step)
            return step
        }
        var entry = PaymentOutcome(
            command: id, attempt: attempt, class: outcome, reference: answer.reference, at: now)
        if outcome == .notExecuted {
            entry.retryAt = now + Milliseconds(Self.pause(answer, after: attempt))
        }
        entry.result = result(place, becoming: outcome.state(retryAt: entry.retryAt ?? now))
        record(.outcome(entry), &step)
        if case .parked(let doubt) = payments[place].state {
            notice(.parked(doubt), place, &step)
        }
        settled(place, now, &step)
        if outcome == .pending, profile.looksUpByKey {
            wait(place, now, &step)
        } else {
            follow(place, now, &step)
        }
        return step
    }

    /// Hears what a lookup said. `askedAt` is from before it was asked: a "not found" speaks of
    /// that moment, and an answer that was long under way must not count as a fresh one.
    public mutating func hear(
        _ answer: LookupAnswer, of id: PaymentID, askedAt: Timestamp, now: Timestamp
    ) -> PayerStep {
        var step = PayerStep()
        guard let place = places[id], let intent = payments[place].intent,
            let doubt = payments[place].state.doubt, doubt.isSettledByLookup
        else { return step }
        let profile = profile(place)
        let quiet = quietFrom(place)
        let final = quiet + Milliseconds(profile.finalityDelayMilliseconds)
        let found = Classification.classify(
            answer, of: intent.request, isQuiet: askedAt >= quiet,
            isFinal: askedAt >= final, profile: profile)
        switch (found, payments[place].state) {
        case (.paid, let state):
            see(place, found, answer.reference, now, &step)
            if state == .declinedUnconfirmed { notice(.contradiction, place, &step) }
        case (.declined, _): see(place, found, answer.reference, now, &step)
        case (.returned, _):
            see(place, found, answer.reference, now, &step)
            notice(.parked(.returned), place, &step)
        case (.mismatch, _):
            see(place, found, answer.reference, now, &step)
            notice(.parked(.mismatch), place, &step)
        case (.pending, .unknown), (.pending, .declinedUnconfirmed):
            see(place, found, answer.reference, now, &step)
            wait(place, now, &step)
        case (.notFound, .unknown), (.notExecuted, .unknown):
            missed(place, found, now, &step)
        default: nothingNew(place, now, &step)
        }
        return step
    }

    /// Writes what a lookup saw, and what follows from it.
    private mutating func see(
        _ place: Int, _ found: PaymentLookup.Class, _ reference: String?, _ now: Timestamp,
        _ step: inout PayerStep
    ) {
        let next = found.state(after: payments[place].state, now: now)
        let lookup = PaymentLookup(
            command: payments[place].id, class: found, reference: reference,
            result: result(place, becoming: next), at: now)
        record(.lookup(lookup), &step)
        settled(place, now, &step)
    }

    /// Goes on with a command in doubt that the provider does not show, nor can still be doing.
    private mutating func missed(
        _ place: Int, _ found: PaymentLookup.Class, _ now: Timestamp, _ step: inout PayerStep
    ) {
        let profile = profile(place)
        let reason = reasonNotToRepeat(place, now)
        if reason == .keyExpired {
            park(place, .keyExpired, now, &step)
            wait(place, now, &step)
        } else if found == .notExecuted {
            see(place, found, nil, now, &step)
            follow(place, now, &step)
        } else if !profile.isIdempotent || profile.trustsNotFound && reason != nil {
            // The delay may still make it final; otherwise only a record or people can tell.
            nothingNew(place, now, &step)
        } else if let reason {
            park(place, reason, now, &step)
            wait(place, now, &step)
        } else {
            see(place, found, nil, now, &step)
            send(place, isRepeat: true, now, &step)
        }
    }

    /// Asks again later; those who have not heard of the doubt yet hear of it now.
    private mutating func nothingNew(
        _ place: Int, _ now: Timestamp, _ step: inout PayerStep
    ) {
        let state = payments[place].state
        if result(place, becoming: state) != nil {
            see(place, .unknown, nil, now, &step)
        }
        tellThoseBehind(place, now, &step)
        wait(place, now, &step)
    }
}
