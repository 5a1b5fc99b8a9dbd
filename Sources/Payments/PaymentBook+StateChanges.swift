import Vocabulary

// The rest of what entries do, and what every change of state brings with it.
extension PaymentBook {
    mutating func apply(_ entry: PaymentParking) throws(JournalFault) {
        let index = try index(of: entry.command)
        let state = payments[index].state
        switch state {
        case .ready where entry.reason == .mismatch, .retryWait where entry.reason == .mismatch:
            // A lookup that came late found money moved under a key of it.
            count(asSent: index, at: entry.at)
        case .unknown, .pending, .declinedUnconfirmed:
            guard entry.reason.mayHaveMoved else { throw fault(.wrongState, index) }
        case .retryWait:
            guard entry.reason == .unavailable else { throw fault(.wrongState, index) }
        case .ready where payments[index].attempts == 0:
            guard entry.reason == .channelMissing || entry.reason == .unknownAccount else {
                throw fault(.wrongState, index)
            }
        case .parked(.rejected):
            guard entry.reason == .overObligation else { throw fault(.wrongState, index) }
            obligations[entry.command.obligation]?.held.append(index)
        default: throw fault(.wrongState, index)
        }
        try settle(index, .parked(entry.reason), nil, entry.result, at: entry.at)
    }

    mutating func apply(_ entry: PaymentAdmission) throws(JournalFault) {
        let index = try index(of: entry.command)
        let state = payments[index].state
        guard
            state == .parked(.overObligation) || state == .parked(.channelMissing)
                || state == .parked(.rejected),
            let command = command(index)
        else { throw fault(.wrongState, index) }
        guard fits(command) else { throw fault(.overObligation, index) }
        unhold(index)
        takeTurnAgain(index, at: entry.at)
    }

    mutating func apply(_ entry: PaymentRecalled) throws(JournalFault) {
        let recall = entry.recall
        if let index = indexByID[recall.command] {
            guard
                payments[index].attempts == 0 || payments[index].wasNeverExecuted
                    && sayings[index]?.recall != nil,
                payments[index].state != .recalled
            else { throw fault(.wrongState, index) }
            obligations[recall.command.obligation]?.held.removeAll { $0 == index }
            try settle(index, .recalled, nil, entry.result, at: entry.at)
        } else {
            let index = payments.count
            var payment = Payment(
                recall.command, account: recall.account, partition: recall.partition)
            payment.state = .recalled
            payments.append(payment)
            indexByID[recall.command] = index
            try number(index, entry.result, reason: nil)
        }
        pass(entry.source)
    }

    mutating func apply(_ entry: PaymentRecallNoted) throws(JournalFault) {
        let index = try index(of: entry.recall.command)
        guard payments[index].attempts > 0, !payments[index].state.isFinal else {
            throw fault(.wrongState, index)
        }
        sayings[index, default: Sayings()].recall = entry
        pass(entry.source)
    }

    mutating func apply(_ entry: PaymentInvalid) throws(JournalFault) {
        let id = entry.command
        guard indexByID[id] == nil else { throw JournalFault(.commandTwice, id) }
        let index = payments.count
        var payment = Payment(id, account: entry.account, partition: entry.partition)
        payment.state = .parked(.invalid)
        payments.append(payment)
        indexByID[id] = index
        try number(index, entry.result, reason: .invalid)
        pass(entry.source)
    }

    /// Moves a command and takes note of the answer that goes with it.
    mutating func settle(
        _ index: Int, _ next: PaymentState, _ reference: String?, _ result: Int64?,
        at: Timestamp
    ) throws(JournalFault) {
        if let reference { changeTexts(of: index) { $0.reference = reference } }
        move(index, to: next, at: at)
        try number(index, result, reason: payments[index].inDoubtReason)
    }

    /// Changes the state of a command, and with it the sums, the lane and the counts.
    mutating func move(_ index: Int, to next: PaymentState, at: Timestamp) {
        let before = payments[index].state
        guard before != next else { return }
        payments[index].state = next
        if case .sending = before { sendingCount -= 1 }
        if case .sending = next {
            sendingCount += 1
        } else if next.doubt == nil {
            payments[index].doubtSince = nil
        } else if payments[index].doubtSince == nil {
            payments[index].doubtSince = at
        }
        if next.isFinal { changeTexts(of: index) { $0.intent?.body = "" } }
        count(index, from: before, to: next)
        turn(index, from: before, to: next)
    }
}

extension Payment {
    /// Whether each of its attempts is proven not to have been executed, and none is to follow by
    /// itself.
    var wasNeverExecuted: Bool {
        switch state {
        case .parked(.rejected), .parked(.unavailable), .parked(.overObligation): true
        default: false
        }
    }
}
