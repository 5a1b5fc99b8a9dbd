import Vocabulary

// The rest of what entries do, and what every change of state brings with it.
extension PaymentBook {
    mutating func apply(_ entry: PaymentParking) throws(JournalFault) {
        let place = try place(of: entry.command)
        let state = payments[place].state
        switch state {
        case .unknown, .pending, .declinedUnconfirmed:
            guard entry.reason.mayHaveMoved else { throw fault(.wrongState, place) }
        case .retryWait:
            guard entry.reason == .unavailable else { throw fault(.wrongState, place) }
        case .ready where payments[place].attempts == 0:
            guard entry.reason == .channelMissing || entry.reason == .unknownAccount else {
                throw fault(.wrongState, place)
            }
        default: throw fault(.wrongState, place)
        }
        try settle(place, .parked(entry.reason), nil, entry.result, at: entry.at)
    }

    mutating func apply(_ entry: PaymentAdmission) throws(JournalFault) {
        let place = try place(of: entry.command)
        let state = payments[place].state
        guard state == .parked(.overObligation) || state == .parked(.channelMissing),
            payments[place].attempts == 0, let command = command(place)
        else { throw fault(.wrongState, place) }
        guard fits(command) else { throw fault(.overObligation, place) }
        obligations[entry.command.obligation]?.held.removeAll { $0 == place }
        payments[place].state = .ready
        reserve(place)
        queue(place)
    }

    mutating func apply(_ entry: PaymentRecalled) throws(JournalFault) {
        let recall = entry.recall
        if let place = places[recall.command] {
            guard payments[place].attempts == 0, payments[place].state != .recalled else {
                throw fault(.wrongState, place)
            }
            obligations[recall.command.obligation]?.held.removeAll { $0 == place }
            try settle(place, .recalled, nil, entry.result, at: entry.at)
        } else {
            let place = payments.count
            var payment = Payment(
                recall.command, account: recall.account, partition: recall.partition)
            payment.state = .recalled
            payments.append(payment)
            places[recall.command] = place
            try number(place, entry.result, reason: nil)
        }
        pass(entry.source)
    }

    /// Moves a command and takes note of the answer that goes with it.
    mutating func settle(
        _ place: Int, _ next: PaymentState, _ reference: String?, _ result: Int64?,
        at: Timestamp
    ) throws(JournalFault) {
        if let reference { changeTexts(of: place) { $0.reference = reference } }
        move(place, to: next, at: at)
        try number(place, result, reason: payments[place].inDoubtReason)
    }

    /// Changes the state of a command, and with it the sums, the lane and the counts.
    mutating func move(_ place: Int, to next: PaymentState, at: Timestamp) {
        let before = payments[place].state
        guard before != next else { return }
        payments[place].state = next
        if case .sending = before { sendingCount -= 1 }
        if case .sending = next {
            sendingCount += 1
        } else if next.doubt == nil {
            payments[place].doubtSince = nil
        } else if payments[place].doubtSince == nil {
            payments[place].doubtSince = at
        }
        if next.isFinal { changeTexts(of: place) { $0.intent?.body = "" } }
        count(place, from: before, to: next)
        turn(place, from: before, to: next)
    }
}
