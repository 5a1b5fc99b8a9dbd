import Vocabulary

/// How many of something there are, and what they come to in each currency.
package struct MoneyTally: Hashable, Sendable {
    /// What those of one currency come to, in minor units.
    package struct Sum: Hashable, Sendable {
        package var currency: CurrencyCode
        package var amount: MinorUnits
    }

    package private(set) var count = 0
    /// In the order in which the currencies came.
    package private(set) var sums: [Sum] = []

    package init() {}

    /// Counts one of `amount`. A sum past 64 bits stays at its end.
    package mutating func add(_ amount: MinorUnits, _ currency: CurrencyCode) {
        count += 1
        guard let index = sums.firstIndex(where: { $0.currency == currency }) else {
            return sums.append(Sum(currency: currency, amount: amount))
        }
        let (sum, overflow) = sums[index].amount.rawValue
            .addingReportingOverflow(amount.rawValue)
        sums[index].amount = MinorUnits(rawValue: overflow ? .max : sum)
    }

    /// `400.00 CNY + 3 JPY`, for people.
    package var words: String {
        sums.map { $0.amount.words(in: $0.currency) }.joined(separator: " + ")
    }
}
