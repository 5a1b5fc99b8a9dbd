import Vocabulary

extension PaymentBook {
    /// Takes an entry of the journal in: the only way in which a book changes. It throws where
    /// the entry does not follow from those before it; the book is of no use then.
    package mutating func apply(_ entry: JournalEntry) throws(JournalFault) {
        switch entry {
        case .epoch(let entry): try apply(entry)
        case .intent(let entry): try apply(entry)
        case .sending(let entry): try apply(entry)
        case .outcome(let entry): try apply(entry)
        case .lookup(let entry): try apply(entry)
        case .parked(let entry): try apply(entry)
        case .admitted(let entry): try apply(entry)
        case .waiting(let entry):
            let index = try index(of: entry.command)
            guard payments[index].state == .ready else { throw fault(.wrongState, index) }
            try number(index, entry.result, reason: .behindDoubt)
        case .recalled(let entry): try apply(entry)
        case .conflict(let entry):
            _ = try index(of: entry.command)
            pass(entry.source)
        case .channel(let entry):
            guard !bindings.contains(where: { $0.name == entry.channel.name }) else {
                throw JournalFault(.wrongChannel)
            }
            bindings.append(entry.channel)
        case .redrafted(let entry): try apply(entry)
        case .rebuilt(let entry):
            isRebuilding = true
            if entry.rebuild.damage.isRestarted { lastSource = nil }
        case .lost(let entry): try apply(entry)
        case .proposed, .agreed, .resolved, .unresolved, .statement, .proven, .brake,
            .recallNoted, .invalid:
            throw JournalFault(.wrongState, entry.command)
        }
    }

    private mutating func apply(_ entry: PayerEpoch) throws(JournalFault) {
        guard entry.epoch > epoch else { throw JournalFault(.wrongEpoch) }
        epoch = entry.epoch
        epochStartedAt = entry.at
        isRebuilding = false
        for index in payments.indices {
            if case .sending = payments[index].state { move(index, to: .unknown, at: entry.at) }
        }
    }

    private mutating func apply(_ entry: PaymentIntent) throws(JournalFault) {
        let id = entry.command.id
        guard indexByID[id] == nil else { throw JournalFault(.commandTwice, id) }
        if let parked = entry.parked {
            switch parked {
            case .overObligation, .unknownAccount, .channelMissing, .malformed: break
            case .journalLost where isRebuilding: break
            default: throw JournalFault(.wrongState, id)
            }
        } else if !fits(entry.command) {
            throw JournalFault(.overObligation, id)
        }
        let index = payments.count
        var payment = Payment(
            id, account: entry.command.account, partition: entry.command.partition)
        payment.intent = entry
        payment.state = entry.parked.map { .parked($0) } ?? .ready
        if payment.state.doubt != nil { payment.doubtSince = entry.at }
        payments.append(payment)
        textBytes += Self.textBytes(payment)
        indexByID[id] = index
        switch entry.parked {
        case nil: reserve(index)
        case .journalLost:
            reserve(index)
            count(asSent: index, at: entry.at)
            lanes[entry.command.account, default: Lane()].hold(index, true)
        case .overObligation:
            obligations[id.obligation, default: Obligation(due: entry.command.due)]
                .held.append(index)
        default: break
        }
        if entry.parked == nil { queue(index) }
        try number(index, entry.result, reason: entry.parked)
        pass(entry.source)
    }

    private mutating func apply(_ entry: PaymentSending) throws(JournalFault) {
        let index = try index(of: entry.command)
        guard entry.epoch == epoch else { throw fault(.wrongEpoch, index) }
        guard entry.attempt == payments[index].attempts + 1 else {
            throw fault(.wrongAttempt, index)
        }
        switch payments[index].state {
        case .ready where hasTurn(index), .retryWait:
            guard !entry.isRepeat else { throw fault(.notRepeatedTruly, index) }
        case .ready: throw fault(.laneIsTaken, index)
        case .unknown:
            // Whether repeats are harmless is asked when one is decided on: the profile may
            // change, and what was done before must stay readable.
            guard entry.isRepeat else { throw fault(.notRepeatedTruly, index) }
        default: throw fault(.wrongState, index)
        }
        guard bindings.contains(where: { $0.name == entry.channel }),
            payments[index].channel == entry.channel,
            payments[index].intent?.key == entry.key
        else { throw fault(.wrongChannel, index) }
        payments[index].attempts = entry.attempt
        if entry.isRepeat { payments[index].repeats += 1 }
        if payments[index].firstSentAt == nil { payments[index].firstSentAt = entry.at }
        payments[index].lastSending = entry
        move(index, to: .sending(attempt: entry.attempt), at: entry.at)
    }

    private mutating func apply(_ entry: PaymentOutcome) throws(JournalFault) {
        let index = try index(of: entry.command)
        guard payments[index].state == .sending(attempt: entry.attempt) else {
            throw fault(.wrongState, index)
        }
        let isRepeat = payments[index].lastSending?.isRepeat ?? true
        // That this attempt was not executed proves nothing of the one before it.
        if isRepeat, entry.class == .notExecuted || entry.class == .rejected {
            throw fault(.wrongState, index)
        }
        let next = entry.class.state(retryAt: entry.retryAt ?? entry.at)
        try settle(index, next, entry.reference, entry.result, at: entry.at)
    }

    private mutating func apply(_ entry: PaymentLookup) throws(JournalFault) {
        let index = try index(of: entry.command)
        let state = payments[index].state
        guard state.doubt?.isSettledByLookup == true else { throw fault(.wrongState, index) }
        guard entry.class != .notExecuted || state == .unknown else {
            throw fault(.wrongState, index)
        }
        let next = entry.class.state(after: state, now: entry.at)
        try settle(index, next, entry.reference, entry.result, at: entry.at)
    }
}
