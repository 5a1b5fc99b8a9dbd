import Vocabulary

/// Where a statement and the payer disagree.
package struct StatementBreak: Hashable, Sendable {
    /// The types, as the value of `break` on the wire.
    package enum Kind: String, Sendable, CaseIterable {
        /// Paid here; the closed statement that covers it has no line.
        case missingThere = "missingThere"
        /// A line with a key that is none of ours.
        case unknown = "unknown"
        /// Another amount, currency or direction than was commanded.
        case otherAmount = "otherAmount"
        /// One key twice, or the keys of one obligation come to more than is due.
        case twice = "twice"
        /// It came back.
        case returned = "returned"
        /// Booked later than the booking delay allows.
        case late = "late"
        /// Executed there, and here it moved nothing.
        case contradiction = "contradiction"
        /// Executed there, and in doubt here: the line proves that it was paid.
        case executed = "executed"
        /// On another channel than it was sent over.
        case otherChannel = "otherChannel"
    }

    package var kind: Kind
    /// The line; nil where there is none.
    package var line: ProviderLine?
    /// The payment; nil of a line that is nobody's.
    package var payment: ReconciledPayment?
    /// What of it differs, for people.
    package var sentence: String
    /// Of a type that is about a sum: what it comes to in minor units.
    package var amount: MinorUnits
    package var currency: CurrencyCode

    /// Whether the payer must be told: the line says of the payment what it does not know.
    package var provesSomething: Bool {
        guard let line, payment != nil else { return false }
        return switch kind {
        case .executed, .contradiction: line.kind == .booked
        case .returned: line.kind == .returned
        case .otherAmount: true
        case .missingThere, .unknown, .twice, .late, .otherChannel: false
        }
    }
}

/// A payment that is on no line of closed statements that cover it.
package struct AbsentPayment: Hashable, Sendable {
    package var payment: ReconciledPayment
    package var coverage: StatementChain.Coverage

    /// Whether it is proof: that of a provider's own decline. Else it is evidence for people.
    package var provesDecline: Bool { payment.isDecline }
}
