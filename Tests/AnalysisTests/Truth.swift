import Testing
import Vocabulary

/// What must be said of the bids of a book, from the decisions alone.
struct Truth {
    let decisions: [Decision]
    let terms: OfferingTerms
    /// The ledger before each decision, and at the end.
    private let ledgers: [TruthLedger]

    init(_ random: RandomBook) {
        decisions = random.decisions
        var terms = random.terms
        for decision in decisions {
            if case .offering(.opened(_, let opened)) = decision.event { terms = opened }
        }
        self.terms = terms
        var ledger = TruthLedger(terms)
        var ledgers = [ledger]
        for decision in decisions {
            ledger.follow(decision)
            ledgers.append(ledger)
        }
        self.ledgers = ledgers
    }

    private var lot: Shares { terms.lot! }
    private var cap: Shares? { terms.maxSharesPerAccount }

    var end: TruthLedger { ledgers.last! }

    func before(_ decision: Decision) -> TruthLedger {
        ledgers[Int(decision.sequence.rawValue) - 1]
    }

    func beforeGroup(_ decision: Decision) -> TruthLedger {
        ledgers[decisions.firstIndex { $0.source == decision.source }!]
    }

    private func isOpened(before decision: Decision) -> Bool {
        decisions.prefix(Int(decision.sequence.rawValue) - 1).contains { $0.counters != nil }
    }

    /// How many decisions in a row about `bid` say that it came again, from this one.
    func repeats(of bid: Identifier, from decision: Decision) -> Int {
        var found = 0
        for decision in decisions.dropFirst(Int(decision.sequence.rawValue) - 1) {
            if case .repeated(.bid(bid, _, _, _, _, _)) = decision.event {
                found += 1
            } else if Self.subject(of: decision) == bid {
                break
            }
        }
        return found
    }

    // MARK: Arrival

    func arrival(_ decision: Decision) -> [String] {
        let (before, source) = (before(decision), decision.source)
        switch decision.event {
        case .bid(.reserved(let placement)) where placement.bid == .backstop:
            return [
                "It is the backstop's, made when the offering closed, and was decided as number "
                    + "\(decision.sequence).",
                "\(Self.shares(before.counters.free, "was", "were")) left, and it took "
                    + "\(placement.shares).",
            ]
        case .bid(.reserved(let placement)), .bid(.waitlisted(let placement)):
            return place(decision, source, placement.asked, placement.allOrNone)
                + cut(placement, before) + [served(placement, before)]
        case .rejected(let rejection):
            guard case .bid(_, let account, let asked, let allOrNone) = rejection.subject else {
                return []
            }
            var told = place(decision, source, asked, allOrNone)
            told.append(
                "It was refused (\(rejection.reason.rawValue)). \(rejection.reason.sentence)")
            if let fact = fact(rejection.reason, before, account, asked, allOrNone) {
                told.append(fact)
            }
            switch rejection.reason {
            case .unknownOffering:
                told.append("A new try makes sense with the bid corrected; the id is not used up.")
            case .belowMinimum, .notALot, .tooLarge, .overAccountCap:
                told.append("A new try makes sense with the bid corrected, under a new id.")
            case .paused, .rateLimited, .tooManyAccounts, .waitlistFull:
                told.append("A new try makes sense after a while, under a new id.")
            default: told.append("A new try would get the same answer.")
            }
            return told
        default: return []
        }
    }

    private func place(
        _ decision: Decision, _ source: Source, _ asked: Shares, _ allOrNone: Bool
    ) -> [String] {
        let before = before(decision)
        var told = [
            "It asked for \(Self.shares(asked))\(allOrNone ? ", all or none" : "").",
            "It stands in bids, partition 0, offset \(source.offset), appended \(source.at) ms, "
                + "and was decided as number \(decision.sequence).",
        ]
        guard isOpened(before: decision) else { return told }
        let number = before.bids.count
        told.append(
            (number == 0 ? "No bid was" : number == 1 ? "1 bid was" : "\(number) bids were")
                + " accepted before it, and "
                + (before.waiting == 0
                    ? "nobody waited." : "\(Self.shares(before.waiting)) waited ahead of it."))
        told.append(
            "Free before it: \(Self.shares(before.counters.free)); after it: "
                + "\(decision.counters!.free).")
        return told
    }

    private func cut(_ placement: Placement, _ before: TruthLedger) -> [String] {
        let taken = placement.asked - placement.shares - placement.waiting
        if taken == 0 { return [] }
        var causes: [String] = []
        var rules: [String] = []
        let had = before.committed(placement.account)
        if let cap, had + placement.asked > cap {
            causes.append("an account may hold \(cap), and this one had or waited for \(had)")
            rules.append("cap")
        }
        let room = terms.waitlistShares! - before.waiting
        let kept = min(placement.asked, cap.map { $0 - had } ?? placement.asked)
        if placement.shares + placement.waiting < kept {
            causes.append(
                "only \(room) more \(room == 1 ? "share" : "shares") could wait"
                    + (lot > 1 ? ", in whole lots of \(lot)" : ""))
            rules += lot > 1 ? ["waitlist", "lot"] : ["waitlist"]
        }
        let reason = rules.contains("waitlist") ? "waitlistFull" : "overAccountCap"
        return [
            "\(taken) of its shares \(taken == 1 ? "was" : "were") cut off (\(reason)): "
                + "\(causes.joined(separator: "; ")) "
                + "(\(rules.count == 1 ? "rule" : "rules"): \(rules.joined(separator: ", ")))."
        ]
    }

    private func served(_ placement: Placement, _ before: TruthLedger) -> String {
        let (shares, waiting, free) = (placement.shares, placement.waiting, before.counters.free)
        let name = terms.remainder!.name
        if waiting == 0 {
            return shares < free || placement.cut?.reason != .waitlistFull
                ? "Enough was free: its \(Self.shares(shares, "was", "were")) reserved at once."
                : "The \(free) free \(free == 1 ? "share was" : "shares were") reserved for it."
        }
        if shares > 0 {
            return "Under split it got the \(free) free \(free == 1 ? "share" : "shares"), and its "
                + "other \(waiting) \(waiting == 1 ? "waits" : "wait") (rule: split)."
        }
        let wait = "its \(Self.shares(waiting, "waits", "wait"))"
        if free == 0 { return "Nothing was free, so \(wait)." }
        if free >= waiting {
            #expect(terms.remainder == .hold && before.front != nil)
            return "Under hold nobody passes a bid that waits ahead, so \(wait) (rule: hold)."
        }
        #expect(placement.allOrNone || terms.remainder != .split)
        return (placement.allOrNone
            ? "It takes all or none" : "Under \(name) a bid is served whole")
            + ", and \(free) free \(free == 1 ? "share was" : "shares were") too few, so "
            + "\(wait) (rule: "
            + "\(placement.allOrNone ? "all-or-none" : "\(name)"))."
    }

    private func fact(
        _ reason: Reason, _ before: TruthLedger, _ account: Identifier, _ asked: Shares,
        _ allOrNone: Bool
    ) -> String? {
        let name = terms.remainder!.name
        let whole = allOrNone ? "it takes all or none" : "under \(name) a bid is served whole"
        let wholeRule = allOrNone ? "all-or-none" : "\(name)"
        let (free, had) = (before.counters.free, before.committed(account))
        switch reason {
        case .belowMinimum:
            #expect(asked < terms.minShares!)
            return "The smallest bid is \(Self.shares(terms.minShares!)) (rule: minimum bid)."
        case .notALot: return "The lot is \(Self.shares(lot)) (rule: lot)."
        case .tooLarge:
            #expect(asked > terms.shares)
            return "The offering has \(Self.shares(terms.shares)), and \(whole) (rules: size, "
                + "\(wholeRule))."
        case .tooManyBids:
            let most = Int(terms.maxBidsPerAccount!)
            #expect(before.bids.filter { $0.account == account }.count >= most)
            return "An account may make \(most == 1 ? "1 bid" : "\(most) bids") (rule: bids)."
        case .rateLimited:
            let most = terms.bidsPerMinutePerAccount!
            return "An account may make \(most == 1 ? "1 bid" : "\(most) bids") a minute (rule: "
                + "rate)."
        case .tooManyAccounts:
            let most = Int(terms.maxAccounts!)
            #expect(had == 0 && before.accounts.count >= most)
            return "At most \(most == 1 ? "1 account" : "\(most) accounts") may have shares or "
                + "wait (rule: accounts)."
        case .overAccountCap:
            let text = "An account may hold \(Self.shares(cap!)); this one had or waited for \(had)"
            #expect(had + asked > cap!)
            if had >= cap! { return "\(text) (rule: cap)." }
            #expect(allOrNone)
            return "\(text), and \(whole) (rules: cap, \(wholeRule))."
        case .waitlistFull:
            let text = "\(Self.shares(free, "was", "were")) free, and \(before.waiting) of the "
                + "\(Self.shares(terms.waitlistShares!)) that may wait did"
            if allOrNone || terms.remainder != .split {
                return "\(text); \(whole) (rules: waitlist, \(wholeRule))."
            }
            #expect(free == 0 && terms.waitlistShares! - before.waiting < lot)
            if terms.waitlistShares! == before.waiting { return "\(text) (rule: waitlist)." }
            return "\(text); what waits is in whole lots of \(lot) (rules: waitlist, lot)."
        default: return nil
        }
    }

    // MARK: Now

    func now(_ id: Identifier) -> [String] {
        let end = ledgers.last!
        guard let bid = end.bid(id) else { return [] }
        var parts: [String] = []
        if bid.settled > 0 { parts.append("\(Self.shares(bid.settled)) paid") }
        if bid.reserved > 0 { parts.append("\(bid.reserved) reserved but not paid yet") }
        if bid.waiting > 0 { parts.append("\(bid.waiting) waiting") }
        var told = [
            parts.isEmpty
                ? "Now nothing of it is left." : "Now it has \(parts.joined(separator: ", "))."
        ]
        let owed = owed(id)
        if owed > 0 { told.append("\(money(owed)) is still owed to its account.") }
        if bid.waiting > 0 {
            let ahead = end.bids.prefix { $0.id != id }.filter { $0.waiting > 0 }
            let shares = ahead.reduce(0 as Shares) { $0 + $1.waiting }
            told.append(
                ahead.isEmpty
                    ? "It is the first of the waitlist."
                    : "\(Self.shares(shares)) of "
                        + (ahead.count == 1 ? "1 bid" : "\(ahead.count) bids")
                        + " \(shares == 1 ? "waits" : "wait") ahead of it.")
        }
        told.append("The offering is \(end.state.rawValue)\(end.isPaused ? ", paused" : "").")
        let minimum = terms.minimumShares!
        if let shortfall = end.shortfall {
            #expect(shortfall < minimum)
            told.append(
                "It ended with \(Self.shares(shortfall)) paid, and its minimum was \(minimum), so "
                    + "all is given back (rule: minimum).")
        } else if end.state.sells, minimum > 0 {
            told.append(
                "It stands once \(Self.shares(minimum, "is", "are")) paid; \(end.counters.settled) "
                    + "\(end.counters.settled == 1 ? "is" : "are") so far (rule: minimum).")
        }
        return told
    }

    /// Refunds commanded less refunds paid and not returned since.
    private func owed(_ id: Identifier) -> MinorUnits {
        var open: [PaymentID: MinorUnits] = [:]
        var amounts: [PaymentID: MinorUnits] = [:]
        for decision in decisions {
            switch decision.event {
            case .money(.refunding(let refund)) where refund.bid == id:
                let key = PaymentID(
                    offering: RandomBook.offering, bid: id, kind: .refund(refund.refund), number: 0)
                (open[key], amounts[key]) = (refund.amount, refund.amount)
            case .money(.refunded(let result)) where result.payment.bid == id:
                open[result.payment.obligation] = nil
            case .money(.paymentReturned(let result))
            where result.payment.bid == id && result.payment.kind != .collection:
                open[result.payment.obligation] = amounts[result.payment.obligation]
            default: continue
            }
        }
        return open.values.reduce(0) { $0 + $1 }
    }

    func money(_ amount: MinorUnits) -> String { amount.words(in: terms.currency) }

    static func subject(of decision: Decision) -> Identifier? {
        switch decision.event {
        case .bid(.reserved(let part)), .bid(.waitlisted(let part)): part.bid
        case .bid(.promoted(let part)): part.bid
        case .bid(.settled(let part)), .bid(.settledLate(let part)), .bid(.released(let part, _)),
            .bid(.inDoubt(let part)):
            part.bid
        case .money(.refunding(let refund)): refund.bid
        case .bid(.cancelRequested(let request)): request.bid
        case .bid(.cancelled(let part)), .bid(.expired(let part)): part.bid
        case .repeated(.bid(let bid, _, _, _, _, _)): bid
        case .repeated(.payment(let payment, _, _)): payment.bid
        case .money(.refunded(let result)), .money(.payoutInDoubt(let result)),
            .money(.paymentReturned(let result)),
            .money(.payoutDeclined(let result, _, _)):
            result.payment.bid
        case .rejected(let rejection):
            switch rejection.subject {
            case .bid(let bid, _, _, _), .cancellation(let bid, _): bid
            case .payment(let payment, _): payment?.bid
            default: nil
            }
        default: nil
        }
    }
}
