import Vocabulary

// The end of an offering: closing, closed short, cancelled, certified, archived.
extension OfferingAudit {
    mutating func follow(
        _ event: OfferingEvent, _ decision: borrowing Decision, _ faults: inout [Fault]
    ) {
        switch event {
        case .opened(_, let terms):
            becomeOpen(decision.sequence, terms, decision.source, &faults)
        case .scheduled: break
        case .paused(let command): pause(true, command, decision.sequence, &faults)
        case .resumed(let command): pause(false, command, decision.sequence, &faults)
        case .fullyReserved: becomeFull(&faults)
        case .reopened: reopen(&faults)
        case .filled: fill(&faults)
        case .amended(let command, let end):
            if !state.isBeforeClose || !mayEnd(at: end, decision.source) {
                fault(.wrongState, nil, "its end is put off to \(end)", &faults)
            }
            closesAt = end
            act(command, .amend(closesAt: end), decision.sequence, &faults)
        case .closing(let command):
            close(command, decision, &faults)
        case .closedShort:
            checkEnded("closedShort", &faults)
            if counters.settled < terms.minimumShares || counters.settled == terms.shares {
                fault(
                    .wrongState, nil, "closedShort with \(counters.settled) settled", &faults)
            }
            state = .closedShort
            owePayee()
        case .cancelling(.shortfall):
            checkEnded("cancelling", &faults)
            if counters.settled >= terms.minimumShares {
                fault(.wrongState, nil, "a shortfall with \(counters.settled) settled", &faults)
            }
            cancel()
        case .cancelling(.command(let command, let reason)):
            if !mayBeCancelled {
                fault(.wrongState, nil, "it is cancelled while \(state)", &faults)
            }
            act(command, .cancel(reason: reason), decision.sequence, &faults)
            cancel()
        case .offeringCancelled:
            if state != .cancelling || counters.reserved != 0 || counters.settled != 0
                || waiting != 0 || openRefunds > 0
            {
                fault(.wrongState, nil, "cancelled before all was given back", &faults)
            }
            state = .cancelled
        case .certificate(let certificate): check(certificate, &faults)
        case .archived:
            // What a cancelled offering was to pay out is proven unpaid.
            let isOpen =
                openRefunds > 0 || counters.reserved > 0
                || openPayouts > 0 && state != .cancelled
            if !state.isFinal || isArchived || isOpen || decision.source.topic != .clock {
                fault(.wrongState, nil, "it is archived before its time", &faults)
            }
            isArchived = true
        }
    }

    /// An offering that was scheduled opens at its time.
    mutating func becomeOpen(
        _ sequence: DecisionNumber, _ terms: OfferingTerms, _ source: Source,
        _ faults: inout [Fault]
    ) {
        guard sequence != opened else { return }
        if state != .scheduled || terms != allTerms || source.topic != .clock
            || source.at != self.terms.opensAt
        {
            fault(.wrongState, nil, "it opens otherwise than scheduled", &faults)
        }
        state = .open
    }

    private mutating func close(
        _ command: Identifier?, _ decision: borrowing Decision, _ faults: inout [Fault]
    ) {
        let isDue = command != nil
            ? decision.source.topic == .offeringCommands
            : decision.source.topic == .clock && decision.source.at == closesAt
        if !state.isBeforeClose || !isDue {
            fault(.wrongState, nil, "closing while \(state), or not at its end", &faults)
        }
        state = .closing
        isPaused = false
        // The decision that closed it answers every later request, a clock's too.
        if let command {
            act(command, .close, decision.sequence, &faults)
        } else {
            commandDecisions[decision.sequence] = .close
        }
    }

    /// Whether the end may be put off to `end`.
    func mayEnd(at end: Timestamp, _ source: Source) -> Bool {
        let now = max(bookTime, source.at).rawValue
        return closesAt.map { end > $0 } ?? false && end.rawValue > now
            && end.rawValue - now <= TermsAudit.millisecondsOfACentury
    }

    /// Whether an operator may take it back as a whole.
    var mayBeCancelled: Bool {
        state.sells
            || (state == .filled || state == .closedShort) && !isArchived && unprovenPayouts == 0
    }

    /// A command is decided once.
    mutating func act(
        _ command: Identifier, _ action: OfferingCommand.Action, _ sequence: DecisionNumber,
        _ faults: inout [Fault]
    ) {
        if commands[command] != nil || command == openingCommand {
            fault(.wrongState, nil, "command \(command) was decided before", &faults)
        }
        commands[command] = sequence
        commandActions[command] = action
        commandDecisions[sequence] = action
    }

    private mutating func cancel() {
        state = .cancelling
        isPaused = false
        isCertified = false
    }

    /// Nothing is reserved, nobody waits, and the backstop can do nothing more.
    private func checkEnded(_ what: String, _ faults: inout [Fault]) {
        if state != .closing || counters.reserved != 0 || waiting != 0 {
            fault(
                .wrongState, nil, "\(what) while \(state), with \(counters.reserved) reserved and "
                    + "\(waiting) waiting", &faults)
        }
        if let shares = backstopShares, shares > 0 {
            fault(.wrongState, nil, "\(what), and the backstop takes \(shares)", &faults)
        }
    }

    /// What the backstop takes when nothing else can be sold.
    var backstopShares: Shares? {
        guard let backstop = terms.backstop, !isBackstopUsed else { return nil }
        let shares = min(counters.free, backstop.maxShares)
        return counters.settled + shares >= terms.minimumShares ? shares : 0
    }

    func checkBackstop(_ placement: Placement, _ faults: inout [Fault]) {
        let isRight = state == .closing && counters.reserved == 0 && waiting == 0
            && placement.account == terms.backstop?.account && placement.waiting == 0
            && placement.asked == placement.shares && placement.cut == nil
            && placement.shares == backstopShares
        if !isRight {
            fault(.wrongParts, placement.bid, "the backstop takes what is not its", &faults)
        }
    }

    private mutating func check(_ certificate: Certificate, _ faults: inout [Fault]) {
        let ranges = InputTopic.allCases.compactMap { topic in
            inputs[topic].map { Certificate.Range(topic: topic, first: $0.first, last: $0.last) }
        }
        let counts = Reason.allCases.compactMap { reason in
            refusals[reason].map { Certificate.Refusals(reason: reason, count: $0) }
        }
        var terms = allTerms
        terms.closesAt = closesAt
        let expected = Certificate(
            state: state, terms: terms, inputs: ranges, refusals: counts, bids: takenBids,
            accounts: Int64(taken.count), refunded: refunded, returned: returned)
        if !state.isFinal || isCertified || certificate != expected {
            fault(.wrongState, nil, "the certificate says what is not so", &faults)
        }
        isCertified = true
    }

    /// What must be so at the end of a group in the states around the end.
    mutating func checkEnd(_ faults: inout [Fault]) {
        if state.isFinal, !isCertified {
            fault(.wrongState, nil, "it has ended, and nothing certifies it", &faults)
            isCertified = true
        }
        if !state.sells, waiting > 0, state != .filled {
            fault(.wrongParts, nil, "it is \(state) with \(waiting.words) waiting", &faults)
        }
        if state == .closing, counters.reserved == 0 {
            fault(.wrongState, nil, "nothing is reserved, and it goes on closing", &faults)
        }
        if state == .cancelling {
            if counters.settled > 0 {
                fault(.wrongState, nil, "shares stay settled while it is cancelled", &faults)
            } else if counters.reserved == 0, openRefunds == 0 {
                fault(.wrongState, nil, "all is given back, and it is not cancelled", &faults)
            }
        }
    }

    /// An input about the offering.
    mutating func note(_ source: Source) {
        guard source.topic != .clock else { return }
        let first = inputs[source.topic]?.first ?? source.offset
        inputs[source.topic] = (first, source.offset)
    }

    // MARK: The rate of an account

    mutating func pass(_ account: Identifier) {
        guard terms.rate != nil else { return }
        passed[account, default: []].removeAll { $0.rawValue <= bookTime.rawValue - 60_000 }
        passed[account]!.append(bookTime)
    }

    func recent(_ account: Identifier) -> Int64 {
        Int64(passed[account]?.count { $0.rawValue > bookTime.rawValue - 60_000 } ?? 0)
    }
}
