import Vocabulary

/// What the payer must be told of statements: lines that say of a payment what it does not know,
/// and declines that the lack of a line proves.
///
/// A statement that is broken tells nothing, so what it says is kept apart until its end.
package struct StatementFindings {
    /// A line about a payment.
    package struct Presence: Hashable, Sendable {
        package var payment: ReconciledPayment
        package var line: ProviderLine
        /// SHA-256 of the statement in hexadecimal digits.
        package var statement: String
        /// Whether the statement is closed.
        package var isClosed: Bool
    }

    /// In the order of the lines.
    package private(set) var presences: [Presence] = []
    package private(set) var absences: [AbsentPayment] = []
    private var pending: [StatementBreak] = []

    package init() {}

    /// Takes a break of the statement at hand in; of several about one line the first counts.
    package mutating func take(_ found: StatementBreak) {
        guard found.provesSomething, pending.last?.line != found.line else { return }
        pending.append(found)
    }

    /// Takes in that a payment is absent; evidence alone tells the payer nothing.
    package mutating func take(_ absence: AbsentPayment) {
        if absence.provesDecline { absences.append(absence) }
    }

    /// Ends the statement at hand: what it says counts unless it is broken.
    package mutating func end(_ statement: CheckedStatement, digest: String) {
        defer { pending.removeAll() }
        guard !statement.isBroken else { return }
        for found in pending {
            guard let payment = found.payment, let line = found.line else { continue }
            presences.append(
                Presence(
                    payment: payment, line: line, statement: digest,
                    isClosed: statement.isClosed))
        }
    }
}
