import Testing
import Vocabulary

// What came after the arrival.
extension Truth {
    /// Holds a sentence about a decision to what the decisions before it say.
    func check(_ sentence: String, _ decision: Decision, _ bid: Identifier, _ context: String) {
        let before = before(decision)
        switch decision.event {
        case .bid(.promoted(let promotion)):
            let had = before.bid(bid)!.waiting
            #expect(promotion.waiting == had - promotion.shares)
            let rest = promotion.waiting == 0
                ? "none of it waits" : "\(promotion.waiting) still wait"
            #expect(
                sentence == "\(promotion.shares) shares that waited were reserved, and \(rest): "
                    + "\(cause(of: decision)).", "\(context)")
        case .bid(.settled(let part)):
            #expect(
                sentence == "Payment \(payment(part.number, bid)) came: its \(part.shares) shares "
                    + "are paid.", "\(context)")
        case .bid(.settledLate(let part)):
            checkLate(sentence, decision, bid, part.number, taken: part.shares, context)
        case .bid(.released(let part, _)):
            let given = before.bid(bid)!.parts[Int(part.number) - 1].shares
            #expect(sentence.hasPrefix("Payment \(payment(part.number, bid)) was "), "\(context)")
            #expect(
                sentence.hasSuffix(": its \(given) shares are free again, and the bid is over."),
                "\(context)")
        case .bid(.inDoubt(let part)):
            let given = before.bid(bid)!.parts[Int(part.number) - 1].shares
            #expect(
                sentence == "Nobody knows yet whether payment \(payment(part.number, bid)) was "
                    + "made; its \(given) shares stay reserved until somebody does.", "\(context)")
        case .bid(.cancelRequested(let request)):
            let who = before.state == .cancelling
                ? "The offering is cancelled" : "The account took the bid back"
            #expect(
                sentence == "\(who), so payment \(payment(request.number, bid)), for "
                    + "\(request.shares) shares, is recalled; its answer says what comes of it.",
                "\(context)")
        case .bid(.cancelled):
            let waited = before.bid(bid)!.waiting
            let why = before.state == .cancelling ? "the offering is cancelled"
                : decision.source.topic == .paymentResults
                    ? "a payment of the bid failed, so the bid is over"
                    : "the account took it back"
            #expect(
                sentence == "Its \(waited) shares that waited no longer do: \(why).", "\(context)")
        case .bid(.expired):
            let waited = before.bid(bid)!.waiting
            #expect(
                sentence == "Its \(waited) shares that waited can never be served and expired: "
                    + "\(expiry(waited, before)).", "\(context)")
        case .money(.refunding(let refund)):
            checkRefund(sentence, decision, refund, bid, context)
        default: checkOther(sentence, decision, bid, context)
        }
    }

    private func expiry(_ waited: Shares, _ before: TruthLedger) -> String {
        if before.counters.settled == terms.shares { return "all shares are sold and paid" }
        if before.state == .closing, before.counters.reserved == 0,
            !(terms.remainder == .hold && waited > terms.shares - before.counters.settled)
        {
            #expect(waited > before.counters.free || terms.remainder == .hold)
            return "the offering closed, nothing is reserved any more, and \(before.counters.free) "
                + "free shares are too few for it"
        }
        #expect(before.front != nil && terms.remainder == .hold)
        return "at most \(terms.shares - before.counters.settled) shares can ever be free again, "
            + "and nobody passes a bid that waits before it (rule: hold)"
    }

    private func cause(of decision: Decision) -> String {
        let group = decisions.filter {
            $0.source == decision.source && $0.sequence < decision.sequence
        }
        let last = group.last { if case .bid(.expired) = $0.event { true } else { false } }
        if let last,
            case .bid(.expired(let part)) = last.event
        {
            return "bid \(part.bid), which waited before it and could never be served, expired"
        }
        switch group[0].event {
        case .bid(.released(let part, let reason)):
            let words = switch reason {
            case .declined: "was declined"
            case .recalled: "was recalled"
            default: "was declared failed by people"
            }
            return "payment loan/\(part.bid)/\(part.number) \(words), which released "
                + "\(part.shares) shares"
        case .bid(.cancelled(let part)):
            return "bid \(part.bid), which waited before it, was taken back"
        default: return "?"
        }
    }

    // MARK: Late money

    /// What a bid would have of `asked` if these rules were all that there are; `isFreeEnough`: and
    /// if enough were free for whatever is served whole.
    private func possible(
        _ asked: Shares, _ ledger: TruthLedger, _ bid: TruthLedger.Bid, under rules: Set<String>,
        isFreeEnough: Bool
    ) -> Shares {
        if rules.contains("offering is over") {
            return ledger.state.sells ? asked : 0
        }
        if rules.contains("hold"), ledger.isAnyoneWaiting(before: bid.id) { return 0 }
        var most = asked
        if rules.contains("cap"), let cap = terms.maxSharesPerAccount {
            most = min(most, max(0, cap - ledger.committed(bid.account)))
        }
        let isWhole = !rules.isDisjoint(with: ["all-or-none", "skip", "hold"])
        if rules.contains("split") || (isWhole && !isFreeEnough) {
            most = min(most, ledger.counters.free)
        }
        if isWhole && most < asked { return 0 }
        let lot = terms.lot!.rawValue
        return rules.contains("lot") ? Shares(most.rawValue - most.rawValue % lot) : most
    }

    private func rules(named sentence: String) -> Set<String> {
        guard let found = sentence.firstMatch(of: /\(rules?: ([^)]*)\)/) else { return [] }
        return Set(found.1.split(separator: ", ").map(String.init))
    }

    /// The rules that are named alone kept the bid from more, each of them counts, and the numbers
    /// are those of then.
    private func checkLimits(
        _ sentence: String, _ ledger: TruthLedger, _ bid: TruthLedger.Bid, _ asked: Shares,
        taken: Shares, _ context: String
    ) {
        let rules = rules(named: sentence)
        // The cap is looked at before what is free.
        let isByCap = rules.contains("cap")
        #expect(
            possible(asked, ledger, bid, under: rules, isFreeEnough: isByCap) == taken,
            "\(context): \(sentence)")
        for rule in rules {
            #expect(
                possible(
                    asked, ledger, bid, under: rules.subtracting([rule]), isFreeEnough: isByCap)
                    > taken, "\(context): \(rule) in \(sentence)")
        }
        if let cap = sentence.firstMatch(
            of: /an account may hold (\d+), and this one had or waited for (\d+)/)
        {
            #expect(cap.1 == "\(terms.maxSharesPerAccount!)", "\(context): \(sentence)")
            #expect(cap.2 == "\(ledger.committed(bid.account))", "\(context): \(sentence)")
        }
        if let free = sentence.firstMatch(
            of: /(\d+) (?:shares? (?:was|were) free|free shares were too few)/)
        {
            #expect(free.1 == "\(ledger.counters.free)", "\(context): \(sentence)")
        }
        if let over = sentence.firstMatch(of: /the offering is (\w+)/) {
            #expect(over.1 == ledger.state.rawValue, "\(context): \(sentence)")
        }
    }

    private func checkLate(
        _ sentence: String, _ decision: Decision, _ bid: Identifier, _ number: Int32,
        taken: Shares, _ context: String
    ) {
        let ledger = beforeGroup(decision)
        let entry = ledger.bid(bid)!
        let asked = entry.parts[Int(number) - 1].shares
        #expect(
            sentence.hasPrefix(
                "Money for payment \(payment(number, bid)) came after its shares were given back. "
            ),
            "\(context)")
        if taken == asked {
            #expect(
                sentence.hasSuffix(
                    "\(words(ledger.counters.free, "was", "were")) free, so its \(asked) shares "
                        + "are its again, and paid."), "\(context): \(sentence)")
        } else {
            #expect(
                sentence.contains(
                    ": \(taken) of its \(asked) shares are its again, and paid (rule"),
                "\(context): \(sentence)")
            checkLimits(sentence, ledger, entry, asked, taken: taken, context)
        }
    }

    private func words(_ number: Shares, _ one: String, _ many: String) -> String {
        number == 1 ? "1 share \(one)" : "\(number) shares \(many)"
    }

    private func checkRefund(
        _ sentence: String, _ decision: Decision, _ refund: Refund, _ bid: Identifier,
        _ context: String
    ) {
        let back = "\(money(MinorUnits(refund.shares.rawValue * 2))) go back as loan/\(shown(bid))"
            + "refund/\(refund.refund)"
        #expect(sentence.contains(back), "\(context): \(sentence), not \(back)")
        guard refund.result != nil else {
            #expect(
                sentence.hasPrefix(
                    "Its \(refund.shares) paid shares are given up, since the offering is "
                        + "cancelled: "), "\(context): \(sentence)")
            return
        }
        let ledger = beforeGroup(decision)
        let entry = ledger.bid(bid)!
        let part = entry.parts[Int(refund.number) - 1]
        if refund.shares < part.shares {
            #expect(
                sentence.hasPrefix(
                    "The money of payment \(payment(refund.number, bid)) for the other "
                        + "\(refund.shares) of its shares is not kept: "),
                "\(context): \(sentence)")
            return
        }
        #expect(
            sentence.hasPrefix(
                "Money for payment \(payment(refund.number, bid)) came "
                    + (part.wasReleased
                        ? "after its \(part.shares) shares were given back, and " : "when ")),
            "\(context): \(sentence)")
        checkLimits(sentence, ledger, entry, part.shares, taken: 0, context)
    }

    // MARK: The rest

    private func checkOther(
        _ sentence: String, _ decision: Decision, _ bid: Identifier, _ context: String
    ) {
        switch decision.event {
        case .money(.refunded(let result)):
            #expect(sentence.contains("its \(money(result.amount)) back"), "\(context)")
        case .repeated(.bid):
            let wasTakenBack = decisions.prefix(Int(decision.sequence.rawValue) - 1).contains {
                switch $0.event {
                case .bid(.cancelRequested(let request)): request.bid == bid
                case .bid(.cancelled(let part)): part.bid == bid
                default: false
                }
            }
            #expect(
                sentence == (wasTakenBack ? "The bid, or its cancellation," : "The same record")
                    + " came again, and changed nothing.", "\(context)")
        case .repeated(.payment(let payment, let result, let last)):
            #expect(
                sentence == "Result \(result) of payment \(payment) came after result \(last), and "
                    + "changed nothing.", "\(context)")
        case .rejected(let rejection):
            #expect(
                sentence.hasSuffix(
                    "was refused (\(rejection.reason.rawValue)). \(rejection.reason.sentence)"),
                "\(context)")
        case .money(.payoutDeclined(let result, _, _)), .money(.payoutInDoubt(let result)):
            #expect(sentence.hasPrefix("Refund \(result.payment) "), "\(context)")
        case .money(.paymentReturned(let result)):
            #expect(
                sentence == "The bank took payment \(result.payment) back after it was made; no "
                    + "share moves, a person looks at it.", "\(context)")
        default: Issue.record("\(context): nobody checks \(sentence)")
        }
    }

    private func shown(_ bid: Identifier) -> String {
        bid == .backstop ? "loan/backstop/" : "\(bid)/"
    }

    private func payment(_ number: Int32, _ bid: Identifier) -> String {
        let part = ledgerAtEnd(bid).parts[Int(number) - 1]
        return "loan/\(shown(bid))\(number) over \(money(MinorUnits(part.shares.rawValue * 2)))"
    }

    private func ledgerAtEnd(_ bid: Identifier) -> TruthLedger.Bid { end.bid(bid)! }
}
