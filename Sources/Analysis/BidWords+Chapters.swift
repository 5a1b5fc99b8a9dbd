import Vocabulary

// What came after the arrival, a sentence a decision; repeats in a row are one.

extension BidWords {
    /// A moment, and what happened then.
    package var chapters: [(at: Timestamp, sentence: String)] {
        var told: [(at: Timestamp, sentence: String)] = []
        var index = 0
        while index < story.chapters.count {
            let chapter = story.chapters[index]
            var repeats = 0
            while index + repeats < story.chapters.count,
                isRepeat(story.chapters[index + repeats])
            {
                repeats += 1
            }
            if repeats > 1 {
                told.append(
                    (
                        chapter.decision.source.at,
                        "\(again(before: index)) came again \(repeats) times, and changed nothing."
                    ))
            } else {
                told.append((chapter.decision.source.at, sentence(chapter, index)))
            }
            index += max(repeats, 1)
        }
        return told
    }

    private func isRepeat(_ chapter: BidStory.Chapter) -> Bool {
        if case .repeated(.bid) = chapter.decision.event { return true }
        return false
    }

    /// A repeat does not say whether the bid came again or its cancellation did, and after a first
    /// cancellation it may be either.
    private func again(before index: Int) -> String {
        let wasTakenBack = story.chapters[..<index].contains { chapter in
            switch chapter.decision.event {
            case .bid(.cancelRequested), .bid(.cancelled): true
            default: false
            }
        }
        return wasTakenBack ? "The bid, or its cancellation," : "The same record"
    }

    private func sentence(_ chapter: BidStory.Chapter, _ index: Int) -> String {
        switch chapter.decision.event {
        case .bid(.promoted(let promotion)):
            let waiting = promotion.waiting
            let rest = waiting == 0
                ? "none of it waits" : "\(waiting) still \(waiting == 1 ? "waits" : "wait")"
            return promotion.shares.words("waiting share was", "waiting shares were")
                + " reserved, and \(rest)"
                + (chapter.cause.map { ": \(release($0))." } ?? ".")
        case .bid(.settled(let part)):
            return "Payment \(name(part)) came: its "
                + "\(part.shares.words("share is", "shares are")) paid."
        case .bid(.settledLate(let part)): return lateMoney(part, chapter)
        case .bid(.released(let part, let reason)):
            return "Payment \(name(part)) \(words(reason)): its "
                + "\(part.shares.words("share is", "shares are")) free again, and the bid is over."
        case .bid(.inDoubt(let part)):
            return "It is not known yet whether payment \(name(part)) was made; its "
                + "\(part.shares.words("share stays", "shares stay")) reserved until it is."
        case .bid(.cancelRequested(let request)):
            return "\(giveUp(chapter)), so payment \(paymentName(request.number)), for "
                + "\(request.shares.words()), is recalled; the payer's answer decides "
                + "what follows."
        case .bid(.cancelled(let part)):
            return "Its \(part.shares.words("waiting share was", "waiting shares were")) "
                + "cancelled: \(withdrawal(chapter))."
        case .bid(.expired(let part)):
            return "Its \(part.shares.words("waiting share", "waiting shares")) can never be "
                + "served and expired: "
                + "\(expiry(part.shares, chapter))."
        case .repeated(.bid): return "\(again(before: index)) came again, and changed nothing."
        case .repeated(.payment(let payment, let result, let last)):
            return "Result \(result) of payment \(payment) came after result \(last), and changed "
                + "nothing."
        case .rejected(let rejection): return rejected(rejection)
        default: return payout(chapter)
        }
    }

    private func payout(_ chapter: BidStory.Chapter) -> String {
        switch chapter.decision.event {
        case .money(.refunding(let refund)):
            let refundID = PaymentID(
                offering: story.offering, bid: story.bid, kind: .refund(refund.refund), number: 0)
            if refund.result != nil { return lateRefund(refund, as: refundID, chapter) }
            return "Its \(refund.shares.words("paid share is", "paid shares are")) given up"
                + "\(why(chapter)): \(money(refund.amount)) goes back as \(refundID)."
        case .money(.refunded(let result)):
            return "Refund \(result.payment) is paid: the account has its \(money(result.amount)) "
                + "back."
        case .money(.payoutInDoubt(let result)):
            return "Refund \(result.payment) is held until it is known whether it was paid."
        case .money(.paymentReturned(let result)):
            return "The bank took payment \(result.payment) back after it was made; no share "
                + "moves, and an operator must look at it."
        case .money(.payoutDeclined(let result, let reason, let isProven)):
            return "Refund \(result.payment) \(words(reason))"
                + (isProven ? ", and it is certain that nothing moved."
                    : "; an operator must look at it.")
        case .money(.repaying(_, _, let result)):
            return "The refund is commanded again, as \(result.payment)."
        default: return "Decision \(chapter.decision.sequence): \(chapter.decision.event.type)."
        }
    }

    /// Money came for shares that had been given back, and the bid has some of them again.
    private func lateMoney(_ part: PaidPart, _ chapter: BidStory.Chapter) -> String {
        let came = "Money for payment \(name(part)) came after its shares were given back"
        guard let late = chapter.late else {
            return "\(came): it has \(part.shares) of them again, paid."
        }
        let free = "\(count(late.before.counters.free.rawValue, "share was", "shares were")) free"
        guard let limits = late.limits else {
            return "\(came). \(free), so it has its \(part.shares.words()) again, paid."
        }
        // What was free is said once, also where it was what kept the bid from more.
        let because =
            limits.sentence.hasPrefix(free)
            ? limits.sentence : "\(free), but \(limits.sentence)"
        return "\(came). \(because): it has \(part.shares) of its \(late.asked.words()) again, "
            + "paid\(limits.rules.words)."
    }

    /// Money came for shares that the bid can't have; what of them it can was told before.
    private func lateRefund(
        _ refund: Refund, as refundID: PaymentID, _ chapter: BidStory.Chapter
    ) -> String {
        let back = "\(money(refund.amount)) goes back as \(refundID)"
        let payment = "payment \(paymentName(refund.number))"
        guard let late = chapter.late, let limits = late.limits else {
            return "Money for \(payment) came for shares that it can't have: \(back)."
        }
        if late.taken > 0 {
            return "The money of payment \(paymentName(refund.number)) for the other "
                + "\(refund.shares.words()) is not kept: \(back)."
        }
        return "Money for \(payment) came "
            + (late.wasReleased
                ? "after its \(late.asked.words("share was", "shares were")) given back, and"
                : "when")
            + " \(limits.sentence): it can have none of them, and \(back)\(limits.rules.words)."
    }

    private func rejected(_ rejection: Rejection) -> String {
        let reason = "(\(rejection.reason.rawValue)). \(rejection.reason.sentence)"
        switch rejection.subject {
        case .bid(_, let account, let asked, _):
            return rejection.reason == .conflictingDuplicate
                ? "Another record under this id, for \(asked.words()) of \(account), was refused "
                    + reason
                : "A record of this bid was refused \(reason)"
        case .cancellation(_, let account):
            return "A cancellation by \(account) was refused \(reason)"
        case .payment(let payment, let result):
            return "Result \(result) of payment \(payment.map { "\($0)" } ?? "?") was refused "
                + reason
        case .unreadable(let fault, _, _):
            let member = fault.member.map { "\($0.rawValue), " } ?? ""
            return "A record that names the bid can't be read and was refused "
                + "(\(rejection.reason.rawValue)): \(member)\(fault.code.rawValue) at byte "
                + "\(fault.position). Its id is not used up."
        case .command, .partitionCommand, .batch: break
        }
        return "A record was refused \(reason)"
    }

    // MARK: Why

    /// What made shares free, or the way to them.
    private func release(_ cause: Decision) -> String {
        switch cause.event {
        case .bid(.released(let part, let reason)):
            "payment "
                + "\(PaymentID(offering: story.offering, bid: part.bid, number: part.number)) "
                + "\(words(reason)), which released \(part.shares.words())"
        case .bid(.cancelled(let part)): "bid \(part.bid), which waited ahead of it, was taken back"
        case .bid(.expired(let part)):
            "bid \(part.bid), which waited ahead of it and could never be served, expired"
        case .bid(.settled(let part)):
            "bid \(part.bid) was paid, after which a bid ahead could never be served"
        default: "decision \(cause.sequence) (\(cause.event.type)) made it possible"
        }
    }

    private func giveUp(_ chapter: BidStory.Chapter) -> String {
        isOfferingCancelled(chapter)
            ? "The offering is cancelled" : "The account took the bid back"
    }

    private func withdrawal(_ chapter: BidStory.Chapter) -> String {
        if isOfferingCancelled(chapter) { return "the offering is cancelled" }
        if case .bid(.released(let part, _))? = chapter.cause?.event, part.bid == story.bid {
            return "a payment of the bid failed, so the bid is over"
        }
        return "the account took it back"
    }

    private func expiry(_ shares: Shares, _ chapter: BidStory.Chapter) -> String {
        guard let before = chapter.before else { return "nobody can be served any more" }
        if before.state == .filled { return "all shares are sold and paid" }
        let possible = before.shares - before.counters.settled
        if story.terms?.remainder == .hold, shares > possible {
            return "at most \(possible.words()) can ever be free again, and nobody passes a bid "
                + "that waits ahead\([AppliedRule.hold].words)"
        }
        return "the offering closed, nothing is reserved any more, and "
            + "\(before.counters.free.words("free share is", "free shares are")) too few for it"
    }

    private func why(_ chapter: BidStory.Chapter) -> String {
        isOfferingCancelled(chapter) ? ", since the offering is cancelled" : ""
    }

    private func isOfferingCancelled(_ chapter: BidStory.Chapter) -> Bool {
        chapter.before?.state == .cancelling || chapter.before?.state == .cancelled
    }

    // MARK: Names

    private func name(_ part: PaidPart) -> String { paymentName(part.number) }

    private func paymentName(_ number: Int32) -> String {
        let index = Int(number) - 1
        guard story.payments.indices.contains(index) else { return "\(number)" }
        return "\(story.payments[index].id) over \(money(story.payments[index].amount))"
    }

    private func words(_ reason: ReleaseReason) -> String {
        switch reason {
        case .declined: "was declined"
        case .recalled: "was recalled"
        case .failedByPerson: "was declared failed by people"
        case .returned: "was taken back by the bank, and the offering is cancelled"
        }
    }
}
