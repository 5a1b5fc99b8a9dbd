import Vocabulary

// The rest of what entries do, and what every change of state brings with it.
extension PaymentBook {
    mutating func apply(_ entry: PaymentParking) throws(JournalFault) {
        let index = try index(of: entry.command)
        let state = payments[index].state
        switch state {
        case .unknown, .pending, .declinedUnconfirmed:
            guard entry.reason.mayHaveMoved else { throw fault(.wrongState, index) }
        case .retryWait:
            guard entry.reason == .unavailable else { throw fault(.wrongState, index) }
        case .ready where payments[index].attempts == 0:
            guard entry.reason == .channelMissing || entry.reason == .unknownAccount else {
                throw fault(.wrongState, index)
            }
        default: throw fault(.wrongState, index)
        }
        try settle(index, .parked(entry.reason), nil, entry.result, at: entry.at)
    }

    mutating func apply(_ entry: PaymentAdmission) throws(JournalFault) {
        let index = try index(of: entry.command)
        let state = payments[index].state
        guard state == .parked(.overObligation) || state == .parked(.channelMissing),
            payments[index].attempts == 0, let command = command(index)
        else { throw fault(.wrongState, index) }
        guard fits(command) else { throw fault(.overObligation, index) }
        obligations[entry.command.obligation]?.held.removeAll { $0 == index }
        payments[index].state = .ready
        reserve(index)
        queue(index)
    }

    mutating func apply(_ entry: PaymentRecalled) throws(JournalFault) {
        let recall = entry.recall
        if let index = indexByID[recall.command] {
            guard payments[index].attempts == 0, payments[index].state != .recalled else {
                throw fault(.wrongState, index)
            }
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
