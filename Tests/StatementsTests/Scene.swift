import Payments
import Statements
import Vocabulary

/// Payments and lines that tests compare, and what came of it.
enum Scene {
    static let hour: Int64 = 3_600_000
    static let day = 24 * hour
    static let sentAt: Int64 = 10 * day

    static func payment(
        _ standing: ReconciledPayment.Standing = .paid, id: String = "o/b1/1", key: String? = "k1",
        amount: Int64 = 300, currency: String = "CNY", due: Int64 = 300,
        _ direction: MoneyDirection = .collect, channel: Identifier = "default",
        isSent: Bool = true, isDecline: Bool = false, reference: String? = nil,
        decided: ReconciledPayment.Decided? = nil
    ) -> ReconciledPayment {
        var text = id
        let paymentID = text.withUTF8 { PaymentID(UnsafeRawBufferPointer($0)) }!
        var payment = ReconciledPayment(
            id: paymentID, account: "a1", key: key, reference: reference, channel: channel,
            amount: MinorUnits(rawValue: amount), currency: CurrencyCode(currency)!,
            direction: direction, due: MinorUnits(rawValue: due), standing: standing,
            isDecline: isDecline, firstSentAt: isSent ? Timestamp(rawValue: sentAt) : nil,
            quietFrom: isSent ? Timestamp(rawValue: sentAt + hour) : nil)
        payment.decided = decided
        return payment
    }

    static func line(
        _ key: String? = "k1", _ number: Int = 2, amount: Int64 = 300, _ currency: String = "CNY",
        _ direction: MoneyDirection = .collect, _ kind: StatementLine.Kind = .booked,
        at: Int64 = sentAt, reference: String? = nil
    ) -> ProviderLine {
        ProviderLine(
            number: number, key: key, reference: reference, amount: MinorUnits(rawValue: amount),
            currency: CurrencyCode(currency)!, direction: direction, kind: kind,
            booked: StatementMoment(Timestamp(rawValue: at)))
    }

    /// Closed statements from before the sending to two days after it.
    static func covered(
        from: Int64 = sentAt - hour, to: Int64 = sentAt + 2 * day, _ currency: String = "CNY"
    ) -> StatementChain.Coverage {
        .init(
            from: Timestamp(rawValue: from), to: Timestamp(rawValue: to),
            currency: CurrencyCode(currency)!)
    }

    struct Outcome {
        var breaks: [StatementBreak] = []
        var absences: [AbsentPayment] = []
        var matched = 0
        var uncovered = 0

        var kinds: [String] { breaks.map(\.kind.rawValue) }
    }

    static func reconcile(
        _ payments: [ReconciledPayment], _ lines: [ProviderLine],
        _ coverage: StatementChain.Coverage? = covered(), channel: Identifier = "default"
    ) -> Outcome {
        var outcome = Outcome()
        var reconciliation = Reconciliation(
            payments, channel: channel, bookingDelay: Milliseconds(rawValue: day))
        for line in lines { reconciliation.take(line) { outcome.breaks.append($0) } }
        reconciliation.finish(coverage) {
            outcome.breaks.append($0)
        } absent: {
            outcome.absences.append($0)
        }
        outcome.matched = reconciliation.matched.count
        outcome.uncovered = reconciliation.uncovered.count
        return outcome
    }
}
