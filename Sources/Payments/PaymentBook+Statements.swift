import Vocabulary

// What a provider's statement proves. A line proves that money moved, in any state; that there is
// none proves only a decline which the provider told itself (Payments.md, Statements).
extension PaymentBook {
    mutating func hear(
        _ line: StatementLine, _ source: Offset, _ now: Timestamp, _ step: inout PayerStep
    ) {
        let id = line.command
        guard let index = indexByID[id] else {
            return refuse(id, nil, .unknownCommand, source, now, &step)
        }
        guard let intent = payments[index].intent else {
            return refuse(id, nil, .contradiction, source, now, &step)
        }
        let isEarlier = sayings[index]?.earlier.contains(
            EarlierKey(key: line.key, channel: line.channel)) ?? false
        if !isEarlier, intent.key != line.key {
            return refuse(id, nil, .otherKey, source, now, &step)
        }
        if !isEarlier, payments[index].channel != line.channel {
            return refuse(id, nil, .otherChannel, source, now, &step)
        }
        var entry = PaymentStatement(
            command: id, class: line.kind == .booked ? .paid : .returned, line: line.kind,
            statement: line.statement, reference: line.reference, source: source, at: now)
        let command = intent.command
        if line.amount != command.amount || line.currency != command.currency
            || line.direction != command.kind.direction
        {
            return leaveToPeople(entry, isEarlier: isEarlier, index, now, &step)
        }
        // Money moved under a key that people had given up. Nothing of the next key follows from
        // it, but that no more of the command may leave.
        if isEarlier {
            return leaveToPeople(entry, isEarlier: true, index, now, &step)
        }
        if case .sending = payments[index].state {
            entry.class = .awaited
            return record(.statement(entry), &step)
        }
        show(entry, index, now, &step)
    }

    /// A line proves that money moved, and not that it was this command's as it is now: people must
    /// look at it. An open command is held, whether it waits to be sent or is in doubt.
    private mutating func leaveToPeople(
        _ line: PaymentStatement, isEarlier: Bool, _ index: Int, _ now: Timestamp,
        _ step: inout PayerStep
    ) {
        let state = payments[index].state
        var isUnderWay = false
        if case .sending = state { isUnderWay = true }
        guard !state.isFinal, !isUnderWay else {
            if isEarlier { notice(.contradiction, index, &step) }
            return refuse(line.command, nil, .otherContent, line.source, now, &step)
        }
        var entry = line
        entry.class = .mismatch
        entry.result = result(index, becoming: .parked(.mismatch))
        record(.statement(entry), &step)
        notice(.parked(.mismatch), index, &step)
        settled(index, now, &step)
    }

    /// Acts on a line that waited for the end of an attempt.
    mutating func showAwaited(_ index: Int, _ now: Timestamp, _ step: inout PayerStep) {
        guard let awaited = sayings[index]?.awaited else { return }
        if case .sending = payments[index].state { return }
        show(awaited, index, now, &step)
    }

    /// What a line with the command's own contents comes to; nothing where that is known.
    private mutating func show(
        _ line: PaymentStatement, _ index: Int, _ now: Timestamp, _ step: inout PayerStep
    ) {
        var entry = line
        entry.at = now
        let state = payments[index].state
        if line.line == .returned {
            switch state {
            case .returned: return
            case .paid, .conflict: break
            case _ where state.doubt == nil:
                return refuse(line.command, nil, .contradiction, line.source, now, &step)
            default:
                // What came back had gone out: the allocator hears both.
                entry.class = .paid
                entry.result = nextResult(index)
                record(.statement(entry), &step)
            }
            entry.class = .returned
        } else {
            switch state {
            case .paid, .returned, .conflict: return
            default: entry.class = .paid
            }
        }
        entry.result = nextResult(index)
        record(.statement(entry), &step)
        // It was said of it that nothing had moved.
        if entry.class == .paid, state.doubt == nil || state == .declinedUnconfirmed {
            notice(.contradiction, index, &step)
        }
        settled(index, now, &step)
    }

    mutating func hear(
        _ absence: StatementAbsence, _ source: Offset, _ now: Timestamp, _ step: inout PayerStep
    ) {
        let id = absence.command
        guard let index = indexByID[id] else {
            return refuse(id, nil, .unknownCommand, source, now, &step)
        }
        guard payments[index].hasUnprovenDecline else { return }
        guard payments[index].channel == absence.channel else {
            return refuse(id, nil, .otherChannel, source, now, &step)
        }
        guard let first = payments[index].firstSentAt,
            let sending = payments[index].lastSending, absence.from <= first,
            absence.to >= sending.windowEndsAt
                + Milliseconds(profile(index).httpDeadlineMilliseconds)
        else { return refuse(id, nil, .notCovered, source, now, &step) }
        record(
            .proven(
                PaymentProven(
                    command: id, statement: absence.statement, source: source,
                    result: nextResult(index), at: now)), &step)
        settled(index, now, &step)
    }

    mutating func apply(_ entry: PaymentStatement) throws(JournalFault) {
        let index = try index(of: entry.command)
        let state = payments[index].state
        noteResolution(entry.source, of: index)
        if case .sending = state {
            guard entry.class == .awaited else { throw fault(.wrongState, index) }
            sayings[index, default: Sayings()].awaited = entry
            return
        }
        sayings[index]?.awaited = nil
        unhold(index)
        switch entry.class {
        case .awaited: throw fault(.wrongState, index)
        case .mismatch:
            guard !state.isFinal else { throw fault(.wrongState, index) }
            count(asSent: index, at: entry.at)
            try settle(
                index, .parked(.mismatch), entry.reference, entry.result, at: entry.at)
        case .paid:
            switch state {
            case .paid, .returned, .conflict: throw fault(.wrongState, index)
            default: break
            }
            // A recall is granted no longer, and the cap counts it.
            count(asSent: index, at: entry.at)
            try settle(
                index, state.isFinal ? .conflict : .paid, entry.reference, entry.result,
                at: entry.at)
        case .returned:
            guard state == .paid || state == .conflict else { throw fault(.wrongState, index) }
            try settle(index, .returned, entry.reference, entry.result, at: entry.at)
        }
    }

    mutating func apply(_ entry: PaymentProven) throws(JournalFault) {
        let index = try index(of: entry.command)
        guard payments[index].hasUnprovenDecline else { throw fault(.wrongState, index) }
        lastResolution = entry.source
        try settle(index, .declinedProven, nil, entry.result, at: entry.at)
    }
}

extension Payment {
    /// Whether the provider itself says that it declined, and nothing else does so far.
    fileprivate var hasUnprovenDecline: Bool {
        switch state {
        case .declinedUnconfirmed, .parked(.declineUnconfirmed): true
        case .declined: intent?.command.kind.direction == .payout
        default: false
        }
    }
}
