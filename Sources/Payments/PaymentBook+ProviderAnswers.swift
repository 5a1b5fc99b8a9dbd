import Vocabulary

// What came of sending and of looking up.
extension PaymentBook {
    /// Hears what came of an attempt. An answer to one that is no longer waited for changes
    /// nothing and is shown to people.
    package mutating func hear(
        _ answer: SendingAnswer, to id: PaymentID, attempt: Int64, now: Timestamp
    ) -> PayerStep {
        var step = PayerStep()
        guard let index = indexByID[id], let intent = payments[index].intent else { return step }
        let profile = profile(index)
        let isFirst = payments[index].lastSending.map { !$0.isRepeat } ?? false
        let isAwaited = payments[index].state == .sending(attempt: attempt)
        let outcome = Classification.classify(
            answer, to: intent.request, isFirstSend: isFirst && isAwaited, profile: profile)
        guard isAwaited else {
            notice(.lateAnswer(outcome), index, &step)
            return step
        }
        var entry = PaymentOutcome(
            command: id, attempt: attempt, class: outcome, reference: answer.reference,
            words: answer.words, at: now)
        if outcome == .notExecuted {
            entry.retryAt = now + Milliseconds(Self.pause(answer, after: attempt))
        }
        entry.result = result(index, becoming: outcome.state(retryAt: entry.retryAt ?? now))
        record(.outcome(entry), &step)
        if case .parked(let doubt) = payments[index].state {
            notice(.parked(doubt), index, &step)
        }
        settled(index, now, &step)
        if !sayings.isEmpty { showAwaited(index, now, &step) }
        if outcome == .pending, profile.looksUpByKey {
            wait(index, now, &step)
        } else {
            follow(index, now, &step)
        }
        return step
    }

    /// Hears what a lookup said. `askedAt` is from before it was asked: a "not found" speaks of
    /// that moment, and an answer that was long under way must not count as a fresh one.
    package mutating func hear(
        _ answer: LookupAnswer, of id: PaymentID, askedAt: Timestamp, now: Timestamp
    ) -> PayerStep {
        var step = PayerStep()
        guard let index = indexByID[id], let intent = payments[index].intent else { return step }
        guard let doubt = payments[index].state.doubt, doubt.isSettledByLookup else {
            hearTooLate(answer, index, now, &step)
            return step
        }
        let profile = profile(index)
        let quiet = quietFrom(index)
        let final = quiet + Milliseconds(profile.finalityDelayMilliseconds)
        let found = Classification.classify(
            answer, of: intent.request, isQuiet: askedAt >= quiet,
            isFinal: askedAt >= final, profile: profile)
        switch (found, payments[index].state) {
        case (.paid, let state):
            see(index, found, answer.reference, now, &step)
            if state == .declinedUnconfirmed { notice(.contradiction, index, &step) }
        case (.declined, _): see(index, found, answer.reference, now, &step)
        case (.returned, _):
            see(index, found, answer.reference, now, &step)
            notice(.parked(.returned), index, &step)
        case (.mismatch, _):
            see(index, found, answer.reference, now, &step)
            notice(.parked(.mismatch), index, &step)
        case (.pending, .unknown), (.pending, .declinedUnconfirmed):
            see(index, found, answer.reference, now, &step)
            wait(index, now, &step)
        case (.notFound, .unknown), (.notExecuted, .unknown):
            missed(index, found, now, &step)
        default: nothingNew(index, now, &step)
        }
        return step
    }

    /// A lookup says "paid" of a command that is no longer in doubt, since people decided
    /// meanwhile: they must hear of it, and nothing more of the command may leave.
    private mutating func hearTooLate(
        _ answer: LookupAnswer, _ index: Int, _ now: Timestamp, _ step: inout PayerStep
    ) {
        guard case .found(let record) = answer, record.status == .succeeded else { return }
        switch payments[index].state {
        case .ready, .retryWait: park(index, .mismatch, now, &step)
        case .sending where record.key == payments[index].intent?.key.description: break
        case .sending, .declined, .declinedProven, .failedByPerson, .recalled:
            notice(.contradiction, index, &step)
        // Known, or left to people already.
        case .paid, .conflict, .returned, .unknown, .pending, .declinedUnconfirmed, .parked: break
        }
    }

    /// Writes what a lookup saw, and what follows from it.
    private mutating func see(
        _ index: Int, _ found: PaymentLookup.Class, _ reference: String?, _ now: Timestamp,
        _ step: inout PayerStep
    ) {
        let next = found.state(after: payments[index].state, now: now)
        let lookup = PaymentLookup(
            command: payments[index].id, class: found, reference: reference,
            result: result(index, becoming: next), at: now)
        record(.lookup(lookup), &step)
        settled(index, now, &step)
    }

    /// Goes on with a command in doubt that the provider does not show, nor can still be doing.
    private mutating func missed(
        _ index: Int, _ found: PaymentLookup.Class, _ now: Timestamp, _ step: inout PayerStep
    ) {
        let profile = profile(index)
        let reason = reasonNotToRepeat(index, now)
        if reason == .keyExpired {
            park(index, .keyExpired, now, &step)
            wait(index, now, &step)
        } else if found == .notExecuted {
            see(index, found, nil, now, &step)
            follow(index, now, &step)
        } else if !profile.isIdempotent || profile.trustsNotFound && reason != nil {
            // The delay may still make it final; otherwise only a record or people can tell.
            nothingNew(index, now, &step)
        } else if let reason {
            park(index, reason, now, &step)
            wait(index, now, &step)
        } else if isStopped(index) {
            nothingNew(index, now, &step)
        } else {
            see(index, found, nil, now, &step)
            send(index, isRepeat: true, now, &step)
        }
    }

    /// Asks again later; those who have not heard of the doubt yet hear of it now.
    private mutating func nothingNew(
        _ index: Int, _ now: Timestamp, _ step: inout PayerStep
    ) {
        let state = payments[index].state
        if result(index, becoming: state) != nil {
            see(index, .unknown, nil, now, &step)
        }
        tellThoseBehind(index, now, &step)
        wait(index, now, &step)
    }
}
