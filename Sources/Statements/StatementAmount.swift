import Vocabulary

/// How a statement writes amounts: in minor units, or in whole ones with a separator.
package struct StatementAmountForm: Hashable, Sendable {
    /// Digits only: 1234 is 12.34 EUR.
    package var isMinor = true
    /// Between whole units and their fraction.
    package var decimalSeparator: Character = "."
    /// Between groups of three digits; nil where there are none.
    package var groupSeparator: Character?

    package init() {}

    /// As camt.053 writes them.
    static let decimal = {
        var form = StatementAmountForm()
        form.isMinor = false
        return form
    }()

    /// Reads an amount, which may have a sign. Nothing is rounded: a fraction finer than the
    /// currency's minor unit is refused unless it is zero.
    func minorUnits(_ text: String, _ currency: CurrencyCode) throws(WrongText) -> Int64 {
        var rest = Substring(text)
        var isNegative = false
        if let sign = rest.first, sign == "-" || sign == "+" {
            isNegative = sign == "-"
            rest = rest.dropFirst()
        }
        let parts: [Substring] =
            isMinor
            ? [rest]
            : rest.split(
                separator: decimalSeparator, maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = try wholeDigits(parts[0]) else {
            throw WrongText(
                isMinor ? "is no whole number of minor units" : "is no amount in whole units")
        }
        let fraction = parts.count > 1 ? parts[1] : ""
        if parts.count > 1, fraction.isEmpty { throw WrongText("ends with its separator") }
        guard Self.areDigits(fraction) else { throw WrongText("is no amount in whole units") }
        let digits = isMinor ? 0 : currency.fractionDigits
        guard fraction.dropFirst(digits).allSatisfy({ $0 == "0" }) else {
            throw WrongText(
                digits == 0
                    ? "has a fraction, and \(currency) has none"
                    : "is finer than the \(digits) digits of \(currency)")
        }
        let kept = fraction.prefix(digits)
        let all = whole + kept + String(repeating: "0", count: digits - kept.count)
        let significant = all.drop { $0 == "0" }
        // 2^53 - 1 has 16 digits.
        guard significant.count <= 16, let units = Int64(significant.isEmpty ? "0" : significant),
            units <= largestInteger
        else { throw WrongText("is larger than 2^53 - 1 minor units") }
        return isNegative ? -units : units
    }

    /// The digits before the separator without what groups them; nil where there is no digit.
    private func wholeDigits(_ text: Substring) throws(WrongText) -> String? {
        guard !isMinor, let groupSeparator, text.contains(groupSeparator) else {
            return !text.isEmpty && Self.areDigits(text) ? String(text) : nil
        }
        let groups = text.split(separator: groupSeparator, omittingEmptySubsequences: false)
        guard groups.allSatisfy(Self.areDigits), let first = groups.first,
            (1...3).contains(first.count), groups.dropFirst().allSatisfy({ $0.count == 3 })
        else { throw WrongText("has '\(groupSeparator)' elsewhere than between groups of three") }
        return groups.joined()
    }

    private static func areDigits(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { (48...57).contains($0) }
    }
}
