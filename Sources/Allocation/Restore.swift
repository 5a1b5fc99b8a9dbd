import Vocabulary

/// A decision that cannot follow on the book as it stands: the history has a gap, was changed, or
/// was written by other rules.
public struct RestoreFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The number of the decision.
    public let sequence: Sequence
    /// Why it does not follow.
    public let sentence: String

    /// The sentence, with the decision's number.
    public var description: String { "decision \(sequence): \(sentence)" }
}

extension PartitionBook {
    /// Takes up a decision that was made earlier: the book changes as it did then. The decisions of
    /// a partition, from its first one on, rebuild its whole book; only the last group may be cut
    /// short, and then the book is of use for looking at, not for deciding.
    public mutating func restore(_ decision: Decision) throws(RestoreFailure) {
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
        guard let offering = decision.offering else {
            guard case .rejected = decision.event, decision.counters == nil else {
                throw Mismatch("it names no offering")
            }
            return
        }
        if case .opened(_, let terms) = decision.event {
            guard index(of: offering) == nil else { throw Mismatch("\(offering) is open already") }
            guard TermsCheck.wrongMember(of: terms) == nil, terms.filledIn == terms else {
                throw Mismatch("these rules do not open \(offering) under its terms")
            }
            open(offering, terms, sequence: decision.sequence)
        }
        guard let index = index(of: offering) else {
            guard case .rejected = decision.event, decision.counters == nil else {
                throw Mismatch("offering \(offering) is not open")
            }
            return
        }
        try offerings[index].restore(decision.event, sequence: decision.sequence)
        guard decision.counters == offerings[index].counters else {
            throw Mismatch("its counters are not those of the book")
        }
    }
}

/// Why a decision does not follow.
struct Mismatch: Error {
    let sentence: String
    init(_ sentence: String) { self.sentence = sentence }
}

extension OfferingBook {
    /// Changes the book by one event through the same functions that recording it did.
    mutating func restore(_ event: DecisionEvent, sequence: Sequence) throws(Mismatch) {
        switch event {
        case .opened, .repeated: break
        case .reserved(let placement), .waitlisted(let placement):
            try restore(placement, sequence: sequence)
        case .rejected(let rejection):
            try restore(rejection, sequence: sequence)
        case .promoted(let promotion):
            let bid = try waitingBid(promotion.bid, promotion.shares)
            guard promotion.shares <= counters.free else { throw Mismatch("less is free") }
            promote(bid, promotion.shares)
        case .settled(let part):
            settle(try reservedPart(part), result: part.result)
        case .released(let part, _):
            release(try reservedPart(part), result: part.result)
        case .inDoubt(let part):
            doubt(try reservedPart(part), result: part.result)
        case .cancelRequested(let request):
            bids.recall(try unrecalledPart(request))
        case .cancelled(let part), .expired(let part):
            withdraw(try waitingBid(part.bid, part.shares), part.shares)
        case .paused(let command): try restorePause(true, command, sequence)
        case .resumed(let command): try restorePause(false, command, sequence)
        case .fullyReserved: enter(.fullyReserved)
        case .reopened: enter(.open)
        case .filled: enter(.filled)
        }
    }

    private mutating func restore(
        _ placement: Placement, sequence: Sequence
    ) throws(Mismatch) {
        let hash = bids.hash(placement.bid)
        guard bids.find(placement.bid, hash: hash) == nil else {
            throw Mismatch("bid \(placement.bid) is known already")
        }
        guard placement.shares <= counters.free, placement.shares + placement.waiting > 0,
            placement.waiting <= bidTerms.waitlistShares - waiting
        else { throw Mismatch("bid \(placement.bid) does not fit") }
        let accountHash = accounts.hash(placement.account)
        let account = accounts.find(placement.account, hash: accountHash)
        let arrival = Arrival(bidHash: hash, accountHash: accountHash, account: account)
        _ = place(placement, at: arrival, sequence: sequence)
    }

    /// A refused bid spends its id, except for the reasons that leave no trace.
    private mutating func restore(
        _ rejection: Rejection, sequence: Sequence
    ) throws(Mismatch) {
        guard case .bid(let bid, let account, let asked, let allOrNone) = rejection.subject,
            let reason = SpendingReason(rejection.reason)
        else { return }
        let hash = bids.hash(bid)
        guard bids.find(bid, hash: hash) == nil else {
            throw Mismatch("bid \(bid) is known already")
        }
        spend(
            bid, hash: hash, account: account, asked: asked, allOrNone: allOrNone,
            reason: reason, sequence: sequence)
    }

    private func waitingBid(_ bid: Identifier, _ shares: Shares) throws(Mismatch) -> BidIndex {
        guard let index = bids.accepted(bid), shares > 0, waiting(of: index) >= shares else {
            throw Mismatch("bid \(bid) does not wait for \(shares)")
        }
        return index
    }

    private mutating func restorePause(
        _ isPaused: Bool, _ command: Identifier, _ sequence: Sequence
    ) throws(Mismatch) {
        guard self.isPaused != isPaused, state != .filled, commands.find(command) == nil else {
            throw Mismatch("command \(command) does not \(isPaused ? "pause" : "resume") it")
        }
        pause(isPaused, by: command, sequence: sequence)
    }

    private func unrecalledPart(_ request: RecallRequest) throws(Mismatch) -> PartPlace {
        guard let bid = bids.accepted(request.bid), account(of: bid) == request.account,
            let place = bids.part(request.number, of: bid), bids[place].state == .reserved,
            bids[place].shares == request.shares
        else {
            throw Mismatch(
                "bid \(request.bid) has no such part \(request.number) reserved and not recalled")
        }
        return place
    }

    private func reservedPart(_ part: PaidPart) throws(Mismatch) -> PartPlace {
        guard let bid = bids.accepted(part.bid), let place = bids.part(part.number, of: bid),
            bids[place].state.isOpen, bids[place].shares == part.shares,
            part.result > bids[place].lastResult
        else {
            throw Mismatch("bid \(part.bid) has no such part \(part.number) reserved")
        }
        return place
    }
}
