import Vocabulary

/// Something about a statement that does not hold together.
package struct StatementRemark: Hashable, Sendable {
    /// What it means for what the statement proves.
    package enum Weight: Hashable, Sendable {
        /// It proves nothing: part of it is missing, damaged, or there twice.
        case broken
        /// Its lines prove what they say; what it lacks is proof of nothing.
        case open
    }

    package var weight: Weight
    /// The line or entry that it is about; nil: the statement as a whole.
    package var number: Int?
    package var sentence: String
}

/// A statement as it came to its end: what it says of itself, and whether that adds up.
package struct CheckedStatement: Hashable, Sendable {
    package var opening: StatementBalance?
    package var closing: StatementBalance?
    package var currency: CurrencyCode?
    package var lineCount = 0
    package var ignoredCount = 0
    /// What all lines together did to the balance, in minor units.
    package var net: Int64 = 0
    /// What it covers; nil where it does not say so.
    package var from: Timestamp?
    package var to: Timestamp?
    package var isBroken = false
    /// Opened, closed, and the sums right.
    package var isClosed = false
}

/// Holds a statement against itself, item by item: one opening, then lines of one currency, then
/// one closing, and opening + lines = closing.
package struct StatementCheck {
    private var statement = CheckedStatement()
    /// What is wrong, the first 1,000 of it.
    package private(set) var remarks: [StatementRemark] = []
    package private(set) var remarkCount = 0
    /// Whether balances come before lines in any order, as in camt.053.
    private let balancesComeFirst: Bool
    private var period: (from: Timestamp, to: Timestamp)?
    private var hasOverflowed = false

    package static let mostRemarks = 1_000

    package init(balancesComeFirst: Bool) { self.balancesComeFirst = balancesComeFirst }

    /// Takes the next item; answers the line that it is, if it counts.
    package mutating func take(_ item: StatementItem) -> ProviderLine? {
        switch item {
        case .line(let line):
            guard balancesComeFirst || statement.closing == nil else {
                remark(line.number, "a line behind the closing balance")
                return nil
            }
            guard isRightCurrency(line.currency, line.number) else { return nil }
            statement.lineCount += 1
            let (sum, overflow) = statement.net.addingReportingOverflow(line.movement)
            statement.net = sum
            if overflow { hasOverflowed = true }
            return line
        case .opening(let balance, let number): open(balance, number)
        case .closing(let balance, let number): close(balance, number)
        case .period(let from, let to): period = (from, to)
        case .ignored: statement.ignoredCount += 1
        case .wrong(let number, let words): remark(number, words)
        }
        return nil
    }

    private mutating func open(_ balance: StatementBalance, _ number: Int) {
        // A document may say the same balance under two codes.
        if balancesComeFirst, let opening = statement.opening, opening.amount == balance.amount,
            opening.currency == balance.currency
        {
            return
        }
        guard statement.opening == nil else {
            return remark(number, "a second opening balance: two statements, or one twice")
        }
        if !balancesComeFirst, statement.lineCount > 0 {
            remark(number, "an opening balance behind lines")
        }
        guard isRightCurrency(balance.currency, number) else { return }
        statement.opening = balance
    }

    private mutating func close(_ balance: StatementBalance, _ number: Int) {
        guard statement.closing == nil else {
            return remark(number, "a second closing balance: two statements, or one twice")
        }
        guard isRightCurrency(balance.currency, number) else { return }
        statement.closing = balance
    }

    private mutating func isRightCurrency(_ currency: CurrencyCode, _ number: Int) -> Bool {
        let first = statement.currency ?? currency
        statement.currency = first
        if first == currency { return true }
        remark(number, "it is in \(currency), and what comes before it in \(first)")
        return false
    }

    private mutating func remark(_ number: Int?, _ sentence: String) {
        statement.isBroken = true
        add(StatementRemark(weight: .broken, number: number, sentence: sentence))
    }

    private mutating func add(_ remark: StatementRemark) {
        remarkCount += 1
        if remarks.count < Self.mostRemarks { remarks.append(remark) }
    }

    /// Ends the statement, and says whether it adds up.
    package mutating func finish() -> CheckedStatement {
        if hasOverflowed { remark(nil, "its lines come to more than can be counted") }
        statement.from = period?.from ?? statement.opening?.moment.start
        statement.to = period?.to ?? statement.closing?.moment.end
        if period == nil, balancesComeFirst, let opening = statement.opening?.moment,
            let closing = statement.closing?.moment, opening.start != closing.start
        {
            // Banks date an opening by its own day or by the one before.
            statement.from = opening.end
        }
        guard let opening = statement.opening, let closing = statement.closing else {
            let missing = statement.opening == nil ? "opening" : "closing"
            add(
                StatementRemark(
                    weight: .open, number: nil,
                    sentence: "it has no \(missing) balance: it is still open, or cut off"))
            return statement
        }
        guard let from = statement.from, let to = statement.to, from <= to else {
            remark(nil, "it closes before it opens")
            return statement
        }
        let (sum, overflow) = opening.amount.rawValue.addingReportingOverflow(statement.net)
        // With lines that could not be read the sums say nothing.
        if statement.isBroken { return statement }
        guard !overflow, sum == closing.amount.rawValue else {
            remark(
                nil,
                "opening \(opening.amount.words(in: opening.currency)) and lines of "
                    + MinorUnits(rawValue: statement.net).words(in: opening.currency)
                    + " are not the closing \(closing.amount.words(in: closing.currency)): lines "
                    + "are missing or doubled")
            return statement
        }
        statement.isClosed = true
        return statement
    }
}
