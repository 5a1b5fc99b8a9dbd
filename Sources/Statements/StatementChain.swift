import Vocabulary

/// Statements of one account, the oldest first: how far they reach back without a gap.
package struct StatementChain: Sendable {
    /// What closed statements without a gap cover: what they lack did not happen in it.
    package struct Coverage: Hashable, Sendable {
        package var from: Timestamp
        package var to: Timestamp
        /// That of the account: payments in another one stand in other statements.
        package var currency: CurrencyCode

        package init(from: Timestamp, to: Timestamp, currency: CurrencyCode) {
            self.from = from
            self.to = to
            self.currency = currency
        }
    }

    private var previousClosing: MinorUnits?
    private var last: CheckedStatement?
    /// Of the statements that continue each other up to the last one; nil where none does.
    package private(set) var coverage: Coverage?
    package private(set) var isBroken = false

    /// `previousClosing` is what the statement before the first one closed with, if known.
    package init(previousClosing: MinorUnits? = nil) { self.previousClosing = previousClosing }

    /// Adds the next statement; answers why it does not continue the one before, nil where it does.
    package mutating func add(_ statement: CheckedStatement) -> StatementRemark? {
        let before = last
        let expected = previousClosing
        last = statement
        previousClosing = statement.isClosed ? statement.closing?.amount : nil
        guard !statement.isBroken else {
            isBroken = true
            coverage = nil
            return nil
        }
        guard statement.isClosed, let opening = statement.opening, let from = statement.from,
            let to = statement.to
        else {
            coverage = nil
            return nil
        }
        guard let expected else {
            coverage = nil
            return StatementRemark(
                weight: .open, number: nil,
                sentence: before == nil
                    ? "what the statement before it closed with is not known, so what it lacks "
                        + "proves nothing: give that one first, or --previous-closing"
                    : "the one before it is not closed, so what it lacks proves nothing")
        }
        if let currency = before?.currency, currency != opening.currency {
            return gap("it is in \(opening.currency), and the one before in \(currency)")
        }
        guard opening.amount == expected else {
            return gap(
                "it opens with \(opening.amount.words(in: opening.currency)), and the one before "
                    + "closed with \(expected.words(in: opening.currency)): one between them is "
                    + "missing, or they are in another order")
        }
        if let end = before?.to, to <= end {
            return gap("it ends no later than the one before: they are in another order, or twice")
        }
        // A day between them whose movements cancel out leaves the balances as they were.
        if let covered = coverage, from > covered.to + Milliseconds(1_000) {
            coverage = Coverage(from: from, to: to, currency: opening.currency)
            return StatementRemark(
                weight: .open, number: nil,
                sentence: "it begins later than the one before ended: what was booked between them "
                    + "is not known")
        }
        coverage = Coverage(
            from: coverage?.from ?? from, to: to, currency: opening.currency)
        return nil
    }

    private mutating func gap(_ sentence: String) -> StatementRemark {
        coverage = nil
        isBroken = true
        return StatementRemark(weight: .broken, number: nil, sentence: sentence)
    }
}
