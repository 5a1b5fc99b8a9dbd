import Vocabulary

// What comes in: bids that get shares or a place, refusals, repeats.
extension OfferingAudit {
    /// A bid's first decision, with shares or a place in line.
    mutating func arrive(
        _ placement: Placement, _ type: DecisionType, _ sequence: DecisionNumber,
        _ faults: inout [Fault]
    ) {
        let bid = placement.bid
        guard bidIndices[bid] == nil else {
            fault(.wrongRepeat, bid, "it is decided for the first time twice", &faults)
            return
        }
        checkAmounts(placement, type, &faults)
        let index = bids.count
        bidIndices[bid] = index
        var record = Bid(
            account: placement.account, asked: placement.asked,
            due: placement.shares + placement.waiting, allOrNone: placement.allOrNone,
            first: sequence, was: type, waiting: placement.waiting, reserved: placement.shares)
        if placement.shares > 0 {
            record.part = Part(shares: placement.shares)
            record.partCount = 1
        }
        bids.append(record)
        names.append(bid)
        takenBids += 1
        if bid.isDerived { isBackstopUsed = true } else { pass(placement.account) }
        counters.free -= placement.shares
        counters.reserved += placement.shares
        waiting += placement.waiting
        queued += placement.shares + placement.waiting
        if !bid.isDerived, isOneTooMany(placement.account) {
            fault(
                .overLimit, bid, "account \(placement.account) is one more than the "
                    + "\(terms.mostAccounts!) that may have shares", &faults)
        }
        change(placement.account, by: placement.shares + placement.waiting, of: bid)
        taken[placement.account, default: 0] += 1
        if placement.waiting > 0 {
            line.join(
                index, placement.waiting, asWhole: terms.isWhole(placement.allOrNone),
                inOrder: terms.remainder == .hold)
            if placement.queued != queued, queued.rawValue <= largestInteger {
                fault(
                    .wrongParts, bid, "\(placement.queued) are queued up to it by its record, "
                        + "\(queued) by the decisions", &faults)
            }
        }
        checkLimits(placement, &faults)
    }

    private func checkAmounts(
        _ placement: Placement, _ type: DecisionType, _ faults: inout [Fault]
    ) {
        let cut = placement.cut?.shares ?? 0
        let got = placement.shares
        let bid = placement.bid
        if placement.asked - cut != got + placement.waiting || got < 0 || placement.waiting < 0 {
            fault(
                .wrongParts, bid, "it asked for \(placement.asked); \(got) reserved, "
                    + "\(placement.waiting) waiting and \(cut) cut don't add up", &faults)
        }
        if (type == .reserved) != (got > 0) || got + placement.waiting == 0 {
            fault(.wrongParts, bid, "\(type.rawValue) with \(got.words)", &faults)
        }
        if bid.isDerived {
            checkBackstop(placement, &faults)
            return
        }
        if isPaused || state != .open && state != .fullyReserved {
            fault(
                .wrongState, bid, "it is taken though the offering is "
                    + (isPaused ? "paused" : state.rawValue), &faults)
        }
        if let closesAt, bookTime >= closesAt {
            fault(.wrongState, bid, "it is taken after the end", &faults)
        }
        for shares in [placement.asked, got, placement.waiting]
        where shares.rawValue % terms.lot.rawValue != 0 {
            fault(.againstTerms, bid, "\(shares) is no multiple of \(terms.lot)", &faults)
        }
        if placement.asked < terms.minShares {
            fault(.againstTerms, bid, "it asked for less than \(terms.minShares)", &faults)
        }
        let isWhole = terms.isWhole(placement.allOrNone)
        if placement.allOrNone && cut > 0 || isWhole && got > 0 && placement.waiting > 0 {
            fault(.againstTerms, bid, "it is served as a whole, and was split", &faults)
        }
        let free = counters.free
        // Under `hold` nobody is served while others wait.
        let isHeldUp = terms.remainder == .hold && waiting > 0
        let isServed = isWhole
            ? (got > 0) == (got + placement.waiting <= free && !isHeldUp)
            : placement.waiting == 0 ? got <= free : got == free
        if !isServed {
            fault(
                .wrongOrder, bid, "\(free) were free when it came, and it got \(got) and waits for "
                    + "\(placement.waiting)", &faults)
        }
    }

    private func checkLimits(_ placement: Placement, _ faults: inout [Fault]) {
        let bid = placement.bid
        if bid.isDerived { return }
        if let rate = terms.rate, recent(placement.account) > rate {
            fault(.overLimit, bid, "account \(placement.account) bids too fast", &faults)
        }
        let has = held[placement.account] ?? 0
        if let cap = terms.cap, has > cap {
            fault(
                .overLimit, bid, "account \(placement.account) has \(has), and may have \(cap)",
                &faults)
        }
        if let most = terms.mostBids, taken[placement.account] ?? 0 > most {
            fault(
                .overLimit, bid,
                "account \(placement.account) has too many bids; its limit is \(most)", &faults)
        }
        if waiting > terms.waitlistShares {
            fault(
                .overLimit, bid, "\(waiting) wait, and there is room for \(terms.waitlistShares)",
                &faults)
        }
        guard let cut = placement.cut else { return }
        let isNeeded = switch cut.reason {
        case .overAccountCap: terms.cap.map { has + terms.lot > $0 } ?? false
        case .waitlistFull:
            !terms.isWhole(placement.allOrNone) && counters.free == 0
                && waiting + terms.lot > terms.waitlistShares
        default: false
        }
        if !isNeeded {
            fault(.againstTerms, bid, "it was cut for \(cut.reason.rawValue) without need", &faults)
        }
    }

    /// A refusal moves nothing; whether it was right can be told from the terms.
    mutating func reject(
        _ rejection: Rejection, _ sequence: DecisionNumber, _ source: Source,
        _ faults: inout [Fault]
    ) {
        refusals[rejection.reason, default: 0] += 1
        if rejection.reason == .unknownOffering {
            fault(.wrongState, nil, "it is refused as unknown, and it is open", &faults)
        }
        if case .payment(let payment?, let result) = rejection.subject {
            reject(payment, result, rejection.reason, &faults)
        }
        if case .command(let command, let action) = rejection.subject {
            reject(command, action, rejection.reason, sequence, source, &faults)
        }
        if case .partitionCommand(let command) = rejection.subject {
            fault(.wrongState, nil, "command \(command.command) is about no offering", &faults)
        }
        if case .cancellation(let bid, let account) = rejection.subject,
            !isRight(rejection.reason, bid, account)
        {
            fault(
                .wrongRepeat, bid, "its cancellation was refused \(rejection.reason.rawValue), and "
                    + "that was not so", &faults)
        }
        guard case .bid(let bid, let account, let asked, let allOrNone) = rejection.subject else {
            return
        }
        switch rejection.reason {
        case .malformed, .wrongEnvironment, .misrouted, .unknownOffering: return
        case .archived:
            if !isArchived { fault(.wrongState, bid, "it is not archived", &faults) }
            return
        default: break
        }
        if isArchived { fault(.wrongState, bid, "it is archived", &faults) }
        if let index = bidIndices[bid] {
            let known = bids[index]
            let isSame = known.account == account && known.asked == asked
                && known.allOrNone == allOrNone
            if rejection.reason != .conflictingDuplicate || isSame {
                fault(.wrongRepeat, bid, "it was decided before", &faults)
            }
            return
        }
        if rejection.reason == .conflictingDuplicate {
            fault(.wrongRepeat, bid, "it conflicts with what never was", &faults)
            return
        }
        if !isRight(rejection.reason, account, asked, allOrNone) {
            fault(
                .againstTerms, bid,
                "it was refused \(rejection.reason.rawValue), and that was not so", &faults)
        }
        switch rejection.reason {
        case .overAccountCap, .tooManyAccounts, .waitlistFull: pass(account)
        default: break
        }
        bidIndices[bid] = bids.count
        names.append(bid)
        bids.append(
            Bid(
                account: account, asked: asked, allOrNone: allOrNone, first: sequence,
                was: .rejected, reason: rejection.reason))
    }

    /// Whether a cancellation was refused for what was so.
    private func isRight(_ reason: Reason, _ bid: Identifier, _ account: Identifier) -> Bool {
        guard let known = bidIndices[bid].map({ bids[$0] }) else {
            return reason != .notYourBid && reason != .alreadyOver && reason != .tooLate
        }
        let isGone = known.waiting == 0 && known.reserved == 0
        switch reason {
        case .unknownBid: return false
        case .notYourBid: return known.account != account
        case .alreadyOver:
            return known.account == account
                && (!state.sells || known.was == .rejected || isGone && known.settled == 0)
        case .tooLate:
            return known.account == account && state.sells && isGone && known.settled > 0
        default: return true
        }
    }

    private func isRight(
        _ reason: Reason, _ account: Identifier, _ asked: Shares, _ allOrNone: Bool
    ) -> Bool {
        let allowed = terms.cap.map { $0 - (held[account] ?? 0) }
        let room = terms.waitlistShares - waiting
        switch reason {
        case .notOpenYet: return state == .scheduled
        case .paused: return isPaused
        case .filled: return state == .filled
        case .closed:
            return state != .open && state != .fullyReserved && state != .scheduled
                && state != .filled
        case .rateLimited: return terms.rate.map { recent(account) >= $0 } ?? false
        case .belowMinimum: return asked < terms.minShares || asked == 0
        case .notALot: return asked.rawValue % terms.lot.rawValue != 0
        case .tooLarge: return terms.isWhole(allOrNone) && asked > terms.shares
        case .tooManyBids: return terms.mostBids.map { taken[account] ?? 0 >= $0 } ?? false
        case .overAccountCap:
            guard let allowed else { return false }
            return allOrNone ? asked > allowed : allowed < terms.lot
        case .tooManyAccounts: return isOneTooMany(account)
        case .waitlistFull:
            guard terms.isWhole(allOrNone) else {
                return counters.free == 0 && room < terms.lot
            }
            let wanted = min(asked, allowed ?? asked)
            let isHeldUp = terms.remainder == .hold && waiting > 0
            return wanted > room && (wanted > counters.free || isHeldUp)
        // What was looked at before, and what the decisions alone can't confirm.
        case .malformed, .wrongEnvironment, .misrouted, .unknownOffering, .archived,
            .conflictingDuplicate, .unsupported:
            return true
        // Reasons for other inputs than bids.
        case .unknownBid, .notYourBid, .alreadyOver, .tooLate, .badTerms, .wrongState,
            .unknownCommand, .amountMismatch:
            return true
        }
    }

    /// A repeat says what was decided, and how it stands.
    mutating func checkRepeat(_ repetition: Repetition, _ faults: inout [Fault]) {
        switch repetition {
        case .bid(let bid, let account, let of, let was, let reason, let now):
            guard let index = bidIndices[bid] else {
                fault(.wrongRepeat, bid, "it repeats what never was", &faults)
                return
            }
            let known = bids[index]
            let standing = Standing(
                reserved: known.reserved, settled: known.settled, waiting: known.waiting)
            if known.first != of || known.was != was || known.account != account
                || known.reason != reason || standing != now
            {
                fault(.wrongRepeat, bid, "it repeats what was not so", &faults)
            }
        case .command(let command, let of, let refused):
            checkRepeat(of: command, of, refused, &faults)
        case .payment(let payment, let result, let last):
            let known = payment.kind == .collection
                ? part(payment)?.lastResult : command(payment)?.lastResult
            if known != last || result > last {
                fault(
                    .wrongRepeat, payment.bid, "result \(result) of payment \(payment.number) is "
                        + "no repeat, or \(last) was not the last one", &faults)
            }
        }
    }
}
