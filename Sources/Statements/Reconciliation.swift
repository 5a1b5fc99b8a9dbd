import Payments
import Vocabulary

/// Holds the lines of a provider's statements against the payments of the payer, line by line
/// (Reconciling.md).
///
/// A line proves that money moved, however the payment stands. That a line is missing proves that
/// a provider's own decline was none but a decline, and nothing else; and only of a payment that
/// closed statements without a gap cover, from its first sending to past the last moment at which
/// it could still be booked.
package struct Reconciliation {
    /// What of a payment stands in the statements.
    private struct Seen {
        var booked = 0
        var returned = 0
        /// Whether a line names it under a key that is not ours: then it is not absent either.
        var isNamed = false
    }

    /// What of an obligation stands in the statements.
    private struct ObligationSeen {
        var net: Int64 = 0
        var first: Int
        var hasSeveral = false
    }

    private let payments: [ReconciledPayment]
    private let channel: Identifier
    private let bookingDelay: Milliseconds
    private var indexByKey: [String: Int] = [:]
    private var indexByReference: [String: Int] = [:]
    private var seen: [Seen]
    private var obligations: [PaymentID: ObligationSeen] = [:]
    /// The obligations in the order in which lines brought them.
    private var obligationOrder: [PaymentID] = []

    /// Lines that agree with a payment, booked in time.
    package private(set) var matched = MoneyTally()
    /// Lines of any kind.
    package private(set) var lineCount = 0
    /// Payments over the channel that no closed statement covers, and that are on no line.
    package private(set) var uncovered = MoneyTally()

    /// - Parameters:
    ///   - payments: every payment that the payer knows.
    ///   - channel: the one whose statements these are.
    ///   - bookingDelay: how long after its quiet moment a payment may still be booked.
    package init(
        _ payments: [ReconciledPayment], channel: Identifier, bookingDelay: Milliseconds
    ) {
        self.payments = payments
        self.channel = channel
        self.bookingDelay = bookingDelay
        seen = Array(repeating: Seen(), count: payments.count)
        for (index, payment) in payments.enumerated() {
            if let key = payment.key { indexByKey[key] = index }
            indexByReference["\(payment.id)"] = index
        }
        // A provider's id that reads like one of our commands is the command's.
        for (index, payment) in payments.enumerated() where payment.channel == channel {
            guard let reference = payment.reference, indexByReference[reference] == nil else {
                continue
            }
            indexByReference[reference] = index
        }
    }

    /// Takes a line; `tell` is called with each break that it is.
    package mutating func take(_ line: ProviderLine, _ tell: (StatementBreak) -> Void) {
        lineCount += 1
        if let index = line.key.flatMap({ indexByKey[$0] }) {
            return compare(line, index, tell)
        }
        let named = line.reference.flatMap { indexByReference[$0] }
        guard line.key != nil, let named else {
            if let named { return compare(line, named, tell) }
            return tell(
                found(
                    .unknown, line, nil,
                    line.key.map { "the key \($0.shown) is none of ours" }
                        ?? "it has no key, and its reference is none of ours"))
        }
        // Money under our name that our key did not move.
        count(line, named)
        seen[named].isNamed = true
        if line.kind == .booked { seen[named].booked += 1 }
        tell(
            found(
                .unknown, line, payments[named],
                "it names \(payments[named].id), and its key \((line.key ?? "").shown) is none of "
                    + "ours"))
    }

    private mutating func compare(
        _ line: ProviderLine, _ index: Int, _ tell: (StatementBreak) -> Void
    ) {
        let payment = payments[index]
        var isRight = true
        func report(_ kind: StatementBreak.Kind, _ sentence: String) {
            isRight = false
            tell(found(kind, line, payment, sentence))
        }
        count(line, index)
        // From its sending on nothing counts for a payment but its own channel.
        if payment.firstSentAt != nil, let way = payment.channel, way != channel {
            return report(.otherChannel, "it was sent over the channel '\(way)'")
        }
        if let difference = Self.difference(line, payment) { report(.otherAmount, difference) }
        switch line.kind {
        case .booked:
            seen[index].booked += 1
            if seen[index].booked > 1 {
                report(.twice, "its key is booked \(seen[index].booked) times")
            }
            if let sentence = Self.contradiction(payment) {
                report(.contradiction, sentence)
            } else if payment.standing == .inDoubt, seen[index].booked == 1 {
                report(.executed, "in doubt here: the line proves that it was executed")
            }
            if let quiet = payment.quietFrom, line.booked.start > quiet + bookingDelay {
                report(.late, "it was booked later than it could still be under way")
            }
        case .returned:
            seen[index].returned += 1
            if seen[index].returned > 1 {
                report(.twice, "it came back \(seen[index].returned) times")
            } else if payment.standing != .returned {
                report(.returned, "the money came back; here it is \(payment.standing.words)")
            }
        }
        if isRight { matched.add(line.amount, line.currency) }
    }

    /// What differs of what was commanded; nil: nothing.
    private static func difference(
        _ line: ProviderLine, _ payment: ReconciledPayment
    ) -> String? {
        let commanded = payment.amount.words(in: payment.currency)
        if line.currency != payment.currency || line.amount != payment.amount {
            return "\(commanded) was commanded, \(line.amount.words(in: line.currency)) is there"
        }
        guard line.direction != payment.direction else { return nil }
        return payment.direction == .collect
            ? "it was to be collected, and was paid out"
            : "it was to be paid out, and was collected"
    }

    private static func contradiction(_ payment: ReconciledPayment) -> String? {
        if payment.decided == .released, payment.standing != .returned {
            return "executed there; here it is \(payment.standing.words), and its shares were "
                + "released"
        }
        if payment.standing == .declined { return "declined here, executed there" }
        if payment.firstSentAt == nil { return "executed there, and never sent from here" }
        return payment.standing == .unmoved ? "executed there, and here it moved nothing" : nil
    }

    /// Adds a line to what its obligation came to.
    private mutating func count(_ line: ProviderLine, _ index: Int) {
        let payment = payments[index]
        guard line.currency == payment.currency else { return }
        let id = payment.id.obligation
        if obligations[id] == nil {
            obligationOrder.append(id)
            obligations[id] = ObligationSeen(first: index)
        }
        let amount = line.kind == .booked ? line.amount.rawValue : -line.amount.rawValue
        obligations[id]?.net &+= amount
        if obligations[id]?.first != index { obligations[id]?.hasSeveral = true }
    }

    private func found(
        _ kind: StatementBreak.Kind, _ line: ProviderLine, _ payment: ReconciledPayment?,
        _ sentence: String
    ) -> StatementBreak {
        StatementBreak(
            kind: kind, line: line, payment: payment, sentence: sentence, amount: line.amount,
            currency: line.currency)
    }

    /// Ends the comparison: says what is missing where statements cover it, and which obligations
    /// came to more than was due.
    package mutating func finish(
        _ coverage: StatementChain.Coverage?, _ tell: (StatementBreak) -> Void,
        absent: (AbsentPayment) -> Void
    ) {
        for id in obligationOrder {
            guard let obligation = obligations[id], obligation.hasSeveral else { continue }
            let payment = payments[obligation.first]
            guard obligation.net > payment.due.rawValue else { continue }
            let net = MinorUnits(rawValue: obligation.net)
            tell(
                StatementBreak(
                    kind: .twice, line: nil, payment: payment,
                    sentence: "the payments of \(id) come to \(net.words(in: payment.currency)), "
                        + "and \(payment.due.words(in: payment.currency)) is due",
                    amount: net, currency: payment.currency))
        }
        for (index, payment) in payments.enumerated()
        where payment.channel == channel {
            let seen = seen[index]
            guard seen.booked == 0, seen.returned == 0, !seen.isNamed,
                let first = payment.firstSentAt, let quiet = payment.quietFrom,
                payment.standing != .unmoved || payment.decided == .settled
            else { continue }
            guard let coverage, coverage.currency == payment.currency, coverage.from <= first,
                quiet + bookingDelay <= coverage.to
            else {
                uncovered.add(payment.amount, payment.currency)
                continue
            }
            let isSettled = payment.decided == .settled
            if isSettled || payment.standing == .paid || payment.standing == .returned {
                let here = isSettled ? "its shares are settled" : payment.standing.words
                tell(
                    StatementBreak(
                        kind: .missingThere, line: nil, payment: payment,
                        sentence: "\(here) here; the closed statements that cover it have no line",
                        amount: payment.amount, currency: payment.currency))
            } else {
                absent(AbsentPayment(payment: payment, coverage: coverage))
            }
        }
    }
}

extension ReconciledPayment.Standing {
    /// For people.
    package var words: String {
        switch self {
        case .paid: "paid"
        case .returned: "paid and returned"
        case .inDoubt: "in doubt"
        case .declined: "declined"
        case .unmoved: "not executed"
        }
    }
}
