import Vocabulary

/// A decision that cannot follow on the book as it stands: the history has a gap, was changed, or
/// was written by other rules.
package struct RestoreFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The number of the decision.
    package let sequence: DecisionNumber
    /// Why it does not follow.
    package let sentence: String

    /// The sentence, with the decision's number.
    package var description: String { "decision \(sequence): \(sentence)" }
}

extension PartitionBook {
    /// Takes up a decision that was made earlier: the book changes as it did then. The decisions of
    /// a partition, from its first one on, rebuild its whole book; only the last group may be cut
    /// short, and then the book is of use for looking at, not for deciding.
    package mutating func restore(_ decision: Decision) throws(RestoreFailure) {
        guard decision.sequence == sequence + 1 else {
            throw RestoreFailure(
                sequence: decision.sequence, sentence: "the book is at \(sequence)")
        }
        do {
            try restoreEvent(of: decision)
        } catch {
            throw RestoreFailure(sequence: decision.sequence, sentence: error.sentence)
        }
        sequence = decision.sequence
    }

    private mutating func restoreEvent(of decision: Decision) throws(Mismatch) {
        let source = decision.source
        if source.topic == .bids || source.topic == .clock {
            bookTime = max(bookTime, time(of: source))
        }
        corrections.pass(source)
        guard let offering = decision.offering else {
            if try restorePartitionCommand(of: decision) { return }
            guard case .rejected = decision.event, decision.counters == nil else {
                throw Mismatch("it names no offering")
            }
            return
        }
        try restoreOpening(decision, offering)
        guard let index = noteInput(of: offering, from: source) else {
            guard case .rejected = decision.event, decision.counters == nil else {
                throw Mismatch("offering \(offering) is not open")
            }
            return
        }
        if case .rejected(let rejection) = decision.event {
            offerings[index].inputCounts.note(rejection.reason)
        }
        try offerings[index].restore(decision.event, sequence: decision.sequence, at: bookTime)
        guard decision.counters == offerings[index].counters else {
            throw Mismatch("its counters are not those of the book")
        }
        noteDeadline(of: index, time(of: source))
    }

    /// `scheduled`, and `opened` of an offering that was not scheduled, begin a book.
    private mutating func restoreOpening(
        _ decision: Decision, _ offering: Identifier
    ) throws(Mismatch) {
        let known = index(of: offering)
        let (command, terms, isScheduled): (Identifier, OfferingTerms, Bool)
        switch decision.event {
        case .offering(.opened(let by, let opened)):
            if let known, offerings[known].state == .scheduled { return }
            (command, terms, isScheduled) = (by, opened, false)
        case .offering(.scheduled(let by, let opened)):
            (command, terms, isScheduled) = (by, opened, true)
        default: return
        }
        guard known == nil else { throw Mismatch("\(offering) is open already") }
        let moment = Moment(bookTime: bookTime, at: decision.source.at)
        guard let rules = rules[terms] else {
            throw Mismatch(
                "\(offering) is sold under rules version \(terms.rules ?? 0), which this build "
                    + "does not know: a newer one wrote it")
        }
        if let member = rules.wrongMember(terms, moment) {
            throw Mismatch(
                "these rules do not open \(offering) under its \(member.rawValue): it was written "
                    + "by an earlier build, or changed")
        }
        let isEarly = terms.opensAt.map { $0 > bookTime } ?? false
        guard rules.filledIn(terms) == terms, isScheduled == isEarly
        else { throw Mismatch("these rules do not open \(offering) under its terms") }
        open(
            offering, terms, rules, command: command, sequence: decision.sequence,
            isScheduled: isScheduled)
    }
}

/// Why a decision does not follow.
struct Mismatch: Error {
    let sentence: String
    init(_ sentence: String) { self.sentence = sentence }
}

extension OfferingBook {
    /// Changes the book by one event through the same functions that recording it did.
    mutating func restore(
        _ event: DecisionEvent, sequence: DecisionNumber, at bookTime: Timestamp
    ) throws(Mismatch) {
        switch event {
        case .bid(let event): try restore(event, sequence: sequence, at: bookTime)
        case .money(let event): try restore(event, sequence: sequence)
        case .offering(let event): try restore(event, sequence: sequence)
        case .partition: throw Mismatch("it is about no offering")
        case .rejected(let rejection):
            try restore(rejection, sequence: sequence, at: bookTime)
        case .repeated(.command(let command, let first, refused: nil)):
            `repeat`(command, of: first)
        case .repeated: break
        }
    }

    private mutating func restore(
        _ event: BidEvent, sequence: DecisionNumber, at bookTime: Timestamp
    ) throws(Mismatch) {
        switch event {
        case .reserved(let placement), .waitlisted(let placement):
            try restore(placement, sequence: sequence, at: bookTime)
        case .promoted(let promotion):
            let bid = try waitingBid(promotion.bid, promotion.shares)
            guard promotion.shares <= counters.free else { throw Mismatch("less is free") }
            promote(bid, promotion.shares)
        case .settled(let part):
            settle(try reservedPart(part), result: part.result)
        case .settledLate(let part): try restoreLate(part)
        case .released(let part, .returned):
            releaseReturned(try returnedPart(part))
        case .released(let part, _):
            release(try reservedPart(part), result: part.result)
        case .inDoubt(let part):
            doubt(try reservedPart(part), result: part.result)
        case .cancelRequested(let request):
            recall(try unrecalledPart(request))
        case .cancelled(let part), .expired(let part):
            withdraw(try waitingBid(part.bid, part.shares), part.shares)
        }
    }

    private mutating func restore(
        _ event: OfferingEvent, sequence: DecisionNumber
    ) throws(Mismatch) {
        switch event {
        case .scheduled: break
        case .opened(let command, let terms): try restoreOpened(command, terms, sequence)
        case .paused(let command): try restorePause(true, command, sequence)
        case .resumed(let command): try restorePause(false, command, sequence)
        case .fullyReserved: try restore(.fullyReserved, after: [.open])
        case .reopened: try restore(.open, after: [.fullyReserved])
        case .filled: try restore(.filled, after: [.open, .fullyReserved, .closing])
        case .closedShort: try restore(.closedShort, after: [.closing])
        case .offeringCancelled: try restore(.cancelled, after: [.cancelling])
        case .amended(let command, let closesAt):
            guard state.isBeforeClose, let end = self.closesAt, closesAt > end else {
                throw Mismatch("its end can't be moved to \(closesAt)")
            }
            amend(closesAt, by: command, sequence: sequence)
        case .closing(let command):
            guard state.isBeforeClose else { throw Mismatch("it is \(state)") }
            close(by: command, sequence: sequence)
        case .cancelling(let cancelling):
            guard state.sells || (state == .filled || state == .closedShort) && !isArchived else {
                throw Mismatch("it is \(state)")
            }
            cancel(cancelling, sequence: sequence)
        case .certificate(let certificate):
            guard certificate == self.certificate, state.isFinal, !isCertified else {
                throw Mismatch(
                    "it certifies what these rules don't: it was written by an earlier build, or "
                        + "changed")
            }
            isCertified = true
        case .archived:
            guard state.isFinal, !isArchived else { throw Mismatch("it is \(state)") }
            archive()
        }
    }

    private mutating func restore(
        _ next: OfferingState, after states: [OfferingState]
    ) throws(Mismatch) {
        guard states.contains(state) else { throw Mismatch("it is \(state)") }
        enter(next)
    }

    /// A scheduled offering opens at its time; what begins a book changes nothing more.
    private mutating func restoreOpened(
        _ command: Identifier, _ terms: OfferingTerms, _ sequence: DecisionNumber
    ) throws(Mismatch) {
        if sequence == openedSequence { return }
        guard state == .scheduled, command == openingCommand, terms == self.terms else {
            throw Mismatch("it is not what was scheduled")
        }
        enter(.open)
    }

    private mutating func restore(
        _ placement: Placement, sequence: DecisionNumber, at bookTime: Timestamp
    ) throws(Mismatch) {
        let start = bids.searchStart(placement.bid)
        guard bids.find(placement.bid, from: start) == nil else {
            throw Mismatch("bid \(placement.bid) is known already")
        }
        guard placement.shares <= counters.free, placement.shares + placement.waiting > 0,
            placement.waiting <= bidTerms.waitlistShares - waiting
        else { throw Mismatch("bid \(placement.bid) does not fit") }
        let accountStart = accounts.searchStart(placement.account)
        let position = TablePosition(
            bidHash: start.hash, accountHash: accountStart.hash,
            account: accounts.find(placement.account, from: accountStart))
        if bidTerms.bidsPerMinutePerAccount != nil, !placement.bid.isDerived {
            passRate(placement.account, at: bookTime)
        }
        _ = place(placement, at: position, sequence: sequence)
    }

    /// A refused bid spends its id, except for the reasons that leave no trace.
    private mutating func restore(
        _ rejection: Rejection, sequence: DecisionNumber, at bookTime: Timestamp
    ) throws(Mismatch) {
        if case .command(let command, let action) = rejection.subject {
            return try restoreRejection(of: command, action, rejection.reason, sequence)
        }
        if case .partitionCommand(let command) = rejection.subject {
            throw Mismatch("command \(command.command) is about no offering")
        }
        guard case .bid(let bid, let account, let asked, let allOrNone) = rejection.subject,
            let reason = ConsumedIDReason(rejection.reason)
        else { return }
        let start = bids.searchStart(bid)
        guard bids.find(bid, from: start) == nil else {
            throw Mismatch("bid \(bid) is known already")
        }
        if bidTerms.bidsPerMinutePerAccount != nil, reason.passedRate {
            passRate(account, at: bookTime)
        }
        spend(
            bid, hash: start.hash, account: account, asked: asked, allOrNone: allOrNone,
            reason: reason, sequence: sequence)
    }

    /// A refused command spends its id. An `open` does not, and what is not for this offering.
    private mutating func restoreRejection(
        of command: Identifier, _ action: OfferingCommand.Action?, _ reason: Reason,
        _ sequence: DecisionNumber
    ) throws(Mismatch) {
        switch reason {
        case .wrongState, .badTerms, .conflictingDuplicate: break
        default: return
        }
        guard let action else {
            if reason == .conflictingDuplicate { return }
            throw Mismatch(
                "command \(command) is refused, and what it asked for is not said: it was written "
                    + "by an earlier build")
        }
        let known = commands.find(command)
        if known != nil || command == openingCommand {
            guard reason == .conflictingDuplicate, known?.action != action else {
                throw Mismatch("command \(command) was decided before")
            }
            return
        }
        reject(command, action, reason, sequence: sequence)
    }

    private func waitingBid(_ bid: Identifier, _ shares: Shares) throws(Mismatch) -> BidIndex {
        guard let index = bids.accepted(bid), shares > 0, waiting(of: index) >= shares else {
            throw Mismatch("bid \(bid) does not wait for \(shares)")
        }
        return index
    }

    private mutating func restorePause(
        _ isPaused: Bool, _ command: Identifier, _ sequence: DecisionNumber
    ) throws(Mismatch) {
        guard self.isPaused != isPaused, state.isBeforeClose, commands.find(command) == nil else {
            throw Mismatch("command \(command) does not \(isPaused ? "pause" : "resume") it")
        }
        pause(isPaused, by: command, sequence: sequence)
    }

    private func returnedPart(_ part: PaidPart) throws(Mismatch) -> PartIndex {
        guard state == .cancelling, let bid = bids.accepted(part.bid),
            account(of: bid) == part.account, let index = bids.part(part.number, of: bid),
            bids[index].state == .returned, bids[index].shares == part.shares,
            bids[index].lastResult == part.result
        else {
            throw Mismatch("part \(part.number) of bid \(part.bid) did not come back")
        }
        return index
    }

    private func unrecalledPart(_ request: RecallRequest) throws(Mismatch) -> PartIndex {
        guard let bid = bids.accepted(request.bid), account(of: bid) == request.account,
            let index = bids.part(request.number, of: bid), bids[index].state == .reserved,
            bids[index].shares == request.shares
        else {
            throw Mismatch(
                "bid \(request.bid) has no such part \(request.number) reserved and not recalled")
        }
        return index
    }

    private func reservedPart(_ part: PaidPart) throws(Mismatch) -> PartIndex {
        guard let bid = bids.accepted(part.bid), let index = bids.part(part.number, of: bid),
            bids[index].state.isOpen, bids[index].shares == part.shares,
            part.result > bids[index].lastResult
        else {
            throw Mismatch("bid \(part.bid) has no such part \(part.number) reserved")
        }
        return index
    }
}
