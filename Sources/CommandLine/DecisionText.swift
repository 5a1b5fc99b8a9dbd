import FairfillClient
import Vocabulary

/// A decision for people: its number and type in columns, and beside them what it says.
package enum DecisionText {
    /// A decision in words for people, on one line.
    package static func line(_ decision: Decision, _ output: Output) -> String {
        let type = Layout.padded(decision.event.type.rawValue, 14)
        var parts = [decision.offering.map { "\($0)" } ?? "-", subject(decision.event)]
        if let counters = decision.counters {
            parts.append(
                "(free \(counters.free.rawValue.grouped), reserved "
                    + "\(counters.reserved.rawValue.grouped), settled "
                    + "\(counters.settled.rawValue.grouped))")
        }
        return Layout.wrapped(
            parts.filter { !$0.isEmpty }.joined(separator: " "),
            first: "\(Layout.padded("\(decision.sequence)", 8)) "
                + "\(output.coloured(type, colour(decision.event))) ", indent: 24,
            cutsWords: true)
    }

    private static func words(_ shares: Shares) -> String {
        Words.count(shares.rawValue, "share")
    }

    private static func colour(_ event: DecisionEvent) -> Output.Colour {
        switch event {
        case .bid(let event): colour(event)
        case .money(let event): colour(event)
        case .offering(let event): colour(event)
        case .partition(.paymentsRecommanded): .green
        case .partition(.clockCorrected), .repeated: .yellow
        case .rejected: .red
        }
    }

    private static func colour(_ event: BidEvent) -> Output.Colour {
        switch event {
        case .reserved, .promoted, .settled, .settledLate: .green
        case .waitlisted, .inDoubt: .yellow
        case .released, .cancelRequested, .cancelled, .expired: .red
        }
    }

    private static func colour(_ event: MoneyEvent) -> Output.Colour {
        switch event {
        case .refunded, .paidOut, .distributed: .green
        case .payoutInDoubt, .refunding, .repaying: .yellow
        case .payoutDeclined, .paymentReturned: .red
        }
    }

    private static func colour(_ event: OfferingEvent) -> Output.Colour {
        switch event {
        case .filled, .opened, .resumed, .closedShort, .certificate: .green
        case .paused, .fullyReserved, .reopened, .scheduled, .amended, .closing, .archived:
            .yellow
        case .cancelling, .offeringCancelled: .red
        }
    }

    private static func subject(_ event: DecisionEvent) -> String {
        switch event {
        case .bid(let event): subject(event)
        case .money(let event): subject(event)
        case .offering(let event): subject(event)
        case .partition(let event): subject(event)
        case .rejected(let rejection): text(rejection)
        case .repeated(.bid(let bid, let account, let of, let was, let reason, let now)):
            "\(bid) of \(account): as decided in \(of): \(was.rawValue)"
                + (reason.map { " (\($0.rawValue))" } ?? "")
                + "; now reserved \(now.reserved), settled \(now.settled), waiting \(now.waiting)"
        case .repeated(.command(let command, let of, let refused)):
            "command \(command): as decided in \(of)"
                + (refused.map { ": rejected (\($0.rawValue))" } ?? "")
        case .repeated(.payment(let payment, let result, let last)):
            "\(payment): result \(result) came before, the last is \(last)"
        }
    }

    private static func subject(_ event: BidEvent) -> String {
        switch event {
        case .reserved(let placement), .waitlisted(let placement): text(placement)
        case .promoted(let promotion):
            "\(promotion.bid) of \(promotion.account): \(words(promotion.shares)), "
                + "\(promotion.waiting) still waiting"
        case .settled(let part), .inDoubt(let part): text(part)
        case .settledLate(let part): "\(text(part)): the money came late, and they are free"
        case .released(let part, let reason): "\(text(part)): \(reason.rawValue)"
        case .cancelRequested(let request):
            "\(request.bid) of \(request.account): \(words(request.shares)) to be given back, "
                + "payment \(request.number) is recalled"
        case .cancelled(let part), .expired(let part):
            "\(part.bid) of \(part.account): \(words(part.shares)) no longer waiting"
        }
    }

    private static func subject(_ event: MoneyEvent) -> String {
        switch event {
        case .refunding(let refund):
            "\(refund.bid) of \(refund.account): \(refund.amount) for \(words(refund.shares)) to "
                + "go back" + (refund.result == nil ? "" : "; the money came too late")
        case .refunded(let result): "\(text(result)): the account has its money back"
        case .payoutInDoubt(let result): "\(text(result)): nobody knows yet"
        case .paymentReturned(let result): "\(text(result)): the bank returned it"
        case .paidOut(let result): "\(text(result)): paid"
        case .payoutDeclined(let result, let reason, let isProven):
            "\(text(result)): \(reason.rawValue)" + (isProven ? ", and nothing moved" : "")
        case .repaying(let command, _, let result): "\(text(result)) again (command \(command))"
        case .distributed(let part):
            "\(part.account): \(part.amount) of the \(part.kind.rawValue) \(part.distribution)"
        }
    }

    private static func subject(_ event: OfferingEvent) -> String {
        switch event {
        case .opened(let command, let terms):
            "\(words(terms.shares)) at \(terms.price.words(in: terms.currency)) "
                + "(command \(command))"
        case .paused(let command): "no bids are taken for now (command \(command))"
        case .resumed(let command): "bids are taken again (command \(command))"
        case .fullyReserved: "nothing is free"
        case .reopened: "shares are free again"
        case .filled: "all shares are paid"
        case .scheduled(let command, let terms):
            "\(words(terms.shares)) at \(terms.price.words(in: terms.currency)), to open at "
                + "\(terms.opensAt.map(MomentText.local) ?? "-") (command \(command))"
        case .amended(let command, let closesAt):
            "it closes at \(MomentText.local(closesAt)) (command \(command))"
        case .closing(let command):
            "no more bids" + (command.map { " (command \($0))" } ?? ": its time has come")
        case .closedShort: "it stands with fewer shares than offered"
        case .cancelling(.shortfall): "too little is paid: everything goes back"
        case .cancelling(.command(let command, let reason)):
            "everything goes back" + (reason.map { ": \($0)" } ?? "") + " (command \(command))"
        case .offeringCancelled: "everything was given back"
        case .certificate(let certificate):
            "\(certificate.state.rawValue): \(Words.count(certificate.bids, "bid")) of "
                + "\(Words.count(certificate.accounts, "account")) taken"
        case .archived: "its ids are dropped"
        }
    }

    private static func subject(_ event: PartitionEvent) -> String {
        switch event {
        case .clockCorrected(let command, let correction):
            "the bids from offset \(correction.first) to \(correction.last) count from "
                + "\(MomentText.local(correction.at)) at the latest (command \(command))"
        case .paymentsRecommanded(let command, let payments, let recalls):
            "\(Words.count(payments, "payment")) and \(Words.count(recalls, "recall")) without a "
                + "final result, commanded again (command \(command))"
        }
    }

    private static func text(_ result: PayoutResult) -> String {
        "\(result.payment) to \(result.account), \(result.amount)"
    }

    private static func text(_ placement: Placement) -> String {
        var text = "\(placement.bid) of \(placement.account): \(placement.shares) of "
            + words(placement.asked)
        if placement.waiting > 0 { text += ", \(placement.waiting) waiting" }
        if let cut = placement.cut { text += ", \(cut.shares) cut (\(cut.reason.rawValue))" }
        return text
    }

    private static func text(_ part: PaidPart) -> String {
        "\(part.bid) of \(part.account): \(words(part.shares)), payment \(part.number)"
    }

    private static func text(_ rejection: Rejection) -> String {
        let who: String
        switch rejection.subject {
        case .bid(let bid, let account, let asked, _): who = "\(bid) of \(account), \(words(asked))"
        case .cancellation(let bid, let account): who = "cancel of \(bid) by \(account)"
        case .command(let command, _): who = "command \(command)"
        case .partitionCommand(let command): who = "command \(command.command)"
        case .payment(let payment, let result):
            who = "result \(result) of \(payment.map { "\($0)" } ?? "a payment not ours")"
        case .unreadable(let malformation, let bid, let account):
            let named = [bid.map { "\($0)" }, account.map { "of \($0)" }].compactMap { $0 }
            who = (named + ["unreadable: \(malformation.sentence)"]).joined(separator: " ")
        case .batch(let last): who = "a batch up to offset \(last) that can't be unpacked"
        }
        var text = "\(who): \(rejection.reason.rawValue)"
        if let member = rejection.member { text += " (\(member.rawValue))" }
        if let expected = rejection.expectedPartition { text += " (belongs to \(expected))" }
        if rejection.reason == .badTerms, let rule = rejection.member?.rule {
            return text + ": \(rule)"
        }
        return text + ". \(rejection.reason.sentence)"
    }
}
