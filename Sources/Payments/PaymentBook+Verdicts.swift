import Vocabulary

// What people may say of a command as it stands (Payments.md, the table of decisions).
extension PaymentBook {
    /// Why a proposal can't act; nil where it can.
    package func refusal(of proposal: ResolutionProposal) -> ResolutionRefusal? {
        guard let index = indexByID[proposal.command],
            payments[index].account == proposal.account
        else { return .unknownCommand }
        return refusal(of: proposal, index)
    }

    func refusal(of proposal: ResolutionProposal, _ index: Int) -> ResolutionRefusal? {
        guard proposal.version == payments[index].version else { return .wrongVersion }
        if proposal.verdict == .paid, proposal.reference == nil { return .noReference }
        return refusal(of: proposal.verdict, index)
    }

    /// The same without its version and texts: what `apply` asks, too.
    func refusal(of verdict: PaymentVerdict, _ index: Int) -> ResolutionRefusal? {
        let payment = payments[index]
        if case .sending = payment.state { return .underWay }
        switch verdict {
        case .paid:
            switch payment.state {
            case .paid, .returned, .conflict: return .wrongState
            default: return payment.attempts > 0 ? nil : .neverSent
            }
        case .failedByPerson:
            switch payment.state {
            case .unknown, .pending, .declinedUnconfirmed, .retryWait: return nil
            case .parked(let doubt): return doubt == .returned ? .wrongState : nil
            case .declined:
                return command(index)?.kind.direction == .payout ? nil : .wrongState
            default: return .wrongState
            }
        case .returned:
            switch payment.state {
            case .paid, .conflict: return nil
            default: return payment.state.doubt == nil ? .wrongState : nil
            }
        case .notExecuted:
            switch payment.state {
            case .unknown, .pending, .declinedUnconfirmed, .retryWait: return nil
            case .parked(.returned): return .wrongState
            case .parked: return payment.attempts == 0 ? .neverSent : refusalOfRoom(index)
            default: return payment.attempts == 0 ? .neverSent : .wrongState
            }
        case .retry:
            switch payment.state {
            case .parked(.overObligation), .parked(.unknownAccount), .parked(.channelMissing),
                .parked(.unavailable), .parked(.rejected):
                return refusalOfRoom(index)
            default: return .wrongState
            }
        }
    }

    /// What counts already has its room.
    private func refusalOfRoom(_ index: Int) -> ResolutionRefusal? {
        guard let command = command(index) else { return .wrongState }
        if payments[index].state.countsAgainstDue(command.kind.direction) { return nil }
        return fits(command) ? nil : .overObligation
    }

    /// From when on nothing of a command can be under way. What an earlier owner sent is counted
    /// from the fence, by the clock of this one.
    func overFrom(_ index: Int) -> Timestamp {
        let profile = profile(index)
        let deadline = profile.httpDeadlineMilliseconds
        guard let sending = payments[index].lastSending, sending.epoch == epoch else {
            return epochStartedAt + Milliseconds(profile.sendingWindowMilliseconds + deadline)
        }
        return sending.windowEndsAt + Milliseconds(deadline)
    }

    /// Whether nothing of a command can be under way.
    func isOver(_ index: Int, _ now: Timestamp) -> Bool {
        payments[index].attempts == 0 || now >= overFrom(index)
    }
}

// What the entries do.
extension PaymentBook {
    mutating func apply(_ entry: PaymentProposed) throws(JournalFault) {
        let index = try index(of: entry.proposal.command)
        var open = sayings[index] ?? Sayings()
        open.proposals.append(entry)
        if open.proposals.count > Sayings.largestProposalCount {
            let dropped = open.proposals.removeFirst()
            if open.agreed?.resolution == dropped.proposal.resolution { open.agreed = nil }
        }
        sayings[index] = open
        lastResolution = entry.source
    }

    mutating func apply(_ entry: PaymentAgreed) throws(JournalFault) {
        let index = try index(of: entry.command)
        guard let known = sayings[index]?.proposals.first(where: {
            $0.proposal.resolution == entry.resolution
        }), known.proposal.actor != entry.actor else { throw fault(.wrongResolution, index) }
        sayings[index]?.agreed = entry
        lastResolution = entry.source
    }

    /// How far `payment-resolutions` is known. What waited acts with the offset that it had: others
    /// behind it are known by then.
    mutating func noteResolution(_ source: Offset, of index: Int) {
        let said = sayings.isEmpty ? nil : sayings[index]
        guard said?.agreed?.source != source, said?.awaited?.source != source else { return }
        lastResolution = source
    }

    mutating func apply(_ entry: PaymentUnresolved) {
        guard let index = indexByID[entry.command] else {
            lastResolution = entry.source
            return
        }
        noteResolution(entry.source, of: index)
        if sayings[index]?.awaited?.source == entry.source { sayings[index]?.awaited = nil }
        // Another person may still approve.
        guard let name = entry.resolution, entry.reason != .sameActor else { return }
        sayings[index]?.proposals.removeAll { $0.proposal.resolution == name }
        if sayings[index]?.agreed?.resolution == name { sayings[index]?.agreed = nil }
    }

    mutating func apply(_ entry: PaymentResolved) throws(JournalFault) {
        let index = try index(of: entry.command)
        guard entry.proposedBy != entry.approvedBy else { throw fault(.wrongResolution, index) }
        if let refusal = refusal(of: entry.verdict, index) {
            throw fault(refusal == .overObligation ? .overObligation : .wrongState, index)
        }
        noteResolution(entry.source, of: index)
        var said = sayings[index] ?? Sayings()
        said.acted = entry.resolution
        said.proposals.removeAll()
        said.agreed = nil
        sayings[index] = said
        unhold(index)
        // Should it come to be in doubt again, those who heard of the last doubt hear of it, too.
        if entry.verdict == .retry || entry.verdict == .notExecuted {
            payments[index].lastReason = nil
        }
        switch entry.verdict {
        case .paid:
            let next: PaymentState = payments[index].state.isFinal ? .conflict : .paid
            try settle(index, next, entry.reference, entry.result, at: entry.at)
        case .failedByPerson:
            try settle(index, .failedByPerson, nil, entry.result, at: entry.at)
        case .returned:
            try settle(index, .returned, entry.reference, entry.result, at: entry.at)
        case .notExecuted:
            guard let revision = entry.revision else { throw fault(.wrongResolution, index) }
            if let key = payments[index].intent?.key, let channel = payments[index].channel {
                sayings[index]?.earlier.append(EarlierKey(key: key, channel: channel))
            }
            revise(index, revision)
            takeTurnAgain(index, at: entry.at)
        case .retry:
            if let revision = entry.revision {
                guard payments[index].attempts == 0 else { throw fault(.wrongResolution, index) }
                revise(index, revision)
            }
            takeTurnAgain(index, at: entry.at)
        }
    }

    private mutating func revise(_ index: Int, _ revision: PaymentResolved.Revision) {
        payments[index].intent?.key = revision.key
        payments[index].intent?.channel = revision.channel
        payments[index].lastSending = nil
        payments[index].repeats = 0
        changeTexts(of: index) {
            $0.intent?.accountToken = revision.accountToken
            $0.intent?.body = revision.body
        }
    }

    /// Puts a command of which nothing can be under way to the back of its lane.
    mutating func takeTurnAgain(_ index: Int, at: Timestamp) {
        payments[index].firstSentAt = nil
        move(index, to: .ready, at: at)
        queue(index)
    }

    /// The cap holds it no longer.
    mutating func unhold(_ index: Int) {
        guard payments[index].state == .parked(.overObligation) else { return }
        obligations[payments[index].id.obligation]?.held.removeAll { $0 == index }
    }
}
