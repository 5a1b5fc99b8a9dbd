import Vocabulary

/// One offering, added up from its decisions: where its shares are, and all parts of all bids.
struct OfferingAudit {
    /// The terms with their defaults filled in.
    struct Terms {
        var shares: Shares
        var lot: Shares
        var minShares: Shares
        var cap: Shares?
        var waitlistShares: Shares
        var mostBids: Int64?
        var mostAccounts: Int64?
        var remainder: RemainderRule
        var price: MinorUnits
        var rate: Int64?
        var opensAt: Timestamp?
        var minimumShares: Shares
        var backstop: Backstop?
        var payee: Identifier?
        var distributions: AllowedDistributions?

        /// Whether such a bid is served as a whole or not at all.
        func isWhole(_ allOrNone: Bool) -> Bool { allOrNone || remainder != .split }
    }

    /// One reservation of a bid, by the number of its payment.
    struct Part {
        /// `returned`: settled, and the bank took the money back.
        enum State { case reserved, settled, released, refunded, returned }
        var shares: Shares
        /// Shares that it had besides, whose price was given back when it was settled late.
        var givenBack: Shares = 0
        var state = State.reserved
        var isRecalled = false
        var lastResult: Int64 = 0
    }

    struct Bid {
        var account: Identifier
        var asked: Shares
        /// What was left of it after cuts.
        var due: Shares = 0
        var allOrNone: Bool
        var first: DecisionNumber
        var was: DecisionType
        var reason: Reason?
        /// Its place in line, by time of arrival.
        var waiting: Shares = 0
        var reserved: Shares = 0
        var settled: Shares = 0
        /// The first part is held here, further ones in `moreParts`: most bids have one.
        var part: Part?
        var partCount: Int32 = 0
        /// Released: it may get no more.
        var isOver = false
    }

    /// What is owed to an account, by its obligation, and how each command of it stands.
    struct Payout {
        struct Command {
            var isPaid = false
            /// It came to nothing: declined, or paid and taken back.
            var isDeclined = false
            var isProven = false
            var lastResult: Int64 = 0
        }

        var account: Identifier
        var amount: MinorUnits
        /// Of a refund: the collection whose money it gives back.
        var original: Int32?
        /// In order of their numbers, from 1.
        var commands = [Command()]
        /// The bank took back what it was to give back.
        var isCalledOff = false

        var isPaid: Bool { commands.contains(where: \.isPaid) }
        /// Whether it was called off, and no command that may pay it is under way.
        var isForgone: Bool { isCalledOff && !isPaid && commands.last!.isDeclined }
        var isOwed: Bool { !isPaid && !isForgone }
        /// Whether its last command has no final result.
        var isUnderWay: Bool { !isPaid && !commands.last!.isDeclined }
        /// Whether no command of it has moved money, nor ever will.
        var isProven: Bool { commands.allSatisfy(\.isProven) }
    }

    let name: Identifier
    let terms: Terms
    /// As the decision that opened it has them.
    let allTerms: OfferingTerms
    let opened: DecisionNumber
    let openingCommand: Identifier
    var counters: Counters
    var state = OfferingState.open
    var isPaused = false
    var closesAt: Timestamp?
    var isCertified = false
    var isArchived = false
    var isBackstopUsed = false
    var payouts: [PaymentID: Payout] = [:]
    /// What is owed, in the order in which it came to be.
    var obligations: [PaymentID] = []
    /// Refunds that are not paid; and of all else that is owed how many obligations are not paid,
    /// and how many are not proven unpaid.
    var openRefunds = 0
    var openPayouts = 0
    var unprovenPayouts = 0
    /// What was commanded to be distributed as principal.
    var principal = Int128(0)
    var refundCounts: [Identifier: Int32] = [:]
    /// Commands of refunds that are owed no more, which must be recalled in the group at hand.
    var calledOff: [PaymentID] = []
    var refunded: Shares = 0
    var returned: Shares = 0
    /// Money for which shares are still to be found or given back, in the group at hand.
    var owesRefund: (index: Int, number: Int32, shares: Shares)?
    /// Settled shares of each account, and the order in which they first settled.
    var settledShares: [Identifier: Shares] = [:]
    var settledOrder: [Identifier] = []
    var distributed: [PaymentID: (total: MinorUnits, of: DecisionNumber)] = [:]
    /// What the distribution at hand still has to give, in order.
    var owesParts: [(account: Identifier, amount: MinorUnits)] = []
    /// When bids of each account passed the check of its rate.
    var passed: [Identifier: [Timestamp]] = [:]
    var bookTime: Timestamp = 0
    var inputs: [InputTopic: (first: Offset, last: Offset)] = [:]
    var refusals: [Reason: Int64] = [:]
    var takenBids: Int64 = 0
    /// The decisions of commands, by the command.
    var commands: [Identifier: DecisionNumber] = [:]
    /// What each command asked for, and why it was refused where it was.
    var commandActions: [Identifier: OfferingCommand.Action] = [:]
    var commandRefusals: [Identifier: Reason] = [:]
    /// What decisions did that a command of another id may repeat, since it is so.
    var commandDecisions: [DecisionNumber: OfferingCommand.Action] = [:]
    /// Whether it was ever paused.
    var wasPaused = false
    var waiting: Shares = 0
    /// Shares ever queued.
    var queued: Shares = 0
    var bids: [Bid] = []
    /// Their ids, in the same order.
    var names: [Identifier] = []
    var bidIndices: [Identifier: Int] = [:]
    var moreParts: [Int: [Part]] = [:]
    /// What each account has: reserved, settled and waiting.
    private(set) var held: [Identifier: Shares] = [:]
    /// The accounts that have something by bids that they sent, and what: not as the backstop. Kept
    /// where the terms limit how many there may be.
    private(set) var holders: [Identifier: Shares] = [:]
    /// How many bids of each account were taken.
    var taken: [Identifier: Int64] = [:]
    var line = WaitingLine()
    /// A released bid whose waiting part must be cancelled in the same group.
    var owesCancellation: Int?

    init(
        _ name: Identifier, _ terms: OfferingTerms, opened: DecisionNumber, by command: Identifier,
        isScheduled: Bool
    ) {
        self.name = name
        self.opened = opened
        openingCommand = command
        // Terms that contradict each other are a finding; the rest is looked at all the same.
        let lot = max(1, terms.lot ?? 1)
        self.terms = Terms(
            shares: terms.shares, lot: lot, minShares: terms.minShares ?? lot,
            cap: terms.maxSharesPerAccount, waitlistShares: terms.waitlistShares ?? terms.shares,
            mostBids: terms.maxBidsPerAccount, mostAccounts: terms.maxAccounts,
            remainder: terms.remainder ?? .split, price: terms.price,
            rate: terms.bidsPerMinutePerAccount, opensAt: terms.opensAt,
            minimumShares: terms.minimumShares ?? terms.shares, backstop: terms.backstop,
            payee: terms.payee, distributions: terms.distributions)
        allTerms = terms
        closesAt = terms.closesAt
        state = isScheduled ? .scheduled : .open
        counters = Counters(free: terms.shares, reserved: 0, settled: 0)
    }

    /// Follows a decision about this offering.
    mutating func follow(
        _ decision: borrowing Decision, at bookTime: Timestamp, _ faults: inout [Fault]
    ) {
        self.bookTime = bookTime
        note(decision.source)
        settleDebts(before: decision.event, &faults)
        switch decision.event {
        case .bid(let event): follow(event, decision, &faults)
        case .money(let event): follow(event, decision.sequence, &faults)
        case .offering(let event): follow(event, decision, &faults)
        case .partition:
            fault(.wrongState, nil, "a decision about the partition names it", &faults)
        case .rejected(let rejection):
            reject(rejection, decision.sequence, decision.source, &faults)
        case .repeated(let repetition): checkRepeat(repetition, &faults)
        }
        check(decision.counters, &faults)
    }

    private mutating func follow(
        _ event: BidEvent, _ decision: borrowing Decision, _ faults: inout [Fault]
    ) {
        switch event {
        case .reserved(let placement):
            arrive(placement, .reserved, decision.sequence, &faults)
        case .waitlisted(let placement):
            arrive(placement, .waitlisted, decision.sequence, &faults)
        case .promoted(let promotion): promote(promotion, &faults)
        case .settled(let part): settle(part, &faults)
        case .released(let part, .returned): releaseReturned(part, &faults)
        case .released(let part, _): release(part, &faults)
        case .inDoubt(let part): _ = open(part, &faults)
        case .settledLate(let part): settleLate(part, &faults)
        case .cancelled(let part):
            // Its account asked for it: the record among the bids caused this decision first.
            let isAskedFor =
                decision.source.topic == .bids && decision.n == 0 || state == .cancelling
            if !isAskedFor, owesCancellation == nil || owesCancellation != bidIndices[part.bid] {
                fault(.wrongParts, part.bid, "it is cancelled, and no payment failed", &faults)
            }
            leave(part, &faults)
        case .cancelRequested(let request):
            if decision.source.topic != .bids, state != .cancelling {
                fault(.wrongParts, request.bid, "it is taken back, and nobody asked", &faults)
            }
            recall(request, &faults)
        case .expired(let part):
            let isOver = state == .filled || state == .closing && counters.reserved == 0
            if !isOver, !blocksForEver(part.bid) {
                fault(.wrongState, part.bid, "it expired before the end", &faults)
            }
            leave(part, &faults)
        }
    }

    /// Under `hold`, whether a bid stands at the front and wants more than can ever be free again.
    private mutating func blocksForEver(_ bid: Identifier) -> Bool {
        guard terms.remainder == .hold, let index = bidIndices[bid], line.front(bids) == index
        else {
            return false
        }
        return bids[index].waiting > terms.shares - counters.settled
    }

    /// Compares the counters with those written, and goes on from these.
    private mutating func check(_ written: Counters?, _ faults: inout [Fault]) {
        guard let written else {
            fault(.wrongCounters, nil, "a decision about a known offering has no counters", &faults)
            return
        }
        if written != counters {
            fault(
                .wrongCounters, nil,
                "free \(written.free), reserved \(written.reserved), settled \(written.settled) "
                    + "are written; the decisions add up to \(counters.free), "
                    + "\(counters.reserved), \(counters.settled)", &faults)
            counters = written
        }
        let sum = counters.free + counters.reserved + counters.settled
        if sum != terms.shares || min(counters.free, counters.reserved, counters.settled) < 0 {
            fault(
                .wrongCounters, nil, "the offering has \(terms.shares.words), and the counters say "
                    + "\(counters.free) + \(counters.reserved) + \(counters.settled)", &faults)
        }
    }

    /// A bid's account has so many shares more, or fewer, reserved, settled or waiting.
    mutating func change(_ account: Identifier, by shares: Shares, of bid: Identifier) {
        held[account, default: 0] += shares
        guard terms.mostAccounts != nil, !bid.isDerived else { return }
        let now = (holders[account] ?? 0) + shares
        holders[account] = now == 0 ? nil : now
    }

    /// Whether an account with nothing yet would be one more than may have shares.
    func isOneTooMany(_ account: Identifier) -> Bool {
        terms.mostAccounts.map { holders[account] == nil && holders.count >= $0 } ?? false
    }

    // MARK: The state of the offering

    mutating func pause(
        _ isPaused: Bool, _ command: Identifier, _ sequence: DecisionNumber, _ faults: inout [Fault]
    ) {
        if self.isPaused == isPaused || !state.isBeforeClose {
            fault(
                .wrongState, nil, "command \(command) \(isPaused ? "pauses" : "resumes") it, and "
                    + "that was so", &faults)
        }
        self.isPaused = isPaused
        wasPaused = true
        act(command, isPaused ? .pause : .resume, sequence, &faults)
    }

    mutating func becomeFull(_ faults: inout [Fault]) {
        if state != .open || counters.free != 0 {
            fault(.wrongState, nil, "fullyReserved with \(counters.free) free", &faults)
        }
        state = .fullyReserved
    }

    mutating func reopen(_ faults: inout [Fault]) {
        if state != .fullyReserved || counters.free == 0 {
            fault(.wrongState, nil, "reopened with \(counters.free) free", &faults)
        }
        state = .open
    }

    mutating func fill(_ faults: inout [Fault]) {
        if !state.sells || counters.settled != terms.shares {
            fault(
                .wrongState, nil, "filled with \(counters.settled) of \(terms.shares) settled",
                &faults)
        }
        state = .filled
        isPaused = false
        owePayee()
    }

    /// At the end of a group the state follows from the counters, and nobody waits who could be
    /// served (Rules.md, Invariants).
    mutating func endGroup(_ faults: inout [Fault]) {
        if let bid = owesCancellation, bids[bid].waiting > 0 {
            fault(.wrongParts, nil, "a bid whose payment failed still waits", &faults)
        }
        owesCancellation = nil
        settleDebts(before: nil, &faults)
        if counters.settled == terms.shares, state != .filled {
            fault(.wrongState, nil, "all shares are settled, and it is not filled", &faults)
            state = .filled
        }
        switch state {
        case .open where counters.free == 0:
            fault(.wrongState, nil, "nothing is free, and it is not fullyReserved", &faults)
            state = .fullyReserved
        case .fullyReserved where counters.free > 0:
            fault(.wrongState, nil, "shares are free, and it is not reopened", &faults)
            state = .open
        case .filled where waiting > 0:
            fault(.wrongParts, nil, "it is filled with \(waiting.words) still waiting", &faults)
        default: break
        }
        if terms.remainder == .hold, state.sells, let front = line.front(bids),
            bids[front].waiting > terms.shares - counters.settled
        {
            fault(.notServed, nil, "a bid that can never be served holds up the others", &faults)
        }
        checkEnd(&faults)
        guard counters.free > 0, state.sells else { return }
        if let bid = servable() {
            fault(
                .notServed, nil, "there is room for \(counters.free.words), and a bid of account "
                    + "\(bids[bid].account) that could take some waits for \(bids[bid].waiting)",
                &faults)
        }
    }

    /// A bid that waits though what is free would do for it and nobody before it is in the way.
    private mutating func servable() -> Int? {
        guard terms.remainder == .hold else { return line.servable(with: counters.free, bids) }
        guard let front = line.front(bids), bids[front].waiting <= counters.free else { return nil }
        return front
    }

    func fault(
        _ code: AuditFinding.Code, _ bid: Identifier?, _ sentence: String,
        _ faults: inout [Fault]
    ) {
        faults.append(Fault(code: code, offering: name, bid: bid, sentence: sentence))
    }
}
