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
            let rest = switch promotion.waiting {
            case 0: "none of it waits"
            case 1: "1 still waits"
            default: "\(promotion.waiting) still wait"
            }
            #expect(
                sentence == "\(promotion.shares) waiting "
                    + (promotion.shares == 1 ? "share was" : "shares were")
                    + " reserved, and \(rest): "
                    + "\(cause(of: decision)).", "\(context)")
        case .bid(.settled(let part)):
            #expect(
                sentence == "Payment \(payment(part.number, bid)) came: its "
                    + "\(Self.shares(part.shares, "is", "are")) paid.", "\(context)")
        case .bid(.settledLate(let part)):
            checkLate(sentence, decision, bid, part.number, taken: part.shares, context)
        case .bid(.released(let part, _)):
            let given = before.bid(bid)!.parts[Int(part.number) - 1].shares
            #expect(sentence.hasPrefix("Payment \(payment(part.number, bid)) was "), "\(context)")
            #expect(
                sentence.hasSuffix(
                    ": its \(Self.shares(given, "is", "are")) free again, and the bid is over."),
                "\(context)")
        case .bid(.inDoubt(let part)):
            let given = before.bid(bid)!.parts[Int(part.number) - 1].shares
            #expect(
                sentence == "It is not known yet whether payment \(payment(part.number, bid)) was "
                    + "made; its \(Self.shares(given, "stays", "stay")) reserved until it is.",
                "\(context)")
        case .bid(.cancelRequested(let request)):
            let who = before.state == .cancelling
                ? "The offering is cancelled" : "The account took the bid back"
            #expect(
                sentence == "\(who), so payment \(payment(request.number, bid)), for "
                    + "\(Self.shares(request.shares)), is recalled; the payer's answer decides "
                    + "what follows.",
                "\(context)")
        case .bid(.cancelled):
            let waited = before.bid(bid)!.waiting
            let why = before.state == .cancelling ? "the offering is cancelled"
                : decision.source.topic == .paymentResults
                    ? "a payment of the bid failed, so the bid is over"
                    : "the account took it back"
            #expect(
                sentence == "Its \(waited) waiting "
                    + "\(waited == 1 ? "share was" : "shares were") cancelled: \(why).",
                "\(context)")
        case .bid(.expired):
            let waited = before.bid(bid)!.waiting
            #expect(
                sentence == "Its \(waited) waiting \(waited == 1 ? "share" : "shares") can never "
                    + "be served and expired: "
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
            let free = before.counters.free
            return "the offering closed, nothing is reserved any more, and \(free) free "
                + "\(free == 1 ? "share is" : "shares are") too few for it"
        }
        #expect(before.front != nil && terms.remainder == .hold)
        return "at most \(Self.shares(terms.shares - before.counters.settled)) can ever be free "
            + "again, and nobody passes a bid that waits ahead (rule: hold)"
    }

    private func cause(of decision: Decision) -> String {
        let group = decisions.filter {
            $0.source == decision.source && $0.sequence < decision.sequence
        }
        let last = group.last { if case .bid(.expired) = $0.event { true } else { false } }
        if let last,
            case .bid(.expired(let part)) = last.event
        {
            return "bid \(part.bid), which waited ahead of it and could never be served, expired"
        }
        switch group[0].event {
        case .bid(.released(let part, let reason)):
            let words = switch reason {
            case .declined: "was declined"
            case .recalled: "was recalled"
            default: "was declared failed by people"
            }
            return "payment loan/\(part.bid)/\(part.number) \(words), which released "
                + Self.shares(part.shares)
        case .bid(.cancelled(let part)):
            return "bid \(part.bid), which waited ahead of it, was taken back"
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
        if rules.contains("accounts") {
            let isOut = !bid.id.isDerived && !ledger.accounts.contains(bid.account)
            return isOut && ledger.accounts.count >= Int(terms.maxAccounts!) ? 0 : asked
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
            of: /(\d+) (?:shares? (?:was|were) free|free shares? (?:was|were) too few)/)
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
                    "\(Self.shares(ledger.counters.free, "was", "were")) free, so it has its "
                        + "\(Self.shares(asked)) again, paid."), "\(context): \(sentence)")
        } else {
            #expect(
                sentence.contains(
                    ": it has \(taken) of its \(Self.shares(asked)) again, paid (rule"),
                "\(context): \(sentence)")
            checkLimits(sentence, ledger, entry, asked, taken: taken, context)
        }
    }

    /// `1 share`, `2 shares`, with the verb that follows.
    static func shares(_ number: Shares, _ one: String? = nil, _ many: String? = nil) -> String {
        (number == 1 ? ["1 share", one] : ["\(number) shares", many]).compactMap { $0 }
            .joined(separator: " ")
    }

    private func checkRefund(
        _ sentence: String, _ decision: Decision, _ refund: Refund, _ bid: Identifier,
        _ context: String
    ) {
        let back = "\(money(MinorUnits(refund.shares.rawValue * 2))) goes back as "
            + "loan/\(shown(bid))refund/\(refund.refund)"
        #expect(sentence.contains(back), "\(context): \(sentence), not \(back)")
        guard refund.result != nil else {
            #expect(
                sentence.hasPrefix(
                    "Its \(refund.shares) paid \(refund.shares == 1 ? "share is" : "shares are") "
                        + "given up, since the offering is "
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
                        + "\(Self.shares(refund.shares)) is not kept: "),
                "\(context): \(sentence)")
            return
        }
        #expect(
            sentence.hasPrefix(
                "Money for payment \(payment(refund.number, bid)) came "
                    + (part.wasReleased
                        ? "after its \(Self.shares(part.shares, "was", "were")) given back, and "
                        : "when ")),
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
                    + "share moves, and an operator must look at it.", "\(context)")
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
